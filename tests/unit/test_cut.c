/* Every reader on damaged input: one sample of each format cut at every byte, and with every byte changed, read to its
 * end; limits of a record at the limit and one past it. */
#include "format_gold.h"

#include <unistd.h>

static unsigned samples;

/* Read what is left of a sample; a crash, a hang or a broken promise is the finding. */
static void read_piece(const char *reader, const char *p, size_t n)
{
    struct nd_fieldmap_options none = {.record = "item"}; /* for any XML; no other asks */
    struct nd_fieldmap *map = NULL;
    struct nd_cleaner cleaner;
    struct nd_stream in;
    struct nd_arena arena;
    struct nd_error err = {0};
    uint64_t repairs = 0;
    void *self = NULL;
    const struct nd_reader *r = nd_reader_named(reader);
    char *copy = malloc(n ? n : 1); /* so that a byte too far is seen */
    if (!CHECK(r && copy && !nd_fieldmap_new(&map, &none, &err)))
        return;
    memcpy(copy, p, n);
    nd_sniff(copy, n, "x");
    nd_arena_init(&arena, ROOM);
    nd_stream_memory(&in, copy, n);
    nd_cleaner_init(&cleaner, ROOM, NULL);
    struct nd_reading how = {map, 1 << 20, &repairs, NULL};
    int rc = r->open(&self, &in, &how, &err), turns = 0;
    for (; !rc && turns < 1000; turns++, nd_arena_reset(&arena)) {
        struct nd_article a = {.published = {.utc = ND_UTC_NONE}, .updated = {.utc = ND_UTC_NONE}};
        nd_fieldmap_begin(map);
        rc = r->next(self, &a, &arena, &err);
        CHECK(a.origin.offset + a.origin.length <= n);
        if (!rc)
            nd_clean(&cleaner, &a, &arena, &err);
        rc = rc == ND_INPUT || rc == ND_LIMIT ? 0 : rc;
    }
    CHECK(turns < 1000 && (rc == ND_DONE || rc == ND_INPUT));
    r->close(self);
    nd_stream_free(&in);
    nd_fieldmap_free(map);
    nd_cleaner_free(&cleaner);
    nd_arena_free(&arena);
    free(copy);
}

static void damage(void *ctx, const char *path)
{
    const char *reader = ctx;
    size_t n;
    char *p = slurp(path, &n);
    if (!CHECK(p != NULL))
        return;
    samples++;
    size_t step = n > 3000 ? n / 3000 + 1 : 1;
    for (size_t i = 0; i < n; i += step) {
        read_piece(reader, p, i);
        char was = p[i];
        p[i] = (char)(check_random() & 0xff);
        if (i % 3 == 0)
            read_piece(reader, p, n);
        p[i] = was;
    }
    free(p);
}

static void formats_cut_and_changed(void)
{
    unsigned readers = 0;
    for (const struct nd_reader *const *r = nd_readers(); *r; r++) {
        char path[256];
        snprintf(path, sizeof path, "tests/fuzz/seed/%s", (*r)->name);
        unsigned before = samples;
        if (!access(path, R_OK))
            for_files(path, "", damage, (void *)(uintptr_t)(*r)->name);
        else
            for_files("corpora/text", "kyoto-1997.txt", damage, (void *)(uintptr_t)(*r)->name);
        readers++;
        if (!CHECK(samples > before))
            printf("no sample of %s\n", (*r)->name);
    }
    CHECK(readers >= 19);
}

/* A record of so many bytes is read, one of one more is refused, and the next is read again. */
static void limits_of_records(void)
{
    static const struct {
        const char *name, *text;
        size_t max; /* of the middle record */
    } cases[] = {{"l.sgml",
                  "<DOC>\n<DOCNO>1</DOCNO>\n<TEXT>a</TEXT>\n</DOC>\n"
                  "<DOC>\n<DOCNO>2</DOCNO>\n<TEXT>bbbbbbbbbb</TEXT>\n</DOC>\n"
                  "<DOC>\n<DOCNO>3</DOCNO>\n<TEXT>c</TEXT>\n</DOC>\n",
                  54},
                 {"l.mbox",
                  "From a@b.org Tue Sep  5 01:02:03 2023\nFrom: a\nSubject: 1\n\nx\n\n"
                  "From a@b.org Tue Sep  5 01:02:03 2023\nFrom: a\nSubject: 2\n\nxxxxxxxxxxx\n\n"
                  "From a@b.org Tue Sep  5 01:02:03 2023\nFrom: a\nSubject: 3\n\nx\n",
                  71},
                 {"l.iptc",
                  "\001AAA1234 3 FIN 8 s\r\n\002T\r\nx\r\n\003\004\r\n"
                  "\001AAA1235 3 FIN 8 s\r\n\002T\r\nxxxxxxx\r\n\003\004\r\n"
                  "\001AAA1236 3 FIN 8 s\r\n\002T\r\nx\r\n\003\004\r\n",
                  37}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct nd_source_options o = {.record_max = cases[i].max};
        write_file(cases[i].name, cases[i].text, strlen(cases[i].text));
        records(cases[i].name, &o);
        CHECK_INT(last.articles, 3);
        o.record_max--;
        const char *out = records(cases[i].name, &o);
        CHECK_INT(last.articles, 2);
        CHECK(strstr(out, "more than the"));
    }
}

static void utf16_of_lines(void)
{
    static const char text[] = "(CNN) -- It sank.\n\n@highlight\n\nShip \xe9\n";
    char wide[2 * sizeof text + 2] = "\xff\xfe";
    for (size_t i = 0; i + 1 < sizeof text; i++)
        wide[2 + 2 * i] = text[i];
    write_file("w.story", wide, 2 * sizeof text);
    CHECK(strstr(records("w.story", &(struct nd_source_options){.input_format = "story"}),
                 "\"lead\":\"Ship \xc3\xa9\",\"body\":\"(CNN) -- It sank.\""));
    /* a set of its own where a record is not in that of the file */
    CHECK(strstr(of("x.mbox.story", "@highlight\n\nCaf\xe9 d'\xe9t\xe9 \xe0 Paris\n"),
                 "Caf\xc3\xa9 d'\xc3\xa9t\xc3\xa9 \xc3\xa0 Paris"));
}

/* Where markup parts paragraphs, line ends mean nothing but for a word that they split. */
static void words_split_at_line_ends(void)
{
    const char *out =
        of("h.sgml", "<DOC>\n<DOCNO>1</DOCNO>\n<TEXT>\n<P>\nThe govern-\r\nment met a "
                     "first-\nclass pre-\nand post-war man.\n</P>\n</TEXT>\n</DOC>\n");
    CHECK(strstr(out, "\"body\":\"The government met a first-class pre- and post-war man.\""));
    out = of("h.xml", "<nitf><body><body.content><p>The govern-\n  ment met a first-\nclass pre-\n"
                      "and <b>first-\nclass</b> man.</p></body.content></body></nitf>");
    CHECK(strstr(out, "\"body\":\"The government met a first-class pre- and first-class man.\""));
}

/* Wires as two agencies write them: marked lines, paragraphs by one blank, datelines, words split at line ends. */
static void wires_of_agencies(void)
{
    const char *out = of(
        "w.anpa", "\x16\x16\x01"
                  "a0523\x1f\r\nr i BC-Spill   1stLd-Writethru a0455   03-24 0789\x1f\r\n"
                  "\x02^BC-Spill, 1st Ld-Writethru, a0455,0650<\r\n^Oil runs in Alaska<\r\n"
                  "^Eds: UPDATES<\r\n^By ANN LEE=\r\n^Harbour Press Writer=\r\n\r\n"
                  "   VALDEZ, Alaska (HP) _ Oil runs, kill-\r\ning birds.\r\n   By Friday it was "
                  "calm.\r\n\x03\r\nHP-NY-03-24-89 1207EST\x04");
    CHECK(strstr(out, "\"title\":\"Oil runs in Alaska\",\"body\":\"VALDEZ, Alaska (HP) _ Oil runs, "
                      "killing birds.\\n\\nBy Friday it was calm."));
    CHECK(strstr(out, "\"authors\":[\"ANN LEE\"]"));
    out = of("r.iptc",
             "\x16\x16\x01HGZ0123 3 POL 250 /BC-SPILL (UPDATE 2)\r\n\x02UPDATE 2-Oil runs\r\n\r\n"
             " (Adds quotes)\r\n By Ann Lee and Bo Roe\r\n VALDEZ, March 24 (HGZ) - Oil runs "
             "into\r\nthe sound.\r\n \"It does,\" she said.\r\n\x03\r\n241207 GMT mar 89\x04");
    CHECK(strstr(out, "\"body\":\"(Adds quotes)\\n\\nVALDEZ, March 24 (HGZ) - Oil runs into the "
                      "sound.\\n\\n\\\"It does,\\\" she said.\""));
    CHECK(strstr(out, "[\"Ann Lee\",\"Bo Roe\"]") && strstr(out, "[\"BC-SPILL\""));
    out =
        of("d.iptc", "\x01HGZ0124 3 POL 9 x\r\n\x02VALDEZ, March 24 (HGZ) - Oil runs.\r\n\x03\x04");
    CHECK(!strstr(out, "\"title\"") && strstr(out, "\"body\":\"VALDEZ, March 24"));
}

int main(void)
{
    RUN(formats_cut_and_changed);
    RUN(limits_of_records);
    RUN(utf16_of_lines);
    RUN(words_split_at_line_ends);
    RUN(wires_of_agencies);
    return check_done();
}
