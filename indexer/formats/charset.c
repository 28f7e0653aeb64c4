#include "formats/charset.h"
#include "text/utf8.h"

#include <ctype.h>
#include <errno.h>
#include <iconv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <uchardet/uchardet.h>

enum {
    DECLARED_WITHIN = 4096, /* bytes in which a declaration counts */
    PENDING_MAX = 16,       /* bytes of a character that a block cuts */
    CHUNK = 4096,
    EVIDENCE = 24 /* bytes beyond ASCII that tell one Latin set from another */
};

/* Labels that mean more than they say, as browsers read them. */
static const struct {
    const char *label, *name;
} labels[] = {
    {"utf8", "UTF-8"},
    {"utf-8", "UTF-8"},
    {"unicode-1-1-utf-8", "UTF-8"},
    {"us-ascii", "WINDOWS-1252"},
    {"ascii", "WINDOWS-1252"},
    {"iso-8859-1", "WINDOWS-1252"},
    {"iso8859-1", "WINDOWS-1252"},
    {"iso_8859-1", "WINDOWS-1252"},
    {"latin1", "WINDOWS-1252"},
    {"latin-1", "WINDOWS-1252"},
    {"l1", "WINDOWS-1252"},
    {"x-cp1252", "WINDOWS-1252"},
    {"cp1252", "WINDOWS-1252"},
    {"iso-8859-9", "WINDOWS-1254"},
    {"latin5", "WINDOWS-1254"},
    {"iso-8859-11", "WINDOWS-874"},
    {"tis-620", "WINDOWS-874"},
    {"gb2312", "GB18030"},
    {"gb_2312-80", "GB18030"},
    {"gbk", "GB18030"},
    {"x-gbk", "GB18030"},
    {"big5", "BIG5-HKSCS"},
    {"x-x-big5", "BIG5-HKSCS"},
    {"shift_jis", "CP932"},
    {"shift-jis", "CP932"},
    {"sjis", "CP932"},
    {"x-sjis", "CP932"},
    {"windows-31j", "CP932"},
    {"ks_c_5601-1987", "CP949"},
    {"euc-kr", "CP949"},
    {"korean", "CP949"},
    {"x-euc-jp", "EUC-JP"},
    {"macintosh", "MACINTOSH"},
    {"x-mac-roman", "MACINTOSH"},
    {"x-mac-cyrillic", "MAC-CYRILLIC"},
    {"ucs-2", "UTF-16"},
    {"iso-10646-ucs-2", "UTF-16"},
    {"unicode", "UTF-16"},
    {"iso-10646-ucs-4", "UTF-32"},
    {"ucs-4", "UTF-32"},
};

static void set_name(struct nd_charset *out, const char *name)
{
    snprintf(out->name, sizeof out->name, "%s", name);
}

/* Take a label over if iconv can read it. */
static bool take(struct nd_charset *out, struct nd_str label)
{
    char name[ND_CHARSET_MAX];
    size_t k = 0;
    while (label.n && strchr(" \t\r\n\"';", *label.p)) {
        label.p++;
        label.n--;
    }
    for (; k < label.n && !strchr(" \t\r\n\"';,>", label.p[k]); k++) {
        unsigned char c = (unsigned char)label.p[k];
        if (k + 1 >= sizeof name || !(isalnum(c) || strchr("-_:.+", c)) || !c)
            return false;
        name[k] = (char)tolower(c);
    }
    name[k] = '\0';
    if (!k)
        return false;
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
        if (!strcmp(name, labels[i].label)) {
            set_name(out, labels[i].name);
            return true;
        }
    iconv_t cd = iconv_open("UTF-8", name);
    if (cd == (iconv_t)-1)
        return false;
    iconv_close(cd);
    for (char *c = name; *c; c++)
        *c = (char)toupper((unsigned char)*c);
    set_name(out, name);
    return true;
}

/* Marks and the zeros between ASCII characters of wide encodings. */
static bool by_mark(struct nd_charset *out, const unsigned char *p, size_t n)
{
    static const struct {
        const char *bytes;
        unsigned len, bom, unit;
        bool big;
        const char *name;
    } marks[] = {
        {"\0\0\xfe\xff", 4, 4, 4, true, "UTF-32BE"}, {"\xff\xfe\0\0", 4, 4, 4, false, "UTF-32LE"},
        {"\xef\xbb\xbf", 3, 3, 1, false, "UTF-8"},   {"\xfe\xff", 2, 2, 2, true, "UTF-16BE"},
        {"\xff\xfe", 2, 2, 2, false, "UTF-16LE"},    {"\0\0\0<", 4, 0, 4, true, "UTF-32BE"},
        {"<\0\0\0", 4, 0, 4, false, "UTF-32LE"},     {"\0<\0", 3, 0, 2, true, "UTF-16BE"},
        {"<\0", 2, 0, 2, false, "UTF-16LE"},
    };
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (n >= marks[i].len && !memcmp(p, marks[i].bytes, marks[i].len) &&
            (marks[i].bom || marks[i].unit == 4 || (n >= 4 && !p[3] == !marks[i].big))) {
            out->bom = marks[i].bom;
            out->unit = marks[i].unit;
            out->big = marks[i].big;
            set_name(out, marks[i].name);
            return true;
        }
    return false;
}

static struct nd_str after(const char *p, size_t n, const char *word)
{
    size_t k = strlen(word);
    for (size_t i = 0; i + k < n; i++)
        if ((p[i] | 32) == *word && !strncasecmp(p + i, word, k)) {
            size_t at = i + k;
            while (at < n && strchr(" \t\r\n", p[at]))
                at++;
            if (at < n && p[at] == '=')
                return (struct nd_str){p + at + 1, n - at - 1};
        }
    return (struct nd_str){0};
}

static bool by_declaration(struct nd_charset *out, const char *p, size_t n,
                           enum nd_charset_markup markup)
{
    n = n > DECLARED_WITHIN ? DECLARED_WITHIN : n;
    if (markup == ND_CHARSET_PLAIN)
        return false;
    size_t i = 0;
    while (i < n && strchr(" \t\r\n", p[i]) && p[i])
        i++;
    if (n - i > 5 && !memcmp(p + i, "<?xml", 5)) {
        const char *stop = memmem(p + i, n - i, "?>", 2);
        struct nd_str s = after(p + i, stop ? (size_t)(stop - p) - i : n - i, "encoding");
        if (s.n && take(out, s))
            return true;
    }
    if (markup != ND_CHARSET_HTML)
        return false;
    for (const char *at = p, *end = p + n; (at = memchr(at, '<', (size_t)(end - at))); at++) {
        if (end - at < 6 || strncasecmp(at, "<meta", 5))
            continue;
        const char *stop = memchr(at, '>', (size_t)(end - at));
        struct nd_str s = after(at, (size_t)((stop ? stop : end) - at), "charset");
        if (s.n && take(out, s))
            return true;
    }
    return false;
}

/* Is it UTF-8, but for a character that the end cuts? *wide: it has characters beyond ASCII. */
static bool is_utf8(const char *p, size_t n, bool complete, bool *wide)
{
    size_t ok = nd_utf8_valid(p, n);
    *wide = false;
    for (size_t i = 0; i < ok && !*wide; i++)
        *wide = (unsigned char)p[i] >= 0x80;
    return ok == n || (!complete && n - ok < 4);
}

/* Mostly UTF-8 with a few broken bytes is UTF-8 to repair. */
static bool mostly_utf8(const char *p, size_t n)
{
    size_t good = 0, bad = 0;
    for (size_t i = 0; i < n;) {
        uint32_t cp;
        size_t len = (unsigned char)p[i] < 0x80 ? 1 : nd_utf8_decode(p + i, n - i, &cp);
        good += len > 1;
        bad += !len;
        i += len ? len : 1;
    }
    return good > 4 * bad;
}

/* One of the sets for languages in Latin letters. */
static bool latin(const char *name)
{
    static const char *const names[] = {
        "ISO-8859-1",   "ISO-8859-2",   "ISO-8859-3",   "ISO-8859-4",   "ISO-8859-9",
        "ISO-8859-10",  "ISO-8859-13",  "ISO-8859-15",  "ISO-8859-16",  "WINDOWS-1250",
        "WINDOWS-1252", "WINDOWS-1257", "WINDOWS-1258", "WINDOWS-1254", "IBM852"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!strcasecmp(name, names[i]))
            return true;
    return false;
}

/* A handful of odd bytes is no evidence of which of those it is. */
static bool few_wide(const char *p, size_t n)
{
    size_t wide = 0;
    for (size_t i = 0; i < n && wide < EVIDENCE; i++)
        wide += (unsigned char)p[i] >= 0x80;
    return wide < EVIDENCE;
}

static void by_bytes(struct nd_charset *out, const char *p, size_t n)
{
    bool found = false;
    uchardet_t d = uchardet_new();
    if (d) {
        if (!uchardet_handle_data(d, p, n)) {
            uchardet_data_end(d);
            const char *name = uchardet_get_charset(d);
            found = *name && !(latin(name) && few_wide(p, n)) && take(out, nd_str_of(name));
        }
        uchardet_delete(d);
    }
    if (!found || !strcmp(out->name, "UTF-8"))
        set_name(out, "WINDOWS-1252");
}

static bool is_wide(const char *name)
{
    return !strncmp(name, "UTF-16", 6) || !strncmp(name, "UTF-32", 6) || !strncmp(name, "UCS", 3) ||
           !strncmp(name, "UTF-7", 5) || !strncmp(name, "ISO-10646", 9);
}

void nd_charset_guess(struct nd_charset *out, const char *p, size_t n, bool complete,
                      struct nd_str transport, enum nd_charset_markup markup)
{
    bool wide;
    *out = (struct nd_charset){.unit = 1};
    complete &= n <= ND_CHARSET_SAMPLE;
    n = n > ND_CHARSET_SAMPLE ? ND_CHARSET_SAMPLE : n;
    if (n && by_mark(out, (const unsigned char *)p, n))
        return;
    bool utf8 = is_utf8(p, n, complete, &wide);
    if (memmem(p, n, "\x1b$", 2) && take(out, ND_STR("ISO-2022-JP")))
        return;
    bool told = (transport.n && take(out, transport)) || by_declaration(out, p, n, markup);
    if (told && is_wide(out->name)) /* bytes of one each: it cannot be */
        told = false;
    if (utf8 && (wide || !told || n == 0)) {
        set_name(out, "UTF-8");
        return;
    }
    if (told && strcmp(out->name, "UTF-8"))
        return;
    if (utf8 || mostly_utf8(p, n))
        set_name(out, "UTF-8");
    else
        by_bytes(out, p, n);
}

struct nd_converter {
    iconv_t cd; /* (iconv_t)-1: UTF-8, only checked */
    char pending[PENDING_MAX];
    size_t pending_n;
};

int nd_charset_open(struct nd_converter **out, const struct nd_charset *set, struct nd_error *err)
{
    struct nd_converter *c = calloc(1, sizeof *c);
    *out = c;
    if (!c)
        return nd_fail(err, ND_NOMEM, "out of memory to read a text");
    c->cd = (iconv_t)-1;
    if (!strcmp(set->name, "UTF-8"))
        return 0;
    c->cd = iconv_open("UTF-8", set->name);
    if (c->cd != (iconv_t)-1)
        return 0;
    free(c);
    *out = NULL;
    return nd_fail(err, ND_INPUT, "the character set '%s' is not known", set->name);
}

void nd_charset_close(struct nd_converter *c)
{
    if (!c)
        return;
    if (c->cd != (iconv_t)-1)
        iconv_close(c->cd);
    free(c);
}

/* One run of iconv over p[0..n). Return: bytes used, all but a cut character. */
static size_t run(struct nd_converter *c, struct nd_buf *out, const char *p, size_t n, bool last,
                  uint64_t *repairs)
{
    char *in = (char *)(uintptr_t)p;
    size_t left = n;
    while (left && !nd_buf_code(out)) {
        char block[CHUNK], *to = block;
        size_t room = sizeof block;
        size_t rc = iconv(c->cd, &in, &left, &to, &room);
        int why = errno;
        nd_buf_add(out, block, sizeof block - room);
        if (rc != (size_t)-1 || why == E2BIG)
            continue;
        if (why == EINVAL && !last)
            break;
        nd_buf_str(out, "\xef\xbf\xbd");
        ++*repairs;
        in++;
        left--;
    }
    return n - left;
}

/* UTF-8: how much of p[0..n) is complete, 1 to 3 bytes of a last character left out. */
static size_t whole(const char *p, size_t n)
{
    for (size_t back = 1; back <= 3 && back <= n; back++) {
        unsigned char c = (unsigned char)p[n - back];
        if (c < 0x80)
            break;
        if (c >= 0xc0) {
            size_t need = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : 2;
            return need > back ? n - back : n;
        }
    }
    return n;
}

static int add_utf8(struct nd_converter *c, struct nd_buf *out, const char *p, size_t n, bool last,
                    uint64_t *repairs)
{
    while (c->pending_n && n) { /* complete the character that the last block cut */
        c->pending[c->pending_n++] = *p++;
        n--;
        if (whole(c->pending, c->pending_n) == c->pending_n || c->pending_n == 4) {
            nd_utf8_repair(out, c->pending, c->pending_n, repairs);
            c->pending_n = 0;
        }
    }
    size_t k = last ? n : whole(p, n);
    if (c->pending_n && last) {
        nd_utf8_repair(out, c->pending, c->pending_n, repairs);
        c->pending_n = 0;
    }
    if (nd_utf8_valid(p, k) == k)
        nd_buf_add(out, p, k);
    else
        nd_utf8_repair(out, p, k, repairs);
    if (n > k) {
        memcpy(c->pending, p + k, n - k);
        c->pending_n = n - k;
    }
    return nd_buf_code(out);
}

int nd_charset_add(struct nd_converter *c, struct nd_buf *out, const char *p, size_t n, bool last,
                   uint64_t *repairs)
{
    if (c->cd == (iconv_t)-1)
        return add_utf8(c, out, p, n, last, repairs);
    while (c->pending_n && n) {
        c->pending[c->pending_n++] = *p++;
        n--;
        size_t used = run(c, out, c->pending, c->pending_n, c->pending_n == PENDING_MAX, repairs);
        memmove(c->pending, c->pending + used, c->pending_n - used);
        c->pending_n -= used;
    }
    if (c->pending_n && last) {
        run(c, out, c->pending, c->pending_n, true, repairs);
        c->pending_n = 0;
    }
    size_t used = n ? run(c, out, p, n, last, repairs) : 0;
    if (n - used >= PENDING_MAX) /* no character is that long */
        used += run(c, out, p + used, n - used, true, repairs);
    if (n > used && !nd_buf_code(out)) {
        memcpy(c->pending, p + used, n - used);
        c->pending_n = n - used;
    }
    return nd_buf_code(out);
}

int nd_charset_convert(struct nd_buf *out, const struct nd_charset *set, const char *p, size_t n,
                       uint64_t *repairs, struct nd_error *err)
{
    struct nd_converter *c;
    int rc = nd_charset_open(&c, set, err);
    if (rc)
        return rc;
    size_t skip = set->bom < n ? set->bom : n;
    rc = nd_charset_add(c, out, p + skip, n - skip, true, repairs);
    nd_charset_close(c);
    return rc ? nd_fail(err, rc, "the text is too large to convert from %s", set->name) : 0;
}
