#include "render/render.h"

#include <string.h>

static const struct nd_renderer *const renderers[] = {
    &nd_render_text, &nd_render_oneline,  &nd_render_json,
    &nd_render_jsonl, &nd_render_csv, &nd_render_tsv, &nd_render_markdown,
    &nd_render_html, &nd_render_ids, &nd_render_articles,
    &nd_render_ris, &nd_render_trec,
};

const struct nd_renderer *const *nd_renderers(size_t *n)
{
    *n = sizeof renderers / sizeof renderers[0];
    return renderers;
}

const struct nd_renderer *nd_renderer_find(const char *name)
{
    for (size_t i = 0; i < sizeof renderers / sizeof renderers[0]; i++)
        if (strcmp(renderers[i]->name, name) == 0)
            return renderers[i];
    return NULL;
}
