/* mail.h: one message of mail or Usenet -> an article. Used by mail.c.   Uses: GMime (mail_parts.c alone).
 * Threads: no shared state of ours. */
#ifndef INDEXER_FORMATS_MAIL_H
#define INDEXER_FORMATS_MAIL_H

#include "formats/reader.h"

enum {
    ND_MAIL_DEPTH = 16, /* multiparts and messages inside each other */
    ND_MAIL_PARTS = 1000
};

/* What is taken from a message. Texts are in the arena, as the message has them: not yet UTF-8 where it is broken. */
struct nd_mail {
    struct nd_str id, subject, from, date, list, newsgroups, keywords, language, control, url;
    struct nd_str text;   /* of the part that is read */
    bool html;            /* that part is HTML */
    bool cut;             /* a message/partial: a piece of one */
    unsigned attachments; /* parts left out */
};

/* Take a message apart. Fails: ND_INPUT it has no headers; ND_NOMEM. */
int nd_mail_parse(struct nd_mail *m, struct nd_arena *arena, struct nd_str bytes, uint64_t *repairs,
                  struct nd_error *err);

/* The text without signature, PGP armour, files in uuencode, yEnc, BinHex or base64; each run of quoted lines as a paragraph of its own with
 * one mark. *attachments grows by the files. In the arena; absent on lack of memory. */
struct nd_str nd_mail_text(struct nd_arena *arena, struct nd_str text, unsigned *attachments);

/* Lines that format=flowed (RFC 3676) has wrapped, as they were; delsp: the blank at the break goes too. In the arena;
 * absent on lack of memory. */
struct nd_str nd_mail_unflow(struct nd_arena *arena, struct nd_str text, bool delsp);
/* text/enriched (RFC 1896) as plain text. In the arena; absent on lack of memory. */
struct nd_str nd_mail_enriched(struct nd_arena *arena, struct nd_str text);
/* A Date header in a shape that nd_date_parse reads: without comments, years of two digits and a century (102), zones
 * that nobody knows. In the arena. */
struct nd_str nd_mail_date(struct nd_arena *arena, struct nd_str date);

#endif
