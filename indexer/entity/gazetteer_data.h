/* gazetteer_data.h: the gazetteer file as part of the program (gazetteer_data.S). */
#ifndef ND_ENTITY_GAZETTEER_DATA_H
#define ND_ENTITY_GAZETTEER_DATA_H

#include <stdint.h>

extern const unsigned char nd_gazetteer_data[];
extern const uint64_t nd_gazetteer_data_size;

#endif
