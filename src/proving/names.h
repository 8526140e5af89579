/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whom a question asks for names, and what they say together. The operator's
 * resolvers where there are some; else the name service from its root on, and of
 * a proof each authoritative server of the zone for itself.
 */
#ifndef TIDEMARK_PROVING_NAMES_H
#define TIDEMARK_PROVING_NAMES_H

#include "net/resolver.h"
#include "wire/prove-messages.h"

struct names {
	const struct prove_setup *setup;
	struct bytes anchors;
	int64_t until;                               /* of clock_monotonic */
	struct resolver *asked[PROVE_RESOLVERS_MAX]; /* each resolver, or one that begins at the root */
	size_t asked_count;
};

/* Where DNSSEC begins. */
struct names_anchors {
	struct bytes text;
	bool is_standard; /* the root's, because nobody named others */
};

/** Whom to ask in general. USAGE: the anchors are none. setup and anchors are borrowed. */
enum status names_open(const struct prove_setup *setup, const struct names_anchors *anchors, int64_t until,
                       struct names *ret_names) MUST_CHECK;
void names_close(struct names *names);

/** Asks all of them and keeps what the first says that answers: one that says bogus is believed before. The caller ends it. */
void names_ask(const struct names *names, const char *name, enum lookup_type type, struct lookup *ret_lookup);

#define NAMES_ADDRESSES_MAX 16
struct names_addresses {
	struct ip_address at[NAMES_ADDRESSES_MAX];
	size_t count;    /* of open ones */
	bool has_closed; /* others there were */
	bool is_bogus, is_failed, is_secure;
};
/** Where a host is. */
void names_find(const struct names *names, const char *host, struct names_addresses *ret_addresses);

/** The proof at _tidemark-proof.SUBJECT, as all say who are to be asked. */
enum status names_prove(const struct names *names, const struct prove_question *question,
                        struct prove_answer *ret_answer) MUST_CHECK;
/** The texts at any name; they lie in arena. */
enum status names_list_texts(const struct names *names, const char *name, struct arena *arena,
                             struct prove_answer *ret_answer) MUST_CHECK;

#endif
