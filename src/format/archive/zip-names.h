/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names of a zip's members as people read them (APPNOTE 6.3.9: 4.4.4, 4.6.9 and
 * appendix D). A name is UTF-8 where its header says so, or where it is valid as
 * such; all others of an archive were written on one machine, so one charset is
 * told for all of them together. libarchive takes a member's name from the
 * Unicode Path field of Info-ZIP and does not look whether that is still of the
 * name: where its checksum says it is not, the name is the header's.
 */
#ifndef TIDEMARK_FORMAT_ARCHIVE_ZIP_NAMES_H
#define TIDEMARK_FORMAT_ARCHIVE_ZIP_NAMES_H

#include "base/buffer.h"
#include "base/hash.h"
#include "format/format.h"

struct zip_names {
	const char *charset;     /* of the names that are not UTF-8; NULL if all are */
	struct hash_table stale; /* Unicode paths that are of another name: where in renamed its header's stands, and behind it */
	struct buffer renamed;
	struct buffer shown;
};

/** Looks through the names of a zip, by reads of its own: views of source stay. names is to be freed whatever comes back; a zip
 *  that cannot be looked through has none. OK, or what reading the source came to. */
enum status zip_names_open(struct source *source, struct zip_names *names) MUST_CHECK;
void zip_names_free(struct zip_names *names);

/** The name that a member goes by, given the one that libarchive has for it. */
struct bytes zip_names_find(const struct zip_names *names, struct bytes name);
/** As people read it; empty where it is UTF-8 already. Good until the next call. */
struct bytes zip_names_show(struct zip_names *names, struct bytes name);

#endif
