/* guard.hh: the only try and catch of the shim.
 * guard() wraps the body of every entry: whatever is thrown inside becomes a code and a message of
 * struct nd_error. translate() is the one table of exceptions, most derived first. */
#ifndef ND_XAP_GUARD_HH
#define ND_XAP_GUARD_HH

#include "base/status.h"

#include <xapian.h>

#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstring>
#include <new>
#include <stdexcept>
#include <string>

#include <unistd.h>

namespace xap
{

/* A failure that already has its nd_error, on its way out through Xapian's frames. */
struct Failed {
    nd_error error;
};

/* The library's own words as part of a message: one line, not beginning with a capital. */
inline std::string words(const Xapian::Error &e)
{
    std::string text = e.get_msg();
    if (const char *system = e.get_error_string()) {
        text += " (";
        text += system;
        text += ')';
    }
    for (char &c : text)
        if ((unsigned char)c < ' ')
            c = ' ';
    if (text.size() > 1 && text[0] >= 'A' && text[0] <= 'Z' && text[1] >= 'a' && text[1] <= 'z')
        text[0] = (char)(text[0] - 'A' + 'a');
    return text;
}

/* Fill err. what: the message up to the quoted subject; e: the library's own words, or NULL. */
inline int tell(nd_error *err, int code, const char *what, const char *subject,
                const Xapian::Error *e, const char *hint) noexcept
{
    try {
        std::string text = e ? ": " + words(*e) : std::string();
        if (subject && *subject)
            nd_fail(err, code, "%s '%s'%s", what, subject, text.c_str());
        else
            nd_fail(err, code, "%s%s", what, text.c_str());
    } catch (...) {
        return nd_fail(err, ND_NOMEM, "out of memory");
    }
    if (*hint)
        nd_hint(err, "%s", hint);
    return code;
}

/* What could not be opened is missing where the system says so; a table that is missing beside a
 * version file is damage; any other refusal of the system is not about the index. */
inline int opening(nd_error *err, const char *subject, const Xapian::Error &e) noexcept
{
    const char *system = e.get_error_string();
    if (system && strcmp(system, strerror(ENOENT)) != 0 && strcmp(system, strerror(ENOTDIR)) != 0)
        return tell(err, ND_IO, "cannot open", subject, &e, "");
    if (subject && *subject) {
        char version[PATH_MAX];
        int n = snprintf(version, sizeof version, "%s/iamglass", subject);
        if (n > 0 && (size_t)n < sizeof version && access(version, F_OK) == 0)
            return tell(err, ND_CORRUPT, "damaged index segment", subject, &e,
                        "build the segment again, or restore it from a copy");
    }
    return tell(err, ND_MISSING, "no index segment at", subject, nullptr, "check the path");
}

/* Turn the exception in flight into a code and a message. subject: what was worked on, may be NULL. */
inline int translate(nd_error *err, const char *subject) noexcept
{
    static const char rebuild[] = "build the segment again, or restore it from a copy";
    try {
        throw;
    } catch (const Failed &e) {
        if (err)
            *err = e.error;
        return e.error.code;
    } catch (const Xapian::DatabaseLockError &e) {
        return tell(err, ND_LOCKED, "another writer holds", subject, &e,
                    "wait until it has finished");
    } catch (const Xapian::DatabaseModifiedError &e) {
        return tell(err, ND_MODIFIED, "changed while it was read:", subject, &e, "ask again");
    } catch (const Xapian::DatabaseCorruptError &e) {
        return tell(err, ND_CORRUPT, "damaged index segment", subject, &e, rebuild);
    } catch (const Xapian::DatabaseVersionError &e) {
        return tell(err, ND_VERSION, "another version of Xapian wrote", subject, &e,
                    "build the index again");
    } catch (const Xapian::DatabaseOpeningError &e) { /* DatabaseNotFoundError is one of these */
        return opening(err, subject, e);
    } catch (const Xapian::DatabaseError &e) {
        /* Xapian gives errno where the system refused; a short file or a bad block has none. */
        if (e.get_error_string())
            return tell(err, ND_IO, "cannot read or write", subject, &e, "");
        return tell(err, ND_CORRUPT, "damaged index segment", subject, &e, rebuild);
    } catch (const Xapian::DocNotFoundError &e) {
        return tell(err, ND_MISSING, "no such document in", subject, &e, "");
    } catch (const Xapian::QueryParserError &e) {
        return tell(err, ND_QUERY, "query refused", nullptr, &e, "");
    } catch (const Xapian::SerialisationError &e) {
        return tell(err, ND_CORRUPT, "damaged index segment", subject, &e, rebuild);
    } catch (const Xapian::RangeError &e) {
        return tell(err, ND_CORRUPT, "damaged index segment", subject, &e, rebuild);
    } catch (const Xapian::NetworkError &e) {
        return tell(err, ND_IO, "network failure at", subject, &e, "");
    } catch (const Xapian::Error &e) { /* InvalidArgumentError and its like: ours to avoid */
        return tell(err, ND_INTERNAL, "Xapian refused a request on", subject, &e, "");
    } catch (const std::bad_alloc &) {
        return nd_fail(err, ND_NOMEM, "out of memory");
    } catch (const std::length_error &) {
        return nd_fail(err, ND_NOMEM, "out of memory");
    } catch (...) {
        return nd_fail(err, ND_INTERNAL, "unknown failure inside the Xapian library");
    }
}

/* Run the body of an entry; nothing thrown gets past it. */
template <class Body> int guard(nd_error *err, const char *subject, Body &&body) noexcept
{
    try {
        return body();
    } catch (...) {
        return translate(err, subject);
    }
}

/* Whether a term or key fits into Xapian's keys, where a NUL takes two bytes. */
inline bool fits(const char *p, size_t n)
{
    if (n > 245)
        return false;
    size_t cost = n;
    for (size_t i = 0; i < n; i++)
        cost += p[i] == '\0';
    return cost <= 245;
}

} // namespace xap

#endif
