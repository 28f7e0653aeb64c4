/* Fuzz target: the reader 'nexis'. */
#include "fuzz_reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_reader("nexis", data, size);
}
