#include "record/evidence.h"

/* written to disk by number: only append */
static const char *const lists[ND_PROOF_LISTS] = {"",
                                                  "aliases.tsv",
                                                  "world-countries.json",
                                                  "country-codes.csv",
                                                  "geonames-cities.tsv",
                                                  "world-leaders.csv",
                                                  "legislators.yaml",
                                                  "executive.yaml",
                                                  "sp500.csv",
                                                  "nasdaq-listed.csv",
                                                  "nyse-listed.csv",
                                                  "universities.json"};

const char *nd_proof_list(unsigned list)
{
    return list < ND_PROOF_LISTS ? lists[list] : "";
}
