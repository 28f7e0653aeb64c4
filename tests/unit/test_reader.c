#include "records.h"

#include <unistd.h>

static void options_map_set_default(void)
{
    static const char *const map[] = {"title=kop,body=inner.deep.text", "section=weird key"};
    static const char *const set[] = {"source=The Sun", "date=2023-09-05"};
    static const char *const fallback[] = {"lang=en", "author=Ann Lee and Bo Roe"};
    struct nd_source_options o = {
        .map = map, .map_n = 2, .set = set, .set_n = 2, .fallback = fallback, .fallback_n = 2};
    static const char text[] =
        "{\"id\":1,\"kop\":\"mine\",\"title\":\"theirs\",\"source\":\"x\",\"date\":\"2020\","
        "\"inner\":{\"deep\":{\"text\":\"B\"},\"other\":1},\"weird key\":\"S\"}\n"
        "{\"id\":2,\"title\":\"T\",\"lang\":\"de\"}";
    write_file("o.jsonl", text, strlen(text));
    CHECK_STR(records("o.jsonl", &o),
              "{\"id\":\"1\",\"title\":\"mine\",\"body\":\"B\",\"published\":\"2023-09-05\","
              "\"authors\":[\"Ann Lee\",\"Bo Roe\"],"
              "\"source\":\"The Sun\",\"section\":\"S\",\"lang\":\"en\"}\n"
              "{\"id\":\"2\",\"title\":\"T\",\"published\":\"2023-09-05\",\"authors\":[\"Ann "
              "Lee\",\"Bo Roe\"],"
              "\"source\":\"The Sun\",\"lang\":\"de\"}");
    o = (struct nd_source_options){.id_prefix = "p-"};
    CHECK(strstr(records("o.jsonl", &o), "{\"id\":\"p-1\"") != NULL);
}

static void options_refused(void)
{
    static const char *const bad_map[] = {"title"}, *const bad_field[] = {"tilte=x"};
    static const char *const bad_set[] = {"source"}, *const bad_date[] = {"date=soon"};
    struct nd_source *s;
    struct nd_error err = {0};
    struct nd_source_options o[] = {{.map = bad_map, .map_n = 1},
                                    {.map = bad_field, .map_n = 1},
                                    {.set = bad_set, .set_n = 1},
                                    {.set = bad_date, .set_n = 1},
                                    {.fallback = bad_field, .fallback_n = 1},
                                    {.from_path = "{nope}.txt"},
                                    {.from_path = "{id"},
                                    {.input_format = "word"}};
    for (size_t i = 0; i < sizeof o / sizeof *o; i++) {
        CHECK_INT(nd_source_open(&s, NULL, 0, &o[i], &err), ND_USAGE);
        CHECK(s == NULL && *err.msg);
    }
    CHECK(strstr(err.hint, "json") && strstr(err.hint, "text"));
    const char *missing = at("missing.jsonl");
    CHECK_INT(nd_source_open(&s, &missing, 1, &plain, &err),
              ND_USAGE); /* none of what was named is there */
}

static void plain_text_rules(void)
{
    CHECK(strstr(of("a.txt", "A Headline\n\nFirst para.\n\nSecond para.\n"),
                 "\"title\":\"A Headline\",\"body\":\"First para.\\n\\nSecond para.\""));
    CHECK(
        strstr(of("b.txt", "A short line\nFirst para ends here.\nSecond para.\n"),
               "\"title\":\"A short line\",\"body\":\"First para ends here.\\n\\nSecond para.\""));
    const char *out =
        of("c.txt",
           "The first line is a sentence.\nThe second too.\nShort line\nFrom The Epoch Times\n");
    CHECK(!strstr(out, "\"title\""));
    CHECK(strstr(out, "\"body\":\"The first line is a sentence.\\n\\nThe second too.\\n\\nShort "
                      "line\\n\\nFrom The Epoch Times\""));
    out = of("d.txt", "The delegates met for the third day in a row and\n"
                      "argued about the budget of the union, which has\n"
                      "grown since the last summit; nobody expects them\n"
                      "to agree before the end of the week.\n");
    CHECK(!strstr(out, "\"title\""));
    CHECK(strstr(out, "in a row and argued about") && strstr(out, "which has grown since") &&
          !strstr(out, "\\n"));
    CHECK(strstr(of("e.txt", "only one line"), "\"body\":\"only one line\""));
    CHECK_STR(of("f.txt", " \n\n"), "");
    CHECK_INT(last.empty_files, 1);
    CHECK_INT(last.bad, 0);
}

static void text_from_path(void)
{
    struct nd_source_options o = {.from_path = "{source}/{date}/{id}.txt"};
    CHECK(shell("mkdir -p 'p/The Sun/2023-09-05' p/x && printf 'Some text.' >'p/The "
                "Sun/2023-09-05/a1.txt' && "
                "printf 'Other text.' | gzip >p/x/b.txt.gz"));
    const char *out = records("p", &o);
    CHECK(strstr(out, "{\"id\":\"a1\",\"body\":\"Some "
                      "text.\",\"published\":\"2023-09-05\",\"source\":\"The Sun\"}"));
    CHECK(strstr(out, "the path gives 'x' as a date"));
    o.from_path = "{section}/{id}.txt";
    CHECK(strstr(records("p/x/b.txt.gz", &o),
                 "{\"id\":\"b\",\"body\":\"Other text.\",\"section\":\"x\"}"));
    o.from_path = "{id}-*.txt"; /* does not fit: nothing is taken */
    CHECK(strstr(records("p/x/b.txt.gz", &o), "{\"id\":\"nd-"));
}

static void hostile_bytes(void)
{
    static const char nul[] =
        "{\"id\":\"1\",\"title\":\"A\0B\"}\n{\"id\":\"2\",\"title\":\"C\\u0000D\"}\n";
    write_file("nul.jsonl", nul, sizeof nul - 1);
    const char *out = records("nul.jsonl", &plain);
    CHECK(strstr(out, "!nul.jsonl:1: not JSON") && strstr(out, "{\"id\":\"2\",\"title\":\"CD\"}"));
    CHECK_STR(of("utf8.jsonl", "{\"id\":\"1\",\"title\":\"A\xff\xc3(\"}\n"),
              "{\"id\":\"1\",\"title\":\"A\xef\xbf\xbd\xef\xbf\xbd(\"}");
    CHECK_INT(last.repaired, 2);
    write_file("junk.bin", "\0\1\2\3\4\5\6\7\0\1\2\3\4\5\6\7\xff\xfe\xfd", 19);
    CHECK(strstr(records("junk.bin", &plain), "junk.bin': the format is not known"));
    CHECK_INT(last.bad_files, 1);
    CHECK(strstr(of("data.txt", "<?xml version='1.0'?><sheet/>"), "XML of no known format"));
    CHECK_STR(of("empty.jsonl", ""), "");
    CHECK_INT(last.empty_files, 1);
    char deep[600] = "{\"id\":1,\"title\":\"T\",\"x\":";
    size_t n = strlen(deep);
    memset(deep + n, '[', 200);
    memset(deep + n + 200, ']', 200);
    memcpy(deep + n + 400, "}", 2);
    CHECK(strstr(of("deep.jsonl", deep), "!deep.jsonl:1: JSON is nested deeper than 64"));
}

static void long_lines_and_objects(void)
{
    size_t n = 100 << 20;
    char *big = malloc(n + 100);
    if (!CHECK(big != NULL))
        return;
    memset(big, 'x', n);
    memcpy(big, "{\"id\":\"1\",\"body\":\"", 18);
    memcpy(big + n, "\"}\n{\"id\":\"2\",\"title\":\"B\"}\n", 27);
    write_file("long.jsonl", big, n + 26);
    CHECK_STR(records("long.jsonl", &plain),
              "!long.jsonl:1: a line has 104857602 bytes, more than the 67108864 "
              "allowed\n{\"id\":\"2\",\"title\":\"B\"}");
    struct nd_source_options o = {.record_max = 50};
    static const char array[] = "[{\"id\":1,\"title\":\"this object is longer than the fifty "
                                "bytes\"},{\"id\":2,\"title\":\"B\"}]";
    write_file("long.json", array, strlen(array));
    CHECK_STR(records("long.json", &o), "!long.json:1: an object has 61 bytes, more than the 50 "
                                        "allowed\n{\"id\":\"2\",\"title\":\"B\"}");
    write_file("long.txt", "this text is longer than the fifty bytes that are allowed", 57);
    CHECK_STR(records("long.txt", &o),
              "!long.txt:1: the text has 57 bytes, more than the 50 allowed");
    free(big);
}

static void truncated_gzip_keeps_what_came_before(void)
{
    CHECK(shell("for i in $(seq 1 2000); do echo \"{\\\"id\\\":\\\"$i\\\",\\\"title\\\":\\\"T $i "
                "$RANDOM\\\"}\"; done >cut.jsonl && "
                "gzip -f cut.jsonl && head -c 8000 cut.jsonl.gz >part.jsonl.gz"));
    const char *out = records("part.jsonl.gz", &plain);
    CHECK(strncmp(out, "{\"id\":\"1\",", 10) == 0);
    CHECK(last.articles > 500 && last.articles < 2000);
    CHECK_INT(last.bad, 1);
    CHECK_INT(last.bad_files, 1);
    CHECK_INT(last.record, last.articles);
}

static void members_and_places(void)
{
    CHECK(shell(
        "mkdir -p m && printf '{\"id\":\"1\",\"title\":\"A\"}\\n' >m/a.jsonl && printf 'bad' "
        ">m/b.jsonl && "
        "printf '{\"id\":\"3\",\"title\":\"C\"}\\n{\"id\":\"4\",\"title\":\"D\"}\\n' >m/c.jsonl && "
        "tar -czf m.tgz m/a.jsonl m/b.jsonl m/c.jsonl"));
    CHECK_STR(records("m.tgz", &plain),
              "{\"id\":\"1\",\"title\":\"A\"}\n"
              "!m.tgz/m/b.jsonl:2: not JSON at byte 0: a value, comma, colon or bracket is missing "
              "or misplaced\n"
              "{\"id\":\"3\",\"title\":\"C\"}\n{\"id\":\"4\",\"title\":\"D\"}");
    static const char *const exclude[] = {"b.*"};
    struct nd_source_options o = {.exclude = exclude, .exclude_n = 1};
    CHECK_STR(records("m.tgz", &o), "{\"id\":\"1\",\"title\":\"A\"}\n{\"id\":\"3\",\"title\":\"C\"}"
                                    "\n{\"id\":\"4\",\"title\":\"D\"}");
}

static void make_files(void)
{
    static const char b_jsonl[] =
        "{\"id\":\"1\",\"title\":\"A\"}\n{\"id\":\"2\",\n\n[1]\n{\"id\":\"4\",\"title\":\"D\"}\n";
    static const char g_json[] =
        "[{\"id\":1,\"title\":\"A\"},7,\"x,{\",[[1],2],null,{\"id\":2,\"title\":\"B\"}]";
    static const char b_json[] =
        " [ \n{\n\"id\":1,\n\"title\":\"A\"\n}\n,\n{\"id\":2,\"title\":\"B\"} ]";
    static const char two[] = "{\n\"id\":1,\"title\":\"A\"}\n{\n\"id\":2,\"title\":\"B\"}";
    write_file("b.jsonl", b_jsonl, sizeof b_jsonl - 1);
    write_file("g.json", g_json, sizeof g_json - 1);
    write_file("b.json", b_json, sizeof b_json - 1);
    write_file("two.json", two, sizeof two - 1);
}

/* Going on with any record of any file gives what a whole run gives from there. */
static void resume_anywhere(void)
{
    make_files();
    const char *paths[] = {at("m.tgz"), at("b.jsonl"), at("g.json"), at("a.txt")};
    char all[64][200];
    size_t file_of[64], n = 0;
    uint64_t record_of[64];
    struct nd_arena arena;
    struct nd_article a;
    struct nd_source *s;
    struct nd_error err = {0};
    nd_arena_init(&arena, ROOM);
    CHECK_INT(nd_source_open(&s, paths, 4, &plain, &err), 0);
    CHECK_INT(nd_source_files(s), 4);
    for (int rc; (rc = nd_source_next(s, &a, &arena, &err)) != ND_DONE && n < 64; n++) {
        const struct nd_source_stats *st = nd_source_stats(s);
        file_of[n] = st->file;
        record_of[n] = st->record;
        snprintf(all[n], sizeof all[n], "%.*s", rc ? 100 : (int)a.id.n, rc ? err.msg : a.id.p);
    }
    CHECK_INT(n, 15);
    nd_source_close(s);
    for (size_t i = 0; i < n; i++) {
        CHECK_INT(nd_source_open(&s, paths, 4, &plain, &err), 0);
        CHECK_INT(nd_source_goto(s, file_of[i], record_of[i] - 1, &err), 0);
        for (size_t k = i; k < n; k++) {
            char got[200];
            int rc = nd_source_next(s, &a, &arena, &err);
            snprintf(got, sizeof got, "%.*s", rc ? 100 : (int)a.id.n, rc ? err.msg : a.id.p);
            if (!CHECK_STR(got, all[k]))
                break;
        }
        CHECK_INT(nd_source_next(s, &a, &arena, &err), ND_DONE);
        nd_source_close(s);
    }
    CHECK_INT(nd_source_open(&s, paths, 4, &plain, &err), 0);
    CHECK_INT(nd_source_goto(s, 4, 0, &err), ND_MISSING);
    CHECK_INT(nd_source_goto(s, 1, 1000, &err), 0); /* fewer records: on to the next file */
    CHECK_INT(nd_source_next(s, &a, &arena, &err), 0);
    CHECK_INT(nd_source_stats(s)->file, 2);
    nd_source_close(s);
    nd_arena_free(&arena);
}

static void offsets_point_at_records(void)
{
    static const char *const names[] = {"b.jsonl", "g.json", "b.json", "two.json"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *path = at(names[i]);
        char text[1000];
        FILE *f = fopen(path, "rb");
        if (!CHECK(f != NULL))
            return;
        size_t n = fread(text, 1, sizeof text, f);
        fclose(f);
        struct nd_source *s;
        struct nd_arena arena;
        struct nd_article a;
        struct nd_error err = {0};
        nd_arena_init(&arena, ROOM);
        CHECK_INT(nd_source_open(&s, &path, 1, &plain, &err), 0);
        for (int rc; (rc = nd_source_next(s, &a, &arena, &err)) != ND_DONE;) {
            const struct nd_source_stats *st = nd_source_stats(s);
            CHECK(st->offset + st->length <= n);
            if (!rc)
                CHECK(text[st->offset] == '{' && text[st->offset + st->length - 1] == '}');
        }
        nd_source_close(s);
        nd_arena_free(&arena);
    }
}

static void folder_without_rights(void)
{
    if (geteuid() == 0) {
        check_skip("root may read everything");
        return;
    }
    CHECK(shell("mkdir -p r/no && printf 'Text here.' >r/z.txt && chmod 0 r/no"));
    const char *out = records("r", &plain);
    CHECK(strstr(out, "r/no") && strstr(out, "permission denied") && strstr(out, "Text here."));
    CHECK_INT(last.bad_files, 1);
    CHECK(shell("chmod 700 r/no"));
}

static void shared_dumps_read_without_loss(void)
{
    static const struct {
        const char *name;
        uint64_t articles;
    } rows[] = {{"data/news/open.jsonl.gz", 3105}, {"data/news/press.jsonl.gz", 9321}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *path = check_shared(rows[i].name);
        if (!path) {
            check_skip("no shared dumps");
            return;
        }
        struct nd_source *s;
        struct nd_arena arena;
        struct nd_article a;
        struct nd_error err = {0};
        int rc;
        nd_arena_init(&arena, ROOM);
        CHECK_INT(nd_source_open(&s, &path, 1, &plain, &err), 0);
        while ((rc = nd_source_next(s, &a, &arena, &err)) != ND_DONE) {
            CHECK_INT(rc, 0);
            nd_arena_reset(&arena);
        }
        CHECK_INT(nd_source_stats(s)->articles, rows[i].articles);
        CHECK_INT(nd_source_stats(s)->cover[ND_COVER_BODY], rows[i].articles);
        nd_source_close(s);
        nd_arena_free(&arena);
    }
}

int main(void)
{
    RUN(options_map_set_default);
    RUN(options_refused);
    RUN(plain_text_rules);
    RUN(text_from_path);
    RUN(hostile_bytes);
    RUN(long_lines_and_objects);
    RUN(truncated_gzip_keeps_what_came_before);
    RUN(members_and_places);
    RUN(resume_anywhere);
    RUN(offsets_point_at_records);
    RUN(folder_without_rights);
    RUN(shared_dumps_read_without_loss);
    return check_done();
}
