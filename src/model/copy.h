/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A copy: who else holds what was exposed, as far as that was told or shown. An
 * entry of an index is an observation by others: it dates an exposure backwards,
 * and is never one of ours.
 */
#ifndef TIDEMARK_MODEL_COPY_H
#define TIDEMARK_MODEL_COPY_H

#include "base/status.h"
#include "model/object.h"

#define COPY_EVIDENCE_MAX (16u << 20) /* bytes of a file that are kept */

struct copy_holding {
	struct id id; /* of holder, what, since and evidence: the same twice is one */
	struct bytes holder, what;
	int64_t since;
	struct bytes evidence; /* a URL, or a file's name */
	bool has_sha256;
	unsigned char sha256[32];           /* of the file */
	struct bytes bytes;                 /* the file, as it is put; empty where it is asked for */
	int64_t added, requested, attested; /* CLOCK_UNKNOWN: not yet */
	struct bytes attested_by;
	/* Of its index, if it is one: */
	uint64_t entries;
	int64_t first_seen, last_seen;
};

struct index_entry {
	struct bytes url;
	int64_t seen;
	unsigned status; /* of HTTP; 0: not told */
	struct bytes digest;
	bool is_located; /* the URL is a storage address: */
	struct container container;
	struct bytes object;
};

/* What others saw of a container, or of an object. */
struct seen_by_others {
	uint64_t entries, copies;
	int64_t first, last; /* CLOCK_UNKNOWN: nothing */
};

typedef enum status copy_visitor(void *context, const struct copy_holding *copy);

struct id copy_id(const struct copy_holding *copy);

#endif
