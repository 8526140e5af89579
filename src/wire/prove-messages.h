/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One question that tidemark-fetch takes to the name service or the web, in its
 * role `prove`, and the bounded answer. A process answers one question:
 *
 *   tidemark ──SETUP, ANCHOR*, AUTHORITY*, QUESTION──> tidemark-fetch prove
 *            <──ANSWER── or <──FAILED──
 *
 * What comes back is checked for bounds, enums and UTF-8, and whether verdict
 * and reason go together; that it is true, nobody can check but whoever asks again.
 */
#ifndef TIDEMARK_WIRE_PROVE_MESSAGES_H
#define TIDEMARK_WIRE_PROVE_MESSAGES_H

#include "base/arena.h"
#include "model/network.h"
#include "wire/permit.h"

enum prove_message {
	PROVE_SETUP = 1,
	PROVE_ANCHOR,
	PROVE_AUTHORITY,
	PROVE_QUESTION,
	PROVE_ANSWER = 32,
	PROVE_FAILED,
};

enum prove_state {
	PROVE_AWAITS_ANSWER, /* tidemark */
	PROVE_AWAITS_SETUP,  /* tidemark-fetch */
	PROVE_AWAITS_QUESTION,
	PROVE_IS_ASKED, /* nothing more, either side */
	PROVE_STATE_COUNT
};
extern const struct permit_table prove_permits;

#define PROVE_RESOLVERS_MAX 8
#define PROVE_NETWORKS_MAX 64
#define PROVE_NAME_MAX 253
#define PROVE_TOKEN_MAX 128
#define PROVE_SERVERS_MAX 32 /* of a zone, by their addresses */
#define PROVE_TEXTS_MAX 16
#define PROVE_TEXT_MAX 2048
#define PROVE_PAGE_MAX (32u << 10)
#define PROVE_ANCHOR_MAX (256u << 10)
#define PROVE_AUTHORITY_MAX (4u << 20)
#define PROVE_MILLISECONDS 10000

enum prove_method {
	PROVE_BY_DNS,       /* TXT at _tidemark-proof.NAME is "tidemark-proof=TOKEN" */
	PROVE_BY_HTTP,      /* https://NAME/.well-known/tidemark-proof.txt is that */
	PROVE_TXT,          /* the TXT records of NAME, wherever its CNAMEs lead */
	PROVE_SECURITY_TXT, /* the text of https://NAME/.well-known/security.txt (RFC 9116) */
	PROVE_METHOD_COUNT
};

enum prove_verdict {
	PROVE_NOT_SEEN,   /* there is none: no such name, no record, 404 */
	PROVE_SEEN,       /* the token; of TXT and SECURITY_TXT: what was asked for */
	PROVE_SEEN_WRONG, /* a proof stands there, with another token */
	PROVE_REFUSED,    /* what is there does not count, for its reason */
	PROVE_UNREACHABLE /* nobody can say now, for its reason: ask later */
};

enum prove_reason {
	PROVE_NO_REASON, /* of the first three */
	/* of REFUSED */
	PROVE_BOGUS,          /* DNSSEC: a signature is wrong, has expired, or is missing where the zone is signed */
	PROVE_DISAGREEMENT,   /* not all servers that answer say the same */
	PROVE_LEAVES,         /* a CNAME or a redirect leads out of the domain, or from https to another scheme or port */
	PROVE_WILDCARD,       /* any name is answered */
	PROVE_CLOSED_ADDRESS, /* its address is private, of this machine, of its link, ... */
	PROVE_CERTIFICATE,
	PROVE_TOO_LARGE,
	PROVE_REDIRECTS, /* too many */
	/* of UNREACHABLE */
	PROVE_NO_NAME_SERVICE, /* no server of its zone, or no resolver, answers */
	PROVE_NO_ADDRESS,
	PROVE_NO_CONNECTION,
	PROVE_NO_SENSE,      /* what answers does not speak TLS or HTTP */
	PROVE_NOT_AVAILABLE, /* an HTTP status that is neither 200 nor 404 or 410 */
	PROVE_TIMED_OUT,
	PROVE_REASON_COUNT
};

struct prove_setup {
	struct ip_end resolvers[PROVE_RESOLVERS_MAX]; /* none: the name service from its root on */
	size_t resolver_count;
	struct ip_network allowed[PROVE_NETWORKS_MAX]; /* that names may lead to though they are not public */
	size_t allowed_count;
	uint32_t milliseconds; /* for all of it; 0: PROVE_MILLISECONDS */
	/* For tests, whose servers cannot have the ports of the world. */
	uint16_t https_port, dns_port; /* 0: 443, 53 */
	struct ip_end root;            /* who is asked in the root's place; port 0: nobody */
};

struct prove_question {
	enum prove_method method;
	struct bytes name;  /* the subject: A-labels, lower case, no final dot; of TXT any name */
	struct bytes token; /* of DNS and HTTP */
};

struct prove_answer {
	enum prove_verdict verdict;
	enum prove_reason reason;
	bool is_validated; /* DNSSEC holds for the names that were asked, and for the address of what was fetched */
	uint32_t servers;  /* that answered for the name: of its zone, or resolvers */
	struct bytes texts[PROVE_TEXTS_MAX]; /* of TXT: each record's, its strings joined, repaired as UTF-8 */
	size_t text_count;
	struct bytes page; /* of SECURITY_TXT: UTF-8, repaired */
};

void prove_put_setup(struct wire_writer *writer, const struct prove_setup *setup);
enum status prove_get_setup(struct wire_reader *reader, struct prove_setup *ret_setup) MUST_CHECK;

/** A piece of the trust anchors (DS or DNSKEY records of a master file; none: the root's, of dns-root-data), or of the
 *  authorities of TLS (PEM; none: the system's). type: PROVE_ANCHOR or PROVE_AUTHORITY. */
void prove_put_piece(struct wire_writer *writer, enum prove_message type, struct bytes piece);
enum status prove_get_piece(struct wire_reader *reader, struct bytes *ret_piece) MUST_CHECK;

void prove_put_question(struct wire_writer *writer, const struct prove_question *question);
/** MALFORMED also where the name is none. */
enum status prove_get_question(struct wire_reader *reader, struct prove_question *ret_question) MUST_CHECK;

void prove_put_answer(struct wire_writer *writer, const struct prove_answer *answer);
/** Texts lie in arena. MALFORMED where verdict, reason and texts do not go together. */
enum status prove_get_answer(struct wire_reader *reader, struct arena *arena, struct prove_answer *ret_answer) MUST_CHECK;

/** Its own troubles: it could not set itself up. */
void prove_put_failed(struct wire_writer *writer, struct bytes why);
enum status prove_get_failed(struct wire_reader *reader, struct bytes *ret_why) MUST_CHECK;

#endif
