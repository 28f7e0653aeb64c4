/* Fuzz target: the reader 'xml', of elements 'item'. A comment in front of the file is the text of --map. */
#include "fuzz_reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *p = (const char *)data, *end = NULL;
    char map[512] = "id=@guid,title=head/title,body=content//p,tag=//kw,author=*/by";
    if (size > 4 && !memcmp(p, "<!--", 4))
        end = memmem(p + 4, size - 4, "-->", 3);
    if (end && (size_t)(end - p) - 4 < sizeof map) {
        memcpy(map, p + 4, (size_t)(end - p) - 4);
        map[(size_t)(end - p) - 4] = '\0';
    }
    const char *pairs[] = {map};
    struct nd_fieldmap_options given = {.map = pairs, .map_n = 1, .record = "item"};
    struct nd_fieldmap *m;
    if (nd_fieldmap_new(&m, &given, NULL)) /* no such fields or paths: refused, no more */
        return 0;
    nd_fieldmap_free(m);
    return fuzz_reader_within(
        "xml", data, size,
        &(struct fuzz_limits){.record = 1 << 16, .idle = 100, .given = &given});
}
