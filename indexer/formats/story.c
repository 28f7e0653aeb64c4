/* CNN/DailyMail: an article a file, its lines the paragraphs, its summary behind @highlight lines: that is the lead. No
 * title and no date: an article may have neither. */
#include "formats/fill.h"
#include "formats/newsxml.h"
#include "formats/textual.h"
#include "input/sniff.h"

#include <string.h>

static bool is_mark(struct nd_str line)
{
    line = nd_trim(line);
    return nd_str_eq(line, ND_STR("@highlight"));
}

static int story_bid(const char *p, size_t n, const char *filename)
{
    struct nd_str text = {p, n}, line;
    while (nd_next_line(&text, &line))
        if (is_mark(line))
            return ND_BID_SURE - 5;
    return nd_sniff_named(filename, " .story ") ? ND_BID_FALLBACK + 1 : ND_BID_NEVER;
}

/* The name of the file without its folder and ending: the hash of the address. */
static struct nd_str stem(const struct nd_stream *in)
{
    struct nd_str s = in->member.n ? in->member : in->file;
    const char *slash = s.n ? memrchr(s.p, '/', s.n) : NULL;
    if (slash)
        s = (struct nd_str){slash + 1, s.n - (size_t)(slash + 1 - s.p)};
    const char *dot = s.n ? memmem(s.p, s.n, ".story", 6) : NULL;
    return dot ? (struct nd_str){s.p, (size_t)(dot - s.p)} : (struct nd_str){0};
}

static struct nd_str paper(const struct nd_stream *in, struct nd_str body)
{
    const struct nd_str names[] = {in->file, in->member};
    for (size_t i = 0; i < 2; i++) {
        if (names[i].n && memmem(names[i].p, names[i].n, "dailymail", 9))
            return ND_STR("Daily Mail");
        if (names[i].n && memmem(names[i].p, names[i].n, "cnn", 3))
            return ND_STR("CNN");
    }
    return nd_str_begins(body, "(CNN)") || nd_str_begins(body, "(CNN ") ? ND_STR("CNN")
                                                                        : (struct nd_str){0};
}

static int fill(struct nd_article *a, struct nd_arena *arena, const struct nd_reading *how,
                const struct nd_stream *in, struct nd_str text, struct nd_error *err)
{
    char *lead = nd_arena_alloc(arena, text.n + 1), *body = nd_arena_alloc(arena, text.n * 2 + 1);
    size_t lead_n = 0, body_n = 0;
    bool highlights = false, open = false; /* the line of a highlight is to come */
    struct nd_str line;
    (void)err;
    if (!lead || !body)
        return ND_NOMEM;
    while (nd_next_line(&text, &line)) {
        line = nd_trim(line);
        if (is_mark(line)) {
            highlights = open = true;
            continue;
        }
        if (!line.n)
            continue;
        char *to = highlights ? lead : body;
        size_t *n = highlights ? &lead_n : &body_n;
        if (*n) { /* of a wrapped highlight the rest stays with it */
            size_t k = !highlights || open ? 2 : 1;
            memcpy(to + *n, k == 2 ? "\n\n" : " ", k);
            *n += k;
        }
        memcpy(to + *n, line.p, line.n);
        *n += line.n;
        open = false;
    }
    int rc = nd_put(a, arena, how->map, "body", (struct nd_str){body, body_n});
    if (!rc)
        rc = nd_put(a, arena, how->map, "lead", (struct nd_str){lead, lead_n});
    if (!rc)
        rc = nd_put(a, arena, how->map, "id", stem(in));
    return rc ? rc : nd_put(a, arena, how->map, "source", paper(in, (struct nd_str){body, body_n}));
}

static int story_open(void **out, struct nd_stream *in, const struct nd_reading *reading,
                      struct nd_error *err)
{
    static const struct nd_textual_format format = {.fill = fill};
    return nd_textual_open(out, in, reading, &format, err);
}

const struct nd_reader nd_reader_story = {
    .name = "story",
    .summary = "CNN/DailyMail .story files: text and @highlight lines",
    .extensions = " .story ",
    .mapping = "id=file_name body=text lead=@highlight source=folder|(CNN)",
    .bid = story_bid,
    .open = story_open,
    .next = nd_textual_next,
    .close = nd_textual_close,
};
