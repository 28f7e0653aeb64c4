// peer_fts5: SQLite's FTS5 with the porter tokenizer, text stored in the table, one transaction.
// Usage: peer_fts5 build ARTICLES DB      peer_fts5 query DB QUERIES ROUNDS
#include "flat.hh"

#include <sqlite3.h>

namespace
{

void run(sqlite3 *db, const char *sql)
{
    if (sqlite3_exec(db, sql, nullptr, nullptr, nullptr))
        flat::die(sqlite3_errmsg(db));
}

sqlite3_stmt *prepare(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *s;
    if (sqlite3_prepare_v2(db, sql, -1, &s, nullptr))
        flat::die(sqlite3_errmsg(db));
    return s;
}

void put(sqlite3_stmt *s, int at, std::string_view v)
{
    sqlite3_bind_text(s, at, v.data(), static_cast<int>(v.size()), SQLITE_TRANSIENT);
}

void build(sqlite3 *db, const char *articles)
{
    flat::file in(articles);
    flat::article a;
    run(db, "CREATE VIRTUAL TABLE a USING fts5(title, body, id UNINDEXED, date UNINDEXED, "
            "source UNINDEXED, tokenize='porter unicode61')");
    run(db, "BEGIN");
    sqlite3_stmt *s = prepare(db, "INSERT INTO a(id, title, body, date, source) VALUES(?,?,?,?,?)");
    while (in.next(a)) {
        for (int f = 0; f < flat::FIELDS; f++)
            sqlite3_bind_text(s, f + 1, a.v[f].data(), static_cast<int>(a.v[f].size()),
                              SQLITE_STATIC);
        if (sqlite3_step(s) != SQLITE_DONE)
            flat::die(sqlite3_errmsg(db));
        sqlite3_reset(s);
    }
    sqlite3_finalize(s);
    run(db, "COMMIT");
}

std::string text(const flat::query &q)
{
    const auto &w = q.words;
    auto quote = [](const std::string &s) { return "\"" + s + "\""; };
    if (q.type == "term" || q.type == "facet" || q.type == "date")
        return quote(w[0]);
    if (q.type == "and" || q.type == "or")
        return quote(w[0]) + (q.type == "and" ? " AND " : " OR ") + quote(w[1]);
    if (q.type == "near" || q.type == "nearstem")
        return "NEAR(" + quote(w[0]) + " " + quote(w[1]) + ", 9)";
    if (q.type != "phrase" && q.type != "frequent")
        return "";
    std::string s;
    for (const auto &x : w)
        s += (s.empty() ? "" : " ") + x;
    return quote(s);
}

long walk(sqlite3_stmt *s)
{
    long n = 0, last = 0;
    while (sqlite3_step(s) == SQLITE_ROW) {
        last = static_cast<long>(sqlite3_column_int64(s, 0));
        n++;
    }
    sqlite3_reset(s);
    return n ? last : 0;
}

} // namespace

int main(int argc, char **argv)
{
    sqlite3 *db;
    std::string what = argc > 3 ? argv[1] : "";
    bool building = what == "build";
    if (!building && (what != "query" || argc != 5))
        flat::die("usage: peer_fts5 build ARTICLES DB | query DB QUERIES ROUNDS");
    if (sqlite3_open(argv[building ? 3 : 2], &db))
        flat::die(sqlite3_errmsg(db));
    if (building) {
        build(db, argv[2]);
        return sqlite3_close(db);
    }
    run(db, "PRAGMA cache_size=-262144");
    run(db, "PRAGMA mmap_size=1073741824");
    const char *const from = " FROM a WHERE a MATCH ?1";
    const std::string dated = std::string(from) + " AND date BETWEEN ?2 AND ?3";
    auto count = prepare(db, ("SELECT count(*)" + std::string(from)).c_str());
    auto page = prepare(
        db, ("SELECT rowid, id, title" + std::string(from) + " ORDER BY rank LIMIT 10").c_str());
    auto count_dated = prepare(db, ("SELECT count(*)" + dated).c_str());
    auto page_dated =
        prepare(db, ("SELECT rowid, id, title" + dated + " ORDER BY rank LIMIT 10").c_str());
    auto facet = prepare(
        db,
        ("SELECT count(*), source" + std::string(from) + " GROUP BY source ORDER BY 1").c_str());
    flat::measure("fts5", "ranked", flat::queries(argv[3]), std::stoi(argv[4]),
                  [&](const flat::query &q) -> long {
                      std::string match = text(q);
                      if (match.empty())
                          return -1;
                      if (q.type == "facet") {
                          put(facet, 1, match);
                          return walk(facet);
                      }
                      bool d = q.type == "date";
                      for (auto s : {d ? count_dated : count, d ? page_dated : page}) {
                          put(s, 1, match);
                          if (d) {
                              put(s, 2, q.words[1]);
                              put(s, 3, q.words[2]);
                          }
                      }
                      walk(d ? page_dated : page);
                      return walk(d ? count_dated : count);
                  });
    for (auto s : {count, page, count_dated, page_dated, facet})
        sqlite3_finalize(s);
    return sqlite3_close(db);
}
