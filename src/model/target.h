/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A target: a container, or the part of one below a prefix, and the endpoint
 * its requests go to. scope/target.c makes it from what a person wrote.
 */
#ifndef TIDEMARK_MODEL_TARGET_H
#define TIDEMARK_MODEL_TARGET_H

#include "model/object.h"

struct target {
	struct container container;
	struct bytes prefix;  /* raw bytes; empty: the whole container */
	struct bytes written; /* as the person wrote it; never holds a signature */
	/* Where requests go; all empty for a folder. */
	struct bytes scheme; /* http or https */
	struct bytes host;   /* lower case; an IPv6 address in brackets */
	uint16_t port;
	struct bytes account_name; /* Azure: the account as requests and signatures name it */
	bool is_path_style;        /* the account is the first segment of the path */
	bool is_custom;            /* an endpoint that is not the provider's own */
	bool is_loopback;          /* host is 127.0.0.0/8, [::1] or localhost */
};

#endif
