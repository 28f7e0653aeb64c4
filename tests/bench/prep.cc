// prep: from a JSONL dump to what the benchmark needs: the articles as a flat file (flat.hh), the dump
// cut to as many articles, a dump whose articles have twelve tags each, and queries drawn from the texts.
// Usage: prep DUMP.jsonl FOLDER ARTICLES QUERIES      prints the bytes of title and body
#include "flat.hh"

#include <cctype>
#include <simdjson.h>
#include <unordered_map>
#include <unordered_set>

namespace
{

enum {
    TAGS = 12,
    FREQUENT = 100,
    TAG_BODY = 400
};

// A token of a text: a clean one is only letters, so that all engines see the same word.
struct token {
    std::string word; // lower case; empty where it is not clean
    bool joins;       // nothing but a blank between it and the next one
    bool ends;        // a sentence may end behind it
};

struct text {
    std::vector<token> tokens;
    std::string day; // yyyymmdd or empty
};

uint64_t seed = 20240229;
size_t draw(size_t n)
{
    seed = seed * 6364136223846793005U + 1442695040888963407U;
    return static_cast<size_t>((seed >> 33) % n);
}

token read_token(std::string_view raw)
{
    token t{"", true, false};
    size_t n = raw.size();
    while (n &&
           (raw[n - 1] == '.' || raw[n - 1] == ',' || raw[n - 1] == '?' || raw[n - 1] == '!')) {
        t.joins = false;
        t.ends = t.ends || raw[n - 1] != ',';
        n--;
    }
    for (size_t i = 0; i < n; i++) {
        auto c = static_cast<unsigned char>(raw[i]);
        if (c >= 128 || !std::isalpha(c) || (i && std::isupper(c))) {
            t.word.clear();
            break;
        }
        t.word += static_cast<char>(std::tolower(c));
    }
    if (t.word.size() < 2 || t.word == "us")
        t.word.clear();
    t.joins = t.joins && !t.word.empty();
    t.ends = t.ends || t.word.empty();
    return t;
}

text read_text(std::string_view body, std::string_view day)
{
    text out{{}, std::string(day)};
    for (size_t at = 0; at < body.size();) {
        size_t end = std::min(body.find_first_of(" \n\t", at), body.size());
        if (end > at)
            out.tokens.push_back(read_token(body.substr(at, end - at)));
        if (end < body.size() && body[end] != ' ' && !out.tokens.empty())
            out.tokens.back().joins = false;
        at = end + 1;
    }
    return out;
}

class drawer
{
  public:
    drawer(const std::vector<text> &texts, std::ostream &out) : texts_(texts), out_(out)
    {
        std::unordered_map<std::string, size_t> counts;
        for (const auto &t : texts)
            for (const auto &k : t.tokens)
                if (!k.word.empty())
                    counts[k.word]++;
        std::vector<std::pair<size_t, std::string>> order;
        for (const auto &c : counts)
            order.emplace_back(c.second, c.first);
        std::sort(order.rbegin(), order.rend());
        for (size_t i = 0; i < std::min<size_t>(FREQUENT, order.size()); i++)
            frequent_.insert(order[i].second);
        // words that some language reads as its own
        for (const char *w : {"and", "or", "not", "near", "to", "adj", "pre"})
            frequent_.insert(w);
    }

    void all(size_t n)
    {
        many("term", n, [this](const text &t, size_t i) { return line({word(t, i)}); });
        many("and", n, [this](const text &t, size_t i) {
            return line({word(t, i), word(t, draw(t.tokens.size()))});
        });
        many("or", n, [this](const text &t, size_t i) {
            const text &u = texts_[draw(texts_.size())];
            return u.tokens.empty() ? "" : line({word(t, i), word(u, draw(u.tokens.size()))});
        });
        many("phrase", n, [this](const text &t, size_t i) { return phrase(t, i, false); });
        many("frequent", n, [this](const text &t, size_t i) { return phrase(t, i, true); });
        many("near", n, [this](const text &t, size_t i) { return pair(t, i, 10, false); });
        many("nearstem", n, [this](const text &t, size_t i) { return pair(t, i, 10, false); });
        many("sentence", n, [this](const text &t, size_t i) { return pair(t, i, 15, true); });
        many("wildcard", n, [this](const text &t, size_t i) { return wildcard(t, i); });
        many("date", n, [this](const text &t, size_t i) { return date(t, i); });
        many("facet", n, [this](const text &t, size_t i) { return line({word(t, i)}); });
    }

  private:
    using maker = std::function<std::string(const text &, size_t)>;

    void many(const char *type, size_t n, const maker &make)
    {
        for (size_t got = 0, tries = 0; got < n && tries < 1000 * n; tries++) {
            const text &t = texts_[draw(texts_.size())];
            std::string s = t.tokens.empty() ? "" : make(t, draw(t.tokens.size()));
            if (s.empty())
                continue;
            out_ << type << s << "\n";
            got++;
        }
    }
    // An operand of its own: not one of the most frequent words.
    std::string word(const text &t, size_t i) const
    {
        const std::string &w = t.tokens[i].word;
        return w.size() >= 3 && !frequent_.count(w) ? w : "";
    }
    static std::string line(const std::vector<std::string> &words)
    {
        std::string s;
        for (size_t i = 0; i < words.size(); i++) {
            if (words[i].empty() || (i && words[i] == words[0]))
                return "";
            s += "\t" + words[i];
        }
        return s;
    }
    // 2 to 4 words that follow each other, with or without one of the most frequent among them.
    std::string phrase(const text &t, size_t i, bool frequent) const
    {
        size_t n = 2 + draw(3), seen = 0;
        std::string s;
        for (size_t k = 0; k < n; k++) {
            if (i + k >= t.tokens.size() || t.tokens[i + k].word.empty() ||
                (k + 1 < n && !t.tokens[i + k].joins))
                return "";
            seen += frequent_.count(t.tokens[i + k].word);
            s += "\t" + t.tokens[i + k].word;
        }
        return (frequent ? seen > 0 && seen < n : seen == 0) ? s : "";
    }
    std::string pair(const text &t, size_t i, size_t distance, bool sentence) const
    {
        size_t k = i + 1 + draw(distance);
        if (k >= t.tokens.size())
            return "";
        for (size_t j = i; sentence && j < k; j++)
            if (t.tokens[j].ends)
                return "";
        return line({word(t, i), word(t, k)});
    }
    // Three words, the middle one cut to its first four letters.
    std::string wildcard(const text &t, size_t i) const
    {
        if (i + 2 >= t.tokens.size() || !t.tokens[i].joins || !t.tokens[i + 1].joins)
            return "";
        const std::string &m = t.tokens[i + 1].word, &last = t.tokens[i + 2].word;
        if (t.tokens[i].word.empty() || last.empty() || m.size() < 6 || frequent_.count(m))
            return "";
        return "\t" + t.tokens[i].word + "\t" + m.substr(0, 4) + "\t" + last;
    }
    // A word and half a year on both sides of its article's day.
    std::string date(const text &t, size_t i) const
    {
        if (t.day.size() != 8 || word(t, i).empty())
            return "";
        int y = std::stoi(t.day.substr(0, 4)), m = std::stoi(t.day.substr(4, 2)) % 13;
        auto number = [](int year, int month, int day) {
            return "\t" + std::to_string(year * 10000 + month * 100 + day);
        };
        std::string range = number(m > 6 ? y : y - 1, m > 6 ? m - 6 : m + 6, 1) +
                            number(m > 6 ? y + 1 : y, m > 6 ? m - 6 : m + 6, 28);
        return "\t" + word(t, i) + range;
    }

    const std::vector<text> &texts_;
    std::ostream &out_;
    std::unordered_set<std::string> frequent_;
};

std::string_view member(simdjson::dom::element e, const char *key)
{
    std::string_view s;
    return e[key].get(s) ? std::string_view() : s;
}

std::string quoted(std::string_view s)
{
    std::string out = "\"";
    char code[8];
    for (char c : s)
        if (static_cast<unsigned char>(c) < 32) {
            std::snprintf(code, sizeof code, "\\u%04x", c);
            out += code;
        } else {
            if (c == '"' || c == '\\')
                out += '\\';
            out += c;
        }
    return out + "\"";
}

// An article with twelve tags, words with a capital letter of its own text, and little text.
void write_tagged(std::ostream &out, const flat::article &a)
{
    std::string_view body = a.v[flat::BODY];
    std::vector<std::string> tags;
    for (size_t i = 1; i + 4 < body.size() && tags.size() < TAGS; i++) {
        if (!std::isupper(static_cast<unsigned char>(body[i])) || body[i - 1] != ' ')
            continue;
        size_t end = i;
        while (end < body.size() && std::isalpha(static_cast<unsigned char>(body[end])))
            end++;
        std::string w(body.substr(i, end - i));
        if (w.size() > 2 && std::find(tags.begin(), tags.end(), w) == tags.end())
            tags.push_back(w);
    }
    for (size_t i = 0; tags.size() < TAGS; i++)
        tags.push_back("Tag" + std::to_string(i));
    size_t cut = std::min<size_t>(TAG_BODY, body.size());
    while (cut && cut < body.size() && (body[cut] & 0xc0) == 0x80)
        cut--;
    out << "{\"id\":" << quoted(a.v[flat::ID]) << ",\"source\":" << quoted(a.v[flat::SOURCE])
        << ",\"title\":\"the news\",\"body\":" << quoted(body.substr(0, cut)) << ",\"tags\":[";
    for (size_t i = 0; i < tags.size(); i++)
        out << (i ? "," : "") << quoted(tags[i]);
    out << "]}\n";
}

} // namespace

int main(int argc, char **argv)
{
    if (argc != 5)
        flat::die("usage: prep DUMP.jsonl FOLDER ARTICLES QUERIES");
    std::string folder = argv[2], line;
    size_t most = std::stoul(argv[3]), bytes = 0;
    std::ifstream in(argv[1]);
    std::ofstream out(folder + "/articles", std::ios::binary), cut(folder + "/dump.jsonl"),
        tagged(folder + "/tags.jsonl"), queries(folder + "/queries");
    if (!in || !out || !cut || !tagged || !queries)
        flat::die("cannot read the dump, or write to " + folder);
    simdjson::dom::parser parser;
    std::vector<text> texts;
    while (texts.size() < most && std::getline(in, line)) {
        simdjson::dom::element e;
        if (parser.parse(line).get(e))
            flat::die("the dump has a line that is not JSON");
        std::string day;
        for (char c : member(e, "date").substr(0, 10))
            if (std::isdigit(static_cast<unsigned char>(c)))
                day += c;
        if (day.size() != 8)
            day.clear();
        flat::article a{
            {member(e, "id"), member(e, "title"), member(e, "body"), day, member(e, "source")}};
        for (auto f : a.v) {
            auto n = static_cast<uint32_t>(f.size());
            out.write(reinterpret_cast<const char *>(&n), sizeof n);
            out.write(f.data(), n);
        }
        bytes += a.v[flat::TITLE].size() + a.v[flat::BODY].size();
        cut << line << "\n";
        write_tagged(tagged, a);
        texts.push_back(read_text(a.v[flat::BODY], day));
    }
    if (texts.empty())
        flat::die("the dump has no articles");
    drawer(texts, queries).all(std::stoul(argv[4]));
    std::printf("%zu\t%zu\n", texts.size(), bytes);
    return 0;
}
