// page: the figures that the drivers left in a folder, as one page of text.
//     FOLDER/build     NAME <tab> wall ms <tab> CPU ms <tab> RSS KB <tab> bytes of text <tab> bytes of index
//     FOLDER/queries   ENGINE <tab> MODE <tab> TYPE <tab> QUERY <tab> MICROSECONDS <tab> COUNT, from several runs
//     FOLDER/shell     NAME <tab> wall ms <tab> CPU ms <tab> RSS KB
// Usage: page FOLDER
#include "flat.hh"

#include <map>

namespace
{

using row = std::vector<std::string>;

std::vector<row> read(const std::string &path)
{
    std::vector<row> out;
    std::ifstream in(path);
    std::string line, part;
    while (std::getline(in, line)) {
        std::istringstream s(line);
        row r;
        while (std::getline(s, part, '\t'))
            r.push_back(part);
        out.push_back(r);
    }
    return out;
}

struct built {
    double wall = 0, cpu = 0, rss = 0, text = 0, size = 0;
    double rate_cpu() const
    {
        return text / 1e6 / (cpu / 1e3);
    }
    double rate_wall() const
    {
        return text / 1e6 / (wall / 1e3);
    }
};

void ratio(const char *what, double ours, double theirs)
{
    if (ours > 0 && theirs > 0)
        std::printf("    %-58s %6.2f\n", what, ours / theirs);
}

void builds(const std::string &folder)
{
    std::map<std::string, built> b;
    std::vector<std::string> order;
    for (const row &r : read(folder + "/build")) {
        if (r.size() < 6)
            continue;
        order.push_back(r[0]);
        b[r[0]] = {std::stod(r[1]), std::stod(r[2]), std::stod(r[3]), std::stod(r[4]),
                   std::stod(r[5])};
    }
    std::printf("\nBUILDING (MB of title and body a second)\n"
                "    %-34s %8s %8s %8s %9s\n",
                "", "of CPU", "of wall", "RSS MB", "size/text");
    for (const auto &name : order) {
        const built &x = b[name];
        std::printf("    %-34s %8.1f %8.1f %8.0f", name.c_str(), x.rate_cpu(), x.rate_wall(),
                    x.rss / 1024);
        if (x.size > 0)
            std::printf(" %9.2f", x.size / x.text);
        std::printf("\n");
    }
    const built &one = b["newsdex, 1 thread"], &two = b["newsdex, 2 threads"],
                &merge = b["newsdex merge"];
    const built &lucene = b["lucene, 1 thread"], &fts = b["fts5"];
    std::printf("  ratios\n");
    if (fts.text > 0)
        ratio("CPU rate: newsdex / fts5", one.rate_cpu(), fts.rate_cpu());
    if (lucene.text > 0) {
        ratio("CPU rate: newsdex / lucene", one.rate_cpu(), lucene.rate_cpu());
        ratio("size: newsdex / lucene", one.size, lucene.size);
    }
    if (two.text > 0)
        ratio("wall rate: newsdex 2 threads / 1 thread", two.rate_wall(), one.rate_wall());
    if (merge.text > 0)
        ratio("CPU rate: newsdex merge / build", merge.rate_cpu(), one.rate_cpu());
}

struct timing {
    std::vector<double> us; // one a query: the median of the runs
    std::vector<long> hits;
    double at(double share) const
    {
        std::vector<double> v = us;
        std::sort(v.begin(), v.end());
        return v.empty() ? 0
                         : v[std::min(v.size() - 1,
                                      static_cast<size_t>(share * static_cast<double>(v.size())))];
    }
};

// By mode, engine, type.
using timings = std::map<std::string, std::map<std::string, std::map<std::string, timing>>>;

timings read_timings(const std::string &folder)
{
    std::map<std::string,
             std::map<std::string, std::map<std::string, std::map<size_t, std::vector<double>>>>>
        all;
    timings out;
    for (const row &r : read(folder + "/queries")) {
        if (r.size() < 6)
            continue;
        size_t n = std::stoul(r[3]);
        all[r[1]][r[0]][r[2]][n].push_back(std::stod(r[4]));
        auto &hits = out[r[1]][r[0]][r[2]].hits;
        if (hits.size() <= n)
            hits.resize(n + 1);
        hits[n] = std::stol(r[5]);
    }
    for (auto &mode : all)
        for (auto &engine : mode.second)
            for (auto &type : engine.second)
                for (auto &q : type.second)
                    out[mode.first][engine.first][type.first].us.push_back(flat::median(q.second));
    return out;
}

const char *const types[] = {"term",     "and",      "or",       "phrase", "frequent", "near",
                             "nearstem", "sentence", "wildcard", "date",   "facet"};

std::string pair(const timing &t)
{
    if (t.us.empty())
        return "-";
    char s[32];
    std::snprintf(s, sizeof s, "%.0f/%.0f", t.at(.5), t.at(.95));
    return s;
}

std::string pair(const timing &ours, const timing &theirs)
{
    if (ours.us.empty() || theirs.us.empty())
        return "-";
    char s[32];
    std::snprintf(s, sizeof s, "%.2f/%.2f", ours.at(.5) / theirs.at(.5),
                  ours.at(.95) / theirs.at(.95));
    return s;
}

void table(const timings &all, const char *mode, const std::vector<std::string> &engines)
{
    auto m = all.find(mode);
    if (m == all.end())
        return;
    const auto &by = m->second;
    auto get = [&](const std::string &engine, const char *type) -> timing {
        auto e = by.find(engine);
        if (e == by.end())
            return {};
        auto t = e->second.find(type);
        return t == e->second.end() ? timing{} : t->second;
    };
    std::printf("    %-9s", "");
    for (const auto &e : engines)
        std::printf(" %12s", e.c_str());
    std::printf(" | %10s", "/xapian");
    if (by.count("lucene ids"))
        std::printf(" %10s", "/lucene");
    std::printf(" %10s\n", "same hits");
    for (const char *type : types) {
        timing ours = get("newsdex", type), xapian = get("xapian ids", type);
        if (ours.us.empty())
            continue;
        std::printf("    %-9s", type);
        for (const auto &e : engines)
            std::printf(" %12s", pair(get(e, type)).c_str());
        std::printf(" | %10s", pair(ours, xapian).c_str());
        if (by.count("lucene ids"))
            std::printf(" %10s", pair(ours, get("lucene ids", type)).c_str());
        size_t same = 0, n = std::min(ours.hits.size(), xapian.hits.size());
        for (size_t i = 0; i < n; i++)
            same += ours.hits[i] == xapian.hits[i];
        if (n)
            std::printf(" %6zu/%zu", same, n);
        std::printf("\n");
    }
}

void per_match(const timings &all)
{
    auto m = all.find("per-match");
    if (m == all.end())
        return;
    std::printf("\nFACETS (ns of CPU a match of a frequent word, the whole command)\n");
    std::map<std::string, double> ns;
    for (const auto &e : m->second)
        for (const auto &t : e.second)
            if (!t.second.us.empty() && t.second.hits[0]) {
                std::string name = e.first + ": " + t.first;
                ns[name] = t.second.us[0] * 1e3 / static_cast<double>(t.second.hits[0]);
                std::printf("    %-34s %8.1f   (%ld matches)\n", name.c_str(), ns[name],
                            t.second.hits[0]);
            }
    ratio("newsdex source / xapian with its spy", ns["newsdex: source"], ns["xapian: source"]);
    ratio("newsdex list of 12 / single value, same articles", ns["newsdex list: tag"],
          ns["newsdex list: source"]);
}

void shell(const std::string &folder)
{
    std::printf("\nFROM A SHELL (median ms of a whole process)\n    %-44s %8s %8s\n", "", "wall",
                "CPU");
    std::map<std::string, double> wall;
    for (const row &r : read(folder + "/shell"))
        if (r.size() >= 3) {
            wall[r[0]] = std::stod(r[1]);
            std::printf("    %-44s %8.2f %8.2f\n", r[0].c_str(), wall[r[0]], std::stod(r[2]));
        }
    for (const char *n : {"1 segment", "7 segments", "8 segments"})
        for (const char *kind : {"no snippets", "snippets"}) {
            double base = wall[std::string("open only, ") + n];
            double ours = wall[std::string("newsq, ") + n + ", " + kind];
            if (base > 0 && ours > 0)
                std::printf("    newsq above open only, %s, %s: %.2f ms\n", n, kind, ours - base);
        }
}

} // namespace

int main(int argc, char **argv)
{
    if (argc != 2)
        flat::die("usage: page FOLDER");
    std::string folder = argv[1];
    builds(folder);
    timings all = read_timings(folder);
    std::vector<std::string> engines;
    for (const char *e : {"newsdex", "xapian ids", "lucene ids", "lucene stored", "fts5"})
        if (all["ranked"].count(e))
            engines.push_back(e);
    std::printf("\nQUERIES (p50/p95 microseconds of CPU; in process, warm; ranked top 10, exact "
                "count, ids read)\n");
    table(all, "ranked", engines);
    std::printf("\nCOUNTS ALONE\n");
    table(all, "count", {"newsdex", "xapian ids"});
    per_match(all);
    shell(folder);
    return 0;
}
