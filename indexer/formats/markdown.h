/* markdown.h: text out of Markdown, and the front matter of static sites (Jekyll, Hugo). Used by markdown.c.
 * Threads: no shared state.   Uses: libyaml (front_yaml.c alone). */
#ifndef INDEXER_FORMATS_MARKDOWN_H
#define INDEXER_FORMATS_MARKDOWN_H

#include "base/arena.h"
#include "base/status.h"
#include "text/json.h"

enum {
    ND_FRONT_MAX = 256 * 1024 /* bytes of a front matter */
};

/* YAML between lines of ---, TOML between lines of +++, as the JSON object it stands for; anchors are not followed.
 * Fails: ND_INPUT not well-formed or not a mapping; ND_LIMIT deeper than ND_JSON_DEPTH; ND_NOMEM. */
int nd_front_yaml(struct nd_json **out, struct nd_arena *arena, struct nd_str text,
                  struct nd_error *err);
int nd_front_toml(struct nd_json **out, struct nd_arena *arena, struct nd_str text,
                  struct nd_error *err);
/* Append a member to an object or array of the tree. Return: it; NULL on lack of memory. */
struct nd_json *nd_front_add(struct nd_json *parent, struct nd_json **tail, struct nd_arena *arena,
                             struct nd_str key, enum nd_json_kind kind, struct nd_str text);

/* Markdown -> text: marks, templates, code fences, addresses of links go; paragraphs, words of links and of pictures
 * stay. Absent on lack of memory. */
struct nd_str nd_markdown_text(struct nd_arena *arena, struct nd_str s);

#endif
