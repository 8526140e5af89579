/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pages about what is no command: outcomes, the search language, targets, exit
 * codes, the catalog. Made of paragraphs and terms, so that --help and man show
 * the same; closed lists in them are those the program reads by.
 */
#ifndef TIDEMARK_CLI_TOPIC_H
#define TIDEMARK_CLI_TOPIC_H

#include "base/buffer.h"

/* What a topic writes itself to. */
struct topic_page {
	void (*heading)(void *context, const char *heading);
	void (*paragraph)(void *context, const char *text);
	void (*term)(void *context, const char *term, const char *means);
	void *context;
};

struct topic {
	const char *name, *summary; /* one line, no full stop */
	void (*write)(const struct topic_page *page);
};

/** All, up to one without a name. */
extern const struct topic topics[];
/** NULL if there is none of that name. */
const struct topic *topic_find(const char *name);

#endif
