/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How much each address may have: connections at once, requests a minute. A network
 * of IPv6 (/64) counts as one address. The table is of a fixed size and forgets who
 * has nothing open and has not asked for a while; where all of it is taken, a
 * newcomer is refused.
 */
#ifndef TIDEMARK_LISTENING_CROWD_H
#define TIDEMARK_LISTENING_CROWD_H

#include "base/bytes.h"
#include "base/status.h"

#include <sys/socket.h>

struct crowd;

struct crowd_key {
	unsigned char network[17]; /* family, and the part of the address that counts */
};

/** connections: that there can be in all. */
enum status crowd_new(uint32_t connections, uint32_t per_address, uint32_t per_minute, struct crowd **ret_crowd) MUST_CHECK;
void crowd_free(struct crowd *crowd);

struct crowd_key crowd_key_of(const struct sockaddr *address);
/** Of an address as text; the other's for what is none. */
struct crowd_key crowd_key_of_text(struct bytes address, struct crowd_key other);

/** A connection more; false if it has its share already, and then it counts none. */
bool crowd_enter(struct crowd *crowd, struct crowd_key key, int64_t now);
void crowd_leave(struct crowd *crowd, struct crowd_key key);
/** A request more; false where it has had its share, which refills by the minute, and is whole at first. */
bool crowd_ask(struct crowd *crowd, struct crowd_key key, int64_t now);

#endif
