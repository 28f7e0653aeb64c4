#include "tool/term.h"

#include "text/utf8.h"
#include "tool/pager.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum {
    COLUMNS_MIN = 20,
    COLUMNS_MAX = 1000,
    URL_MAX = 2083 /* as browsers have it; longer ones confuse terminals */
};

/* Does the locale of the environment say UTF-8? */
static bool says_utf8(void)
{
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *v = getenv(names[i]);
        if (v && *v) /* the first that is set decides */
            return strcasestr(v, "utf-8") || strcasestr(v, "utf8");
    }
    return false;
}

void nd_term_look(struct nd_term *t, int fd, const char *color)
{
    struct winsize w;
    const char *env = getenv("COLUMNS"), *kind = getenv("TERM"), *plain = getenv("NO_COLOR");
    t->tty = isatty(fd) == 1;
    t->utf8 = says_utf8();
    t->columns = 0;
    if (env) {
        char *end;
        unsigned long v = strtoul(env, &end, 10);
        if (end > env && !*end && v <= COLUMNS_MAX)
            t->columns = v;
    }
    if (!t->columns && t->tty && ioctl(fd, TIOCGWINSZ, &w) == 0)
        t->columns = w.ws_col;
    if (!t->columns)
        t->columns = 80;
    if (t->columns < COLUMNS_MIN)
        t->columns = COLUMNS_MIN;
    if (color && strcmp(color, "always") == 0)
        t->color = true;
    else if (color && strcmp(color, "never") == 0)
        t->color = false;
    else
        t->color = t->tty && kind && *kind && strcmp(kind, "dumb") != 0 && !(plain && *plain);
}

void nd_term_links(struct nd_term *t, const char *when, const char *pager)
{
    const char *kind = getenv("TERM"), *vte = getenv("VTE_VERSION");
    if (strcmp(when, "auto") != 0) {
        t->links = strcmp(when, "always") == 0;
        return;
    }
    t->links = t->tty && kind && *kind && strcmp(kind, "dumb") != 0 && strcmp(kind, "linux") != 0 &&
               strncmp(kind, "vt", 2) != 0;
    if (pager && !nd_pager_is_less(pager))
        t->links = false;
    /* the terminals of GNOME and XFCE before 0.50 printed the addresses, or crashed */
    if (vte && strtoul(vte, NULL, 10) < 5000)
        t->links = false;
}

bool nd_term_link(struct nd_buf *out, const char *url, size_t n)
{
    if (n > URL_MAX || !((n > 7 && strncasecmp(url, "http://", 7) == 0) ||
                         (n > 8 && strncasecmp(url, "https://", 8) == 0)))
        return false;
    nd_buf_str(out, "\033]8;;");
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)url[i];
        if (c <= ' ' || c >= 0x7f) /* nothing that could end the sequence or steer the terminal */
            nd_buf_printf(out, "%%%02X", c);
        else
            nd_buf_byte(out, c);
    }
    nd_buf_str(out, "\033\\");
    return true;
}

void nd_term_unlink(struct nd_buf *out)
{
    nd_buf_str(out, "\033]8;;\033\\");
}

/* Bytes of a colour sequence or of one that begins or ends a hyperlink at p[0..n), 0 if there is none. */
static size_t sequence(const char *p, size_t n)
{
    if (n >= 6 && memcmp(p, "\033]8;;", 5) == 0) {
        const char *end = memmem(p, n, "\033\\", 2);
        return end ? (size_t)(end - p) + 2 : 0;
    }
    if (n < 3 || p[0] != '\033' || p[1] != '[')
        return 0;
    size_t i = 2;
    while (i < n && ((p[i] >= '0' && p[i] <= '9') || p[i] == ';'))
        i++;
    return i < n && p[i] == 'm' ? i + 1 : 0;
}

/* Cells of p[0..n) without its colour sequences. */
static size_t cells(const char *p, size_t n)
{
    size_t sum = 0, from = 0;
    for (size_t i = 0; i < n;) {
        size_t k = p[i] == '\033' ? sequence(p + i, n - i) : 0;
        if (!k) {
            i++;
            continue;
        }
        sum += i > from ? nd_width(p + from, i - from) : 0;
        from = i += k;
    }
    return sum + (n > from ? nd_width(p + from, n - from) : 0);
}

static void start_line(struct nd_buf *out, size_t indent, size_t *at)
{
    nd_buf_printf(out, "%*s", (int)indent, "");
    *at = 0;
}

/* A word longer than a line, cut where the line ends. */
static void put_long(struct nd_buf *out, const char *p, size_t n, size_t indent, size_t room,
                     size_t *at)
{
    while (n > 0) {
        size_t k = sequence(p, n);
        if (!k) {
            const char *esc = memchr(p + 1, '\033', n - 1);
            size_t run = esc ? (size_t)(esc - p) : n;
            k = nd_width_cut(p, run, room - *at);
            if (k == 0 && *at > 0) {
                nd_buf_byte(out, '\n');
                start_line(out, indent, at);
                continue;
            }
            if (k == 0) { /* wider than the room: whole, so that the loop ends */
                uint32_t cp;
                k = nd_utf8_decode(p, n, &cp);
                k = k ? k : 1;
            }
            *at += nd_width(p, k);
            if (*at > room)
                *at = room;
        }
        nd_buf_add(out, p, k);
        p += k;
        n -= k;
    }
}

int nd_term_wrap(struct nd_buf *out, const char *p, size_t n, size_t indent, size_t columns)
{
    size_t room = columns > indent + COLUMNS_MIN ? columns - indent : COLUMNS_MIN, at = 0;
    bool open = false;
    for (size_t i = 0; i < n;) {
        if (p[i] == '\n') {
            nd_buf_byte(out, '\n');
            open = false;
            i++;
            continue;
        }
        if (p[i] == ' ' || p[i] == '\t' || p[i] == '\r') {
            i++;
            continue;
        }
        size_t end = i;
        while (end < n && !strchr(" \t\r\n", p[end]))
            end++;
        if (end == i)
            end = i + 1; /* a zero byte */
        size_t width = cells(p + i, end - i);
        if (!open)
            start_line(out, indent, &at);
        if (open && at > 0 && at + 1 + width > room) {
            nd_buf_byte(out, '\n');
            start_line(out, indent, &at);
        } else if (open && at > 0) {
            nd_buf_byte(out, ' ');
            at++;
        }
        open = true;
        if (width > room) {
            put_long(out, p + i, end - i, indent, room, &at);
        } else {
            nd_buf_add(out, p + i, end - i);
            at += width;
        }
        i = end;
    }
    if (open)
        nd_buf_byte(out, '\n');
    return nd_buf_code(out);
}
