#include "formats/newsxml.h"
#include "formats/html.h"

#include <stdlib.h>
#include <string.h>

struct newsxml {
    struct nd_stream *in;
    struct nd_reading how;
    struct nd_xml_in *xml;
    struct nd_newsxml format;
};

void nd_newsxml_close(void *self)
{
    struct newsxml *r = self;
    if (!r)
        return;
    nd_xml_close(r->xml);
    free(r);
}

int nd_newsxml_open(void **out, struct nd_stream *in, const struct nd_reading *reading,
                    const struct nd_newsxml *format, struct nd_error *err)
{
    struct newsxml *r = calloc(1, sizeof *r);
    *out = NULL;
    if (!r)
        return nd_fail(err, ND_NOMEM, "out of memory to read XML");
    r->in = in;
    r->how = *reading;
    r->format = *format;
    struct nd_xml_options options = {.ask = format->ask,
                                     .recover = format->recover,
                                     .record_max = reading->record_max,
                                     .repairs = reading->repairs};
    int rc = nd_xml_open(&r->xml, in, &options, err);
    if (rc) {
        nd_newsxml_close(r);
        return rc;
    }
    *out = r;
    return 0;
}

int nd_newsxml_next(void *self, struct nd_article *out, struct nd_arena *arena,
                    struct nd_error *err)
{
    struct newsxml *r = self;
    struct nd_xml *e;
    for (;;) {
        int rc = nd_xml_next(r->xml, &e, arena, &out->origin.offset, &out->origin.length, err);
        if (rc == ND_DONE)
            return nd_stream_failed(r->in, err) ? nd_stream_failed(r->in, err) : ND_DONE;
        if (rc)
            return rc;
        rc = r->format.fill(out, arena, r->how.map, e, err);
        if (rc == ND_NOMEM)
            return nd_fail(err, rc, "out of memory for a record");
        if (rc != ND_DONE)
            return rc;
        struct nd_origin origin = out->origin; /* nothing of what is passed over stays */
        *out = (struct nd_article){
            .published = {.utc = ND_UTC_NONE}, .updated = {.utc = ND_UTC_NONE}, .origin = origin};
        nd_fieldmap_begin(r->how.map);
    }
}

int nd_put(struct nd_article *a, struct nd_arena *arena, struct nd_fieldmap *map, const char *key,
           struct nd_str s)
{
    s = nd_trim(s);
    return s.n ? nd_fieldmap_put(map, a, arena, key, strlen(key), s) : 0;
}

struct nd_str nd_xml_line(const struct nd_xml *e, struct nd_arena *arena)
{
    struct nd_str s = nd_trim(nd_xml_text(e, arena));
    bool runs = false;
    for (size_t i = 0; i + 1 < s.n && !runs; i++)
        runs = s.p[i] == '\n' || s.p[i] == '\t' || s.p[i] == '\r' ||
               (s.p[i] == ' ' && s.p[i + 1] == ' ');
    char *p = runs ? nd_arena_alloc(arena, s.n + 1) : NULL;
    size_t n = 0;
    for (size_t i = 0; p && i < s.n; i++) {
        bool blank = strchr(" \n\t\r", s.p[i]) && s.p[i];
        if (!blank)
            p[n++] = s.p[i];
        else if (n && p[n - 1] != ' ')
            p[n++] = ' ';
    }
    return p ? (struct nd_str){p, n} : s;
}

struct nd_str nd_xhtml_text(const struct nd_xml *e, struct nd_arena *arena)
{
    struct nd_buf out;
    struct nd_str s = {0};
    if (!e)
        return s;
    nd_buf_init(&out, SIZE_MAX / 4);
    nd_buf_str(&out, "<div>"); /* line ends mean nothing in XML */
    if (!nd_xml_markup(&out, e)) {
        s = nd_arena_str(arena, out.data, out.len);
        s = s.n ? nd_html_fragment(arena, s) : s;
    }
    nd_buf_free(&out);
    return nd_trim(s);
}
