/* json_scan.h: finds where a JSON value ends without parsing it, over bytes that come in pieces; and where the
 * articles of a JSON file lie (a line each, an array, an array inside an object).
 * Threads: no shared state. */
#ifndef INDEXER_FORMATS_JSON_SCAN_H
#define INDEXER_FORMATS_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>

/* Zero-initialise before each value. */
struct nd_json_scan {
    unsigned depth;
    bool in_string, escaped;
    bool broken; /* a line ended inside a string, which JSON has not: *done is set there */
};

/* Go through p[0..n) of an object or array. Return: bytes up to and with its closing bracket, *done set;
 * n where it does not end here. */
size_t nd_json_scan(struct nd_json_scan *s, const char *p, size_t n, bool *done);

enum nd_json_layout {
    ND_JSON_OTHER,   /* not JSON */
    ND_JSON_LINES,   /* an object a line */
    ND_JSON_VALUES,  /* objects one after the other, over several lines */
    ND_JSON_ELEMENTS /* elements of an array; *start is behind its bracket */
};

/* Tell the layout from the first bytes of a file. */
enum nd_json_layout nd_json_layout(const char *p, size_t n, size_t *start);

#endif
