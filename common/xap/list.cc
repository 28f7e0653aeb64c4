/* list.cc: posting lists and term dictionaries, walked one at a time or in batches. */
#include "record/postlist.h"
#include "xap/guard.hh"
#include "xap/handle.hh"

using xap::guard;
using xap::segment;

/* A list of a segment with checksums is read here, without Xapian; all documents, and the lists of databases of somebody
 * else, by its iterator. */
struct xap_postings {
    nd_postlist *own = nullptr;
    std::string path;
    Xapian::PostingIterator it; /* already at the first posting when not started */
    bool started = false, ended = false;
    uint32_t freq = 0, docid = 0, wdf = 0;

    ~xap_postings()
    {
        nd_postlist_close(own);
    }
    /* Move on by one. Return: 0, ND_DONE at the end. */
    int step(nd_error *err)
    {
        size_t got = 0;
        if (ended)
            return ND_DONE;
        if (own)
            return note(nd_postlist_fill(own, &docid, &wdf, 1, &got, err));
        return guard(err, path.c_str(), [&] {
            if (started)
                ++it;
            return settle();
        });
    }
    int skip(uint32_t target, nd_error *err)
    {
        if (ended)
            return ND_DONE;
        if (started && docid >= target)
            return 0;
        if (own)
            return note(nd_postlist_skip(own, target, &docid, &wdf, err));
        return guard(err, path.c_str(), [&] {
            it.skip_to(target);
            return settle();
        });
    }
    int fill(uint32_t *docids, uint32_t *wdfs, size_t cap, size_t *got, nd_error *err)
    {
        size_t n = 0;
        if (own && !ended && cap) {
            int rc = note(nd_postlist_fill(own, docids, wdfs, cap, got, err));
            if (rc == 0) {
                docid = docids[*got - 1];
                wdf = wdfs ? wdfs[*got - 1] : 0;
            }
            return rc;
        }
        int rc = 0;
        for (; n < cap && (rc = step(err)) == 0; n++) {
            docids[n] = docid;
            if (wdfs)
                wdfs[n] = wdf;
        }
        *got = n;
        return rc < 0 ? rc : n || !cap ? 0 : (int)ND_DONE;
    }

  private:
    int note(int rc)
    {
        started = true;
        ended = rc != 0;
        return rc;
    }
    /* Look where the iterator has come to. */
    int settle()
    {
        started = true;
        if (it == Xapian::PostingIterator()) {
            ended = true;
            return ND_DONE;
        }
        docid = *it;
        wdf = it.get_wdf();
        return 0;
    }
};

/* Open the list of a term; the empty term is every document. */
static int open_list(struct xap_postings **out, const xap_segment *s, const std::string &term,
                     struct nd_error *err)
{
    int rc = 0;
    if (term.empty() &&
        s->doccount != s->last_docid) /* else Xapian counts from 1 on, and reads nothing */
        rc = nd_tablesums_lengths(s->sums.get(), err);
    if (rc)
        return rc;
    return guard(err, s->path.c_str(), [&] {
        std::unique_ptr<xap_postings> p(new xap_postings);
        p->path = s->path;
        if (s->sums && !term.empty()) {
            int found = nd_postlist_open(&p->own, s->sums.get(), term.data(), term.size(), err);
            if (found)
                return found;
            p->freq = nd_postlist_freq(p->own);
        } else {
            p->freq = term.empty() ? s->doccount : s->db.get_termfreq(term);
            if (p->freq == 0)
                return (int)ND_DONE;
            p->it = s->db.postlist_begin(term);
        }
        *out = p.release();
        return 0;
    });
}

int xap_postings_open(struct xap_postings **out, const struct xap_index *ix, size_t seg,
                      const char *term, size_t n, struct nd_error *err)
{
    const xap_segment *s = segment(ix, seg, err);
    *out = nullptr;
    if (!s)
        return ND_INTERNAL;
    if (n == 0 || !xap::fits(term, n))
        return ND_DONE;
    return guard(err, nullptr, [&] { return open_list(out, s, std::string(term, n), err); });
}

int xap_postings_all(struct xap_postings **out, const struct xap_index *ix, size_t seg,
                     struct nd_error *err)
{
    const xap_segment *s = segment(ix, seg, err);
    *out = nullptr;
    if (!s)
        return ND_INTERNAL;
    return open_list(out, s, std::string(), err);
}

int xap_postings_next(struct xap_postings *p, uint32_t *docid, struct nd_error *err)
{
    int rc = p->step(err);
    if (rc == 0)
        *docid = p->docid;
    return rc;
}

int xap_postings_skip(struct xap_postings *p, uint32_t target, uint32_t *docid,
                      struct nd_error *err)
{
    int rc = p->skip(target, err);
    if (rc == 0)
        *docid = p->docid;
    return rc;
}

int xap_postings_fill(struct xap_postings *p, uint32_t *docids, uint32_t *wdfs, size_t cap,
                      size_t *got, struct nd_error *err)
{
    *got = 0;
    return p->fill(docids, wdfs, cap, got, err);
}

uint32_t xap_postings_wdf(const struct xap_postings *p)
{
    return p->started && !p->ended ? p->wdf : 0;
}

uint32_t xap_postings_freq(const struct xap_postings *p)
{
    return p->freq;
}

void xap_postings_close(struct xap_postings *p)
{
    delete p;
}

struct xap_terms {
    std::string path, prefix, term;
    Xapian::TermIterator it;
    bool started = false, ended = false;
    std::vector<std::shared_ptr<nd_tablesums>> sums; /* of the segments that are walked */

    /* Check what Xapian reads when it looks for the first term from `at` on, or for the one behind it. */
    int check(const char *at, size_t n, nd_error *err)
    {
        int rc = 0;
        for (size_t i = 0; i < sums.size() && rc == 0; i++)
            rc = nd_tablesums_walk(sums[i].get(), at, n, err);
        return rc;
    }

    /* Look where the iterator has come to, and hand the term out. */
    int give(struct nd_str *out, uint32_t *freq)
    {
        started = true;
        if (it == Xapian::TermIterator()) {
            ended = true;
            return ND_DONE;
        }
        term = *it;
        return repeat(out, freq);
    }
    int repeat(struct nd_str *out, uint32_t *freq)
    {
        out->p = term.data();
        out->n = term.size();
        if (freq)
            *freq = it.get_termfreq();
        return 0;
    }
};

int xap_terms_open(struct xap_terms **out, const struct xap_index *ix, size_t seg,
                   const char *prefix, size_t n, struct nd_error *err)
{
    const xap_segment *s = nullptr;
    *out = nullptr;
    if (seg != XAP_ALL && !(s = segment(ix, seg, err)))
        return ND_INTERNAL;
    return guard(err, s ? s->path.c_str() : nullptr, [&] {
        std::unique_ptr<xap_terms> t(new xap_terms);
        if (n)
            t->prefix.assign(prefix, n);
        if (s)
            t->path = s->path;
        for (size_t i = s ? seg : 0; i < (s ? seg + 1 : ix->segments.size()); i++)
            t->sums.push_back(ix->segments[i].sums);
        if (ix->segments.empty() || (n && !xap::fits(prefix, n))) {
            t->ended = true; /* nothing can begin so */
        } else if (int rc = t->check(t->prefix.data(), t->prefix.size(), err)) {
            return rc;
        } else
            t->it = (s ? s->db : ix->all).allterms_begin(t->prefix);
        *out = t.release();
        return 0;
    });
}

int xap_terms_next(struct xap_terms *t, struct nd_str *term, uint32_t *freq, struct nd_error *err)
{
    return guard(err, t->path.c_str(), [&] {
        if (t->ended)
            return (int)ND_DONE;
        if (t->started) {
            int rc = t->check(t->term.data(), t->term.size(), err);
            if (rc)
                return rc;
            ++t->it;
        }
        return t->give(term, freq);
    });
}

int xap_terms_skip(struct xap_terms *t, const char *target, size_t n, struct nd_str *term,
                   uint32_t *freq, struct nd_error *err)
{
    return guard(err, t->path.c_str(), [&] {
        if (t->ended)
            return (int)ND_DONE;
        std::string want;
        if (n)
            want.assign(target, n);
        if (t->started && t->term >= want)
            return t->repeat(term, freq);
        /* Xapian leaves the prefix when asked to go before it, and takes no key that is too long:
         * from the longest key that fits the rest is at most a few steps away. */
        size_t cut = n;
        while (!xap::fits(want.data(), cut))
            cut--;
        int rc = t->check(want.data(), cut, err);
        if (rc)
            return rc;
        if (want > t->prefix)
            t->it.skip_to(want.substr(0, cut));
        while (t->it != Xapian::TermIterator() && *t->it < want) {
            const std::string at = *t->it;
            rc = t->check(at.data(), at.size(), err);
            if (rc)
                return rc;
            ++t->it;
        }
        return t->give(term, freq);
    });
}

void xap_terms_close(struct xap_terms *t)
{
    delete t;
}
