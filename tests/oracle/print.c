/* The text of a query, brackets around everything that is not a single thing. */
#include "oracle.h"

#include <string.h>

static void phrase(FILE *out, const char *s, struct random *r)
{
    static const char *const marks[][2] = {{"\"", "\""}, {"\xe2\x80\x9c", "\xe2\x80\x9d"}, {"\xc2\xab", "\xc2\xbb"}};
    uint32_t k = draw_below(r, 6);
    k = k < 4 || strstr(s, "\xc2\xab") || strstr(s, "\xc2\xbb") ? 0 : k - 3;
    fprintf(out, "%s%s%s", marks[k][0], s, marks[k][1]);
}

static bool single(const struct node *q)
{
    return q->text || q->kind == SCOPE || q->kind == NONE || q->kind == ANYOF || q->kind == ALL ||
           q->kind == QUORUM || q->kind == ATLEAST || q->kind == FIRST || q->kind == NAMED || q->kind == CASE ||
           q->kind == QUOTED || q->kind == UNQUOTED || q->kind == BOOST;
}

static void operand(FILE *out, const struct corpus *c, const struct node *q, struct random *r,
                    bool near)
{
    bool brackets = !single(q) && (q->kind != NOT || near);
    fputs(brackets ? "(" : "", out);
    print_query(out, c, q, r);
    fputs(brackets ? ")" : "", out);
}

static void between(FILE *out, const struct node *q, struct random *r)
{
    switch (q->kind) {
    case AND:
        fputs(draw_below(r, 2) ? " AND " : " ", out);
        break;
    case OR:
        fputs(" OR ", out);
        break;
    case NEAR:
        fprintf(out, draw_below(r, 2) ? " w/%u " : " NEAR/%u ", q->n);
        break;
    case PRE:
        fprintf(out, draw_below(r, 2) ? " pre/%u " : " ADJ/%u ", q->n);
        break;
    case SAME:
        fprintf(out, " w/%c ", q->n);
        break;
    default:
        fprintf(out, " NOT w/%u ", q->n);
    }
}

void print_query(FILE *out, const struct corpus *c, const struct node *q, struct random *r)
{
    switch (q->kind) {
    case WORD:
    case WILD:
        fputs(q->text, out);
        break;
    case EXACT:
        fprintf(out, "=%s", q->text);
        break;
    case PHRASE:
        phrase(out, q->text, r);
        if (q->n)
            fprintf(out, "~%u", q->n);
        break;
    case FUZZY:
        fprintf(out, q->n > 1 ? "%s~%u" : "%s~", q->text, q->n);
        break;
    case QUORUM:
    case ATLEAST:
    case FIRST:
        fprintf(out, "%s(%u", q->kind == QUORUM ? "any" : q->kind == ATLEAST ? "atleast" : "first", q->n);
        for (size_t i = 0; i < q->kids; i++) {
            fputs(", ", out); /* 2,000 would be a number */
            print_query(out, c, q->kid[i], r);
        }
        fputc(')', out);
        break;
    case CASE:
    case QUOTED:
    case UNQUOTED:
    case BOOST:
        fputs(q->kind == QUOTED     ? "quoted("
              : q->kind == UNQUOTED ? "unquoted("
              : q->kind == BOOST    ? "boost(2.5,"
              : q->n == CAPS        ? "caps("
              : q->n == ALLCAPS     ? "allcaps("
                                    : "nocaps(",
              out);
        print_query(out, c, q->kid[0], r);
        fputc(')', out);
        break;
    case QUOTATION:
        fputs("nothing", out);
        break;
    case VERBATIM:
        fprintf(out, "verbatim(\"%s\")", q->text);
        break;
    case NAME:
        fprintf(out, "%s:%s\"%s\"", q->field, q->whole ? "=" : "", q->text);
        break;
    case NAMED:
        fprintf(out, "%s:*", q->field);
        break;
    case NOT:
        fputs(draw_below(r, 2) ? "NOT " : "-", out);
        operand(out, c, q->kid[0], r, false);
        break;
    case SCOPE:
        fprintf(out, "%s:", q->field);
        if (q->kid[0]->kind == NAME || q->kid[0]->kind == NAMED) {
            fputc('(', out);
            print_query(out, c, q->kid[0], r);
            fputc(')', out);
            break;
        }
        operand(out, c, q->kid[0], r, false);
        break;
    case VALUE:
        fprintf(out, "%s:%s", q->field, q->whole ? "=" : "");
        phrase(out, q->text, r);
        break;
    case ID:
        fprintf(out, "id:\"%s\"", q->text);
        break;
    case URL:
        fprintf(out, draw_below(r, 2) ? "url:\"%s\"" : "url:%s", q->text);
        break;
    case LANG:
        fprintf(out, "lang:%s", q->text);
        break;
    case DATE:
        fprintf(out, "date:%s", q->text);
        break;
    case NONE:
        fprintf(out, "%s:none", q->field);
        break;
    case ANYOF:
        fprintf(out, "%s:*", q->field);
        break;
    case ALL:
        fputc('*', out);
        break;
    default:
        if (q->kind == OR && q->text) { /* a hyphened word */
            fprintf(out, "%s%s", q->kid[1]->kind == EXACT ? "=" : "", q->text);
            return;
        }
        for (size_t i = 0; i < q->kids; i++) {
            if (i)
                between(out, q, r);
            operand(out, c, q->kid[i], r, q->kind >= NEAR && q->kind <= NOTNEAR);
        }
    }
}
