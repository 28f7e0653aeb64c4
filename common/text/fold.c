/* fold.c: normalisation, lower case and folding of utf8.h, and the properties of letter.h. */
#include "text/letter.h"
#include "text/utf8.h"

#include <string.h>
#include <utf8proc.h>

enum {
    CHUNK = 256, /* characters normalised together: more in a row that all combine are hostile, and
                     ordering them costs the square */
    DECOMPOSED = 32 /* most characters that one becomes: 18 in Unicode 15 */
};

unsigned nd_props(uint32_t cp)
{
    if (cp < ND_PROP_DENSE) {
        size_t block = nd_prop_stage1[cp / ND_PROP_BLOCK];
        return nd_prop_kind[(
            unsigned char)nd_prop_stage2[block * ND_PROP_BLOCK + cp % ND_PROP_BLOCK]];
    }
    for (size_t i = 0; i < ND_PROP_HIGH && cp >= nd_prop_high[i].first; i++)
        if (cp <= nd_prop_high[i].last)
            return nd_prop_high[i].prop;
    return 0;
}

uint32_t nd_lower_cp(uint32_t cp)
{
    if (cp < 0x80)
        return cp >= 'A' && cp <= 'Z' ? cp + 32 : cp;
    switch (cp) {
    case 0xb5: /* micro sign */
        return 0x3bc;
    case 0x17f: /* long s */
        return 's';
    case 0x3c2: /* final sigma */
        return 0x3c3;
    case 0x3d0: /* beta, theta, phi, pi, kappa, rho, epsilon: symbol forms */
        return 0x3b2;
    case 0x3d1:
        return 0x3b8;
    case 0x3d5:
        return 0x3c6;
    case 0x3d6:
        return 0x3c0;
    case 0x3f0:
        return 0x3ba;
    case 0x3f1:
        return 0x3c1;
    case 0x3f5:
        return 0x3b5;
    case 0x1e9b: /* long s with dot */
        return 0x1e61;
    default:
        return (uint32_t)utf8proc_tolower((utf8proc_int32_t)cp);
    }
}

bool nd_is_upper(uint32_t cp)
{
    if (cp < 0x80)
        return cp >= 'A' && cp <= 'Z';
    utf8proc_category_t c = utf8proc_category((utf8proc_int32_t)cp);
    return c == UTF8PROC_CATEGORY_LU || c == UTF8PROC_CATEGORY_LT;
}

bool nd_is_lower(uint32_t cp)
{
    if (cp < 0x80)
        return cp >= 'a' && cp <= 'z';
    return utf8proc_category((utf8proc_int32_t)cp) == UTF8PROC_CATEGORY_LL;
}

static size_t ascii_run(const char *p, size_t n)
{
    size_t i = 0;
    for (uint64_t w; n - i >= 8; i += 8) {
        memcpy(&w, p + i, 8);
        if (w & 0x8080808080808080u)
            break;
    }
    while (i < n && !((unsigned char)p[i] & 0x80))
        i++;
    return i;
}

/* Append a character. */
static void put(struct nd_buf *out, uint32_t cp)
{
    char c[4];
    size_t len = nd_utf8_encode(cp, c);
    if (len)
        nd_buf_add(out, c, len);
    else
        nd_buf_add(out, "\xef\xbf\xbd", 3);
}

/* Append the NFC form of a short piece p[0..n) of at most CHUNK characters.
 * Hangul decomposes to three, a canonical decomposition to four characters at most. */
static int nfc_chunk(struct nd_buf *out, const char *p, size_t n)
{
    utf8proc_int32_t cps[CHUNK * 4 + 4];
    utf8proc_ssize_t len = utf8proc_decompose((const utf8proc_uint8_t *)p, (utf8proc_ssize_t)n, cps,
                                              CHUNK * 4, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
    if (len > CHUNK * 4)
        return nd_buf_code(out) ? nd_buf_code(out) : (out->code = ND_INTERNAL);
    if (len < 0) /* ill-formed: as it is */
        return nd_buf_add(out, p, n);
    len = utf8proc_normalize_utf32(cps, len, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
    for (utf8proc_ssize_t i = 0; i < len; i++)
        put(out, (uint32_t)cps[i]);
    return nd_buf_code(out);
}

int nd_nfc(struct nd_buf *out, const char *p, size_t n)
{
    size_t from = 0;  /* not copied yet */
    size_t start = 0; /* of the last character that cannot combine with one before it */
    size_t i = 0;
    while (i < n) {
        if (!((unsigned char)p[i] & 0x80)) {
            i += ascii_run(p + i, n - i);
            start = i - 1;
            continue;
        }
        uint32_t cp = 0xfffd;
        size_t len = nd_utf8_decode(p + i, n - i, &cp);
        if (!len)
            len = 1;
        if (cp < 0x300 || !(nd_props(cp) & ND_PROP_CARE)) {
            start = i;
            i += len;
            continue;
        }
        /* From `start` to the next character that stands alone. */
        size_t end = i + len, count = 2;
        while (end < n && count < CHUNK) {
            len = nd_utf8_decode(p + end, n - end, &cp);
            if (!len || !(nd_props(cp) & ND_PROP_CARE))
                break;
            end += len;
            count++;
        }
        nd_buf_add(out, p + from, start - from);
        if (nfc_chunk(out, p + start, end - start))
            return nd_buf_code(out);
        from = start = i = end;
    }
    nd_buf_add(out, p + from, n - from);
    return nd_buf_code(out);
}

int nd_lowercase(struct nd_buf *out, const char *p, size_t n)
{
    if (nd_buf_room(out, n))
        return nd_buf_code(out);
    for (size_t i = 0; i < n && !nd_buf_code(out);) {
        uint32_t cp = 0xfffd;
        size_t len = nd_utf8_decode(p + i, n - i, &cp);
        i += len ? len : 1;
        put(out, nd_lower_cp(cp));
    }
    return nd_buf_code(out);
}

/* What nd_fold makes of letters that have no decomposition. NULL for the rest. */
static const char *plain_letter(uint32_t cp)
{
    switch (cp) {
    case 0xf8:
    case 0xd8:
        return "o";
    case 0x142:
    case 0x141:
        return "l";
    case 0x111:
    case 0x110:
        return "d";
    case 0xe6:
    case 0xc6:
        return "ae";
    case 0x153:
    case 0x152:
        return "oe";
    case 0x131:
        return "i";
    default:
        return NULL;
    }
}

/* Marks that come off: accents, Hebrew points, Arabic vowel signs. Kept are those that are letters
 * to their readers: vowel signs and viramas of the Indic scripts, nukta, kana voicing. */
static bool mark_off(uint32_t cp)
{
    int ccc = utf8proc_get_property((utf8proc_int32_t)cp)->combining_class;
    return ccc == 1 || (ccc >= 10 && ccc <= 36) || ccc >= 200;
}

int nd_fold(struct nd_buf *out, const char *p, size_t n)
{
    size_t from = out->len;
    bool compose = false; /* something is left that belongs together in NFC */
    for (size_t i = 0; i < n && !nd_buf_code(out);) {
        if (!((unsigned char)p[i] & 0x80)) {
            size_t run = ascii_run(p + i, n - i);
            if (nd_buf_room(out, run))
                break;
            for (size_t k = 0; k < run; k++) {
                unsigned char c = (unsigned char)p[i + k];
                out->data[out->len + k] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
            }
            out->len += run;
            out->data[out->len] = '\0';
            i += run;
            continue;
        }
        uint32_t cp = 0xfffd;
        size_t len = nd_utf8_decode(p + i, n - i, &cp);
        i += len ? len : 1;
        const char *plain = plain_letter(cp);
        if (plain) {
            nd_buf_str(out, plain);
            continue;
        }
        utf8proc_int32_t cps[DECOMPOSED];
        int last = UTF8PROC_BOUNDCLASS_START;
        utf8proc_ssize_t count = utf8proc_decompose_char(
            (utf8proc_int32_t)cp, cps, DECOMPOSED,
            UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE, &last);
        for (utf8proc_ssize_t k = 0; k < count && k < DECOMPOSED; k++) {
            uint32_t c = (uint32_t)cps[k];
            if (mark_off(c))
                continue;
            plain = c >= 0x80 ? plain_letter(c) : NULL;
            if (plain) {
                nd_buf_str(out, plain);
                continue;
            }
            if (c >= 0x300 && (nd_props(c) & ND_PROP_CARE))
                compose = true;
            put(out, c);
        }
    }
    if (!compose || nd_buf_code(out))
        return nd_buf_code(out);
    struct nd_buf whole;
    nd_buf_init(&whole, out->max);
    int rc = nd_nfc(&whole, out->data + from, out->len - from);
    if (!rc) {
        out->len = from;
        rc = nd_buf_add(out, whole.data, whole.len);
    }
    nd_buf_free(&whole);
    return rc;
}
