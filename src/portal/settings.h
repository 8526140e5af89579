/* SPDX-License-Identifier: Apache-2.0 */
/* What serve was told: immutable once it answers. */
#ifndef TIDEMARK_PORTAL_SETTINGS_H
#define TIDEMARK_PORTAL_SETTINGS_H

#include "catalog/catalog.h"
#include "model/portal.h"

struct portal_texts {
	const char *const *at;
	size_t count;
};

struct portal_settings {
	struct catalog_place place;
	const char *incident_name;
	const char *operator_name; /* who runs this: the journal's who where nobody has signed in */

	const char *listen[2]; /* by door, "127.0.0.1:8900" or "[::1]:8900"; port 0: a free one */
	const char *url; /* as people reach the subjects' door, "https://leak.example.com", no slash at its end; never NULL once
	                        * it answers: without --url it is the address */
	const char *tls_certificate, *tls_key; /* paths; NULL: none */

	/* Of proofs. */
	struct portal_texts resolvers;   /* HOST:PORT; none: the zone's own servers are asked */
	const char *trust_anchor;        /* a file; NULL: the root's */
	const char *proof_ca;            /* a file of authorities; NULL: the system's */
	struct portal_texts proof_allow; /* CIDR of addresses that are refused otherwise */
	uint32_t proofs_open, proofs_per_hour;
	const char *smtp;          /* a URL; NULL: no mail is sent */
	const char *smtp_password; /* of the URL's user; NULL: none */

	/* Of connections, each door by itself. */
	uint32_t connections, connections_per_address;
	uint32_t requests_per_minute; /* of an address */
	uint32_t threads;             /* that answer, each with a desk of its own */
};

#endif
