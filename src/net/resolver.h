/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The name service, validated (DNSSEC) by libunbound: a resolver is one way to
 * ask it, from the root on, through a forwarder, or one zone at one server of its
 * own. Many questions at once, each with an end; a thread of libunbound's for
 * each resolver, none of ours. Remembers nothing between two resolvers.
 */
#ifndef TIDEMARK_NET_RESOLVER_H
#define TIDEMARK_NET_RESOLVER_H

#include "base/buffer.h"
#include "model/network.h"

#define RESOLVER_NAME_SIZE 256

struct resolver;

struct resolver_settings {
	const struct ip_end *forwarder; /* NULL: from the root on */
	const char *zone;               /* with it: this zone at server alone, whatever delegates it */
	const struct ip_end *server;
	struct bytes anchors;             /* DS and DNSKEY records of a master file; empty: nothing is validated */
	const struct ip_network *allowed; /* name servers stand nowhere but at open addresses (model/network.h) */
	size_t allowed_count;
};

/** USAGE: the anchors are none. */
enum status resolver_new(const struct resolver_settings *settings, struct resolver **ret_resolver) MUST_CHECK;
/** Its lookups must be over, or ended. */
void resolver_free(struct resolver *resolver);

enum lookup_type { LOOKUP_A = 1, LOOKUP_NS = 2, LOOKUP_TXT = 16, LOOKUP_AAAA = 28, LOOKUP_DNSKEY = 48 };

enum lookup_state {
	LOOKUP_RUNS,
	LOOKUP_FAILED,  /* nobody answered, or with a failure */
	LOOKUP_BOGUS,   /* answered, and DNSSEC says no */
	LOOKUP_ANSWERED /* with records, or that there are none */
};

/* Stays where it is until it is ended. */
struct lookup {
	struct resolver *resolver;
	char name[RESOLVER_NAME_SIZE];
	enum lookup_type type;
	enum lookup_state state;
	bool is_secure; /* DNSSEC proves it, also that there is nothing */
	bool is_absent; /* there is no such name */
	size_t count;   /* of records of its type, at the end of its aliases */
	void *result;
	int id;
};

/** Begins one; a name that is none, or no memory, is FAILED. */
void lookup_begin(struct lookup *lookup, struct resolver *resolver, const char *name, enum lookup_type type);
/** Waits until all are over, or until a time of clock_monotonic; and once one is answered, no longer than grace
 *  milliseconds more. */
void lookups_wait(struct lookup *lookups, size_t count, int64_t until, int64_t grace);
/** Frees what it holds, over or not. */
void lookup_end(struct lookup *lookup);

/** The nth record's bytes, as they travel. */
struct bytes lookup_record(const struct lookup *lookup, size_t index);
/** Of TXT: its strings, joined; false if it is none. */
bool lookup_append_text(const struct lookup *lookup, size_t index, struct buffer *into);
/** Of A and AAAA. */
bool lookup_address(const struct lookup *lookup, size_t index, struct ip_address *ret_address);
/** Of NS: a host name in lower case without a final dot; false for what is none. */
bool lookup_host(const struct lookup *lookup, size_t index, char into[RESOLVER_NAME_SIZE]);

/** Each place that an alias (CNAME, DNAME) of the answer leads to, in lower case: 0 where there is none. At most so many are
 *  told; more than RESOLVER_ALIASES_MAX, or what cannot be read, counts as one that leads to "". */
#define RESOLVER_ALIASES_MAX 16
size_t lookup_aliases(const struct lookup *lookup, char into[RESOLVER_ALIASES_MAX][RESOLVER_NAME_SIZE]);

#endif
