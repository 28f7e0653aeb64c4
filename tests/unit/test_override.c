#include "../check.h"
#include "record/override.h"

#include <string.h>
#include <unistd.h>

static const char *const path = "/tmp/nd_test_override";

/* Facts: persons in order of id. */
static void facts(struct nd_derived *d)
{
    static const char *const rows[][4] = {/* type, id, name, number of the row it means */
                                          {"p", "barack obama", "Barack Obama", ""},
                                          {"p", "john smith", "John Smith", ""},
                                          {"p", "kim il", "Kim Il", ""},
                                          {"p", "kim jong-un", "Kim Jong-un", ""},
                                          {"p", "michelle obama", "Michelle Obama", ""},
                                          {"p", "obama", "Obama", "0"},
                                          {"p", "wagner", "Wagner", ""},
                                          {"o", "monday", "Monday", ""},
                                          {"o", "new york times", "The New York Times", ""},
                                          {"l", "kiev", "Kiev", ""}};
    struct nd_derived_row r[sizeof rows / sizeof *rows] = {0};
    struct nd_error err = {0};
    char name[64];
    size_t n = sizeof rows / sizeof *rows;
    for (size_t i = 0; i < n; i++) {
        r[i].type = rows[i][0][0] == 'p' ? ND_PERSON : rows[i][0][0] == 'o' ? ND_ORG : ND_PLACE;
        r[i].id = nd_str_of(rows[i][1]);
        r[i].name = nd_str_of(rows[i][2]);
        r[i].mentions = 10;
        r[i].link = rows[i][3][0] ? (uint32_t)(rows[i][3][0] - '0') : ND_DERIVED_NO_LINK;
        r[i].why = rows[i][3][0] ? ND_DERIVED_MAJORITY : ND_DERIVED_NONE;
    }
    snprintf(name, sizeof name, "%s.%d", path, (int)getpid());
    CHECK_INT(nd_derived_write(name, r, (uint32_t)n, &err), 0);
    CHECK_INT(nd_derived_open(d, name, &err), 0);
    unlink(name);
}

static struct nd_overrides *rules(const char *text, const struct nd_derived *d)
{
    struct nd_overrides *o;
    struct nd_error err = {0};
    CHECK_INT(nd_overrides_new(&o, &err), 0);
    CHECK_INT(nd_overrides_text(o, "entities.conf", text, strlen(text), &err), 0);
    if (d) {
        CHECK_INT(nd_overrides_bind(o, d, &err), 0);
        CHECK_INT(nd_overrides_bound(o, &err), 0);
    }
    return o;
}

static void leads(const struct nd_overrides *o, const struct nd_derived *d, enum nd_entity_type type,
                  const char *id, const char *want)
{
    struct nd_override_end e;
    char got[128];
    nd_override_walk(o, d, type, nd_str_of(id), &e);
    if (e.rejected)
        snprintf(got, sizeof got, "rejected");
    else
        snprintf(got, sizeof got, "%s %.*s", nd_entity_type_name(e.type).p, (int)e.id.n, e.id.p);
    CHECK_MEM(got, strlen(got), want, strlen(want));
}

static void override_rules_lead_where_they_say(void)
{
    struct nd_derived d;
    facts(&d);
    struct nd_overrides *o = rules("# names\n"
                                   "\n"
                                   "  alias person \"Kim Il\" = \"Kim Jong Un\"  # one man\n"
                                   "reject org Monday\r\n"
                                   "rename place \"Kiev\" -> \"Kyiv\"\n"
                                   "type Wagner person -> org\n"
                                   "alias org \"Wagner\" = \"The New York Times\"",
                                   &d);
    size_t n;
    bool sure;
    nd_overrides_errors(o, &n);
    CHECK_INT(n, 0);
    const struct nd_rule *r = nd_overrides_rules(o, &n);
    CHECK_INT(n, 5);
    CHECK_INT(r[0].line, 3);
    CHECK_INT(r[0].bound, 1);
    leads(o, &d, ND_PERSON, "kim il", "person kim jong-un");
    leads(o, &d, ND_PERSON, "kim jong-un", "person kim jong-un");
    leads(o, &d, ND_ORG, "monday", "rejected");
    leads(o, &d, ND_PERSON, "monday", "person monday");
    leads(o, &d, ND_PLACE, "kiev", "place kyiv");
    struct nd_str name = nd_override_name(o, ND_PLACE, ND_STR("kyiv"), &sure);
    CHECK_MEM(name.p, name.n, "Kyiv", 4);
    CHECK(sure);
    leads(o, &d, ND_PERSON, "wagner", "org new york times"); /* through org wagner */
    leads(o, &d, ND_PERSON, "obama", "person barack obama"); /* the index says so */
    CHECK(nd_overrides_move(o, ND_ORG) && nd_overrides_move(o, ND_PERSON));
    CHECK(!nd_overrides_move(o, ND_PLACE));
    nd_overrides_free(o);
    nd_derived_close(&d);
}

static void override_rules_go_before_links(void)
{
    struct nd_derived d;
    facts(&d);
    struct nd_overrides *o = rules("alias person Obama = \"Michelle Obama\"", &d);
    leads(o, &d, ND_PERSON, "obama", "person michelle obama");
    nd_overrides_free(o);
    o = rules("alias person Obama = Obama", &d); /* keeps it apart */
    leads(o, &d, ND_PERSON, "obama", "person obama");
    nd_overrides_free(o);
    o = rules("alias person \"Barack Obama\" = Obama", &d); /* against the link */
    leads(o, &d, ND_PERSON, "obama", "person obama");
    leads(o, &d, ND_PERSON, "barack obama", "person obama");
    nd_overrides_free(o);
    nd_derived_close(&d);
}

static void override_split_is_kept_with_its_condition(void)
{
    struct nd_derived d;
    struct nd_override_end e;
    facts(&d);
    struct nd_overrides *o =
        rules("split person \"John Smith\" when source \"The Sun\" as \"John Smith (MP)\"\n"
              "split person \"John Smith\" when section Sport as \"J\\\"S\\\\\"",
              &d);
    nd_override_walk(o, &d, ND_PERSON, ND_STR("john smith"), &e);
    CHECK_INT(e.splits_n, 2);
    CHECK_MEM(e.splits[0]->value_fold.p, e.splits[0]->value_fold.n, "the sun", 7);
    CHECK_MEM(e.splits[0]->id.p, e.splits[0]->id.n, "john smith (mp)", 15);
    CHECK_MEM(e.splits[1]->other.p, e.splits[1]->other.n, "J\"S\\", 4);
    nd_overrides_free(o);
    nd_derived_close(&d);
}

static void override_prints_what_it_reads(void)
{
    static const char *const lines[] = {
        "alias person \"A \\\"x\\\" \\\\ b\" = \"C # d\"", "reject org \"Monday\"",
        "rename place \"Kiev\" -> \"Kyiv\"", "type \"Wagner\" person -> org",
        "split person \"J S\" when source \"The Sun\" as \"J S (MP)\""};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct nd_overrides *o = rules(lines[i], NULL);
        struct nd_buf out;
        size_t n;
        nd_buf_init(&out, 1 << 16);
        const struct nd_rule *r = nd_overrides_rules(o, &n);
        CHECK_INT(n, 1);
        if (n == 1)
            CHECK_INT(nd_rule_print(&out, r), 0);
        CHECK_MEM(out.data, out.len, lines[i], strlen(lines[i]));
        nd_buf_free(&out);
        nd_overrides_free(o);
    }
}

static void override_refuses_with_a_place(void)
{
    static const struct {
        const char *text, *msg;
        size_t line, start, end;
    } bad[] = {
        {"alais person \"A\" = \"B\"", "no such rule", 1, 0, 5},
        {"alias \"A\" = \"B\"", "the type is missing: person, org, place or misc", 1, 6, 7},
        {"alias people \"A\" = \"B\"", "no such type", 1, 6, 12},
        {"alias person \"A\" \"B\"", "'=' is missing", 1, 17, 18},
        {"alias person \"A = B", "a quotation mark is open", 1, 13, 19},
        {"alias person \"A\" = ", "the other name is missing", 1, 18, 19},
        {"alias person \"A\" = \"...\"", "no word in the name", 1, 18, 24},
        {"reject org \"A\" b", "this is too much", 1, 15, 16},
        {"rename place \"A\" = \"B\"", "'->' is missing", 1, 17, 18},
        {"type \"A\" person -> person", "both types are the same", 1, 0, 25},
        {"split person A when title B as C", "no such field for a split", 1, 20, 25},
        {"reject org \xe2\x80\x9c" "A\xe2\x80\x9d", "a curly quotation mark", 1, 11, 14},
        {"reject org \"\xff\"", "this is not UTF-8", 1, 12, 13},
        {"reject org A\nreject org a", "line 1 already says what 'a' is", 2, 0, 12},
        {"alias person A = B\nalias person B = A", "this goes in a circle with line 1", 2, 0, 18},
        {"type A person -> org\n#\ntype A org -> person", "this goes in a circle with line 1", 3, 0,
         20}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct nd_overrides *o = rules(bad[i].text, NULL);
        size_t n;
        const struct nd_rule_error *e = nd_overrides_errors(o, &n);
        CHECK_INT(n, 1);
        if (n == 1) {
            CHECK_MEM(e->err.msg, strlen(e->err.msg), bad[i].msg, strlen(bad[i].msg));
            CHECK_INT(e->line, bad[i].line);
            CHECK_INT(e->err.start, bad[i].start);
            CHECK_INT(e->err.end, bad[i].end);
            CHECK(e->err.hint[0]);
        }
        nd_overrides_free(o);
    }
}

static void override_bad_lines_leave_the_others(void)
{
    struct nd_overrides *o = rules("reject org A\nnonsense\nreject org B\n", NULL);
    size_t n;
    nd_overrides_rules(o, &n);
    CHECK_INT(n, 2);
    nd_overrides_errors(o, &n);
    CHECK_INT(n, 1);
    nd_overrides_free(o);
}

static void override_takes_any_bytes(void)
{
    char text[400];
    uint32_t x = 1;
    static const char some[] = "alias person org \"\\#=->-\n when split as source type \xc3\xa9\xff";
    for (unsigned round = 0; round < 3000; round++) {
        size_t n = 0, at = 0;
        while (n < sizeof text - 1) {
            x = x * 1664525 + 1013904223;
            at = (x >> 8) % 5 ? at + 1 : (x >> 16) % (sizeof some - 1);
            text[n++] = some[at % (sizeof some - 1)];
        }
        struct nd_overrides *o;
        struct nd_error err = {0};
        CHECK_INT(nd_overrides_new(&o, &err), 0);
        CHECK_INT(nd_overrides_text(o, "f", text, n, &err), 0);
        nd_overrides_free(o);
    }
}

int main(void)
{
    RUN(override_rules_lead_where_they_say);
    RUN(override_rules_go_before_links);
    RUN(override_split_is_kept_with_its_condition);
    RUN(override_prints_what_it_reads);
    RUN(override_refuses_with_a_place);
    RUN(override_bad_lines_leave_the_others);
    RUN(override_takes_any_bytes);
    return check_done();
}
