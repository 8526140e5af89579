/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names of an archive's members as people read them, where they are not UTF-8:
 * all of one archive were written on one machine, so one charset is told for
 * them together, by a sample of them.
 */
#ifndef TIDEMARK_FORMAT_ARCHIVE_MEMBER_NAMES_H
#define TIDEMARK_FORMAT_ARCHIVE_MEMBER_NAMES_H

#include "base/buffer.h"

enum paths {
	PATHS_OF_UNIX,  /* written with / */
	PATHS_OF_DOS,   /* written with \, whatever whoever read them has made of that */
	PATHS_OF_EITHER /* with \ where there is no / in one */
};

struct member_names {
	enum paths paths;
	const char *otherwise; /* the charset where nothing speaks for any; NULL: then none is told */
	const char *charset;   /* NULL: none was told */
	struct buffer sample, shown;
};

struct member_names member_names_new(enum paths paths, const char *otherwise);
void member_names_free(struct member_names *names);

/** Takes a name into the sample, if it is none of UTF-8 and there is room; false: the sample is full. */
bool member_names_note(struct member_names *names, struct bytes name);
/** Tells the charset by the sample, where there is one. OK or NO_MEMORY. */
enum status member_names_tell(struct member_names *names) MUST_CHECK;
/** A name as people read it; empty where it is UTF-8 already, or no charset was told. Good until the next call. */
struct bytes member_names_show(struct member_names *names, struct bytes name);

#endif
