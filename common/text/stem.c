#include "text/stem.h"

#include "text/utf8.h"

#include <stdlib.h>
#include <string.h>

#include <libstemmer.h>

enum {
    STEM_MAX = 4096 /* bytes of a word, folded; keys are at most ND_WORD_MAX, folding may lengthen */
};

/* The languages by number: ISO 639-1, both ISO 639-2 codes, and Snowball's name. Only append. */
static const struct language {
    char code[3], code3[4], code3b[4];
    const char *snowball;
} languages[] = {
    {"", "", "", NULL},
    {"en", "eng", "", "english"},
    {"de", "deu", "ger", "german"},
    {"fr", "fra", "fre", "french"},
    {"es", "spa", "", "spanish"},
    {"ru", "rus", "", "russian"},
    {"it", "ita", "", "italian"},
    {"pt", "por", "", "portuguese"},
    {"nl", "nld", "dut", "dutch"},
    {"sv", "swe", "", "swedish"},
    {"no", "nor", "", "norwegian"},
    {"da", "dan", "", "danish"},
    {"fi", "fin", "", "finnish"},
    {"hu", "hun", "", "hungarian"},
    {"ro", "ron", "rum", "romanian"},
    {"tr", "tur", "", "turkish"},
    {"el", "ell", "gre", "greek"},
    {"ar", "ara", "", "arabic"},
    {"ca", "cat", "", "catalan"},
    {"eu", "eus", "baq", "basque"},
    {"ga", "gle", "", "irish"},
    {"hi", "hin", "", "hindi"},
    {"hy", "hye", "arm", "armenian"},
    {"id", "ind", "", "indonesian"},
    {"lt", "lit", "", "lithuanian"},
    {"ne", "nep", "", "nepali"},
    {"sr", "srp", "scc", "serbian"},
    {"ta", "tam", "", "tamil"},
    {"yi", "yid", "", "yiddish"},
};

enum {
    LANGUAGES = sizeof languages / sizeof languages[0]
};

/* Codes that mean one of the above: the two written forms of Norwegian, old codes. */
static const char aliases[][2][4] = {
    {"nb", "no"}, {"nn", "no"}, {"nob", "no"}, {"nno", "no"}, {"in", "id"}, {"ji", "yi"},
    {"mo", "ro"},
};

struct nd_stemmers {
    struct sb_stemmer *stemmer[LANGUAGES]; /* made when first asked for */
    struct nd_buf folded, stem;            /* scratch of nd_stems */
};

int nd_stemmers_new(struct nd_stemmers **out, struct nd_error *err)
{
    *out = calloc(1, sizeof **out);
    if (!*out)
        return nd_fail(err, ND_NOMEM, "no memory for the stemmers");
    nd_buf_init(&(*out)->folded, STEM_MAX);
    nd_buf_init(&(*out)->stem, STEM_MAX);
    return 0;
}

void nd_stemmers_free(struct nd_stemmers *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < LANGUAGES; i++)
        sb_stemmer_delete(s->stemmer[i]);
    nd_buf_free(&s->folded);
    nd_buf_free(&s->stem);
    free(s);
}

/* Is the lower-case code[0..n) the NUL-ended text? */
static bool is(const char *code, size_t n, const char *text)
{
    return n > 0 && strlen(text) == n && memcmp(code, text, n) == 0;
}

unsigned nd_lang_of(const char *code, size_t n)
{
    char low[12];
    size_t len = 0;
    while (len < n && code[len] != '-' && code[len] != '_') {
        if (len == sizeof low)
            return ND_LANG_NONE;
        low[len] = (char)(code[len] >= 'A' && code[len] <= 'Z' ? code[len] + 32 : code[len]);
        len++;
    }
    for (size_t i = 0; i < sizeof aliases / sizeof aliases[0]; i++)
        if (is(low, len, aliases[i][0]))
            return nd_lang_of(aliases[i][1], strlen(aliases[i][1]));
    for (unsigned i = 1; i < LANGUAGES; i++)
        if (is(low, len, languages[i].code) || is(low, len, languages[i].code3) ||
            is(low, len, languages[i].code3b) || is(low, len, languages[i].snowball))
            return i;
    return ND_LANG_NONE;
}

const char *nd_lang_code(unsigned lang)
{
    return lang < LANGUAGES ? languages[lang].code : "";
}

unsigned nd_lang_count(void)
{
    return LANGUAGES;
}

int nd_stem_raw(struct nd_stemmers *s, unsigned lang, const char *p, size_t n, struct nd_str *out)
{
    *out = (struct nd_str){p, n};
    if (lang == ND_LANG_NONE || lang >= LANGUAGES || n == 0 || n > STEM_MAX)
        return 0;
    if (!s->stemmer[lang]) {
        s->stemmer[lang] = sb_stemmer_new(languages[lang].snowball, NULL);
        if (!s->stemmer[lang])
            return ND_NOMEM;
    }
    const sb_symbol *stem = sb_stemmer_stem(s->stemmer[lang], (const sb_symbol *)p, (int)n);
    if (!stem)
        return ND_NOMEM;
    int len = sb_stemmer_length(s->stemmer[lang]);
    if (len > 0) /* no stem may be empty: the word is its own then */
        *out = (struct nd_str){(const char *)stem, (size_t)len};
    return 0;
}

/* Is it ASCII; does it have a capital (then it is a key of ND_T_ACRONYM)? */
static bool is_ascii(const char *p, size_t n, bool *capital)
{
    unsigned bits = 0;
    *capital = false;
    for (size_t i = 0; i < n; i++) {
        bits |= (unsigned char)p[i];
        *capital |= p[i] >= 'A' && p[i] <= 'Z';
    }
    return bits < 0x80;
}

int nd_stems(struct nd_stemmers *s, unsigned lang, const char *p, size_t n, struct nd_buf *out,
             size_t len[ND_STEMS_MAX])
{
    bool capital;
    bool ascii = is_ascii(p, n, &capital);
    size_t start = out->len;
    int rc;
    struct nd_str stem;
    if (ascii) { /* folded already: one stem */
        stem = (struct nd_str){p, n};
        if (!capital && (rc = nd_stem_raw(s, lang, p, n, &stem)) < 0)
            return rc;
        if ((rc = nd_buf_add(out, stem.p, stem.n)) < 0)
            return rc;
        len[0] = stem.n;
        return 1;
    }
    rc = nd_stem_raw(s, lang, p, n, &stem);
    if (rc < 0 || (rc = nd_fold(out, stem.p, stem.n)) < 0)
        return rc;
    len[0] = out->len - start;
    if (len[0] == 0) { /* marks alone */
        if ((rc = nd_buf_add(out, stem.p, stem.n)) < 0)
            return rc;
        len[0] = stem.n;
    }
    if (lang == ND_LANG_NONE || lang >= LANGUAGES)
        return 1;
    /* The way the word is typed without diacritics. Folded twice: a stemmer may bring one in. */
    nd_buf_reset(&s->folded);
    nd_buf_reset(&s->stem);
    if ((rc = nd_fold(&s->folded, p, n)) < 0)
        return rc;
    rc = nd_stem_raw(s, lang, s->folded.data, s->folded.len, &stem);
    if (rc < 0 || (rc = nd_fold(&s->stem, stem.p, stem.n)) < 0)
        return rc;
    if (s->stem.len == 0 ||
        (s->stem.len == len[0] && memcmp(s->stem.data, out->data + start, len[0]) == 0))
        return 1;
    if ((rc = nd_buf_add(out, s->stem.data, s->stem.len)) < 0)
        return rc;
    len[1] = s->stem.len;
    return 2;
}
