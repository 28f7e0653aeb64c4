/* Fuzz target: the reader 'wire'. */
#include "fuzz_reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_reader("wire", data, size);
}
