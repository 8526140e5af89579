/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One request as an access log has it: who asked, when, for what, and how much
 * went out. Of an address only its network is kept (/24 of IPv4, /48 of IPv6).
 */
#ifndef TIDEMARK_MODEL_ACCESS_H
#define TIDEMARK_MODEL_ACCESS_H

#include "model/object.h"

/* Stored in catalogs by number: append only. */
enum log_kind {
	LOG_AZURE = 1,
	LOG_BLOB_JSON,
	LOG_S3,
	/* What an index of others has, and no log: object is a URL, time when it was seen, account who saw it (may be empty),
	 * version a digest of what was there. */
	LOG_CDX,
	LOG_INDEX_CSV,
	LOG_KIND_COUNT
};

/* Stored in catalogs by number: append only. */
enum access_caller {
	CALLER_ANONYMOUS = 1, /* without any credential */
	CALLER_SIGNED_LINK,   /* by a link that carries its signature */
	CALLER_AUTHORISED,    /* by a key or a token */
	CALLER_UNKNOWN,       /* the log does not say, or in words we do not know */
	CALLER_COUNT
};

/* Stored in catalogs by number: append only. */
enum access_verb {
	ACCESS_READ = 1, /* contents went out */
	ACCESS_LIST,     /* names did */
	ACCESS_LOOK,     /* properties, rights */
	ACCESS_CHANGE,   /* anything else */
	ACCESS_VERB_COUNT
};

#define ACCESS_IDENTITY_SIZE 16
#define ACCESS_NAME_MAX 4096     /* of an object: raw bytes */
#define ACCESS_CONTAINER_MAX 256 /* UTF-8 */
#define ACCESS_ACCOUNT_MAX 256   /* UTF-8 */
#define ACCESS_VERSION_MAX 128
#define ACCESS_OPERATION_MAX 64 /* letters, digits, dots */
#define ACCESS_NETWORK_MAX 64
/* A record of any log is no shorter. */
#define ACCESS_LINE_MIN 24

struct access_record {
	unsigned char identity[ACCESS_IDENTITY_SIZE]; /* equal for one request, in whichever log it stands */
	enum log_kind log;
	enum access_caller caller;
	enum access_verb verb;
	int64_t time;
	unsigned status;      /* of HTTP; 0: not told */
	uint64_t bytes;       /* of the body that went out */
	bool names_itself_so; /* it calls itself tidemark */
	struct bytes account; /* Azure; empty of S3 */
	struct bytes container;
	struct bytes object;  /* raw; empty: the container itself was asked */
	struct bytes version; /* version id or snapshot, as the log has it; empty: the current one */
	struct bytes network; /* "192.0.2.0/24"; empty: not told */
	struct bytes operation;
};

static inline bool log_is_index(enum log_kind kind)
{
	return kind == LOG_CDX || kind == LOG_INDEX_CSV;
}
enum provider_kind log_provider(enum log_kind kind);
/** As the interface writes it: "azure_logs"; NULL if there is none. */
const char *log_kind_name(enum log_kind kind);
enum log_kind log_kind_from_name(struct bytes name);

#endif
