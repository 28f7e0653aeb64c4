/* Web archives: which records become articles, how a stored response is undone; the files of two archive libraries. */
#include "format_gold.h"

#include <zlib.h>

static char archive[65536];
static size_t archive_n;

static void add(const void *p, size_t n)
{
    if (CHECK(archive_n + n <= sizeof archive)) {
        memcpy(archive + archive_n, p, n);
        archive_n += n;
    }
}

static void add_record(const char *type, const char *headers, const void *block, size_t n)
{
    char head[1024];
    int k = snprintf(head, sizeof head,
                     "WARC/1.0\r\nWARC-Type: %s\r\nWARC-Target-URI: "
                     "http://www.example.com/a\r\nWARC-Date: 2023-09-06T01:02:03Z\r\n%s"
                     "Content-Length: %zu\r\n\r\n",
                     type, headers, n);
    add(head, (size_t)k);
    add(block, n);
    add("\r\n\r\n", 4);
}

static void add_text(const char *type, const char *block)
{
    add_record(type, "Content-Type: application/http; msgtype=response\r\n", block, strlen(block));
}

static const char *read_archive(const char *name)
{
    write_file(name, archive, archive_n);
    archive_n = 0;
    return records(name, &plain);
}

#define PAGE                                                                                       \
    "<html><head><title>A title of the page</title></head><body><p>Some words of "                 \
    "text.</p></body></html>"

static void responses_with_pages_only(void)
{
    add_text("warcinfo", "software: x\r\n");
    add_text("request", "GET / HTTP/1.1\r\n\r\n");
    add_text("response", "HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n" PAGE);
    add_text("response", "HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\n\r\n<rss/>");
    add_text("response", "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" PAGE);
    CHECK_STR(read_archive("a.warc"),
              "{\"id\":\"http://www.example.com/a\",\"version\":\"20230906010203\",\"title\":\"A "
              "title of the page\","
              "\"body\":\"Some words of "
              "text.\",\"published\":\"2023-09-06T01:02:03Z\",\"source\":\"example.com\","
              "\"url\":\"http://www.example.com/a\"}");
}

static void chunks_and_compression_are_undone(void)
{
    unsigned char packed[1024];
    char block[2048];
    z_stream z = {0};
    CHECK_INT(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    z.next_in = (Bytef *)(uintptr_t)PAGE;
    z.avail_in = sizeof PAGE - 1;
    z.next_out = packed;
    z.avail_out = sizeof packed;
    CHECK_INT(deflate(&z, Z_FINISH), Z_STREAM_END);
    size_t n = z.total_out;
    deflateEnd(&z);
    int k = snprintf(block, sizeof block,
                     "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: "
                     "chunked\r\nContent-Encoding: gzip\r\n\r\n%x\r\n",
                     10);
    memcpy(block + k, packed, 10);
    k += 10;
    k += snprintf(block + k, sizeof block - (size_t)k, "\r\n%zx;ext=1\r\n", n - 10);
    memcpy(block + k, packed + 10, n - 10);
    k += (int)n - 10;
    k += snprintf(block + k, sizeof block - (size_t)k, "\r\n0\r\n\r\n");
    add_record("response", "WARC-Truncated: length\r\n", block, (size_t)k);
    add_text("response", "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: "
                         "chunked\r\nContent-Encoding: gzip\r\n\r\n" PAGE);
    const char *out = read_archive("c.warc");
    CHECK(strstr(out, "\"body\":\"Some words of text.\"") && strstr(out, "\"partial\":true"));
    CHECK_INT(last.articles, 2); /* headers that lie are not believed */
}

static void damage_is_told_and_passed(void)
{
    static const char page[] = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" PAGE;
    add_text("response", page);
    add("rubbish\r\nmore rubbish\r\n", 23);
    add_text("response", page);
    add("WARC/1.0\r\nWARC-Type: response\r\n\r\n", 33);
    add_text("response", page);
    read_archive("d.warc");
    CHECK_INT(last.articles, 3);
    CHECK_INT(last.bad, 2);
    add_text("response", page);
    archive_n -= 20;
    const char *out = read_archive("cut.warc");
    CHECK(strstr(out, "\"partial\":true") && strstr(out, "the file ends inside a record"));
}

static void arc_with_blanks_in_the_address(void)
{
    static const char body[] = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" PAGE;
    char head[256];
    static const char first[] =
        "filedesc://x.arc 0.0.0.0 20230906010203 text/plain 10\n1 0 Test\n\n\n";
    add(first, sizeof first - 1);
    add(head, (size_t)snprintf(head, sizeof head,
                               "http://example.com/a b?c d 1.2.3.4 20230906010203 text/html %zu\n",
                               sizeof body - 1));
    add(body, sizeof body - 1);
    add("\n", 1);
    CHECK(strstr(read_archive("x.arc"),
                 "{\"id\":\"http://example.com/a b?c d\",\"version\":\"20230906010203\""));
}

static void archives_of_others(void)
{
    static const struct {
        const char *name;
        unsigned articles;
        bool bad;
    } files[] = {{"warcio/data/example.warc", 1, false},
                 {"warcio/data/example.warc.gz", 1, false},
                 {"warcio/data/example.arc", 1, false},
                 {"warcio/data/example.arc.gz", 1, false},
                 {"warcio/data/example-bad-non-chunked.warc.gz", 1, false},
                 {"warcio/data/example-wrong-chunks.warc.gz", 1, false},
                 {"warcio/data/example-iana.org-chunked.warc", 1, false},
                 {"warcio/data/example-space-in-url.arc", 1, false},
                 {"warcio/data/example-wget-bad-target-uri.warc.gz", 1, false},
                 {"warcio/data/example-trunc.warc", 1, true},
                 {"warcio/data/example-digest.warc", 0, false},
                 {"warcio/data/example-resource.warc.gz", 0, false},
                 {"warcio/data/example-space-in-target-uri.warc.gz", 0, false},
                 {"warcio/data/post-test.warc.gz", 0, false},
                 {"warcio/data/bad.arc", 0, true},
                 {"jwarc/test-resources/org/netpreserve/jwarc/cc.warc.gz", 1, false},
                 {"jwarc/test-resources/org/netpreserve/jwarc/gzip_extra_sl.warc.gz", 0, false}};
    if (!unpacked("formats/warc")) {
        check_skip("no shared data/formats.tar.xz");
        return;
    }
    size_t right = 0, all = sizeof files / sizeof *files;
    for (size_t i = 0; i < all; i++) {
        char path[256];
        snprintf(path, sizeof path, "formats/warc/%s", files[i].name);
        records(path, &plain);
        if (CHECK_INT(last.articles, files[i].articles) && CHECK_INT(last.bad > 0, files[i].bad))
            right++;
        else
            printf("# %s\n", files[i].name);
    }
    printf("# archives: %zu of %zu as they are meant\n", right, all);
}

int main(void)
{
    RUN(responses_with_pages_only);
    RUN(chunks_and_compression_are_undone);
    RUN(damage_is_told_and_passed);
    RUN(arc_with_blanks_in_the_address);
    RUN(archives_of_others);
    return check_done();
}
