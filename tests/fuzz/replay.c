/* replay.c: runs a fuzz target over given files (its seed corpus) without a fuzzer, as `make check` does.
 * Usage: PROGRAM FILE|FOLDER... Ends `N passed, N failed`; a finding ends the program. */
#include "base/buf.h"
#include "base/file.h"
#include "base/status.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
    INPUT_MAX = 64 << 20
};

static int replay(const char *path)
{
    struct nd_buf b;
    struct nd_error err = {0};
    nd_buf_init(&b, INPUT_MAX);
    int rc = nd_file_read(&b, path, &err);
    if (rc)
        printf("%s\n", err.msg);
    else
        LLVMFuzzerTestOneInput((const uint8_t *)(b.data ? b.data : ""), b.len);
    nd_buf_free(&b);
    return rc;
}

int main(int argc, char **argv)
{
    unsigned passed = 0, failed = 0;
    LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
    passed++;
    for (int i = 1; i < argc; i++) {
        DIR *d = opendir(argv[i]);
        if (!d) {
            failed++;
            printf("no seeds in %s\n", argv[i]);
            continue;
        }
        for (struct dirent *e; (e = readdir(d));) {
            char path[4096];
            struct stat st;
            snprintf(path, sizeof path, "%s/%s", argv[i], e->d_name);
            if (stat(path, &st) < 0 || !S_ISREG(st.st_mode))
                continue;
            if (replay(path))
                failed++;
            else
                passed++;
        }
        closedir(d);
    }
    printf("%u passed, %u failed\n", passed, failed);
    return failed != 0;
}
