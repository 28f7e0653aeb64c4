/* CSV and TSV: dialects, rows that are broken, character sets, columns as fields; csv-spectrum, cell by cell. */
#include "format_gold.h"
#include "formats/csv.h"
#include "text/json.h"

static void csv_rows_become_articles(void)
{
    CHECK_STR(of("a.csv", "id,title,date,content\r\n"
                          "1,\"A \"\"big\"\" ship\",2001-02-03,\"One,\nand two.\"\r\n"
                          "\r\n2,B,,Text"),
              "{\"id\":\"1\",\"title\":\"A \\\"big\\\" ship\",\"body\":\"One,\\n\\nand two.\","
              "\"published\":\"2001-02-03\"}\n{\"id\":\"2\",\"title\":\"B\",\"body\":\"Text\"}");
    CHECK_INT(last.bad, 0);
    /* the name is no argument */
    const char *out =
        of("a.dat", "headline;text;publication\nShip sails - The Sun;It did.;The Sun\n");
    CHECK(strstr(out, "\"title\":\"Ship sails\",\"body\":\"It did.\",\"source\":\"The Sun\""));
}

static void csv_dialects(void)
{
    static const struct {
        const char *text;
        char delim, quote;
    } cases[] = {{"title,body\na,b\n", ',', '"'},
                 {"title;body\n\"a,b,c\";d,e\n", ';', '"'},
                 {"title\tbody\na, b\tc, d\n", '\t', '"'},
                 {"title|body|date\na;b|c|d\n", '|', '"'},
                 {"title\tbody\n\"Quoted\" he said\t\"open\nb\tc\nd\te\n", '\t', '\0'},
                 {"sep=;\ntitle;body\n\"a\";b\n", ';', '"'}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct nd_csv_dialect d;
        nd_csv_sniff(&d, cases[i].text, strlen(cases[i].text), true);
        CHECK_INT(d.delim, cases[i].delim);
        CHECK_INT(d.quote, cases[i].quote);
        CHECK(d.text && d.known >= 2);
    }
}

static void csv_bad_rows_go_alone(void)
{
    const char *out = of("b.csv", "title,body\na,b,c\nd\ne,f\n\"g,h\ni,j\n");
    CHECK(strstr(out, "b.csv:1: the row has 3 columns, the header 2"));
    CHECK(strstr(out, "b.csv:2: the row has 1 columns, the header 2"));
    CHECK(strstr(out, "\"title\":\"e\""));
    CHECK(strstr(out, "b.csv:4: a quote that begins in this row is not closed"));
    CHECK(strstr(out, "\"title\":\"i\",\"body\":\"j\""));
    CHECK_INT(last.bad, 3);
    CHECK_INT(last.articles, 2);
}

static void csv_row_limit(void)
{
    struct nd_source_options o = {.record_max = 30};
    /* the row of the second article has 30 bytes, that of the third 31 */
    static const char text[] = "title,body\na,b\n"
                               "c,123456789012345678901234567\n"
                               "d,1234567890123456789012345678\ne,f\n";
    write_file("l.csv", text, strlen(text));
    const char *out = records("l.csv", &o);
    CHECK(strstr(out, "\"title\":\"c\""));
    CHECK(strstr(out, "l.csv:3: the row has more than the 30 bytes allowed") ||
          strstr(out, "l.csv:3: the row has 31 bytes, more than the 30 allowed"));
    CHECK(strstr(out, "\"title\":\"e\""));
    CHECK_INT(last.articles, 3);
}

static void csv_sets_and_values(void)
{
    const char *latin = of("c.csv", "title,body\nCaf\xe9 d'\xe9t\xe9,\xc9t\xe9 \xe0 la mer\n");
    CHECK(strstr(latin, "Caf\xc3\xa9") && strstr(latin, "\xc3\x89t\xc3\xa9 \xc3\xa0 la mer"));
    const char *bom = of("d.csv", "\xef\xbb\xbftitle,body\nx,y\n");
    CHECK(strstr(bom, "\"title\":\"x\""));
    static const char wide[] = "t\0i\0t\0l\0e\0\t\0b\0o\0d\0y\0\n\0\xe9\0\t\0y\0\n\0";
    char file[sizeof wide + 2] = "\xff\xfe";
    memcpy(file + 2, wide, sizeof wide);
    write_file("e.txt.csv", file, sizeof wide + 1);
    CHECK(strstr(records("e.txt.csv", &plain), "\"title\":\"\xc3\xa9\",\"body\":\"y\""));
    /* what pandas writes */
    const char *pandas = of("f.csv", ",title,authors,text,section\n"
                                     "0,T,\"['Ann Lee', \"\"Bo O'Neil\"\"]\",B,NaN\n");
    CHECK(strstr(pandas, "\"authors\":[\"Ann Lee\",\"Bo O'Neil\"]"));
    CHECK(!strstr(pandas, "section"));
    const char *mac = of("g.csv", "title,body\ra,b\rc,d\r");
    CHECK(strstr(mac, "\"title\":\"a\"") && strstr(mac, "\"title\":\"c\""));
}

static void csv_is_not_prose(void)
{
    const char *out = of("p.txt", "Kim, who was there, said so.\n\nIt was late, he said; very.\n");
    CHECK(strstr(out, "\"body\":") && last.bad == 0);
}

static unsigned spectrum_files, spectrum_cells;

static void spectrum_one(void *ctx, const char *path)
{
    char gold[2048];
    size_t n, gn;
    struct nd_csv_dialect d;
    struct nd_csv rows;
    struct nd_stream in;
    struct nd_arena arena;
    struct nd_json_parser *parser;
    struct nd_json *root = NULL;
    const char *base = strrchr(path, '/') + 1;
    uint64_t offset, length;
    struct nd_str names[16];
    (void)ctx;
    /* its gold is of another file */
    if (strstr(base, "location_coordinates"))
        return;
    snprintf(gold, sizeof gold, "%.*s/../json/%.*s.json", (int)(base - 1 - path), path,
             (int)(strlen(base) - 4), base);
    char *text = slurp(path, &n), *want = slurp(gold, &gn);
    if (!CHECK(text && want))
        return;
    nd_arena_init(&arena, ROOM);
    CHECK(!nd_json_parser_new(&parser, NULL) &&
          !nd_json_parse(parser, &root, &arena, want, gn, NULL));
    nd_csv_sniff(&d, text, n, true);
    nd_stream_memory(&in, text, n);
    CHECK(!nd_csv_init(&rows, &d, 1 << 20, NULL));
    CHECK(!nd_csv_row(&rows, &in, &offset, &length, NULL));
    size_t columns = rows.n;
    for (size_t i = 0; i < columns && i < 16; i++)
        names[i] = nd_arena_str(&arena, nd_csv_cell(&rows, i).p, nd_csv_cell(&rows, i).n);
    const struct nd_json *row = root ? root->first : NULL;
    while (!nd_csv_row(&rows, &in, &offset, &length, NULL)) {
        if (!CHECK(row && rows.n == columns))
            break;
        for (size_t i = 0; i < columns; i++) {
            const struct nd_json *v = nd_json_get(row, names[i].p);
            struct nd_str cell = nd_csv_cell(&rows, i);
            if (CHECK(v != NULL))
                CHECK(same_text(cell, v->text)); /* the gold has plain line ends */
            spectrum_cells++;
        }
        row = row->next;
    }
    CHECK(!row);
    spectrum_files++;
    nd_csv_free(&rows);
    nd_stream_free(&in);
    nd_json_parser_free(parser);
    nd_arena_free(&arena);
    free(text);
    free(want);
}

static void csv_spectrum(void)
{
    const char *tar = check_shared("data/hostile.tar.xz");
    char line[2048];
    if (!tar) {
        check_skip("no csv-spectrum");
        return;
    }
    char *whole = realpath(tar, NULL);
    snprintf(line, sizeof line, "tar xf '%s' hostile/csv-spectrum", whole ? whole : "");
    free(whole);
    if (!CHECK(shell(line)))
        return;
    for_files(at("hostile/csv-spectrum/csvs"), ".csv", spectrum_one, NULL);
    printf("# csv-spectrum: %u files of 12, %u cells\n", (unsigned)spectrum_files,
           (unsigned)spectrum_cells);
    CHECK_INT(spectrum_files, 11);
    CHECK(spectrum_cells > 50);
}

int main(void)
{
    RUN(csv_rows_become_articles);
    RUN(csv_dialects);
    RUN(csv_bad_rows_go_alone);
    RUN(csv_row_limit);
    RUN(csv_sets_and_values);
    RUN(csv_is_not_prose);
    RUN(csv_spectrum);
    return check_done();
}
