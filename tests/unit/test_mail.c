/* Mail and Usenet: mbox and its quoting, parts and character sets, what is left out of a text. */
#include "format_gold.h"
#include "formats/mail.h"

static void mail_one_message(void)
{
    const char *out = of("a.eml", "Return-Path: <x@example.org>\r\n"
                                  "Received: from a\r\n\tby b; Tue, 5 Sep 2023 01:02:03 +0200\r\n"
                                  "Message-ID: <1@example.org>\r\n"
                                  "Subject: =?iso-8859-1?Q?Caf=E9_opens?=\r\n"
                                  "From: \"Ann Lee\" <ann@example.org>\r\n"
                                  "Date: Tue, 5 Sep 2023 01:02:03 +0200\r\n"
                                  "List-Id: Harbour News <news.example.org>\r\n"
                                  "Content-Type: text/plain; charset=iso-8859-1\r\n"
                                  "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
                                  "The caf=E9 opened.\r\n\r\n"
                                  "> It did=\r\nn't,\r\n> he wrote.\r\n"
                                  "It did.\r\n-- \r\nAnn, Harbour\r\n");
    CHECK_STR(out, "{\"id\":\"1@example.org\",\"title\":\"Caf\xc3\xa9 opens\",\"body\":\"The "
                   "caf\xc3\xa9 opened.\\n\\n> It didn't, he wrote.\\n\\nIt did.\","
                   "\"published\":\"2023-09-05T01:02:03+02:00\",\"authors\":[\"Ann Lee\"],"
                   "\"section\":\"Harbour News\"}");
}

static void mail_mbox(void)
{
    const char *out =
        of("b.mbox", "From a@example.org Tue Sep  5 01:02:03 2023\n"
                     "From: a@example.org (Ann Lee)\nSubject: One\n\n"
                     "Text.\n\n>From here it went on.\n>>From there too.\n\n"
                     "From the start it was clear.\n\n"
                     "From b@example.org Tue Sep  5 02:02:03 2023\n"
                     "From: <b@example.org>\nSubject: Two\nDate: 5 Sep 2023 02:02:03 GMT\n\n"
                     "More.\n");
    CHECK_INT(last.articles, 2);
    CHECK(strstr(out, "\"title\":\"One\""));
    CHECK(strstr(out, "From here it went on."));
    CHECK(strstr(out, "> From there too.")); /* quoted once more, and so a quotation now */
    CHECK(strstr(out, "From the start it was clear."));
    CHECK(strstr(out, "\"authors\":[\"Ann Lee\"]"));
    CHECK(strstr(out, "\"authors\":[\"b@example.org\"]"));
    CHECK(strstr(out, "\"title\":\"Two\",\"body\":\"More.\""));
}

static void mail_parts(void)
{
    const char *out =
        of("c.eml",
           "From: a@example.org\nSubject: Parts\nMIME-Version: 1.0\n"
           "Content-Type: multipart/mixed; boundary=b1\n\n--b1\n"
           "Content-Type: multipart/alternative; boundary=b2\n\n"
           "--b2\nContent-Type: text/plain; charset=utf-8\n\nSee the web version.\n"
           "--b2\nContent-Type: text/html; charset=utf-8\n\n"
           "<html><style>p{}</style><p>The ferry sailed at last, and everybody was on board of "
           "it.</p><p>It was late.</p></html>\n--b2--\n"
           "--b1\nContent-Type: application/pdf\nContent-Transfer-Encoding: base64\n\nJVBERg==\n"
           "--b1\nContent-Type: text/plain\nContent-Disposition: attachment; filename=x.txt\n\n"
           "not this\n--b1--\n");
    CHECK(strstr(out, "board of it.\\n\\nIt was late."));
    CHECK(!strstr(out, "web version") && !strstr(out, "not this") && !strstr(out, "p{}"));
    CHECK_INT(last.parts, 2);
    out =
        of("d.eml", "From: a@example.org\nSubject: Plain\n"
                    "Content-Type: multipart/alternative; boundary=b2\n\n"
                    "--b2\nContent-Type: text/plain\n\nThe ferry sailed at last.\n"
                    "--b2\nContent-Type: text/html\n\n<p>The ferry sailed at last.</p>\n--b2--\n");
    CHECK(strstr(out, "\"body\":\"The ferry sailed at last.\""));
}

static void mail_usenet(void)
{
    const char *out = of("51121", "Path: a!b!c\nNewsgroups: sci.boats,misc.news\n"
                                  "From: someone@example.org\nSubject: Re: Ferry\n"
                                  "Message-ID: <2@example.org>\nDate: 23 Apr 93 12:00:00 GMT\n"
                                  "References: <1@example.org>\n\nsomeone writes:\n"
                                  "> > it sails\n> It sank.\n\nIt did not.\n");
    CHECK(strstr(out, "\"published\":\"1993-04-23T12:00:00Z\""));
    CHECK(strstr(out, "\"section\":\"sci.boats\",\"tags\":[\"sci.boats\",\"misc.news\"]"));
    CHECK(strstr(out, "> it sails It sank."));
    out = of("51124", "Article 12 of sci.boats:\nPath: a\nFrom: a@b.org\nSubject: One\n\nx\n\n"
                      "Article 13 of sci.boats:\nPath: a\nFrom: a@b.org\nSubject: Two\n\n"
                      "Article 14 of sci.boats:\nwas lost.\n");
    CHECK(last.articles == 2 && strstr(out, "\"One\"") && strstr(out, "was lost"));
    /* only two headers, as some collections leave them */
    out = of("51122", "From: someone@example.org\nSubject: Ferry\n\nIt sank.\n");
    CHECK(strstr(out, "\"title\":\"Ferry\",\"body\":\"It sank.\""));
    out = of("51123", "Path: a\nControl: cancel <2@example.org>\nFrom: x@example.org\n"
                      "Subject: cmsg cancel <2@example.org>\nMessage-ID: <3@example.org>\n\nx\n");
    CHECK(strstr(out, "\"id\":\"2@example.org\"") && strstr(out, "\"withdrawn\":true"));
}

static void mail_what_is_left_out(void)
{
    struct nd_arena arena;
    unsigned files = 0;
    nd_arena_init(&arena, ROOM);
    struct nd_str s = nd_mail_text(&arena,
                                   ND_STR("-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA1\n\nA.\n"
                                          "-----BEGIN PGP SIGNATURE-----\nxyz\n"
                                          "-----END PGP SIGNATURE-----\n"
                                          "begin 644 a.gif\n#0V%T\n`\nend\nB.\n"
                                          "begin 644 here\nwe go on.\n"),
                                   &files);
    CHECK(same_text(s, ND_STR("A. B. begin 644 here we go on.")));
    CHECK_INT(files, 1);
    nd_arena_free(&arena);
}

/* The text of a message with that type. */
static const char *body_of(const char *type, const char *text)
{
    char mail[4096];
    snprintf(mail, sizeof mail, "From: a@b.org\nSubject: s\nTo: c\n%s%s%s\n%s",
             *type ? "Content-Type: " : "", type, *type ? "\n" : "", text);
    const char *out = of("body.eml", mail);
    return strstr(out, "\"body\"") ? strstr(out, "\"body\"") : out;
}

#define BODY(type, text, want)                                                                     \
    do {                                                                                           \
        const char *got = body_of(type, text);                                                     \
        if (!CHECK(strstr(got, "\"body\":\"" want "\"")))                                          \
            printf("# %s\n", got);                                                                 \
    } while (0)

static void mail_wrapped_lines(void)
{
    static const char flowed[] = "text/plain; format=flowed";
    BODY(flowed, "It was a \nlong way.\nA line.\n", "It was a long way.\\n\\nA line.");
    BODY(flowed, "> it was \n> long \nMine.\n", "> it was long\\n\\nMine.");
    BODY(flowed, " From here \n on.\n", "From here on.");
    BODY(flowed, "Text \n-- \nAnn\n", "Text");
    BODY("text/plain; format=flowed; delsp=yes", "a long para \ngraph\n", "a long paragraph");
    BODY("text/enriched", "<bold>B</bold> <color><param>red</param>c</color> a << b\n",
         "B c a < b");
}

static void mail_packed_files(void)
{
#define UU "M5&AE('%U:6-K(&)R;W=N(&9O>\"!J=6UP<R!O=F5R('1H92!L87IY(&1O9RX*\n"
#define B64 "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwAD\n"
    BODY("", "A.\n" UU UU UU UU UU "B.\n", "A.\\n\\nB.");
    BODY("", "A.\n" B64 B64 B64 B64 "B.\n", "A.\\n\\nB.");
    CHECK(strstr(body_of("", "A.\n" UU "B.\n"), "M5&AE")); /* one line is a text */
    BODY("", "A.\n=ybegin line=128 size=9 name=a\nxyz\n=yend size=9\nB.\n", "A.\\n\\nB.");
    BODY("", "A.\n(This file must be converted with BinHex 4.0)\n\n:#%9cG(8\nxyz\nab!:\nB.\n",
         "A.\\n\\nB.");
    BODY("", "(This file must be converted with BinHex 4.0) no\n",
         "(This file must be converted with "
         "BinHex 4.0) no");
    BODY("", "-----BEGIN PGP MESSAGE-----\nxx\n-----END PGP MESSAGE-----\nB.\n", "B.");
    BODY("", "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA1\n\n- -- A.\n", "-- A.");
    BODY("", "http://example.org/A1B2C3D4E5F6G7H8/a-long-address-without-any-blanks-at-all.html\n",
         "http://example.org/A1B2C3D4E5F6G7H8/a-long-address-without-any-blanks-at-all.html");
}

/* Beginnings without an end, many of them: the work stays linear. */
static void mail_beginnings_without_end(void)
{
    static const char lines[] = "begin 644 a\nM5&AE\n=ybegin line=1\n-----BEGIN PGP X-----\n"
                                "(This file must be converted with BinHex 4.0)\n:abc\n--\n> |> x\n";
    struct nd_buf b;
    nd_buf_init(&b, ROOM);
    nd_buf_str(&b, "From: a@b.org\nSubject: s\n\n");
    for (int i = 0; i < 40000; i++)
        nd_buf_str(&b, lines);
    write_file("ends.eml", b.data, b.len);
    nd_buf_free(&b);
    records("ends.eml", &(struct nd_source_options){0});
    CHECK_INT(last.articles, 1);
}

static void mail_signatures_and_quotes(void)
{
    BODY("", "Text.\n--\nAnn\nHarbour\n", "Text.");
    BODY("", "Text.\n--\n1\n2\n3\n4\n5\n6\n7\n8\n9\n",
         "Text.\\n\\n--\\n\\n1\\n\\n2\\n\\n3\\n\\n4\\n\\n5\\n\\n6\\n\\n7\\n\\n8\\n\\n9");
    BODY("", "Ann writes:\n\n|> it sails\n|> at last\n\nNo.\n",
         "Ann writes:\\n\\n> it sails at last\\n\\nNo.");
    BODY("multipart/mixed; boundary=zz", "No boundary came.\n", "No boundary came.");
}

static void mail_dates(void)
{
    static const struct {
        const char *date, *want;
    } cases[] = {{"Tue, 5 Sep 1995 01:02:03 +0200 (MET DST)", "1995-09-05T01:02:03+02:00"},
                 {"Tue, 5 Sep 1995 01:02:03 \"GMT\"", "1995-09-05T01:02:03Z"},
                 {"Mon, 22 Apr 02 04:54:28 Eastern Daylight Time", "2002-04-22T04:54:28"},
                 {"Sat,  7 Sep 2002 03:59:58 +-0800", "2002-09-07T03:59:58"},
                 {"Thu, 15 Aug 2002 05:40:50 -0500 EST", "2002-08-15T05:40:50-05:00"},
                 {"Tue, 5 Sep 102 01:02:03 GMT", "2002-09-05T01:02:03Z"},
                 {"Tue,\n 5 Sep (the\n fifth) 1995\n 01:02:03 UT", "1995-09-05T01:02:03Z"},
                 {"Tuesday, 05-Sep-95 01:02:03 GMT", "1995-09-05T01:02:03Z"},
                 {"some day", NULL},
                 {"Tue, 5 Sep 195 25:02:03 GMT", NULL}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char mail[400], want[60];
        snprintf(mail, sizeof mail, "From: a@b.org\nSubject: s\nDate: %s\n\nx\n", cases[i].date);
        snprintf(want, sizeof want, "\"published\":\"%s\"", cases[i].want ? cases[i].want : "");
        const char *out = of("date.eml", mail);
        if (!CHECK(cases[i].want ? strstr(out, want) != NULL : !strstr(out, "published")))
            printf("# %s: %s\n", cases[i].date, out);
    }
}

/* Lines as those that part messages, in texts; and those that part them without a blank line before. */
static void mail_boxes_of_others(void)
{
    static const char box[] =
        "From a@b.org Tue Sep  5 01:02:03 1995\nFrom: a@b.org\nSubject: one\n\n"
        "x\n\nFrom me it came, at 12:30 in 1995\n\n"
        "From a@b.org Tue Sep  5 01:02:03 1995\nthat was the line\n\n"
        "From b@c.org Wed Sep  6 01:02:03 1995 remote from foo\n"
        "Received: by x\nFrom: b@c.org\nSubject: two\n\ny\n"
        "From c@d.org Thu Sep  7 01:02:03 1995\nFrom: c@d.org\nSubject: three\n\n"
        "z\nFrom d@d.org Thu Sep  7 01:02:03 1995\n";
    const char *out = of("others.mbox", box);
    CHECK_INT(last.articles, 3);
    CHECK(strstr(out, "that was the line") && strstr(out, "\"three\""));
    char crlf[2 * sizeof box];
    size_t n = 0;
    for (size_t i = 0; box[i]; i++) {
        if (box[i] == '\n')
            crlf[n++] = '\r';
        crlf[n++] = box[i];
    }
    crlf[n] = '\0';
    of("crlf.mbox", crlf);
    CHECK_INT(last.articles, 3);
}

static void mail_is_not_prose(void)
{
    of("n.txt", "Note: this is a text.\n\nSubject: and this is not a header.\n");
    CHECK(strstr(of("m.txt", "Title here\n\nFrom Monday on it rained.\n"),
                 "\"title\":\"Title here\""));
    CHECK(!strcmp(nd_sniff("Note: a\nfoo\n", 12, "x")->name, "text"));
    CHECK(!strcmp(nd_sniff("From: a\nSubject: b\n\nc", 21, "x")->name, "mail"));
}

static void mail_deep(void)
{
    static char text[200000];
    size_t n = (size_t)snprintf(text, sizeof text, "From: a@example.org\nSubject: Deep\n");
    for (int i = 0; i < 1000; i++)
        n += (size_t)snprintf(text + n, sizeof text - n,
                              "Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", i, i);
    snprintf(text + n, sizeof text - n, "\nbottom\n");
    CHECK(strstr(of("deep.eml", text), "\"title\":\"Deep\""));
}

int main(void)
{
    RUN(mail_one_message);
    RUN(mail_mbox);
    RUN(mail_parts);
    RUN(mail_usenet);
    RUN(mail_what_is_left_out);
    RUN(mail_wrapped_lines);
    RUN(mail_packed_files);
    RUN(mail_beginnings_without_end);
    RUN(mail_signatures_and_quotes);
    RUN(mail_dates);
    RUN(mail_boxes_of_others);
    RUN(mail_is_not_prose);
    RUN(mail_deep);
    return check_done();
}
