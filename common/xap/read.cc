/* read.cc: opening segments; counts, documents, metadata. */
#include "record/docdata.h"
#include "record/postlist.h"
#include "xap/guard.hh"
#include "xap/handle.hh"

#include <cstring>

using xap::guard;
using xap::segment;

/* Open one segment. The backend is named, so that a file or folder that is not a glass database is
 * refused instead of being followed as a stub, which could name any other path or host. */
static void open_segment(xap_index *ix, const char *path)
{
    xap_segment s;
    s.path = path;
    nd_tablesums *sums = nullptr;
    xap::Failed failed = {};
    int rc = nd_tablesums_open(&sums, path, &failed.error);
    if (rc && rc != ND_MISSING)
        throw failed;
    s.sums.reset(sums, nd_tablesums_close);
    s.db = Xapian::Database(s.path, Xapian::DB_BACKEND_GLASS);
    s.uuid = s.db.get_uuid();
    s.doccount = s.db.get_doccount();
    s.last_docid = s.db.get_lastdocid();
    s.total_length = s.db.get_total_length();
    auto known = ix->by_uuid.emplace(s.uuid, ix->segments.size());
    if (!known.second) {
        xap::Failed f = {};
        nd_fail(&f.error, ND_CORRUPT, "segments '%s' and '%s' are the same", path,
                ix->segments[known.first->second].path.c_str());
        nd_hint(&f.error, "one is a copy of the other: remove it");
        throw f;
    }
    ix->all.add_database(s.db);
    ix->doccount += s.doccount;
    if (s.last_docid > ix->last_docid)
        ix->last_docid = s.last_docid;
    ix->total_length += s.total_length;
    ix->segments.push_back(std::move(s));
}

int xap_open(struct xap_index **out, const char *const *paths, size_t n, struct nd_error *err)
{
    const char *at = nullptr;
    *out = nullptr;
    int rc = guard(err, nullptr, [&] {
        std::unique_ptr<xap_index> ix(new xap_index);
        ix->segments.reserve(n);
        int r = 0;
        for (size_t i = 0; i < n && r == 0; i++) {
            at = paths[i];
            r = guard(err, at, [&] {
                open_segment(ix.get(), at);
                return 0;
            });
        }
        if (r == 0)
            *out = ix.release();
        return r;
    });
    return rc;
}

void xap_close(struct xap_index *ix)
{
    delete ix;
}

size_t xap_segments(const struct xap_index *ix)
{
    return ix->segments.size();
}

bool xap_checked(const struct xap_index *ix, size_t seg)
{
    return seg < ix->segments.size() && ix->segments[seg].sums;
}

uint32_t xap_doccount(const struct xap_index *ix, size_t seg)
{
    if (seg == XAP_ALL)
        return ix->doccount;
    return seg < ix->segments.size() ? ix->segments[seg].doccount : 0;
}

uint32_t xap_last_docid(const struct xap_index *ix, size_t seg)
{
    if (seg == XAP_ALL)
        return ix->last_docid;
    return seg < ix->segments.size() ? ix->segments[seg].last_docid : 0;
}

uint64_t xap_total_length(const struct xap_index *ix, size_t seg)
{
    if (seg == XAP_ALL)
        return ix->total_length;
    return seg < ix->segments.size() ? ix->segments[seg].total_length : 0;
}

void xap_uuid(const struct xap_index *ix, size_t seg, char out[XAP_UUID_SIZE])
{
    memset(out, 0, XAP_UUID_SIZE);
    if (seg < ix->segments.size()) {
        const std::string &u = ix->segments[seg].uuid;
        memcpy(out, u.data(), u.size() < XAP_UUID_SIZE ? u.size() : XAP_UUID_SIZE - 1);
    }
}

const char *xap_version(void)
{
    return Xapian::version_string();
}

int xap_doclen(uint32_t *out, const struct xap_index *ix, size_t seg, uint32_t docid,
               struct nd_error *err)
{
    const xap_segment *s = segment(ix, seg, err);
    *out = 0;
    if (!s)
        return ND_INTERNAL;
    return guard(err, s->path.c_str(), [&] {
        if (s->sums) {
            nd_lengths *l = s->lengths.get();
            int rc = l ? 0 : nd_lengths_open(&l, s->sums.get(), s->last_docid, err);
            if (!s->lengths)
                s->lengths.reset(l, nd_lengths_close);
            return rc ? rc : nd_lengths_get(l, docid, out, err);
        }
        if (docid == 0)
            return nd_fail(err, ND_MISSING, "no such document in '%s': docid 0", s->path.c_str());
        *out = s->db.get_doclength(docid);
        return 0;
    });
}

int xap_term_stats(uint32_t *termfreq, uint64_t *collfreq, const struct xap_index *ix, size_t seg,
                   const char *term, size_t n, struct nd_error *err)
{
    const xap_segment *s = nullptr;
    if (termfreq)
        *termfreq = 0;
    if (collfreq)
        *collfreq = 0;
    if (seg != XAP_ALL && !(s = segment(ix, seg, err)))
        return ND_INTERNAL;
    /* To Xapian the empty term is "every document". */
    if (n == 0 || !xap::fits(term, n) || ix->segments.empty())
        return 0;
    uint32_t docs = 0;
    uint64_t places = 0;
    for (size_t i = s ? seg : 0; i < (s ? seg + 1 : ix->segments.size()); i++) {
        const xap_segment &one = ix->segments[i];
        uint32_t f = 0;
        uint64_t c = 0;
        int rc = one.sums ? nd_postlist_stats(&f, &c, one.sums.get(), term, n, err)
                          : guard(err, one.path.c_str(), [&] {
                                const std::string t(term, n);
                                f = one.db.get_termfreq(t);
                                c = one.db.get_collection_freq(t);
                                return 0;
                            });
        if (rc)
            return rc;
        docs += f;
        places += c;
    }
    if (termfreq)
        *termfreq = docs;
    if (collfreq)
        *collfreq = places;
    return 0;
}

uint32_t xap_termfreq(const struct xap_index *ix, size_t seg, const char *term, size_t n)
{
    uint32_t freq = 0;
    return xap_term_stats(&freq, nullptr, ix, seg, term, n, nullptr) == 0 ? freq : 0;
}

/* Append text that came out of Xapian. */
static int append(struct nd_buf *out, const std::string &text, const char *what,
                  struct nd_error *err)
{
    int rc = nd_buf_add(out, text.data(), text.size());
    if (rc == ND_LIMIT)
        return nd_fail(err, rc, "%s of %zu bytes is more than the %zu allowed", what, text.size(),
                       out->max);
    return rc ? xap::no_memory(err) : 0;
}

int xap_data(struct nd_buf *out, const struct xap_index *ix, size_t seg, uint32_t docid,
             struct nd_error *err)
{
    const xap_segment *s = segment(ix, seg, err);
    if (!s)
        return ND_INTERNAL;
    if (s->sums && docid && docid <= s->last_docid)
        return nd_docdata_get(out, s->sums.get(), docid, err);
    return guard(err, s->path.c_str(), [&] {
        if (docid == 0)
            return nd_fail(err, ND_MISSING, "no such document in '%s': docid 0", s->path.c_str());
        return append(out, s->db.get_document(docid).get_data(), "document data", err);
    });
}

int xap_metadata(struct nd_buf *out, const struct xap_index *ix, size_t seg, const char *key,
                 size_t n, struct nd_error *err)
{
    const xap_segment *s = segment(ix, seg, err);
    if (!s)
        return ND_INTERNAL;
    if (n == 0 || !xap::fits(key, n))
        return ND_DONE;
    int rc = nd_tablesums_metadata(s->sums.get(), key, n, err);
    if (rc)
        return rc;
    return guard(err, s->path.c_str(), [&] {
        std::string value = s->db.get_metadata(std::string(key, n));
        return value.empty() ? (int)ND_DONE : append(out, value, "metadata", err);
    });
}
