/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One page of a subject's own web site, by https alone. Each host on the way is
 * looked up once and connected to at what was found and is open; redirects stay
 * within the subject.
 */
#ifndef TIDEMARK_PROVING_PAGE_H
#define TIDEMARK_PROVING_PAGE_H

#include "proving/names.h"

struct page_settings {
	const struct names *names;
	struct bytes authorities; /* PEM */
	const char *user_agent;
};

/** The proof at /.well-known/tidemark-proof.txt: a line that is "tidemark-proof=TOKEN", or the token alone. */
enum status page_prove(const struct page_settings *settings, const struct prove_question *question,
                       struct prove_answer *ret_answer) MUST_CHECK;
/** The text of /.well-known/security.txt; it lies in arena. */
enum status page_read_security(const struct page_settings *settings, const struct prove_question *question, struct arena *arena,
                               struct prove_answer *ret_answer) MUST_CHECK;

#endif
