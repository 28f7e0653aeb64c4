/* schema.h: THE field table. Indexing, query language, facets, help and manuals read these rows;
 * a new field is one row. Nothing else in the tree may list fields, prefixes or columns. */
#ifndef ND_RECORD_SCHEMA_H
#define ND_RECORD_SCHEMA_H

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

#define ND_SCHEMA_VERSION 1 /* of the index folder and everything in it */

enum nd_column_id { /* sections of the columns file; written to disk: only append */
    ND_COL_NONE = 0,
    ND_COL_PUBLISHED,  /* i64 UTC seconds, ND_UTC_NONE unknown */
    ND_COL_DAY,        /* u32 day as printed, yyyymmdd, 0 in the parts that are unknown */
    ND_COL_PRECISION,  /* u8 enum nd_precision */
    ND_COL_UPDATED,    /* i64 */
    ND_COL_INDEXED,    /* i64 when it first came in */
    ND_COL_FIRST_REV,  /* u32 revision in which this id first came in */
    ND_COL_LAST_REV,   /* u32 revision in which this version came in */
    ND_COL_SOURCE,     /* u32 ordinal + 1 in its value list, 0 none */
    ND_COL_SECTION,    /* u32 likewise */
    ND_COL_LANG,       /* u8 enum nd_lang of the analysis */
    ND_COL_AUTHORS,    /* list of u32 ordinals */
    ND_COL_TAGS,       /* list of u32 ordinals */
    ND_COL_ENTITIES,   /* list of u32 pairs: ordinal in the entity dictionary, mentions and evidence (evidence.h) */
    ND_COL_LENGTH,     /* u32 words of title, lead and body */
    ND_COL_CONTENT,    /* 16 bytes: nd_hash128 of the record without origin */
    ND_COL_ID,         /* 8 bytes: nd_hash64 of the id, seed 0 */
    ND_COL_SIGNATURE,  /* 8 u32: near-copy signature (minhash); zeros if too short */
    ND_COL_ORIGIN,     /* u32 ordinal of file, or of file NUL member, UINT32_MAX none; u64 offset */
    ND_COL_VERSION,    /* u64: a version number as given, 0 none */
    ND_COLUMNS
};

enum nd_kind {
    ND_KIND_TEXT,   /* words of the stream */
    ND_KIND_VALUE,  /* whole words in order inside a value from a list of values: source, author */
    ND_KIND_EXACT,  /* the value itself: id, url, lang */
    ND_KIND_DATE,
    ND_KIND_NUMBER,
    ND_KIND_ENTITY,
    ND_KIND_QUERY   /* the name of a saved query */
};

struct nd_field {
    const char *name;
    const char *alias;  /* other names, blank-separated, "" if none */
    enum nd_kind kind;
    const char *prefix; /* of its terms in the postings; "" if it has none */
    uint8_t texts;      /* ND_KIND_TEXT: bit set of ND_FIELD_* */
    uint8_t column;     /* enum nd_column_id */
    bool facet;         /* may be counted by `facet` */
    const char *help;   /* half a line */
    const char *example;
};

/* Term prefixes that are not a field's own: stems, title stems, absence of a field. */
#define ND_PREFIX_STEM "Z"
#define ND_PREFIX_TITLE "S"
#define ND_PREFIX_ABSENT "XNONE:" /* + field name: the article lacks it */
#define ND_PREFIX_YEAR "Y"        /* Y2023 */
#define ND_PREFIX_MONTH "M"       /* M202309 */
#define ND_PREFIX_DAY "D"         /* D20230905 */

const struct nd_field *nd_schema_table(size_t *n);
/* The field of a name or alias (ASCII, any case), NULL if there is none. */
const struct nd_field *nd_schema_find(const char *name, size_t n);

enum { /* what an occurrence counts in the ranking; one in the body counts 1 */
    ND_TITLE_WEIGHT = 3,
    ND_LEAD_WEIGHT = 2 /* in a lead apart from the body */
};

enum {
    ND_TERM_MAX = 240,    /* bytes of a term, zero bytes counted twice */
    ND_TERM_KEEP = 200,   /* of a longer one: its start, then 32 hex digits of nd_hash128 */
    ND_URL_KEEP = 40,     /* longest value of a term U as it is; of a longer one 16 letters that are a hash: */
    ND_URL_HASH = 16      /* each address is a term of its own, and whole they would be 2 % of the index */
};

/* Write the term of prefix + value to out[ND_TERM_MAX]; long ones are shortened and hashed.
 * Return: its length. *exact is false when it was shortened: equality is then to be confirmed. */
size_t nd_term_make(char out[ND_TERM_MAX], const char *prefix, const char *value, size_t n,
                    bool *exact);

/* Append to out the form under which a value of a list field (source, author, section, tag) is a
 * term: folded (nd_fold), blanks squeezed, trimmed. */
struct nd_buf;
int nd_value_fold(struct nd_buf *out, const char *value, size_t n);

#endif
