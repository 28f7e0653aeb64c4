/* write.cc: writing through libxapian, the reference that tests compare our own writer with. */
#include "xap/guard.hh"
#include "xap/handle.hh"

using xap::guard;

struct xap_writer {
    std::string path;
    Xapian::WritableDatabase db;
    Xapian::Document doc;
};

int xap_writer_open(struct xap_writer **out, const char *path, unsigned flags, struct nd_error *err)
{
    *out = nullptr;
    return guard(err, path, [&] {
        std::unique_ptr<xap_writer> w(new xap_writer);
        int how = Xapian::DB_BACKEND_GLASS;
        how |= flags & XAP_WRITER_OVERWRITE ? Xapian::DB_CREATE_OR_OVERWRITE
                                            : Xapian::DB_CREATE_OR_OPEN;
        if (flags & XAP_WRITER_NO_TERMLIST)
            how |= Xapian::DB_NO_TERMLIST;
        w->path = path;
        w->db = Xapian::WritableDatabase(w->path, how);
        *out = w.release();
        return 0;
    });
}

/* A term too long would make add_document throw away all that is not committed: refuse it here. */
static int check_term(const char *term, size_t n, struct nd_error *err)
{
    if (n == 0)
        return nd_fail(err, ND_INTERNAL, "empty term in a document");
    if (!xap::fits(term, n))
        return nd_fail(err, ND_LIMIT, "term of %zu bytes is longer than the %d that fit", n,
                       (int)XAP_TERM_MAX);
    return 0;
}

int xap_writer_term(struct xap_writer *w, const char *term, size_t n, uint32_t wdf,
                    struct nd_error *err)
{
    return guard(err, w->path.c_str(), [&] {
        int rc = check_term(term, n, err);
        if (rc == 0)
            w->doc.add_term(std::string(term, n), wdf);
        return rc;
    });
}

int xap_writer_posting(struct xap_writer *w, const char *term, size_t n, uint32_t pos, uint32_t wdf,
                       struct nd_error *err)
{
    return guard(err, w->path.c_str(), [&] {
        int rc = check_term(term, n, err);
        if (rc == 0)
            w->doc.add_posting(std::string(term, n), pos, wdf);
        return rc;
    });
}

int xap_writer_data(struct xap_writer *w, const char *p, size_t n, struct nd_error *err)
{
    return guard(err, w->path.c_str(), [&] {
        w->doc.set_data(n ? std::string(p, n) : std::string());
        return 0;
    });
}

int xap_writer_add(struct xap_writer *w, uint32_t *docid, struct nd_error *err)
{
    return guard(err, w->path.c_str(), [&] {
        Xapian::docid id = w->db.add_document(w->doc);
        w->doc = Xapian::Document();
        if (docid)
            *docid = id;
        return 0;
    });
}

int xap_writer_delete(struct xap_writer *w, uint32_t docid, struct nd_error *err)
{
    return guard(err, w->path.c_str(), [&] {
        if (docid == 0)
            return nd_fail(err, ND_MISSING, "no such document in '%s': docid 0", w->path.c_str());
        w->db.delete_document(docid);
        return 0;
    });
}

int xap_writer_metadata(struct xap_writer *w, const char *key, size_t key_n, const char *value,
                        size_t value_n, struct nd_error *err)
{
    return guard(err, w->path.c_str(), [&] {
        if (key_n == 0 || !xap::fits(key, key_n))
            return nd_fail(err, ND_LIMIT, "metadata key of %zu bytes: 1 to %d fit", key_n,
                           (int)XAP_TERM_MAX);
        w->db.set_metadata(std::string(key, key_n),
                           value_n ? std::string(value, value_n) : std::string());
        return 0;
    });
}

int xap_writer_commit(struct xap_writer *w, struct nd_error *err)
{
    return guard(err, w->path.c_str(), [&] {
        w->db.commit();
        return 0;
    });
}

void xap_writer_close(struct xap_writer *w)
{
    guard(nullptr, nullptr, [&] {
        if (w)
            w->db.close();
        return 0;
    });
    delete w;
}
