/* format.h - the forms in which a report can be had.
 *
 * In: the name that a user gives. Out: a format, or the sets of formats that a subcommand may know.
 */
#ifndef ABIPROOF_FORMAT_H
#define ABIPROOF_FORMAT_H

/* What --format asks for. Text is for people, the others are for programs. */
enum format {
    FORMAT_TEXT,
    FORMAT_TSV,      /* tab-separated cells without a head line, for shell and make */
    FORMAT_MARKDOWN, /* a table for a README */
    FORMAT_JSON,     /* this and those below: report.h */
    FORMAT_JUNIT,
    FORMAT_SARIF,
    FORMAT_TAP,
    FORMAT_GITHUB,
    N_FORMATS
};

/* Sets of formats beside text, as bits: 1 << FORMAT_JSON. */
enum {
    FORMATS_NONE = 0,
    FORMATS_TABLE = 1 << FORMAT_TSV,
    FORMATS_REPORT = 1 << FORMAT_JSON | 1 << FORMAT_JUNIT | 1 << FORMAT_SARIF | 1 << FORMAT_TAP |
                     1 << FORMAT_GITHUB,
};

/* "text", "tsv", ... */
const char *format_name(enum format format);

#endif
