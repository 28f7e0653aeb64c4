#include "formats/fieldmap.h"

#include <string.h>

/* Keys of news dumps (newsapi, news-please, Guardian, New York Times, RealNews, All the News, CNN/DM,
 * WordPress, ninjs, schema.org and the usual habits), in lower case without `_`, `-` and blanks. Within a
 * target the earlier name is the better one. */
struct known {
    enum nd_target target;
    const char *names; /* parted by blanks */
};

static const struct known table[] = {
    {ND_TO_ID,
     " id articleid docid docno uuid guid storyid newsid identifier itemid postid uri nid pk "},
    {ND_TO_VERSION, " version versionnumber revision rev versionid "},
    {ND_TO_TITLE, " title headline webtitle articletitle heading titleclean head subject name "},
    {ND_TO_LEAD,
     " lead summary leadparagraph standfirst description abstract trailtext teaser excerpt snippet "
     "shortdescription subtitle subheadline subhead deck dek intro highlights metadescription "},
    {ND_TO_BODY,
     " body text content maintext fulltext bodytext articlebody articletext article story "
     "contents cleantext cleanedtext rawtext paragraphs contenttext newstext fullcontent "
     "bodyxhtml "},
    {ND_TO_PUBLISHED,
     " published date publishedat datepublished publishdate pubdate datepublish "
     "publicationdate publisheddate webpublicationdate firstpublished publishtime firstcreated "
     "issued posted postedat timestamp datetime created createdat datecreated displaydate "
     "storydate articledate newsdate time year "},
    {ND_TO_UPDATED,
     " updated modified updatedat datemodified datemodify lastmodified modifiedat lastupdated "
     "updateddate modifieddate versioncreated dateupdated lastupdate "},
    {ND_TO_AUTHORS,
     " authors author byline bylines creators creator dc:creator writers writer journalists "
     "journalist reporters reporter by "},
    {ND_TO_SOURCE,
     " source sourcename publication publisher newspaper paper outlet newssource newsoutlet "
     "sitename site website publicationname provider agency journal sourcedomain domain feed "},
    {ND_TO_SECTION,
     " section sectionname category desk newsdesk department rubric ressort channel vertical "
     "categoryname articlesection pillarname "},
    {ND_TO_LANG, " lang language langcode languagecode metalang inlanguage locale "},
    {ND_TO_URL,
     " url link weburl articleurl permalink canonicalurl canonical href originalurl sourceurl "
     "newsurl pageurl "},
    {ND_TO_TAGS, " tags keywords keyword topics topic categories subjects labels hashtags "
                 "newskeywords tag label "},
    {ND_TO_PARTIAL, " partial truncated istruncated "},
    {ND_TO_WITHDRAWN, " withdrawn killed retracted "},
    {ND_TO_PERSONS, " persons people person peoplementioned entitiesperson per "},
    {ND_TO_ORGS,
     " orgs organizations organisations organization organisation companies entitiesorg org "},
    {ND_TO_PLACES, " places locations place location gpe geo countries loc "},
    {ND_TO_MISC, " misc "},
    {ND_TO_ENTITIES, " entities namedentities ner "},
    {ND_TO_NOTHING,
     " origin mediatype documenttype typeofmaterial wordcount fingerprint license pagetype "
     "filedate datedownload localpath titlepage titlerss imageurl topimage "
     "movies html hostname sourcehostname "},
};

/* Our own names, for --map, --set, --default and --from-path. */
static const struct known ours[] = {
    {ND_TO_ID, " id "},
    {ND_TO_VERSION, " version "},
    {ND_TO_TITLE, " title headline "},
    {ND_TO_LEAD, " lead "},
    {ND_TO_BODY, " body text "},
    {ND_TO_PUBLISHED, " published date "},
    {ND_TO_UPDATED, " updated "},
    {ND_TO_AUTHORS, " authors author byline "},
    {ND_TO_SOURCE, " source paper "},
    {ND_TO_SECTION, " section "},
    {ND_TO_LANG, " lang "},
    {ND_TO_URL, " url "},
    {ND_TO_TAGS, " tags tag "},
    {ND_TO_PARTIAL, " partial "},
    {ND_TO_WITHDRAWN, " withdrawn "},
    {ND_TO_PERSONS, " person persons "},
    {ND_TO_ORGS, " org orgs "},
    {ND_TO_PLACES, " place places "},
    {ND_TO_MISC, " misc "},
    {ND_TO_ENTITIES, " entities "},
};

enum {
    KEY_MAX = 40
};

static enum nd_target look_up(const struct known *rows, size_t n, const char *key, unsigned *rank)
{
    char spaced[KEY_MAX + 3];
    size_t k = strlen(key);
    spaced[0] = ' ';
    memcpy(spaced + 1, key, k);
    spaced[k + 1] = ' ';
    spaced[k + 2] = '\0';
    for (size_t i = 0; i < n; i++) {
        const char *at = strstr(rows[i].names, spaced);
        if (!at)
            continue;
        *rank = 0;
        for (const char *p = rows[i].names + 1; p <= at; p++)
            *rank += *p == ' ';
        return rows[i].target;
    }
    return ND_TARGETS;
}

/* Lower case, the characters of `drop` left out. Return: false where it is too long or empty. */
static bool fold(char out[KEY_MAX + 1], const char *p, size_t n, const char *drop)
{
    size_t k = 0;
    for (size_t i = 0; i < n; i++) {
        char c = p[i] >= 'A' && p[i] <= 'Z' ? (char)(p[i] + 32) : p[i];
        if (!c || (*drop && strchr(drop, c)))
            continue;
        if (k == KEY_MAX || c == ' ')
            return false;
        out[k++] = c;
    }
    out[k] = '\0';
    return k > 0;
}

enum nd_target nd_target_named(const char *name, size_t n)
{
    char key[KEY_MAX + 1];
    unsigned rank;
    if (!fold(key, name, n, ""))
        return ND_TARGETS;
    return look_up(ours, sizeof ours / sizeof *ours, key, &rank);
}

enum nd_target nd_target_known(const char *key, size_t n, unsigned *rank)
{
    char folded[KEY_MAX + 1];
    if (!fold(folded, key, n, "_- "))
        return ND_TARGETS;
    return look_up(table, sizeof table / sizeof *table, folded, rank);
}

const char *nd_target_name(enum nd_target target)
{
    static const char *const names[ND_TARGETS] = {
        [ND_TO_ID] = "id",           [ND_TO_VERSION] = "version",  [ND_TO_TITLE] = "title",
        [ND_TO_LEAD] = "lead",       [ND_TO_BODY] = "body",        [ND_TO_PUBLISHED] = "date",
        [ND_TO_UPDATED] = "updated", [ND_TO_AUTHORS] = "author",   [ND_TO_SOURCE] = "source",
        [ND_TO_SECTION] = "section", [ND_TO_LANG] = "lang",        [ND_TO_URL] = "url",
        [ND_TO_TAGS] = "tag",        [ND_TO_PARTIAL] = "partial",  [ND_TO_WITHDRAWN] = "withdrawn",
        [ND_TO_PERSONS] = "person",  [ND_TO_ORGS] = "org",         [ND_TO_PLACES] = "place",
        [ND_TO_MISC] = "misc",       [ND_TO_ENTITIES] = "entities"};
    return target < ND_TARGETS ? names[target] : NULL;
}
