/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names of a zip's members as people read them (APPNOTE 6.3.9: 4.4.4, 4.6.9 and
 * appendix D). A name is UTF-8 where its header says so, or where it is valid as
 * such; all others of an archive were written on one machine, so one charset is
 * told for all of them together. Who says so and it is not, is of no charset: its
 * bytes are its name. libarchive takes a member's name from the
 * Unicode Path field of Info-ZIP and does not look whether that is still of the
 * name: where its checksum says it is not, the name is the header's. Where a
 * header says UTF-8 of a name that is none, libarchive has no name at all: it is
 * shown such a zip without what those headers say.
 */
#ifndef TIDEMARK_FORMAT_ARCHIVE_ZIP_NAMES_H
#define TIDEMARK_FORMAT_ARCHIVE_ZIP_NAMES_H

#include "base/buffer.h"
#include "base/hash.h"
#include "format/archive/member-names.h"
#include "format/format.h"

struct zip_names {
	struct member_names members;
	struct hash_table stale; /* Unicode paths that are of another name: where in renamed its header's stands, and behind it */
	struct buffer renamed;
	struct hash_table false_claims; /* names whose headers say that they are UTF-8, and are not */
	struct buffer false_places;     /* of uint64_t, sorted: where those headers say so */
};

/** Looks through the names of a zip, by reads of its own: views of source stay. names is to be freed whatever comes back; a zip
 *  that cannot be looked through has none. OK, or what reading the source came to. */
enum status zip_names_open(struct source *source, struct zip_names *names) MUST_CHECK;
void zip_names_free(struct zip_names *names);

/** The zip as names has it read: source itself, or one over it, whose view is to be freed. names and source must outlive it. */
struct zip_unclaimed {
	struct source source; /* its context is this struct: it does not move */
	struct source *whole;
	const struct zip_names *names;
};
struct source *zip_names_unclaim(const struct zip_names *names, struct source *source, struct zip_unclaimed *ret_unclaimed);

/** The name that a member goes by, given the one that libarchive has for it. */
struct bytes zip_names_find(const struct zip_names *names, struct bytes name);
/** As people read it; empty where it is UTF-8 already. Good until the next call. */
struct bytes zip_names_show(struct zip_names *names, struct bytes name);

#endif
