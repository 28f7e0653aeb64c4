/* source.h: everything from names on the command line to clean articles.
 * Call order:  nd_source_open (nd_source_goto? nd_source_next)* nd_source_close
 *              loop:  while ((rc = nd_source_next(s, &a, &arena, &err)) != ND_DONE) {
 *                         if (rc == 0) use a; else if (rc == ND_INPUT) report err.msg; else stop;
 *                         nd_arena_reset(&arena); }
 * Invariants:  files in the order given, folders sorted, records in file order: the same on every run. A bad record
 *              or file never ends the loop.
 * Threads: one owner.   Used by: add, convert, tag. */
#ifndef INDEXER_INPUT_SOURCE_H
#define INDEXER_INPUT_SOURCE_H

#include "input/container.h"
#include "record/article.h"

struct nd_reader;

struct nd_source_options {
    const char *const *map, *const *set, *const *fallback; /* as in formats/fieldmap.h */
    size_t map_n, set_n, fallback_n;
    const char *from_path, *id_prefix, *record;
    const char *input_format;                    /* name of a reader; NULL: told by the content */
    const char *const *files_from;               /* files that list names; "-" is standard input */
    const char *const *include, *const *exclude; /* globs for what folders and archives hold */
    size_t files_from_n, include_n, exclude_n;
    struct nd_str
        ignore; /* text of a filter (filter.h): articles that are left out; absent: none */
    const char *ignore_name; /* of its file */
    size_t record_max;       /* bytes of one record; 0: 64 MiB */
    struct nd_container_limits limits;
    /* Asked before a file is opened: how many of its records have been read before and are to be passed over;
     * UINT64_MAX for all of it. NULL: none. */
    uint64_t (*passed)(void *ctx, size_t file, const char *path);
    void *passed_ctx;
};

enum nd_cover {  /* fields whose share is told at the end */
    ND_COVER_ID, /* one that the dump has */
    ND_COVER_TITLE,
    ND_COVER_LEAD,
    ND_COVER_BODY,
    ND_COVER_PUBLISHED,
    ND_COVER_UPDATED,
    ND_COVER_AUTHORS,
    ND_COVER_SOURCE,
    ND_COVER_SECTION,
    ND_COVER_LANG,
    ND_COVER_URL,
    ND_COVER_TAGS,
    ND_COVER_ENTITIES,
    ND_COVERS
};

struct nd_source_stats {
    uint64_t articles;     /* delivered */
    uint64_t ignored;      /* left out by the filter */
    uint64_t bad;          /* records that were not, and files or members that could not be read */
    uint64_t bad_files;    /* of those, files and members */
    uint64_t empty_files;  /* without a byte but blanks */
    uint64_t passed_files; /* not opened, see nd_source_options.passed */
    uint64_t repaired;     /* ill-formed UTF-8 sequences replaced */
    uint64_t cut;          /* titles, authors, ... that were too long */
    uint64_t parts;        /* attachments of mails that were left out */
    uint64_t bad_dates;    /* dates that could not be read: those articles are undated */
    uint64_t cover[ND_COVERS];
    uint64_t bytes,
        bytes_total; /* of the files as they lie; total 0 while unknown (standard input) */
    /* where the last answer of nd_source_next came from */
    size_t file;     /* number in the list */
    uint64_t record; /* in the file, all members together, from 1; bad ones count */
    uint64_t offset, length;
    const char *path;   /* of the file */
    const char *member; /* path in the archive, "" for a plain file; good until the next call */
};

struct nd_source;

/* Make the list of files. Nothing is read yet, but for files_from.
 * Fails: ND_USAGE an option is malformed, no such input format, no such list, none of the names is there; ND_IO; ND_NOMEM. */
int nd_source_open(struct nd_source **out, const char *const *paths, size_t n,
                   const struct nd_source_options *options, struct nd_error *err);
void nd_source_close(struct nd_source *s);

/* The next article, all of it in the arena, which the caller resets between calls.
 * Return: 0; ND_DONE; ND_INPUT a bad record or file, described with its place in err ("FILE:RECORD: reason", offset
 * set), count it and ask again; ND_NOMEM, ND_INTERNAL. */
int nd_source_next(struct nd_source *s, struct nd_article *out, struct nd_arena *arena,
                   struct nd_error *err);

/* The list of files. */
size_t nd_source_files(const struct nd_source *s);
const char *nd_source_path(const struct nd_source *s, size_t file);
/* Go on with a file of the list, after that many of its records: how a killed run resumes. Files before it are
 * not read. Fails: ND_MISSING no such file in the list; ND_INPUT it cannot be read (nd_source_next goes on behind it);
 * fewer records than that are no failure. */
int nd_source_goto(struct nd_source *s, size_t file, uint64_t records, struct nd_error *err);
/* Pass over so many records of the file at hand, or of the next one where none is open.
 * Return: 0; ND_DONE where the file has fewer; ND_INPUT it cannot be read. */
int nd_source_skip(struct nd_source *s, uint64_t records, struct nd_error *err);

/* Counts so far; good until the source is closed. */
const struct nd_source_stats *nd_source_stats(struct nd_source *s);
/* The i-th key that nobody knew and how often it came. Return: false past the last. */
bool nd_source_unknown(const struct nd_source *s, uint32_t i, struct nd_str *key, uint64_t *count);
/* Of the last article: the reader's name, and the key that gave a member (enum nd_target, formats/fieldmap.h). */
const struct nd_reader *nd_source_reader(const struct nd_source *s);
bool nd_source_from(const struct nd_source *s, int target, struct nd_str *key);
/* Name of a field of the coverage. */
const char *nd_cover_name(enum nd_cover c);

#endif
