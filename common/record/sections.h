/* sections.h: the container of every file of our own: numbered sections, checked block by block.
 * File:        "NDX1" kind[4] | u32 version | u32 0 | data, in sections, each padded by 128 zero bytes
 *              before and after and starting at a multiple of 64 | u32 checksum of each 4 KiB block of all
 *              that lies before | directory: {u32 id, u32 0, u64 offset, u64 size} a section |
 *              trailer: u64 offset of the checksums, u32 blocks, u32 sections, u64 checksum of
 *              checksums + directory + the trailer up to here, "NDXE" kind[4].
 *              Little-endian. A block's checksum is the low half of nd_hash64 seeded with its number.
 * Reading:     opening checks trailer and directory; a block is checked when it is first touched
 *              (nd_sections_touch), so that a query pays for what it reads and damage is never read as data.
 * Threads:     one owner.   Used by: stream, column, text, and the files of the index folder. */
#ifndef ND_RECORD_SECTIONS_H
#define ND_RECORD_SECTIONS_H

#include "base/buf.h"
#include "base/file.h"
#include "base/status.h"

#include <stdbool.h>

enum {
    ND_SECTION_PAD = 128,    /* readable zero bytes on both sides of every section */
    ND_BLOCK = 4096,
    ND_SECTIONS_MAX = 64
};

struct nd_section {
    const unsigned char *p; /* borrowed from the mapping */
    size_t n;
};

struct nd_sections {
    struct nd_mapped map;
    char *path;
    uint32_t version, blocks, count;
    const unsigned char *sums, *dir;
    unsigned char *seen; /* a bit per block */
    bool borrowed;       /* the bytes are the caller's, not a mapping */
    bool once;           /* nd_sections_fetch copies: set by who reads little and then ends */
    struct nd_sections_copy *copy; /* what it copied last */
    size_t bound, touched; /* nd_sections_bound */
};

/* Map a file and check its frame. kind: four letters. version_max: the newest version that is understood.
 * Fails: ND_MISSING, ND_IO, ND_CORRUPT (names the path), ND_VERSION newer than version_max. */
int nd_sections_open(struct nd_sections *s, const char *path, const char kind[4],
                     uint32_t version_max, struct nd_error *err);
/* The same over bytes in memory (a file that is part of the program), borrowed until close; `name` stands for the
 * path in messages. */
int nd_sections_open_memory(struct nd_sections *s, const void *p, size_t n, const char *name,
                            const char kind[4], uint32_t version_max, struct nd_error *err);
void nd_sections_close(struct nd_sections *s);
/* A section by its number; {NULL, 0} if the file has none. Its bytes are not yet checked. */
struct nd_section nd_sections_get(const struct nd_sections *s, uint32_t id);
/* Check the blocks that p[0..n) lies in, those not yet seen; p must lie within the mapping.
 * Fails: ND_CORRUPT. Cost: nothing to speak of when they were seen. */
int nd_sections_touch(struct nd_sections *s, const void *p, size_t n, struct nd_error *err);
/* The bytes of p[0..n), checked: at p itself, or where s->once is set and their pages are not mapped yet, in a
 * copy that lives until the next call. Readable for ND_SECTION_PAD bytes on both sides. A process that ends after
 * one query saves the page faults, each of which costs more than reading 64 KiB. Fails: ND_CORRUPT, ND_NOMEM. */
int nd_sections_fetch(struct nd_sections *s, const void *p, size_t n, const unsigned char **out,
                      struct nd_error *err);
/* Of this file no more than about so many bytes are to be in memory: its pages are given back whenever so much was
 * touched. For merging and verifying, which read all of it; pointers stay good. */
void nd_sections_bound(struct nd_sections *s, size_t bytes);
/* Give all its pages back now. */
void nd_sections_drop(struct nd_sections *s);
/* Check every block. */
int nd_sections_verify(struct nd_sections *s, struct nd_error *err);

/* Writing: open (begin write* end)* finish. Any failure is kept; finish reports it and removes the file. */
struct nd_sections_writer;
int nd_sections_create(struct nd_sections_writer **out, const char *path, const char kind[4],
                       uint32_t version, struct nd_error *err);
int nd_sections_begin(struct nd_sections_writer *w, uint32_t id);
int nd_sections_write(struct nd_sections_writer *w, const void *p, size_t n);
/* Bytes written to the open section so far. */
uint64_t nd_sections_at(const struct nd_sections_writer *w);
int nd_sections_end(struct nd_sections_writer *w);
/* Write the trailer, fsync, close, free w. *size is the file's length (may be NULL). */
int nd_sections_finish(struct nd_sections_writer *w, uint64_t *size, struct nd_error *err);
/* Give up: remove the file, free w. */
void nd_sections_abandon(struct nd_sections_writer *w);

#endif
