/* HTML pages: text and facts; the gold of a reader view's test pages. */
#include "base/map.h"
#include "format_gold.h"
#include "text/json.h"
#include "text/utf8.h"

static const char filler[] = "<p>The delegates met for the third day in a row, and argued about "
                             "the budget of the union, which has grown "
                             "since the last summit; nobody expects them to agree before the end "
                             "of the week, they said.</p>";

static const char *page(const char *head, const char *body)
{
    static char text[16384];
    snprintf(text, sizeof text,
             "<!DOCTYPE html><html lang=\"en\"><head>%s</head><body>%s</body></html>", head, body);
    return of("p.html", text);
}

static void main_text_without_boilerplate(void)
{
    char body[8192];
    snprintf(body, sizeof body,
             "<div class=\"nav menu\"><a href=\"/a\">Home</a> <a href=\"/b\">World</a></div><div "
             "id=\"article\"><h1>The Title</h1>%s%s"
             "<p>Third,<br>line.</p><script>var x = 1;</script></div><div class=\"sidebar "
             "related\"><ul><li><a href=\"/x\">Other story</a></li></ul>"
             "</div><div class=\"footer\">Copyright notice</div>",
             filler, filler);
    const char *out = page("<title>The Title of the page | The Sun</title>", body);
    CHECK(strstr(out, "\"title\":\"The Title of the page\""));
    CHECK(strstr(out, "\"body\":\"The delegates met") &&
          strstr(out, "they said.\\n\\nThe delegates") && strstr(out, "Third,\\nline."));
    CHECK(!strstr(out, "Home") && !strstr(out, "Other story") && !strstr(out, "Copyright") &&
          !strstr(out, "var x"));
}

static void facts_from_json_ld(void)
{
    const char *out = page(
        "<title>x</title><meta property=\"og:site_name\" content=\"The Sun\"><link rel=canonical "
        "href=\"http://example.com/a\">"
        "<meta property=\"article:published_time\" content=\"2020-01-01\"><script "
        "type=\"application/ld+json\">"
        "{\"@context\":\"https://"
        "schema.org\",\"@graph\":[{\"@type\":\"NewsArticle\",\"headline\":\"From LD &amp; more\","
        "\"datePublished\":\"2023-09-05T10:00:00Z\",\"author\":[{\"@type\":\"Person\",\"name\":"
        "\"Ann Lee\"},{\"name\":\"Bo Roe\"}],"
        "\"articleSection\":\"World\",\"keywords\":[\"rail\",\"union\"]}]}</script>",
        filler);
    CHECK(strstr(out, "\"title\":\"From LD & more\"") &&
          strstr(out, "\"published\":\"2023-09-05T10:00:00Z\""));
    CHECK(strstr(out, "\"authors\":[\"Ann Lee\",\"Bo Roe\"],\"source\":\"The "
                      "Sun\",\"section\":\"World\",\"lang\":\"en\","
                      "\"url\":\"http://example.com/a\",\"tags\":[\"rail\",\"union\"]"));
}

static void facts_from_meta_and_page(void)
{
    const char *out = page("<meta property=\"og:title\" content=\"OG title\"><meta name=\"author\" "
                           "content=\"By Ann Lee\">"
                           "<meta name=\"news_keywords\" content=\"a, b\">",
                           filler);
    CHECK(strstr(out, "\"title\":\"OG title\"") && strstr(out, "[\"Ann Lee\"]") &&
          strstr(out, "\"tags\":[\"a\",\"b\"]"));
    out = page("<title>Some longer title of a page here</title>",
               "<span class=\"byline\">By Bo Roe</span><time "
               "datetime=\"2023-09-05T10:00\">today</time><p>text</p>");
    CHECK(strstr(out, "[\"Bo Roe\"]") && strstr(out, "\"published\":\"2023-09-05T10:00\""));
}

static void character_sets(void)
{
    CHECK(strstr(
        page("<meta charset=windows-1252><title>caf\xe9 \x93quoted\x94 title of a page</title>",
             filler),
        "caf\xc3\xa9 \xe2\x80\x9cquoted"));
    CHECK(strstr(page("<meta http-equiv=content-type content=\"text/html; "
                      "charset=Shift_JIS\"><title>\x93\xfa\x96{</title>",
                      filler),
                 "\xe6\x97\xa5\xe6\x9c\xac"));
}

static void deep_and_wild_markup(void)
{
    enum {
        LEVELS = 30000
    };
    char *text = malloc(LEVELS * 5 + 100);
    static const char head[] = "<!DOCTYPE html><title>Deep page</title>";
    size_t n = sizeof head - 1;
    memcpy(text, head, n);
    for (int i = 0; i < LEVELS; i++, n += 5)
        memcpy(text + n, "<div>", 5);
    memcpy(text + n, "bottom", 6);
    n += 6;
    write_file("deep.html", text, n);
    CHECK(strstr(records("deep.html", &plain), "bottom"));
    free(text);
    CHECK(strstr(of("odd.html", "<html><p>a<table><p>b<tr><td>c</b></i><p>d<!-- <p>"), "a"));
    CHECK(strstr(of("none.html", "<html><head></head><body><script>1</script></body></html>"),
                 "!none.html:1: the page has no text"));
}

#define NAV                                                                                        \
    "<nav><ul><li><a href=/1>Sports today</a></li><li><a href=/2>Weather here</a></li></ul></nav>"
#define FOOT                                                                                       \
    "<footer><p>All rights reserved, terms of use, privacy, contact, about us, careers, "          \
    "advertise, archive, help, and so on, as always.</p></footer>"

/* Texts that are shorter than what is around them. */
static void short_texts(void)
{
    static const char p[] =
        "<p>The council raised the parking fees on Tuesday, officials said.</p>";
    static const char want[] =
        "\"body\":\"The council raised the parking fees on Tuesday, officials said.";
    char page[4096];
    snprintf(page, sizeof page,
             "<html><title>Fees</title><body>" NAV "<article><h1>Fees</h1>%s<ol><li><p>It is, they "
             "say, for buses and lanes.</p></li></ol></article>" FOOT,
             p);
    const char *out = of("list.html", page);
    CHECK(strstr(out, want) && strstr(out, "for buses and lanes.\""));
    snprintf(
        page, sizeof page,
        "<html><title>Fees</title><body><div id=cookie-box><p>We use cookies, as all do, to "
        "improve your experience, and more.</p></div>" NAV "<h1>Fees</h1><div>%s</div><div "
        "class=related><p>Another story of the fees, in the city, last year.</p></div><section "
        "id=comments><p>I think it is bad, very bad, and no shop will stay, as I said.</p>"
        "<p>I think it is bad, very bad, and no shop will stay, as I said.</p></section>" FOOT,
        p);
    out = of("brief.html", page);
    CHECK(strstr(out, want));
    CHECK(!strstr(out, "cookies") && !strstr(out, "Another") && !strstr(out, "I think") &&
          !strstr(out, "Sports") && !strstr(out, "rights"));
    out = of("tiny.html",
             "<html><title>Rain</title><body>" NAV "<h1>Rain</h1><p>Rain fell.</p>" FOOT);
    CHECK(strstr(out, "\"body\":\"Rain fell.\""));
    /* a page that a script fills */
    out =
        of("app.html",
           "<html><title>x</title><script type=\"application/ld+json\">{\"@type\":\"NewsArticle\","
           "\"headline\":\"Fees\",\"articleBody\":\"The council.\\n\\nThe &amp; fees.\"}"
           "</script><body>" NAV "<div id=app></div>" FOOT);
    CHECK(strstr(out, "\"title\":\"Fees\",\"body\":\"The council.\\n\\nThe & fees.\""));
}

struct score {
    unsigned pages, titles;
    double f1;
};

/* Words in lower case, counted. */
static size_t count_words(struct nd_map *words, unsigned *counts, size_t room, struct nd_str s)
{
    size_t all = 0;
    struct nd_buf low;
    nd_buf_init(&low, ROOM);
    nd_lowercase(&low, s.n ? s.p : "", s.n);
    for (size_t i = 0; i < low.len;) {
        size_t from = i;
        while (i < low.len && ((low.data[i] & 0x80) || (low.data[i] >= 'a' && low.data[i] <= 'z') ||
                               (low.data[i] >= '0' && low.data[i] <= '9')))
            i++;
        uint32_t k;
        if (i > from && !nd_map_intern(words, low.data + from, i - from, &k) && k < room) {
            counts[k]++;
            all++;
        }
        i += i == from;
    }
    nd_buf_free(&low);
    return all;
}

enum {
    WORDS = 1 << 17
};

static double f1(struct nd_str got, struct nd_str want)
{
    struct nd_map words;
    unsigned *a = calloc(WORDS, sizeof *a), *b = calloc(WORDS, sizeof *b);
    size_t common = 0;
    CHECK(a && b && !nd_map_init(&words, ROOM));
    size_t n = count_words(&words, a, WORDS, got), m = count_words(&words, b, WORDS, want);
    for (size_t i = 0; i < words.count && i < WORDS; i++)
        common += a[i] < b[i] ? a[i] : b[i];
    nd_map_free(&words);
    free(a);
    free(b);
    return n + m ? 2.0 * (double)common / (double)(n + m) : 1;
}

struct expected {
    const char *folder;
    struct score *score;
    bool seen;
};

static struct nd_str gold_file(struct nd_arena *arena, const char *folder, const char *name)
{
    char path[2048];
    size_t n;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    char *p = slurp(path, &n);
    struct nd_str s = p ? nd_arena_str(arena, p, n) : (struct nd_str){0};
    free(p);
    return s;
}

static void judge(void *ctx, const struct nd_article *a, struct nd_arena *arena)
{
    struct expected *e = ctx;
    struct nd_json_parser *parser;
    struct nd_json *root;
    struct nd_str meta = gold_file(arena, e->folder, "expected-metadata.json"),
                  html = gold_file(arena, e->folder, "expected.html");
    CHECK(!nd_json_parser_new(&parser, NULL));
    if (CHECK(!nd_json_parse(parser, &root, arena, meta.p, meta.n, NULL))) {
        const struct nd_json *title = nd_json_get(root, "title");
        bool right = title && same_text(a->title, title->text);
        double f = f1(a->body, nd_html_fragment(arena, html));
        e->seen = true;
        e->score->titles += right;
        e->score->f1 += f;
        if (!right || f < 0.9)
            printf("# %s: title %s, F1 %.3f\n", strrchr(e->folder, '/') + 1,
                   right ? "right" : "wrong", f);
    }
    nd_json_parser_free(parser);
}

static void gold_page(void *ctx, const char *path)
{
    struct score *s = ctx;
    char folder[2048];
    size_t n;
    char *p = slurp(path, &n);
    snprintf(folder, sizeof folder, "%.*s", (int)(strrchr(path, '/') - path), path);
    struct expected e = {folder, s, false};
    s->pages++;
    read_bytes(p ? p : "", n, path, judge, &e);
    if (!e.seen)
        printf("# %s: nothing was read\n", folder);
    free(p);
}

static void reader_view_gold(void)
{
    static struct score s;
    if (!unpacked("html")) {
        check_skip("no shared data/formats.tar.xz");
        return;
    }
    for_files(at("html/mozilla-readability/test-pages"), "source.html", gold_page, &s);
    printf("# pages: title %u of %u, F1 %.4f\n", s.titles, s.pages, s.pages ? s.f1 / s.pages : 0);
    CHECK(s.pages > 50);
    CHECK(s.titles * 10 >= s.pages * 9);
    CHECK(s.f1 >= 0.9 * s.pages);
}

int main(void)
{
    RUN(main_text_without_boilerplate);
    RUN(facts_from_json_ld);
    RUN(facts_from_meta_and_page);
    RUN(character_sets);
    RUN(deep_and_wild_markup);
    RUN(short_texts);
    RUN(reader_view_gold);
    return check_done();
}
