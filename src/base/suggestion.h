/* SPDX-License-Identifier: Apache-2.0 */
/* Did you mean ...? For every name a person writes out of a closed list. */
#ifndef TIDEMARK_BASE_SUGGESTION_H
#define TIDEMARK_BASE_SUGGESTION_H

/** Of candidates the one nearest to what was written, if it is near enough to be meant. */
struct suggestion {
	const char *written;
	const char *nearest; /* NULL: none */
	unsigned distance;
};
struct suggestion suggestion_for(const char *written);
void suggestion_consider(struct suggestion *suggestion, const char *candidate);

#endif
