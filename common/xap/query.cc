/* query.cc: queries, built from the leaves up. Each constructor takes its operands. */
#include "xap/guard.hh"
#include "xap/handle.hh"

#include <algorithm>

using xap::guard;

/* Give out a leaf. */
static int leaf(struct xap_query **out, struct nd_error *err, const Xapian::Query &query)
{
    xap_query *q = new xap_query;
    (void)err;
    q->query = query;
    *out = q;
    return 0;
}

int xap_q_term(struct xap_query **out, const char *term, size_t n, uint32_t wqf,
               struct nd_error *err)
{
    *out = nullptr;
    if (n == 0)
        return nd_fail(err, ND_INTERNAL, "empty term in a query");
    if (!xap::fits(term, n))
        return nd_fail(err, ND_LIMIT, "term of %zu bytes is longer than the %d that fit", n,
                       (int)XAP_TERM_MAX);
    return guard(err, nullptr, [&] {
        const std::string t(term, n);
        int rc = leaf(out, err, Xapian::Query(t, wqf));
        (*out)->terms.push_back(t);
        return rc;
    });
}

int xap_q_all(struct xap_query **out, struct nd_error *err)
{
    *out = nullptr;
    return guard(err, nullptr, [&] { return leaf(out, err, Xapian::Query(std::string())); });
}

int xap_q_nothing(struct xap_query **out, struct nd_error *err)
{
    *out = nullptr;
    return guard(err, nullptr, [&] { return leaf(out, err, Xapian::Query()); });
}

/* What a missing operand says: its own failure, which err still carries. */
static int part_failed(struct nd_error *err)
{
    if (err && err->code < 0)
        return err->code;
    return nd_fail(err, ND_INTERNAL, "a part of the query is missing");
}

static Xapian::Query::op op_of(enum xap_op op)
{
    switch (op) {
    case XAP_AND:
        return Xapian::Query::OP_AND;
    case XAP_OR:
        return Xapian::Query::OP_OR;
    case XAP_AND_NOT:
        return Xapian::Query::OP_AND_NOT;
    case XAP_FILTER:
        return Xapian::Query::OP_FILTER;
    case XAP_AND_MAYBE:
        return Xapian::Query::OP_AND_MAYBE;
    case XAP_SYNONYM:
        return Xapian::Query::OP_SYNONYM;
    }
    throw Xapian::InvalidArgumentError("unknown operator");
}

/* Any of the operands, weighted as one term. A source has no frequency that Xapian could weigh by, so
 * what holds one stands beside the others, and adds documents but no weight. */
static Xapian::Query synonym(const std::vector<Xapian::Query> &terms,
                             const std::vector<Xapian::Query> &with_source)
{
    std::vector<Xapian::Query> any;
    if (!terms.empty())
        any.emplace_back(Xapian::Query::OP_SYNONYM, terms.begin(), terms.end());
    for (const Xapian::Query &q : with_source)
        any.emplace_back(Xapian::Query::OP_SCALE_WEIGHT, q, 0.0);
    return Xapian::Query(Xapian::Query::OP_OR, any.begin(), any.end());
}

int xap_q_op(struct xap_query **out, enum xap_op op, struct xap_query **kids, size_t n,
             struct nd_error *err)
{
    *out = nullptr;
    int rc = guard(err, nullptr, [&] {
        std::unique_ptr<xap_query> q(new xap_query);
        std::vector<Xapian::Query> parts, apart;
        Xapian::Query::op operation = op_of(op);
        unsigned depth = 0;
        parts.reserve(n);
        for (size_t i = 0; i < n; i++) {
            if (!kids[i])
                return part_failed(err);
            bool beside = op == XAP_SYNONYM && n > 1 && !kids[i]->sources.empty();
            (beside ? apart : parts).push_back(kids[i]->query);
            depth = std::max(depth, kids[i]->depth);
            q->sources.insert(q->sources.end(), kids[i]->sources.begin(), kids[i]->sources.end());
            q->terms.insert(q->terms.end(), kids[i]->terms.begin(), kids[i]->terms.end());
        }
        q->depth = n > 1 ? depth + 1 : std::max(depth, 1U);
        if (q->depth > XAP_DEPTH_MAX) {
            int r = nd_fail(err, ND_LIMIT, "the query is nested deeper than %d levels",
                            (int)XAP_DEPTH_MAX);
            nd_hint(err, "take some of the parentheses out");
            return r;
        }
        if (n == 1)
            q->query = parts[0];
        else if (!apart.empty())
            q->query = synonym(parts, apart);
        else if (n > 1)
            q->query = Xapian::Query(operation, parts.begin(), parts.end());
        *out = q.release();
        return 0;
    });
    for (size_t i = 0; i < n; i++)
        xap_q_free(kids[i]);
    return rc;
}

int xap_q_scale(struct xap_query **out, struct xap_query *q, double factor, struct nd_error *err)
{
    *out = nullptr;
    int rc = guard(err, nullptr, [&] {
        if (!q)
            return part_failed(err);
        if (!(factor >= 0.0))
            return nd_fail(err, ND_INTERNAL, "a weight must not be below 0");
        if (q->depth >= XAP_DEPTH_MAX)
            return nd_fail(err, ND_LIMIT, "the query is nested deeper than %d levels",
                           (int)XAP_DEPTH_MAX);
        q->query = Xapian::Query(Xapian::Query::OP_SCALE_WEIGHT, q->query, factor);
        q->depth++;
        *out = q;
        return 0;
    });
    if (rc)
        xap_q_free(q);
    return rc;
}

void xap_q_free(struct xap_query *q)
{
    delete q;
}
