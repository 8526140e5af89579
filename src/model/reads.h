/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What access logs prove was taken, as answers are told of it. Taken: contents
 * went out (200, 206) to somebody without any credential. Wholly taken: one
 * network was sent as many bytes as the object has, since it was last changed.
 *
 * Our own looks are no reads of strangers: who calls itself tidemark, while a
 * sweep or a probe of this incident was under way.
 */
#ifndef TIDEMARK_MODEL_READS_H
#define TIDEMARK_MODEL_READS_H

#include "base/status.h"
#include "model/access.h"

struct log_file {
	unsigned char sha256[32];
	enum log_kind kind;
	int64_t imported;
	uint64_t records, unread;
	int64_t covers_from, covers_until; /* as its name says, where its records lie within; else CLOCK_UNKNOWN */
};

/* Of one account, or of one bucket, as its logs are kept. */
struct reads_span {
	enum provider_kind provider;
	struct bytes account;
	struct bytes container; /* empty: the whole account */
	int64_t from, until;
	bool has_reads; /* anybody's: else reading may not have been logged */
};

struct reads_sum {
	uint64_t requests, objects, bytes, networks;
};

struct reads_sums {
	struct reads_sum anonymous;   /* contents that strangers were sent */
	struct reads_sum signed_link; /* by links that carry a signature */
	struct reads_sum own;         /* ours */
	uint64_t listings;            /* that strangers were sent */
	uint64_t refused;             /* strangers' requests for contents or names that were */
	uint64_t records;             /* all that logs say */
};

struct reads_network {
	struct bytes network; /* empty: the log does not say */
	uint64_t requests, objects, bytes;
	int64_t first, last;
};

struct reads_object {
	enum provider_kind provider;
	struct bytes account, container, name, version;
	uint64_t requests, bytes, networks;
	int64_t first, last;
	bool is_swept; /* then: */
	struct id id;
	uint64_t size;
	bool is_whole; /* taken wholly, as it stood when it was swept */
};

struct reads_organisation {
	struct bytes key; /* a domain, or name:... */
	uint64_t documents, networks;
};

/* Of one object, or of one container. */
struct reads_seen {
	uint64_t requests, networks;
	int64_t first, last;   /* CLOCK_UNKNOWN: none */
	int64_t last_rightful; /* of a container: by who may, not by us; CLOCK_UNKNOWN: none */
	bool is_whole;         /* of an object */
	bool is_covered;       /* of a container: logs of it were imported that show reads, by whomever */
};

typedef enum status reads_span_visitor(void *context, const struct reads_span *span);
typedef enum status reads_network_visitor(void *context, const struct reads_network *network);
typedef enum status reads_object_visitor(void *context, const struct reads_object *object);
typedef enum status reads_organisation_visitor(void *context, const struct reads_organisation *organisation);

#endif
