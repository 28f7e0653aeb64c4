/* MediaWiki exports: Wikinews and other wikis. Of a page with its history the last revision is the article. */
#include "formats/feed.h"
#include "formats/newsxml.h"
#include "formats/wikitext.h"

#include <stdlib.h>
#include <string.h>

enum {
    SITE_BYTES = 1 << 20,
    NAMES_BYTES = 4096,
    KEPT_MAX = 16 << 20 /* bytes of a page's text */
};

/* What is kept of a page until the next one begins. */
struct page {
    struct nd_buf title, text;
    char id[24], ns[16], revision[24], first[40], last[40]; /* as printed */
    bool any, redirect, gone;
    uint64_t offset, length; /* of the last revision */
};

struct wiki_reader {
    struct nd_stream *in;
    struct nd_reading how;
    struct nd_xml_in *xml;
    struct nd_arena kept;
    struct nd_str lang, name, base;
    struct nd_buf files, categories, others; /* names of namespaces */
    struct page page;
    int too_large;
    bool done;
};

static int wiki_bid(const char *p, size_t n, const char *filename)
{
    char room[4096];
    (void)filename;
    return nd_str_is(nd_xml_root_name(p, n, room, sizeof room), "mediawiki") ? ND_BID_SURE
                                                                             : ND_BID_NEVER;
}

static enum nd_xml_want ask(void *ctx, const struct nd_xml *e, unsigned depth)
{
    struct wiki_reader *r = ctx;
    (void)depth;
    if (nd_xml_is(e, "mediawiki")) {
        struct nd_str lang = nd_xml_get(e, "xml:lang");
        r->lang = lang.n ? nd_arena_str(&r->kept, lang.p, lang.n) : lang;
        return ND_XML_ENTER;
    }
    if (nd_xml_is(e, "page"))
        return ND_XML_ENTER;
    if (nd_xml_is(e, "revision"))
        return ND_XML_RECORD;
    if (nd_xml_is(e, "siteinfo") || nd_xml_is(e, "title") || nd_xml_is(e, "ns") ||
        nd_xml_is(e, "id") || nd_xml_is(e, "redirect"))
        return ND_XML_TAKE;
    return ND_XML_PASS;
}

static void wiki_close(void *self)
{
    struct wiki_reader *r = self;
    if (!r)
        return;
    nd_xml_close(r->xml);
    nd_arena_free(&r->kept);
    nd_buf_free(&r->files);
    nd_buf_free(&r->categories);
    nd_buf_free(&r->others);
    nd_buf_free(&r->page.title);
    nd_buf_free(&r->page.text);
    free(r);
}

static int wiki_open(void **out, struct nd_stream *in, const struct nd_reading *reading,
                     struct nd_error *err)
{
    struct wiki_reader *r = calloc(1, sizeof *r);
    *out = NULL;
    if (!r)
        return nd_fail(err, ND_NOMEM, "out of memory to read a wiki");
    r->in = in;
    r->how = *reading;
    nd_arena_init(&r->kept, SITE_BYTES);
    nd_buf_init(&r->files, NAMES_BYTES);
    nd_buf_init(&r->categories, NAMES_BYTES);
    nd_buf_init(&r->others, NAMES_BYTES);
    nd_buf_init(&r->page.title, NAMES_BYTES);
    nd_buf_init(&r->page.text, KEPT_MAX);
    struct nd_xml_options options = {
        .ask = ask, .ctx = r, .record_max = reading->record_max, .repairs = reading->repairs};
    int rc = nd_xml_open(&r->xml, in, &options, err);
    if (rc) {
        wiki_close(r);
        return rc;
    }
    *out = r;
    return 0;
}

/* Namespace names in the language of the wiki, in lower case, parted by blanks. */
static void add_name(struct nd_buf *names, struct nd_str s)
{
    nd_buf_byte(names, ' ');
    for (size_t i = 0; i < s.n; i++)
        nd_buf_byte(names, (unsigned char)(s.p[i] == ' '                    ? '_'
                                           : s.p[i] >= 'A' && s.p[i] <= 'Z' ? s.p[i] | 32
                                                                            : s.p[i]));
    nd_buf_byte(names, ' ');
}

static void take_site(struct wiki_reader *r, const struct nd_xml *e, struct nd_arena *arena)
{
    struct nd_str name = nd_trim(nd_xml_text(nd_xml_child(e, "sitename"), arena));
    struct nd_str base = nd_trim(nd_xml_text(nd_xml_child(e, "base"), arena));
    r->name = name.n ? nd_arena_str(&r->kept, name.p, name.n) : name;
    r->base = base.n ? nd_arena_str(&r->kept, base.p, base.n) : base;
    for (const struct nd_xml *n = nd_xml_path(e, "namespaces/namespace"); n; n = nd_xml_again(n)) {
        struct nd_str key = nd_xml_get(n, "key"), s = nd_trim(nd_xml_text(n, arena));
        if (s.n)
            add_name(nd_str_is(key, "6") || nd_str_is(key, "-2") ? &r->files
                     : nd_str_is(key, "14")                      ? &r->categories
                                                                 : &r->others,
                     s);
    }
}

static void set(char *to, size_t room, struct nd_str s)
{
    s = nd_trim(s);
    snprintf(to, room, "%.*s", (int)(s.n < room ? s.n : room - 1), s.n ? s.p : "");
}

static void begin_page(struct page *p, struct nd_str title)
{
    struct nd_buf a = p->title, b = p->text;
    nd_buf_reset(&a);
    nd_buf_reset(&b);
    *p = (struct page){.title = a, .text = b, .any = true};
    title = nd_trim(title);
    nd_buf_add(&p->title, title.n ? title.p : "", title.n);
}

static void take_revision(struct page *p, const struct nd_xml *e, struct nd_arena *arena,
                          uint64_t offset, uint64_t length)
{
    const struct nd_xml *text = nd_xml_child(e, "text");
    struct nd_str when = nd_xml_text(nd_xml_child(e, "timestamp"), arena),
                  s = nd_xml_text(text, arena);
    struct nd_str model = nd_trim(nd_xml_text(nd_xml_child(e, "model"), arena));
    char stamp[sizeof p->last];
    set(stamp, sizeof stamp, when);
    if (!*p->first || (*stamp && strcmp(stamp, p->first) < 0))
        memcpy(p->first, stamp, sizeof stamp);
    if (*p->last && strcmp(stamp, p->last) < 0)
        return; /* dumps go forward in time, most of them */
    memcpy(p->last, stamp, sizeof stamp);
    set(p->revision, sizeof p->revision, nd_xml_text(nd_xml_child(e, "id"), arena));
    p->gone = nd_xml_get(text, "deleted").n > 0 || (model.n && !nd_str_is(model, "wikitext"));
    nd_buf_reset(&p->text);
    nd_buf_add(&p->text, s.n ? s.p : "", s.n);
    p->offset = offset;
    p->length = length;
}

/* The address of a page: its title on the base of the wiki. */
static struct nd_str address(const struct wiki_reader *r, struct nd_arena *arena)
{
    const char *slash = r->base.n ? memrchr(r->base.p, '/', r->base.n) : NULL;
    if (!slash || !r->page.title.len)
        return (struct nd_str){0};
    size_t k = (size_t)(slash - r->base.p) + 1, n = k;
    char *p = nd_arena_alloc(arena, k + r->page.title.len * 3 + 1);
    if (!p)
        return (struct nd_str){0};
    memcpy(p, r->base.p, k);
    for (size_t i = 0; i < r->page.title.len; i++) {
        unsigned char c = (unsigned char)r->page.title.data[i];
        if (c == ' ')
            p[n++] = '_';
        else if (c <= ' ' || strchr("%?#&\"<>", c))
            n += (size_t)snprintf(p + n, 4, "%%%02X", c);
        else
            p[n++] = (char)c;
    }
    return (struct nd_str){p, n};
}

static int put(struct wiki_reader *r, struct nd_article *a, struct nd_arena *arena, const char *key,
               struct nd_str s)
{
    s = nd_trim(s);
    s = s.n ? nd_arena_str(arena, s.p, s.n) : s; /* the page's memory is used again */
    return nd_put(a, arena, r->how.map, key, s);
}

/* Make the article of the page that ended. Return: 0; ND_DONE it is none. */
static int finish(struct wiki_reader *r, struct nd_article *a, struct nd_arena *arena)
{
    struct page *p = &r->page;
    struct nd_wiki_found found;
    struct nd_buf text;
    struct nd_wiki_site site = {r->files.data ? r->files.data : "",
                                r->categories.data ? r->categories.data : "",
                                r->others.data ? r->others.data : ""};
    bool any = p->any && p->text.len,
         skip = p->redirect || p->gone || (*p->ns && strcmp(p->ns, "0"));
    p->any = false;
    if (!any || skip || nd_buf_code(&p->text))
        return ND_DONE;
    nd_buf_init(&text, p->text.len * 2 + 1024);
    int rc = nd_wikitext(&text, &found, &site, (struct nd_str){p->text.data, p->text.len}, arena);
    bool news = memmem(r->base.p ? r->base.p : "", r->base.n, "wikinews", 8) != NULL;
    if (!rc && (found.redirect || !text.len || (news && !found.published)))
        rc = ND_DONE;
    a->origin.offset = p->offset;
    a->origin.length = p->length;
    struct nd_str title = {p->title.data, p->title.len};
    const struct {
        const char *key;
        struct nd_str value;
    } facts[] = {{"id", nd_str_of(p->id)},
                 {"version", nd_str_of(p->revision)},
                 {"title", title},
                 {"body", {text.data, text.len}},
                 {"published", found.date.n ? found.date : nd_str_of(p->first)},
                 {"updated", nd_str_of(p->last)},
                 {"source", r->name},
                 {"lang", r->lang},
                 {"url", address(r, arena)}};
    for (size_t i = 0; i < sizeof facts / sizeof *facts && !rc; i++)
        rc = put(r, a, arena, facts[i].key, facts[i].value);
    a->tags = found.categories;
    nd_buf_free(&text);
    return rc;
}

static int wiki_next(void *self, struct nd_article *out, struct nd_arena *arena,
                     struct nd_error *err)
{
    struct wiki_reader *r = self;
    for (;;) {
        struct nd_xml *e;
        uint64_t offset, length;
        int rc = r->done ? ND_DONE : nd_xml_next(r->xml, &e, arena, &offset, &length, err);
        if (rc == ND_DONE) {
            bool last = !r->done;
            r->done = true;
            rc = last ? finish(r, out, arena) : ND_DONE;
            if (rc == ND_DONE)
                return nd_stream_failed(r->in, err) ? nd_stream_failed(r->in, err) : ND_DONE;
            return rc ? nd_fail(err, rc, "out of memory for a record") : 0;
        }
        if (rc) {
            out->origin.offset = offset;
            out->origin.length = length;
            return rc;
        }
        if (nd_xml_is(e, "siteinfo")) {
            take_site(r, e, arena);
        } else if (nd_xml_is(e, "title")) {
            rc = finish(r, out, arena);
            begin_page(&r->page, nd_xml_text(e, arena));
            if (rc != ND_DONE)
                return rc ? nd_fail(err, rc, "out of memory for a record") : 0;
            *out = (struct nd_article){.published = {.utc = ND_UTC_NONE},
                                       .updated = {.utc = ND_UTC_NONE},
                                       .origin = out->origin};
            nd_fieldmap_begin(r->how.map);
        } else if (nd_xml_is(e, "ns")) {
            set(r->page.ns, sizeof r->page.ns, nd_xml_text(e, arena));
        } else if (nd_xml_is(e, "id")) {
            set(r->page.id, sizeof r->page.id, nd_xml_text(e, arena));
        } else if (nd_xml_is(e, "redirect")) {
            r->page.redirect = true;
        } else {
            take_revision(&r->page, e, arena, offset, length);
        }
    }
}

const struct nd_reader nd_reader_mediawiki = {
    .name = "mediawiki",
    .summary = "MediaWiki and Wikinews exports, also with all revisions",
    .extensions = " .xml ",
    .mapping = "id=page/id version=revision/id title=title body=revision/text "
               "date={{date}}|timestamp tag=[[Category]]",
    .bid = wiki_bid,
    .open = wiki_open,
    .next = wiki_next,
    .close = wiki_close,
};
