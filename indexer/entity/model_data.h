/* model_data.h: the model file as part of the program (model_data.S). */
#ifndef ND_ENTITY_MODEL_DATA_H
#define ND_ENTITY_MODEL_DATA_H

#include <stdint.h>

extern const unsigned char nd_model_data[];
extern const uint64_t nd_model_data_size;

#endif
