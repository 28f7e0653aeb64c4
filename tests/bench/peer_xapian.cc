// peer_xapian: Xapian as its documents tell to use it: stock TermGenerator (English stems, positions),
// values for date and source, and queries by the stock matcher.
// Usage: peer_xapian build ids|stored ARTICLES DB
//        peer_xapian query ids|stored DB QUERIES ROUNDS
//        peer_xapian facet DB WORD ROUNDS
#include "flat.hh"

#include <unordered_map>
#include <xapian.h>

namespace
{

enum {
    SLOT_DATE,
    SLOT_SOURCE,
    FLUSH = 10000,
    TITLE_GAP = 100,
    NEAR = 10,
    PAGE = 10
};

void build(bool stored, const char *articles, const char *path)
{
    flat::file in(articles);
    flat::article a;
    Xapian::WritableDatabase db(path, Xapian::DB_CREATE_OR_OVERWRITE);
    Xapian::TermGenerator gen;
    gen.set_stemmer(Xapian::Stem("english"));
    while (in.next(a)) {
        Xapian::Document d;
        std::string title(a.v[flat::TITLE]), body(a.v[flat::BODY]);
        gen.set_document(d);
        gen.set_termpos(0);
        gen.index_text(title);
        gen.increase_termpos(TITLE_GAP);
        gen.index_text(body);
        d.add_value(SLOT_DATE, std::string(a.v[flat::DATE]));
        d.add_value(SLOT_SOURCE, std::string(a.v[flat::SOURCE]));
        d.add_boolean_term("Q" + std::string(a.v[flat::ID]).substr(0, 200));
        d.set_data(stored ? std::string(a.v[flat::ID]) + "\n" + title + "\n" + body
                          : std::string(a.v[flat::ID]));
        db.add_document(d);
    }
    db.commit();
}

class engine
{
  public:
    explicit engine(const char *path) : db_(path), stem_("english")
    {
    }

    // Words by stem, for NEAR of stems: the stock index has positions of words only.
    void know_stems()
    {
        for (auto t = db_.allterms_begin(); t != db_.allterms_end(); ++t)
            if ((*t)[0] >= 'a' && (*t)[0] <= 'z')
                by_stem_[stem_(*t)].push_back(*t);
    }

    // False where Xapian has no such query.
    bool make(const flat::query &q, Xapian::Query &out)
    {
        using Q = Xapian::Query;
        const auto &w = q.words;
        if (q.type == "term" || q.type == "facet")
            out = stemmed(w[0]);
        else if (q.type == "and")
            out = Q(Q::OP_AND, stemmed(w[0]), stemmed(w[1]));
        else if (q.type == "or")
            out = Q(Q::OP_OR, stemmed(w[0]), stemmed(w[1]));
        else if (q.type == "phrase" || q.type == "frequent")
            out = Q(Q::OP_PHRASE, w.begin(), w.end(), static_cast<Xapian::termcount>(w.size()));
        else if (q.type == "near")
            out = Q(Q::OP_NEAR, w.begin(), w.end(), NEAR + 1);
        else if (q.type == "nearstem")
            out = together(Q::OP_NEAR, {forms(w[0]), forms(w[1])}, NEAR + 1);
        else if (q.type == "wildcard")
            out = together(Q::OP_PHRASE, {Q(w[0]), begins(w[1]), Q(w[2])}, 3);
        else if (q.type == "date")
            out = Q(Q::OP_FILTER, stemmed(w[0]), Q(Q::OP_VALUE_RANGE, SLOT_DATE, w[1], w[2]));
        else
            return false;
        return true;
    }

    long ranked(const flat::query &q)
    {
        Xapian::Query query;
        if (!make(q, query))
            return -1;
        Xapian::Enquire e(db_);
        e.set_query(query);
        if (q.type == "facet")
            return facet(e);
        Xapian::MSet m = e.get_mset(0, PAGE, db_.get_doccount());
        for (auto i = m.begin(); i != m.end(); ++i)
            bytes_ += i.get_document().get_data().size();
        return m.get_matches_estimated(); // exact, since all were checked
    }

    long count(const flat::query &q)
    {
        Xapian::Query query;
        if (!make(q, query))
            return -1;
        Xapian::Enquire e(db_);
        e.set_query(query);
        e.set_weighting_scheme(Xapian::BoolWeight());
        return e.get_mset(0, 0, db_.get_doccount()).get_matches_estimated();
    }

    long facet(Xapian::Enquire &e)
    {
        Xapian::ValueCountMatchSpy spy(SLOT_SOURCE);
        e.add_matchspy(&spy);
        long n = e.get_mset(0, 0, db_.get_doccount()).get_matches_estimated();
        for (auto v = spy.top_values_begin(PAGE); v != spy.top_values_end(PAGE); ++v)
            bytes_ += (*v).size();
        e.clear_matchspies();
        return n;
    }

    Xapian::Database &db()
    {
        return db_;
    }
    Xapian::Query stemmed(const std::string &w)
    {
        return Xapian::Query("Z" + stem_(w));
    }

  private:
    Xapian::Query any(const std::vector<std::string> &words)
    {
        return words.size() == 1 ? Xapian::Query(words[0])
                                 : Xapian::Query(Xapian::Query::OP_OR, words.begin(), words.end());
    }
    Xapian::Query forms(const std::string &w)
    {
        auto i = by_stem_.find(stem_(w));
        return i == by_stem_.end() ? Xapian::Query(w) : any(i->second);
    }
    Xapian::Query begins(const std::string &prefix)
    {
        std::vector<std::string> words;
        for (auto t = db_.allterms_begin(prefix); t != db_.allterms_end(prefix); ++t)
            words.push_back(*t);
        return words.empty() ? Xapian::Query(prefix) : any(words);
    }
    static Xapian::Query together(Xapian::Query::op op, const std::vector<Xapian::Query> &parts,
                                  unsigned window)
    {
        return Xapian::Query(op, parts.begin(), parts.end(), window);
    }

    Xapian::Database db_;
    Xapian::Stem stem_;
    std::unordered_map<std::string, std::vector<std::string>> by_stem_;
    size_t bytes_ = 0;
};

// Time of a whole match of a frequent word, without and with the stock spy on the source slot.
void facets(const char *path, const char *word, int rounds)
{
    engine x(path);
    std::vector<double> plain, spied;
    long n = 0;
    for (int r = 0; r < rounds; r++) {
        Xapian::Enquire e(x.db());
        e.set_query(x.stemmed(word));
        double t0 = flat::clock_us();
        n = e.get_mset(0, 0, x.db().get_doccount()).get_matches_estimated();
        plain.push_back(flat::clock_us() - t0);
        t0 = flat::clock_us();
        x.facet(e);
        spied.push_back(flat::clock_us() - t0);
    }
    std::printf("xapian\tper-match\tmatch\t0\t%.1f\t%ld\n", flat::median(plain), n);
    std::printf("xapian\tper-match\tsource\t0\t%.1f\t%ld\n", flat::median(spied), n);
}

} // namespace

int main(int argc, char **argv)
try {
    std::string what = argc > 4 ? argv[1] : "";
    if (what == "build") {
        build(std::string(argv[2]) == "stored", argv[3], argv[4]);
    } else if (what == "query" && argc == 6) {
        engine x(argv[3]);
        x.know_stems();
        auto all = flat::queries(argv[4]);
        std::string name = std::string("xapian ") + argv[2];
        flat::measure(name.c_str(), "ranked", all, std::stoi(argv[5]),
                      [&](const flat::query &q) { return x.ranked(q); });
        if (std::string(argv[2]) == "ids")
            flat::measure(
                name.c_str(), "count", all, std::stoi(argv[5]),
                [&](const flat::query &q) { return q.type == "facet" ? -1 : x.count(q); });
    } else if (what == "facet") {
        facets(argv[2], argv[3], std::stoi(argv[4]));
    } else {
        flat::die("usage: peer_xapian build|query|facet ...");
    }
    return 0;
} catch (const Xapian::Error &e) {
    flat::die(e.get_description());
}
