/* match.cc: ranked search, and the posting source through which C decides a subtree of the query. */
#include "xap/guard.hh"
#include "xap/handle.hh"

#include <algorithm>

using xap::guard;

namespace
{

/* Xapian clones the source of the query once for each segment and search, and tells the clone its
 * segment in init(). A failing callback leaves the matcher as an exception that carries its error. */
class Source final : public Xapian::PostingSource
{
    xap_source_ops ops;
    void *ctx;
    std::shared_ptr<xap::Binding> binding;
    void *state = nullptr;
    bool open = false, ended = false;
    uint32_t docid = 0, last = 0, est = 0, max = 0;

    void finish()
    {
        if (open)
            ops.close(state);
        open = false;
        state = nullptr;
    }

    [[noreturn]] static void fail(int code, nd_error &error, const char *what)
    {
        xap::Failed f = {};
        if (error.code >= 0) /* the callback left no message */
            nd_fail(&error, code < 0 ? code : (int)ND_INTERNAL, "%s", what);
        f.error = error;
        throw f;
    }

    /* Whether there is nothing (more) to ask the callbacks for. */
    bool done()
    {
        if (!ended && binding->deadline && binding->deadline->over())
            ended = true;
        return ended;
    }

    /* What a callback that moves gave. */
    void moved(int rc, uint32_t at, nd_error &error)
    {
        if (rc == ND_DONE) {
            ended = true;
            return;
        }
        if (rc != 0)
            fail(rc, error, "a source of the query failed");
        if (at <= docid || at > last)
            fail(ND_INTERNAL, error, "a source of the query gave a document out of order");
        docid = at;
    }

  public:
    Source(const xap_source_ops &o, void *c, std::shared_ptr<xap::Binding> b)
        : ops(o), ctx(c), binding(std::move(b))
    {
    }
    ~Source() override
    {
        finish();
    }
    Xapian::PostingSource *clone() const override
    {
        return new Source(ops, ctx, binding);
    }

    void init(const Xapian::Database &db) override
    {
        const xap_index *ix = binding->ix;
        nd_error error = {};
        finish();
        ended = false;
        docid = 0;
        if (!ix)
            fail(ND_INTERNAL, error, "a source of the query has no index");
        size_t seg = 0;
        if (ix->segments.size() > 1) {
            auto found = ix->by_uuid.find(db.get_uuid());
            if (found == ix->by_uuid.end())
                fail(ND_INTERNAL, error, "a source of the query was given an unknown segment");
            seg = found->second;
        }
        const xap_segment &s = ix->segments[seg];
        last = s.last_docid;
        est = max = s.doccount;
        int rc = ops.open(ctx, seg, &state, &est, &max, &error);
        if (rc == ND_DONE) {
            ended = true;
            est = max = 0;
        } else if (rc != 0) {
            fail(rc, error, "a source of the query could not be opened");
        } else {
            open = true;
        }
        max = std::min(max, s.doccount);
        est = std::min(est, max);
    }
    Xapian::doccount get_termfreq_min() const override
    {
        return 0;
    }
    Xapian::doccount get_termfreq_est() const override
    {
        return est;
    }
    Xapian::doccount get_termfreq_max() const override
    {
        return max;
    }

    void next(double) override
    {
        uint32_t at = 0;
        nd_error error;
        error.code = 0;
        if (done())
            return;
        int rc = ops.next(state, &at, &error);
        moved(rc, at, error);
    }
    void skip_to(Xapian::docid target, double) override
    {
        uint32_t at = 0;
        nd_error error;
        error.code = 0;
        if (docid >= target || done())
            return;
        int rc = ops.skip(state, target, &at, &error);
        moved(rc, at, error);
        if (!ended && docid < target)
            fail(ND_INTERNAL, error, "a source of the query stopped before the document asked for");
    }
    bool at_end() const override
    {
        return ended;
    }
    Xapian::docid get_docid() const override
    {
        return docid;
    }
    std::string get_description() const override
    {
        return "source";
    }
};

/* Every docid, until the time is up: what stands at the end of a conjunction stops the whole match.
 * What a source that stopped early lets through (under AND_NOT) does not get past it either, so that
 * the hits found are right although they are not all. */
class Gate final : public Xapian::PostingSource
{
    xap::Deadline *deadline;
    bool ended = false;
    uint32_t docid = 0, last = 0, count = 0;

  public:
    explicit Gate(xap::Deadline *d) : deadline(d)
    {
    }
    Xapian::PostingSource *clone() const override
    {
        return new Gate(deadline);
    }
    void init(const Xapian::Database &db) override
    {
        ended = false;
        docid = 0;
        last = db.get_lastdocid();
        count = db.get_doccount();
    }
    Xapian::doccount get_termfreq_min() const override
    {
        return 0;
    }
    Xapian::doccount get_termfreq_est() const override
    {
        return count;
    }
    Xapian::doccount get_termfreq_max() const override
    {
        return count;
    }
    void next(double) override
    {
        skip_to(docid + 1, 0.0);
    }
    void skip_to(Xapian::docid target, double) override
    {
        if (target > docid)
            docid = target;
        ended = docid > last || deadline->over();
    }
    bool at_end() const override
    {
        return ended;
    }
    Xapian::docid get_docid() const override
    {
        return docid;
    }
    std::string get_description() const override
    {
        return "gate";
    }
};

/* Ties the sources of a query to an index, for the time of one search. */
class Bound
{
    const xap_query *q;

  public:
    Bound(const xap_query *query, const xap_index *ix, xap::Deadline *deadline) : q(query)
    {
        for (auto &b : q->sources) {
            b->ix = ix;
            b->deadline = deadline;
        }
    }
    ~Bound()
    {
        for (auto &b : q->sources)
            *b = xap::Binding();
    }
    Bound(const Bound &) = delete;
    Bound &operator=(const Bound &) = delete;
};

} // namespace

int xap_q_source(struct xap_query **out, const struct xap_source_ops *ops, void *ctx,
                 struct nd_error *err)
{
    *out = nullptr;
    return guard(err, nullptr, [&] {
        std::unique_ptr<xap_query> q(new xap_query);
        q->sources.push_back(std::make_shared<xap::Binding>());
        q->query = Xapian::Query((new Source(*ops, ctx, q->sources.back()))->release());
        *out = q.release();
        return 0;
    });
}

struct xap_hits {
    std::vector<xap_hit> page;
    size_t at = 0;
    uint64_t total = 0;
    bool exact = true;
};

/* Check what a search reads: the lists of its terms, and lengths where it weighs. */
static int check(const xap_index *ix, const xap_query *q, bool unranked, nd_error *err)
{
    int rc = 0;
    for (const xap_segment &s : ix->segments) {
        if (!unranked || s.doccount != s.last_docid)
            rc = nd_tablesums_lengths(s.sums.get(), err);
        for (size_t i = 0; i < q->terms.size() && rc == 0; i++)
            rc = nd_tablesums_term(s.sums.get(), q->terms[i].data(), q->terms[i].size(), 1, err);
        if (rc)
            break;
    }
    return rc;
}

/* Ask, and take the page out of Xapian's hands. */
static void run(xap_hits *h, const xap_index *ix, const xap_query *q, size_t first, size_t want,
                const xap_search_options *o)
{
    const size_t n = ix->segments.size();
    Xapian::Enquire enquire(ix->all);
    xap::Deadline deadline;
    Bound bound(q, ix, o->time_limit_ms ? &deadline : nullptr);
    Xapian::Query query = q->query;
    if (o->time_limit_ms) {
        /* Xapian's own limit only makes it content with fewer matches, and starts a thread. */
        std::chrono::milliseconds most(std::min<uint64_t>(o->time_limit_ms, UINT32_MAX));
        deadline.at = std::chrono::steady_clock::now() + most;
        query &= Xapian::Query(Xapian::Query::OP_SCALE_WEIGHT,
                               Xapian::Query((new Gate(&deadline))->release()), 0.0);
    }
    enquire.set_query(query);
    if (o->unranked)
        enquire.set_weighting_scheme(Xapian::BoolWeight());
    else
        enquire.set_weighting_scheme(Xapian::BM25Weight(o->k1, 0.0, o->k3, o->b, o->min_normlen));
    Xapian::doccount from = (Xapian::doccount)std::min<size_t>(first, ix->doccount);
    Xapian::doccount most = (Xapian::doccount)std::min<size_t>(want, ix->doccount - from);
    if (o->least > 0.0)
        enquire.set_cutoff(0, o->least);
    Xapian::MSet set = enquire.get_mset(from, most, o->least > 0.0 ? 0 : ix->doccount);
    h->exact = !deadline.passed;
    h->total = set.get_matches_estimated();
    h->page.reserve(set.size());
    for (Xapian::MSetIterator it = set.begin(); it != set.end(); ++it) {
        /* Xapian deals the documents of several segments out in turn. */
        xap_hit hit = {(*it - 1) % n, (uint32_t)((*it - 1) / n + 1), it.get_weight()};
        h->page.push_back(hit);
    }
}

int xap_search(struct xap_hits **out, const struct xap_index *ix, struct xap_query *q, size_t first,
               size_t want, const struct xap_search_options *opts, struct nd_error *err)
{
    static const struct xap_search_options defaults = {1.2, 1.0, 0.75, 0.0, false, 0, 0.0};
    *out = nullptr;
    const char *subject = ix->segments.size() == 1 ? ix->segments[0].path.c_str() : nullptr;
    return guard(err, subject, [&] {
        std::unique_ptr<xap_hits> h(new xap_hits);
        if (!q)
            return nd_fail(err, ND_INTERNAL, "no query to search for");
        if ((uint64_t)ix->last_docid * ix->segments.size() > UINT32_MAX) {
            int rc = nd_fail(err, ND_LIMIT, "too many documents in %zu segments of uneven size",
                             ix->segments.size());
            nd_hint(err, "merge the segments");
            return rc;
        }
        int rc = check(ix, q, opts && opts->unranked, err);
        if (rc)
            return rc;
        if (ix->doccount && !q->query.empty())
            run(h.get(), ix, q, first, want, opts ? opts : &defaults);
        *out = h.release();
        return 0;
    });
}

uint64_t xap_hits_total(const struct xap_hits *h)
{
    return h->total;
}

bool xap_hits_exact(const struct xap_hits *h)
{
    return h->exact;
}

int xap_hits_next(struct xap_hit *out, struct xap_hits *h, struct nd_error *err)
{
    (void)err;
    if (h->at == h->page.size())
        return ND_DONE;
    *out = h->page[h->at++];
    return 0;
}

void xap_hits_free(struct xap_hits *h)
{
    delete h;
}
