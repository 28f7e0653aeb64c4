/* The hashes that are on disk, against libxxhash: of every length, whichever vectors the processor has. */
#include "../check.h"
#include "base/hash.h"

#include <xxhash.h>

static void hashes_are_those_of_xxhash(void)
{
    unsigned char bytes[5000];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (unsigned char)(i * 167 + i / 251);
    for (size_t n = 0; n <= sizeof bytes; n += n < 300 ? 1 : 97)
        for (uint64_t seed = 0; seed < 3; seed++)
            CHECK(nd_hash64(bytes, n, seed) == XXH3_64bits_withSeed(bytes, n, seed));
    for (size_t n = 0; n <= sizeof bytes; n += n < 300 ? 1 : 97) {
        struct nd_hash128 h = nd_hash128(bytes, n);
        XXH128_hash_t want = XXH3_128bits(bytes, n);
        CHECK(h.hi == want.high64 && h.lo == want.low64);
    }
}

int main(void)
{
    RUN(hashes_are_those_of_xxhash);
    return check_done();
}
