/* Fuzz target: the reader 'rcv1'. */
#include "fuzz_reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_reader("rcv1", data, size);
}
