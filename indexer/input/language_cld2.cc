#include "input/language.h"

#include <cstdio>
#include <cstring>
#include <string>

#include <cld2/public/compact_lang_det.h>

const char *nd_language_cld2(const char *p, size_t n)
{
    bool reliable = false;
    CLD2::Language l = CLD2::DetectLanguage(p, (int)n, true, &reliable);
    const char *code = CLD2::LanguageCode(l);
    return reliable && l != CLD2::UNKNOWN_LANGUAGE && code && std::strcmp(code, "un") != 0 ? code
                                                                                           : "";
}
