/* Fuzz target: records of ninjs and JSON Feed, through the JSON reader. */
#include "fuzz_reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_reader("json", data, size);
}
