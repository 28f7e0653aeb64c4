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

/* The text without signature, PGP armour and uuencoded files; each run of quoted lines as a paragraph of its own with
 * one mark. *attachments grows by the files. In the arena; absent on lack of memory. */
struct nd_str nd_mail_text(struct nd_arena *arena, struct nd_str text, unsigned *attachments);

#endif
