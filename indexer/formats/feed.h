/* feed.h: items of feeds -> articles; what feed.c and feed_item.c share.
 * Threads: one owner. */
#ifndef INDEXER_FORMATS_FEED_H
#define INDEXER_FORMATS_FEED_H

#include "formats/fieldmap.h"
#include "formats/fill.h"
#include "formats/xml.h"

enum {
    ND_FEED_WRITERS = 2048
};

/* What a feed says of itself, for its items. In an arena of its own. */
struct nd_feed_channel {
    struct nd_str title, lang, base, link;
    struct nd_strs authors;
    struct nd_strs logins, names; /* writers of a WordPress export, side by side */
};

/* Take over the attributes of an element around the items: xml:lang, xml:base. */
void nd_feed_scope(struct nd_feed_channel *c, struct nd_arena *kept, const struct nd_xml *e);
/* Take over an element of the channel. Lack of memory loses it, no more. */
void nd_feed_note(struct nd_feed_channel *c, struct nd_arena *kept, const struct nd_xml *e,
                  struct nd_arena *arena);
/* Fill an article from an item or entry. Return: 0; ND_DONE it is no article (draft, attachment); ND_NOMEM. */
int nd_feed_item(struct nd_article *a, struct nd_arena *arena, struct nd_fieldmap *map,
                 const struct nd_feed_channel *c, const struct nd_xml *e);

/* The name of the root element without prefix, from the first bytes of a file in any encoding; for bids.
 * room: for its ASCII where the encoding is wide. Absent where there is no element. */
struct nd_str nd_xml_root_name(const char *p, size_t n, char *room, size_t room_n);

#endif
