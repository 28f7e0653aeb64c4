#include "record/value.h"

#include "record/schema.h"
#include "text/utf8.h"

#include <string.h>

/* Bytes of a character that parts words of a value: 0 if it belongs to one. */
static size_t parting(const char *p, size_t n)
{
    unsigned char c = (unsigned char)p[0];
    if (c < 0x80)
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ? 0 : 1;
    if (n >= 3 && c == 0xe2 && ((unsigned char)p[1] == 0x80 || (unsigned char)p[1] == 0x81))
        return 3; /* general punctuation */
    if (n >= 2 && c == 0xc2 && (unsigned char)p[1] < 0xc0)
        return 2; /* Latin-1 signs, no-break space */
    return 0;
}

int nd_value_words(struct nd_buf *out, const char *p, size_t n)
{
    struct nd_buf folded;
    size_t start = out->len, word = SIZE_MAX;
    bool initial = false; /* the word before was a single letter and only a dot followed */
    nd_buf_init(&folded, ND_TERM_MAX * 16 + n * 4);
    int rc = nd_fold(&folded, p, n);
    const char *f = folded.data;
    for (size_t i = 0; rc == 0 && i < folded.len;) {
        size_t gap = parting(f + i, folded.len - i);
        if (gap) {
            initial = word != SIZE_MAX && i - word == 1 && f[i] == '.';
            word = SIZE_MAX;
            i += gap;
            continue;
        }
        size_t end = i;
        while (end < folded.len && !parting(f + end, folded.len - end))
            end++;
        if (out->len > start && !(initial && end - i == 1))
            rc = nd_buf_byte(out, ' ');
        if (rc == 0)
            rc = nd_buf_add(out, f + i, end - i);
        word = i;
        i = end;
        initial = false;
    }
    nd_buf_free(&folded);
    return rc;
}

bool nd_value_holds(struct nd_str whole, struct nd_str part)
{
    if (part.n == 0)
        return false;
    for (size_t at = 0; at + part.n <= whole.n;) {
        const char *hit = memmem(whole.p + at, whole.n - at, part.p, part.n);
        if (!hit)
            return false;
        size_t i = (size_t)(hit - whole.p), end = i + part.n;
        if ((i == 0 || whole.p[i - 1] == ' ') && (end == whole.n || whole.p[end] == ' '))
            return true;
        at = i + 1;
    }
    return false;
}
