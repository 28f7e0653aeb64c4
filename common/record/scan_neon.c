/* scan_neon.c: the scan with NEON, 16 bytes at a time; every 64-bit ARM has it. */
#if defined(__aarch64__)
#include <arm_neon.h>
#include <stdint.h>

#define VARIANT nd_scan_16
#define WIDTH 16
#define TARGET
#define load(p) vld1q_u8(p)
#define splat(c) vdupq_n_u8((uint8_t)(c))
#define and_(a, b) vandq_u8(a, b)
#define or_(a, b) vorrq_u8(a, b)
#define equal(a, b) vceqq_u8(a, b)
#define above(a, b) vcgtq_s8(vreinterpretq_s8_u8(a), vreinterpretq_s8_u8(b))
#define high(a) vshrq_n_u8(a, 4)
#define lookup(table, at) vqtbl1q_u8(table, at)
#define load_table(p) load(p)
typedef uint8x16_t vec;

/* The highest bits: each byte keeps the bit of its place in its half, and each half is summed. */
static inline uint32_t mask_of(vec a)
{
    static const uint8_t place[16] = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
    vec set = vreinterpretq_u8_s8(vshrq_n_s8(vreinterpretq_s8_u8(a), 7));
    vec own = vandq_u8(set, vld1q_u8(place));
    return (uint32_t)vaddv_u8(vget_low_u8(own)) | (uint32_t)vaddv_u8(vget_high_u8(own)) << 8;
}

#include "record/scan_template.h"
#endif
