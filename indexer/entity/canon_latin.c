/* canon_latin.c: Russian letters as English-language newspapers write them. */
#include "entity/canon.h"

#include "text/utf8.h"

#include <string.h>

enum {
    FIRST = 0x430, /* а */
    LAST = 0x44f,  /* я */
    YO = 0x451,
    YE = 0x435,
    Y = 0x44b,
    I = 0x438,
    SOFT = 0x44c
};

/* From а to я. */
static const char *const letters[] = {
    "a", "b", "v", "g", "d", "e",  "zh", "z",  "i",  "i",    "k", "l", "m", "n", "o",  "p",
    "r", "s", "t", "u", "f", "kh", "ts", "ch", "sh", "shch", "",  "y", "",  "e", "yu", "ya"};

static bool vowel(uint32_t c)
{
    return c == 0x430 || c == YE || c == I || c == 0x43e || c == 0x443 || c == Y || c == 0x44d ||
           c == 0x44e || c == LAST || c == YO;
}

struct nd_str nd_canon_latin(struct nd_str key, struct nd_str folded, char out[ND_LATIN_MAX])
{
    size_t n = 0;
    uint32_t before = 0;
    if (!key.n || (unsigned char)*key.p < 0xd0 || (unsigned char)*key.p > 0xd1)
        return folded;
    for (size_t i = 0; i < key.n;) {
        uint32_t c = 0;
        size_t len = nd_utf8_decode(key.p + i, key.n - i, &c);
        if (!len || ((c < FIRST || c > LAST) && c != YO))
            return folded;
        bool end = i + len >= key.n;
        const char *to = c == YO ? "yo" : letters[c - FIRST];
        if (c == YE && (before == 0 || vowel(before) || before == SOFT))
            to = "ye";
        else if ((c == I || c == Y) && !end && i + 2 * len == key.n &&
                 memcmp(key.p + i + len, "\xd0\xb9", 2) == 0) /* -ий, -ый at the end are y */
            to = "y", i += len;
        size_t k = strlen(to);
        if (n + k > ND_LATIN_MAX)
            return folded;
        memcpy(out + n, to, k);
        n += k;
        i += len;
        before = c;
    }
    return n ? (struct nd_str){out, n} : folded;
}
