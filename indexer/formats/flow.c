#include "formats/flow.h"

void nd_flow_text(struct nd_flow *f, const char *p, size_t n)
{
    for (size_t i = 0; i < n;) {
        char c = p[i];
        if (c == '\n' && f->keep) {
            f->lines++;
            f->blank = false;
            i++;
            continue;
        }
        if (c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f') {
            f->blank = true;
            i++;
            continue;
        }
        if (f->out->len > f->from) {
            if (f->part || f->lines > 1)
                nd_buf_str(f->out, "\n\n");
            else if (f->lines)
                nd_buf_byte(f->out, '\n');
            else if (f->blank)
                nd_buf_byte(f->out, ' ');
        }
        f->blank = f->part = false;
        f->lines = 0;
        size_t from = i;
        while (i < n && p[i] != ' ' && p[i] != '\n' && p[i] != '\t' && p[i] != '\r' && p[i] != '\f')
            i++;
        nd_buf_add(f->out, p + from, i - from);
    }
}

void nd_flow_block(struct nd_flow *f)
{
    f->part = true;
}

void nd_flow_line(struct nd_flow *f)
{
    f->lines++;
}
