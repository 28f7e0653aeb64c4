#include "../check.h"
#include "base/buf.h"
#include "input/container.h"
#include "input/stream.h"
#include "input/walk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *at(const char *name)
{
    static char path[8][1024];
    static unsigned turn;
    char *p = path[turn++ % 8];
    snprintf(p, sizeof path[0], "%s/%s", check_dir(), name);
    return p;
}

/* Run a shell line in the test's folder. */
static int shell(const char *line)
{
    char cmd[4096];
    snprintf(cmd, sizeof cmd, "cd '%s' && { %s; } >/dev/null 2>&1", check_dir(), line);
    return system(cmd) == 0;
}

static void write_file(const char *name, const void *p, size_t n)
{
    FILE *f = fopen(at(name), "wb");
    if (!CHECK(f != NULL))
        return;
    CHECK_INT(fwrite(p, 1, n, f), n);
    fclose(f);
}

/* Everything in a file as "name=bytes" a member, failures as "!message". At most `most` bytes a member. */
static const char *all(const char *name, const struct nd_container_limits *limits)
{
    static char out[4096];
    struct nd_container *c;
    struct nd_error err = {0};
    struct nd_str member;
    struct nd_buf b;
    int rc, turns = 0;
    nd_buf_init(&b, sizeof out - 1);
    if (nd_container_open(&c, at(name), limits, &err)) {
        snprintf(out, sizeof out, "!%s", err.msg);
        return out;
    }
    while ((rc = nd_container_next(c, &member, &err)) != ND_DONE && ++turns < 50) {
        if (b.len)
            nd_buf_byte(&b, ' ');
        if (rc) {
            const char *why = strstr(err.msg, "': ");
            nd_buf_printf(&b, "!%s", why ? why + 3 : err.msg);
            continue;
        }
        nd_buf_printf(&b, "%.*s=", (int)member.n, member.p ? member.p : "");
        const char *p;
        size_t n, total = 0;
        while (!(rc = nd_container_read(c, &p, &n, &err))) {
            if (total < 100)
                nd_buf_add(&b, p, n < 100 ? n : 100);
            total += n;
        }
        if (rc != ND_DONE) {
            const char *why = strstr(err.msg, "': ");
            nd_buf_printf(&b, "!%s", why ? why + 3 : err.msg);
        }
        CHECK_INT(nd_container_read(c, &p, &n, &err), ND_DONE);
    }
    nd_container_close(c);
    snprintf(out, sizeof out, "%s", b.data ? b.data : "");
    nd_buf_free(&b);
    return out;
}

static const struct nd_container_limits defaults;

static void container_plain_and_empty(void)
{
    write_file("plain", "hello", 5);
    write_file("empty", "", 0);
    CHECK_STR(all("plain", &defaults), "=hello");
    CHECK_STR(all("empty", &defaults), "=");
    CHECK(strstr(all("not-there", &defaults), "not-there"));
}

static void container_each_compression(void)
{
    static const struct {
        const char *tool, *ending;
    } rows[] = {{"gzip -kf", "gz"},
                {"xz -kf", "xz"},
                {"zstd -qf", "zst"},
                {"bzip2 -kf", "bz2"},
                {"lz4 -qf", "lz4"}};
    int done = 0;
    write_file("c", "compressed text", 15);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char cmd[100], name[20];
        snprintf(cmd, sizeof cmd, "%s c%s", rows[i].tool, i == 4 ? " c.lz4" : "");
        if (!shell(cmd))
            continue; /* the tool is not there */
        snprintf(name, sizeof name, "c.%s", rows[i].ending);
        CHECK_STR(all(name, &defaults), "=compressed text");
        done++;
    }
    CHECK(done >= 2);
}

static void container_tar_and_nested(void)
{
    CHECK(shell("mkdir -p t/sub && printf one >t/1 && printf two >t/sub/2 && ln -sf 1 t/link"));
    CHECK(shell("tar -cf t.tar t/1 t/link t/sub && gzip -kf t.tar && xz -kf t.tar"));
    CHECK_STR(all("t.tar", &defaults), "t/1=one t/sub/2=two");
    CHECK_STR(all("t.tar.gz", &defaults), "t/1=one t/sub/2=two");
    CHECK_STR(all("t.tar.xz", &defaults), "t/1=one t/sub/2=two");
    CHECK(shell("printf end >z && tar -cf n.tar t.tar.gz z"));
    CHECK_STR(all("n.tar", &defaults), "t.tar.gz/t/1=one t.tar.gz/t/sub/2=two z=end");
}

static void container_zip_and_7z(void)
{
    int any = 0;
    CHECK(shell("mkdir -p t && printf one >t/1 && printf two >t/2"));
    if (shell("rm -f a.zip && python3 -c \"import zipfile; "
              "z=zipfile.ZipFile('a.zip','w',zipfile.ZIP_DEFLATED); "
              "z.write('t/1'); z.write('t/2')\"")) {
        CHECK_STR(all("a.zip", &defaults), "t/1=one t/2=two");
        CHECK(shell("tar -cf az.tar a.zip t/2"));
        CHECK_STR(all("az.tar", &defaults), "a.zip/t/1=one a.zip/t/2=two t/2=two");
        any++;
    }
    if (shell("bsdtar -a -cf a.7z t/1 t/2 || 7z a a.7z t/1 t/2")) {
        CHECK(strstr(all("a.7z", &defaults), "1=one"));
        any++;
    }
    if (!any)
        check_skip("neither zip nor 7z can be made here");
}

static void container_gzip_members_and_padding(void)
{
    CHECK(shell("printf a | gzip >m.gz && printf b | gzip >>m.gz && printf '' | gzip >>m.gz && "
                "printf c | gzip >>m.gz"));
    CHECK_STR(all("m.gz", &defaults), "=abc");
    CHECK(shell("head -c 1000 /dev/zero >>m.gz"));
    CHECK_STR(all("m.gz", &defaults), "=abc");
    CHECK(shell("printf rubbish >>m.gz"));
    CHECK_STR(all("m.gz", &defaults), "=abc!there is rubbish after the gzip data");
}

/* Whatever the place of the cut, all that was packed before it comes out, then one failure. */
static void container_truncated_gzip(void)
{
    CHECK(shell("seq 1 3000 >s && gzip -kf s"));
    struct stat whole, packed;
    CHECK_INT(stat(at("s"), &whole), 0);
    CHECK_INT(stat(at("s.gz"), &packed), 0);
    off_t last = 0;
    for (int percent = 30; percent < 100; percent += 10) {
        char cmd[200];
        snprintf(cmd, sizeof cmd, "head -c %lld s.gz >cut.gz",
                 (long long)packed.st_size * percent / 100);
        CHECK(shell(cmd));
        struct nd_container *c;
        struct nd_str name;
        struct nd_error err = {0};
        const char *p;
        size_t n;
        off_t got = 0;
        int rc;
        CHECK_INT(nd_container_open(&c, at("cut.gz"), &defaults, &err), 0);
        CHECK_INT(nd_container_next(c, &name, &err), 0);
        while (!(rc = nd_container_read(c, &p, &n, &err)))
            got += (off_t)n;
        CHECK_INT(rc, ND_INPUT);
        CHECK(strstr(err.msg, "cut.gz") && strstr(err.msg, "cut off"));
        CHECK(got > last && got < whole.st_size);
        last = got;
        CHECK_INT(nd_container_next(c, &name, &err), ND_DONE);
        nd_container_close(c);
    }
    CHECK(last > whole.st_size / 2);
}

static void container_damage_in_one_member(void)
{
    CHECK(shell("head -c 300 s.gz >bad.gz && printf end >z && tar -cf d.tar bad.gz z"));
    const char *out = all("d.tar", &defaults);
    CHECK(strncmp(out, "bad.gz=1\n2\n", 11) == 0);
    CHECK(strstr(out, "cut off") && strstr(out, " z=end"));
    CHECK(shell("head -c 700 t.tar >cut.tar"));
    CHECK(strstr(all("cut.tar", &defaults), "!the archive is damaged or cut off"));
    write_file("fake.xz",
               "\xfd"
               "7zXZ\0 rubbish",
               14);
    CHECK(*all("fake.xz", &defaults) == '!');
    write_file("fake.zip", "PK\3\4 rubbish", 12);
    CHECK(*all("fake.zip", &defaults) == '!' || strstr(all("fake.zip", &defaults), "!"));
    write_file("fake.gz", "\x1f\x8b\x08 rubbish", 11);
    CHECK(strstr(all("fake.gz", &defaults), "!the gzip data is"));
}

static void container_limits(void)
{
    struct nd_container_limits l = {.depth = 2};
    CHECK(shell("printf deep >p && gzip -c p | gzip -c >p2.gz && gzip -c p2.gz >p3.gz"));
    CHECK_STR(all("p2.gz", &l), "=deep");
    CHECK(strstr(all("p3.gz", &l), "!archives are packed in each other deeper than 2"));
    l = (struct nd_container_limits){.members = 1};
    CHECK_STR(all("t.tar", &l), "t/1=one !there are more than 1 members");
    l = (struct nd_container_limits){.output = 100};
    CHECK(strstr(all("s.gz", &l), "!unpacked it is longer than 100 bytes"));
    CHECK(shell("head -c 200000000 /dev/zero | tr '\\0' x | gzip >bomb.gz"));
    CHECK(strstr(all("bomb.gz", &defaults), "!it unpacks to more than 400 times its size"));
}

/* Bytes in pieces of odd sizes. */
struct pieces {
    const char *p;
    size_t n;
    int end;
};

static int next_piece(void *source, const char **p, size_t *n, struct nd_error *err)
{
    struct pieces *s = source;
    static char block[64];
    if (!s->n)
        return s->end < 0 ? nd_fail(err, s->end, "broken") : ND_DONE;
    *n = 1 + check_random() % sizeof block;
    if (*n > s->n)
        *n = s->n;
    memcpy(block, s->p, *n);
    *p = block;
    s->p += *n;
    s->n -= *n;
    return 0;
}

static void stream_peek_and_take(void)
{
    char text[5000];
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (char)('a' + i % 23);
    for (int round = 0; round < 50; round++) {
        struct pieces src = {text, sizeof text, 0};
        struct nd_stream s;
        size_t done = 0;
        nd_stream_init(&s, next_piece, &src);
        for (;;) {
            const char *p;
            size_t got, want = 1 + check_random() % 300;
            CHECK_INT(nd_stream_peek(&s, want, &p, &got, NULL), 0);
            if (!got)
                break;
            if (!CHECK(got >= want || done + got == sizeof text) ||
                !CHECK_MEM(p, got, text + done, got))
                break;
            size_t take = check_random() % (got + 1);
            nd_stream_take(&s, take);
            done += take;
            CHECK_INT(s.offset, done);
        }
        CHECK_INT(done, sizeof text);
        CHECK_INT(nd_stream_failed(&s, NULL), 0);
        nd_stream_free(&s);
    }
}

static void stream_lines_and_limits(void)
{
    char text[400];
    memset(text, 'x', sizeof text);
    memcpy(text, "one\n\ntwo\n", 9);
    memcpy(text + 300, "\nlast", 5);
    struct pieces src = {text, 305, ND_INPUT};
    struct nd_stream s;
    struct nd_str line;
    struct nd_error err = {0};
    uint64_t offset;
    nd_stream_init(&s, next_piece, &src);
    CHECK_INT(nd_stream_line(&s, 100, &line, &offset, &err), 0);
    CHECK_MEM(line.p, line.n, "one", 3);
    CHECK_INT(nd_stream_line(&s, 100, &line, &offset, &err), 0);
    CHECK_INT(line.n, 0);
    CHECK_INT(nd_stream_line(&s, 100, &line, &offset, &err), 0);
    CHECK_MEM(line.p, line.n, "two", 3);
    CHECK_INT(nd_stream_line(&s, 100, &line, &offset, &err), ND_LIMIT);
    CHECK_STR(err.msg, "a line has 291 bytes, more than the 100 allowed");
    CHECK_INT(offset, 9);
    CHECK_INT(nd_stream_line(&s, 100, &line, &offset, &err), 0);
    CHECK_MEM(line.p, line.n, "last", 4);
    CHECK_INT(nd_stream_line(&s, 100, &line, &offset, &err), ND_DONE);
    CHECK_INT(nd_stream_failed(&s, &err), ND_INPUT);
    CHECK_STR(err.msg, "broken");
    nd_stream_free(&s);
}

static const char *walked(const char *dir, const struct nd_walk_globs *globs)
{
    static char out[1024];
    struct nd_walk w;
    size_t n = 0, skip = strlen(check_dir()) + 1;
    out[0] = '\0';
    CHECK_INT(nd_walk_init(&w, globs), 0);
    CHECK_INT(nd_walk_add(&w, at(dir), NULL), 0);
    for (size_t i = 0; i < w.n; i++)
        n += (size_t)snprintf(out + n, sizeof out - n, "%s%s%s", i ? " " : "",
                              w.files[i].path + skip, w.files[i].failure ? "!" : "");
    nd_walk_free(&w);
    return out;
}

static void walk_folders_in_order(void)
{
    struct nd_walk_globs g = {0};
    static const char *const txt[] = {"*.txt"}, *const b[] = {"*/b/*"};
    CHECK(shell("rm -rf w && mkdir -p w/b/c w/a && touch w/z.txt w/a/2 w/a/10 w/b/c/x.txt w/b/y "
                "w/.hidden && "
                "ln -s ../.. w/b/loop && ln -s ../a w/b/again && ln -s nowhere w/dangling"));
    /* `loop` leads to the test's folder, whose `w` was entered: only what lies beside it is new */
    CHECK(shell("rm w/b/loop && ln -s .. w/b/loop"));
    CHECK_STR(walked("w", &g), "w/a/10 w/a/2 w/b/c/x.txt w/b/y w/dangling! w/z.txt");
    g = (struct nd_walk_globs){.include = txt, .include_n = 1};
    CHECK_STR(walked("w", &g), "w/b/c/x.txt w/dangling! w/z.txt");
    g = (struct nd_walk_globs){.include = txt, .include_n = 1, .exclude = b, .exclude_n = 1};
    CHECK_STR(walked("w", &g), "w/dangling! w/z.txt");
    CHECK_STR(walked("w/a/2", &g), "w/a/2"); /* named one by one */
}

static void walk_lists_and_errors(void)
{
    struct nd_walk_globs g = {0};
    struct nd_walk w;
    struct nd_error err = {0};
    char text[2048];
    CHECK_INT(nd_walk_init(&w, &g), 0);
    snprintf(text, sizeof text, "%s\r\n\n%s\n", at("w/z.txt"), at("w/a"));
    write_file("list", text, strlen(text));
    CHECK_INT(nd_walk_from(&w, at("list"), &err), 0);
    CHECK_INT(w.n, 3);
    size_t n = (size_t)snprintf(text, sizeof text, "%s", at("w/z.txt")) + 1;
    n += (size_t)snprintf(text + n, sizeof text - n, "%s", at("w/b/y")) + 1;
    write_file("list0", text, n);
    CHECK_INT(nd_walk_from(&w, at("list0"), &err), 0);
    CHECK_INT(w.n, 5);
    CHECK_INT(nd_walk_add(&w, at("not-there"), &err), 0);
    CHECK(w.n && w.files[w.n - 1].missing && w.files[w.n - 1].failure);
    CHECK(strstr(w.files[w.n - 1].failure, "not-there"));
    CHECK_INT(nd_walk_add(&w, "", &err), ND_MISSING);
    CHECK_INT(nd_walk_add(&w, "-", &err), 0);
    if (geteuid() != 0) {
        CHECK(shell("mkdir -p w/no && chmod 0 w/no"));
        CHECK_INT(nd_walk_add(&w, at("w/no"), &err), 0);
        CHECK(w.files[w.n - 1].failure && strstr(w.files[w.n - 1].failure, "w/no"));
        CHECK(shell("chmod 700 w/no"));
    }
    nd_walk_free(&w);
}

int main(void)
{
    RUN(container_plain_and_empty);
    RUN(container_each_compression);
    RUN(container_tar_and_nested);
    RUN(container_zip_and_7z);
    RUN(container_gzip_members_and_padding);
    RUN(container_truncated_gzip);
    RUN(container_damage_in_one_member);
    RUN(container_limits);
    RUN(stream_peek_and_take);
    RUN(stream_lines_and_limits);
    RUN(walk_folders_in_order);
    RUN(walk_lists_and_errors);
    return check_done();
}
