// flat.hh: what prep writes and the drivers of the peers read: articles as a flat file, so that no
// driver pays for a JSON parser, and queries as words, so that each driver writes its own syntax.
//     articles:  FIELDS strings an article, each a u32 length (little-endian) and its bytes
//     queries:   lines of TYPE <tab> OPERAND [<tab> OPERAND]...
// Also the clock and the result lines that all drivers share:
//     ENGINE <tab> MODE <tab> TYPE <tab> QUERY <tab> MICROSECONDS <tab> COUNT
#ifndef BENCH_FLAT_HH
#define BENCH_FLAT_HH

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fstream>
#include <functional>
#include <iostream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace flat
{

enum field {
    ID,
    TITLE,
    BODY,
    DATE,
    SOURCE,
    FIELDS
};

struct article {
    std::string_view v[FIELDS];
};

[[noreturn]] inline void die(const std::string &what)
{
    std::cerr << "bench: " << what << "\n";
    std::exit(2);
}

class file
{
  public:
    explicit file(const char *path)
    {
        std::ifstream in(path, std::ios::binary);
        if (!in)
            die(std::string("cannot read ") + path);
        in.seekg(0, std::ios::end);
        data_.resize(static_cast<size_t>(in.tellg()));
        in.seekg(0);
        in.read(data_.data(), static_cast<std::streamsize>(data_.size()));
    }
    // The next article; false at the end.
    bool next(article &a)
    {
        for (auto &f : a.v) {
            uint32_t n;
            if (data_.size() - at_ < sizeof n)
                return false;
            std::memcpy(&n, data_.data() + at_, sizeof n);
            at_ += sizeof n;
            if (data_.size() - at_ < n)
                return false;
            f = std::string_view(data_).substr(at_, n);
            at_ += n;
        }
        return true;
    }

  private:
    std::string data_;
    size_t at_ = 0;
};

struct query {
    std::string type;
    size_t number; // within its type
    std::vector<std::string> words;
};

inline std::vector<query> queries(const char *path)
{
    std::ifstream in(path);
    if (!in)
        die(std::string("cannot read ") + path);
    std::vector<query> out;
    std::string line, part;
    while (std::getline(in, line)) {
        std::istringstream s(line);
        query q;
        std::getline(s, q.type, '\t');
        while (std::getline(s, part, '\t'))
            q.words.push_back(part);
        q.number = !out.empty() && out.back().type == q.type ? out.back().number + 1 : 0;
        out.push_back(q);
    }
    return out;
}

// Microseconds of CPU of this thread: others on the machine do not count.
inline double clock_us()
{
    timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) * 1e6 + static_cast<double>(t.tv_nsec) / 1e3;
}

inline double median(std::vector<double> v)
{
    if (v.empty())
        return 0;
    std::nth_element(v.begin(), v.begin() + static_cast<long>(v.size() / 2), v.end());
    return v[v.size() / 2];
}

// Run every query once to warm up and `rounds` times for the clock. run returns the hits, or -1 where
// the engine has no such query.
inline void measure(const char *engine, const char *mode, const std::vector<query> &all, int rounds,
                    const std::function<long(const query &)> &run)
{
    std::vector<std::vector<double>> us(all.size());
    std::vector<long> hits(all.size());
    for (int r = 0; r <= rounds; r++)
        for (size_t i = 0; i < all.size(); i++) {
            if (r && hits[i] < 0)
                continue;
            double t0 = clock_us();
            hits[i] = run(all[i]);
            if (r)
                us[i].push_back(clock_us() - t0);
        }
    for (size_t i = 0; i < all.size(); i++)
        if (hits[i] >= 0)
            std::printf("%s\t%s\t%s\t%zu\t%.1f\t%ld\n", engine, mode, all[i].type.c_str(),
                        all[i].number, median(us[i]), hits[i]);
}

} // namespace flat

#endif
