/* banned.h: calls that have no place here fail to compile. Included by the compiler's command line
 * (-include), so that no file can forget it. */
#ifndef ND_BASE_BANNED_H
#define ND_BASE_BANNED_H
#ifndef __cplusplus

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#pragma GCC poison strcpy strcat strncpy strncat sprintf vsprintf gets strtok atoi atol atoll atof
#pragma GCC poison asctime ctime localtime gmtime rand srand setlocale tmpnam mktemp

#endif
#endif
