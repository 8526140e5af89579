/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Stable ids: the first 128 bits of SHA-256 over "tidemark-id-1" and, each
 * behind its length as 8 bytes little-endian, provider, account, container,
 * object bytes, version and inner path bytes; written as 26 letters of base32.
 * The same thing has the same id in every catalog, for ever.
 */
#ifndef TIDEMARK_MODEL_ID_H
#define TIDEMARK_MODEL_ID_H

#include "base/bytes.h"
#include "base/status.h"

#define ID_SIZE 16
#define ID_TEXT_SIZE 27

struct id {
	unsigned char bytes[ID_SIZE];
};

struct id_parts {
	const char *provider; /* azure, s3, gcs, folder */
	struct bytes account; /* empty where there is none */
	struct bytes container;
	struct bytes object;
	struct bytes version;    /* empty for the current object */
	struct bytes inner_path; /* empty for the object itself; parts joined by !/ */
};

/** Allocates nothing, so an id is right or there is none. */
struct id id_of(const struct id_parts *parts);
const char *id_format(struct id id, char into[ID_TEXT_SIZE]);
enum status id_parse(struct bytes text, struct id *ret_id) MUST_CHECK;
/** The least and the greatest id that begin with these letters, in either case. False if no id does. */
bool id_parse_beginning(struct bytes text, struct id *ret_low, struct id *ret_high);
static inline bool id_equal(struct id a, struct id b)
{
	return memcmp(a.bytes, b.bytes, ID_SIZE) == 0;
}

#endif
