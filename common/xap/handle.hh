/* handle.hh: what is behind the opaque handles that more than one file of the shim needs. */
#ifndef ND_XAP_HANDLE_HH
#define ND_XAP_HANDLE_HH

#include "record/postlist.h"
#include "xap/xap.h"

#include <xapian.h>

#include <chrono>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

/* One segment. Its counts are read when it is opened: it never changes. */
struct xap_segment {
    std::string path;
    Xapian::Database db;
    std::string uuid;
    uint32_t doccount, last_docid;
    uint64_t total_length;
    /* NULL for a database that is not ours */
    std::shared_ptr<nd_tablesums> sums;
    mutable std::shared_ptr<nd_lengths> lengths; /* with sums, once one was asked for */
};

struct xap_index {
    std::vector<xap_segment> segments;
    Xapian::Database all; /* the same open segments, seen as one */
    std::unordered_map<std::string, size_t> by_uuid;
    uint32_t doccount = 0, last_docid = 0;
    uint64_t total_length = 0;
};

namespace xap
{

/* When a search has to stop. The clock is asked at every 32nd call. */
struct Deadline {
    std::chrono::steady_clock::time_point at;
    unsigned calls = 0;
    bool passed = false;

    bool over()
    {
        if (!passed && ++calls % 32 == 0)
            passed = std::chrono::steady_clock::now() >= at;
        return passed;
    }
};

/* What a source is being matched against; set for the time of a search. */
struct Binding {
    const xap_index *ix = nullptr;
    Deadline *deadline = nullptr; /* NULL: no limit */
};

/* The segment of that number, or NULL with err set. */
inline const xap_segment *segment(const xap_index *ix, size_t seg, nd_error *err)
{
    if (seg < ix->segments.size())
        return &ix->segments[seg];
    nd_fail(err, ND_INTERNAL, "no segment %zu in an index of %zu", seg, ix->segments.size());
    return nullptr;
}

/* The error of a memory allocation that failed outside guard(). */
inline int no_memory(nd_error *err)
{
    return nd_fail(err, ND_NOMEM, "out of memory");
}

} // namespace xap

struct xap_query {
    Xapian::Query query;
    unsigned depth = 1;
    std::vector<std::shared_ptr<xap::Binding>> sources; /* of the whole tree below */
    std::vector<std::string> terms;                     /* so too */
};

#endif
