/* Fuzz target: the reader 'newsml'. */
#include "fuzz_reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_reader("newsml", data, size);
}
