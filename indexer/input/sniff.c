#include "input/sniff.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

size_t nd_sniff_bare(const char *filename)
{
    static const char *const packings[] = {".gz", ".xz", ".zst", ".bz2", ".lz4"};
    size_t n = strlen(filename);
    for (size_t i = 0; i < sizeof packings / sizeof *packings; i++) {
        size_t k = strlen(packings[i]);
        if (n > k && !strncasecmp(filename + n - k, packings[i], k))
            return n - k;
    }
    return n;
}

int nd_sniff_named(const char *filename, const char *extensions)
{
    const char *slash = strrchr(filename, '/'), *base = slash ? slash + 1 : filename;
    size_t n = nd_sniff_bare(base);
    const char *dot = memrchr(base, '.', n);
    char ext[24];
    if (!dot || n - (size_t)(dot - base) > sizeof ext - 3)
        return 0;
    snprintf(ext, sizeof ext, " %.*s ", (int)(n - (size_t)(dot - base)), dot);
    return strcasestr(extensions, ext) != NULL;
}

const struct nd_reader *nd_sniff(const char *p, size_t n, const char *filename)
{
    const struct nd_reader *best = NULL;
    int high = ND_BID_NEVER;
    for (const struct nd_reader *const *r = nd_readers(); *r; r++) {
        int bid = (*r)->bid(p, n, filename);
        if (bid > high || (bid == high && bid > ND_BID_NEVER && best &&
                           !nd_sniff_named(filename, best->extensions) &&
                           nd_sniff_named(filename, (*r)->extensions))) {
            best = *r;
            high = bid;
        }
    }
    return best;
}
