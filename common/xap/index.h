/* index.h: an open index as the query side sees it: one revision of one or several folders, each a list of
 * segments with their Xapian database, token streams, columns, texts and tombstones.
 * Call order: nd_index_open ... nd_index_close.  Streams, columns and texts are opened when first asked for.
 * A reader opens what the manifest names, then looks whether each segment is still there; if a writer has
 * removed one meanwhile it starts again (10 times at most). It never locks.   Threads: one owner. */
#ifndef ND_XAP_INDEX_H
#define ND_XAP_INDEX_H

#include "record/column.h"
#include "record/derived.h"
#include "record/manifest.h"
#include "record/override.h"
#include "record/stream.h"
#include "record/text.h"
#include "xap/xap.h"

#define ND_OVERRIDES_FILE "entities.conf" /* in an index folder */

enum { ND_ODD_MAX = 64 };

/* An article that is not in the commonest language of its segment. */
struct nd_odd {
    uint32_t docid;
    uint8_t lang;
};

struct nd_segment {
    size_t number;      /* in nd_index.segments and in the xap_index */
    size_t folder;      /* in nd_index.folders */
    char *path;         /* DIR/seg-NNNNNN */
    uint32_t docs;      /* docids 1..docs */
    const unsigned char *deleted; /* bit docid - 1 set: tombstone; NULL if none */
    uint32_t deleted_n;
    /* opened on demand: use the accessors */
    struct nd_stream *stream;
    struct nd_columns *columns;
    struct nd_texts *texts;
    struct nd_sections del_file;
    /* set by nd_segment_langs (lang/lower.h); 0 until asked for */
    uint64_t langs;
    struct nd_odd *odd; /* owned; NULL if there are more than ND_ODD_MAX */
    size_t odd_n;
};

struct nd_folder {
    char *dir;
    struct nd_manifest manifest;
    /* facts about names: use nd_folder_derived */
    struct nd_derived derived;
    bool derived_there, derived_checked;
};

struct nd_index {
    struct nd_folder *folders;
    size_t folders_n;
    struct nd_segment *segments; /* of all folders, in order */
    size_t n;
    struct xap_index *xap;
    uint64_t articles; /* live ones */
    struct nd_overrides *overrides; /* use nd_index_overrides */
    /* what queries have read of its dictionaries (lang/lower_known.c), for the queries after them */
    struct nd_arena kept;
    struct lower_known *known;
};

/* Fails: ND_MISSING, ND_VERSION, ND_CORRUPT, ND_IO, ND_MODIFIED (ten times in a row). */
int nd_index_open(struct nd_index **out, const char *const *dirs, size_t n, struct nd_error *err);
void nd_index_close(struct nd_index *ix);
/* The process asks one query and ends: streams and texts are read, not mapped (nd_sections_fetch). */
void nd_index_read_once(struct nd_index *ix);

/* The parts of a segment, opened when first asked for; they stay the segment's. */
/* What is known of the names of a folder; NULL in *out where nothing is. Checked when first asked for.
 * Fails: ND_CORRUPT. */
int nd_folder_derived(struct nd_folder *f, const struct nd_derived **out, struct nd_error *err);

/* The rules about names of all folders, bound to their ids: those of one folder hold for the articles of all, and its
 * first folder's go before. Read when first asked for; never NULL on success. Fails: ND_IO, ND_CORRUPT, ND_NOMEM. */
int nd_index_overrides(struct nd_index *ix, const struct nd_overrides **out, struct nd_error *err);
/* Bind other rules to its ids. */
int nd_index_bind(struct nd_index *ix, struct nd_overrides *o, struct nd_error *err);

int nd_segment_stream(struct nd_segment *s, struct nd_stream **out, struct nd_error *err);
int nd_segment_columns(struct nd_segment *s, struct nd_columns **out, struct nd_error *err);
int nd_segment_texts(struct nd_segment *s, struct nd_texts **out, struct nd_error *err);

/* Give the memory of all columns back (nd_sections_drop): for who looks many articles up. */
void nd_index_drop(struct nd_index *ix);

static inline bool nd_segment_deleted(const struct nd_segment *s, uint32_t docid)
{
    return s->deleted && docid - 1 < s->docs && (s->deleted[(docid - 1) / 8] >> ((docid - 1) % 8) & 1);
}

/* Where the article of an id is. Return: 0, ND_DONE if no live article has it, < 0. */
int nd_index_find(struct nd_index *ix, const char *id, size_t n, size_t *segment, uint32_t *docid,
                  struct nd_error *err);

#endif
