/* Fuzz target: the reader 'markdown'. */
#include "fuzz_reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_reader("markdown", data, size);
}
