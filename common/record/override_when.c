#include "record/override.h"

#include "record/column.h"
#include "text/stem.h"

#include <string.h>

/* Is a value of a column that of the rule? */
static int same_value(const struct nd_rule *r, struct nd_str value, bool *out, struct nd_error *err)
{
    struct nd_buf b;
    nd_buf_init(&b, 1 << 20);
    int rc = nd_value_fold(&b, value.p, value.n);
    *out = *out || (!rc && nd_str_eq((struct nd_str){b.data ? b.data : "", b.len}, r->value_fold));
    nd_buf_free(&b);
    return rc ? nd_fail(err, rc, "out of memory for the rules of names") : 0;
}

/* Does the article's field have the value of a split? */
static int holds(const struct nd_rule *r, struct nd_columns *c, uint32_t docid, bool *out,
                 struct nd_error *err)
{
    enum nd_column_id id = (enum nd_column_id)r->field->column;
    int rc = nd_column_check(c, id, err);
    *out = false;
    if (rc)
        return rc;
    if (id == ND_COL_LANG) {
        unsigned lang = nd_lang_of(r->value.p, r->value.n);
        *out = lang && nd_column_u8(c, id, docid) == lang;
    } else if (id == ND_COL_AUTHORS || id == ND_COL_TAGS) {
        size_t n;
        const unsigned char *list = nd_column_list(c, id, docid, &n);
        for (size_t i = 0; !rc && !*out && i < n; i++)
            rc = same_value(r, nd_column_value(c, id, nd_load32(list + 4 * i)), out, err);
    } else {
        uint32_t v = nd_column_u32(c, id, docid);
        if (v)
            rc = same_value(r, nd_column_value(c, id, v - 1), out, err);
    }
    return rc;
}

int nd_override_decide(struct nd_override_end *e, struct nd_columns *c, uint32_t docid,
                       struct nd_error *err)
{
    bool yes = false;
    int rc = 0;
    for (size_t i = 0; !rc && !yes && i < e->splits_n; i++) {
        rc = holds(e->splits[i], c, docid, &yes, err);
        if (yes) {
            e->rule = e->splits[i];
            e->rejected = false;
            e->type = e->rule->to_type;
            e->id = e->rule->id;
        }
    }
    return rc;
}
