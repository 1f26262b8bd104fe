/* format.c - see format.h. */
#include "report/format.h"

const char *format_name(enum format format)
{
    static const char *const names[N_FORMATS] = {"text",  "tsv",   "markdown", "json",
                                                 "junit", "sarif", "tap",      "github"};

    return names[format];
}
