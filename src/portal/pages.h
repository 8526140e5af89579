/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The subject's pages: facts in, HTML out. None of them asks anybody anything;
 * what they are given is all they can tell. Each works without script.
 */
#ifndef TIDEMARK_PORTAL_PAGES_H
#define TIDEMARK_PORTAL_PAGES_H

#include "portal/answer-view.h"
#include "portal/asking.h"
#include "portal/page.h"

/* ---- ask ---- */

struct ask_facts {
	struct bytes entered; /* by the person, to be shown again */
	bool is_no_subject;   /* what was entered is neither domain nor address */
	struct bytes proved;  /* whose answer this browser may read; empty: nobody's */
};
void page_ask(struct page *page, const struct ask_facts *facts);

/* ---- prove ---- */

enum prove_state {
	PROVE_NEW,
	PROVE_NOT_SEEN,
	PROVE_WRONG,
	PROVE_WRONG_CODE,
	PROVE_REFUSED,
	PROVE_UNREACHABLE,
	PROVE_BUSY,
	PROVE_WAITING,
	PROVE_EXPIRED,
	PROVE_DECLINED,
	PROVE_STATE_COUNT
};
/** As it stands in a path: "not_seen". */
const char *prove_state_name(enum prove_state state);
/** PROVE_NEW where there is none of that name. */
enum prove_state prove_state_of(struct bytes name);

struct prove_facts {
	struct bytes subject; /* as it was written */
	enum proof_method method;
	bool is_begun;            /* by this method: the record is there */
	struct bytes name, value; /* of the record, or where the file lies and what it holds */
	int64_t expires;
	enum prove_state state;
	const char *const *mailboxes; /* that a code may go to, ended by NULL; first: the one that is chosen if nobody does */
};
/** Of an address only mail and invitation can show anything. */
bool prove_is_open_to(struct bytes subject, enum proof_method method);
void page_prove(struct page *page, const struct prove_facts *facts);
/** What has been shown, and the way to the answer. */
void page_proved(struct page *page, struct bytes subject);

/* ---- answer ---- */

struct answer_facts {
	const struct asking_subject *subject;
	const struct gate_answer *answer;
	const struct answer_view *view; /* sorted */
	int64_t as_of;
	uint64_t appeal; /* the number of one that was just received; 0: none */
	/* An appeal that is begun about a document, or that came back. */
	struct bytes document, appeal_text;
	enum appeal_kind appeal_kind; /* 0: none was chosen */
	enum { APPEAL_FINE, APPEAL_NO_TEXT, APPEAL_NO_DOCUMENT, APPEAL_TOO_MANY } appeal_fault;
};
/** The answer, or that nothing was determined. */
void page_answer(struct page *page, const struct answer_facts *facts);

/* Pieces of it. */
/** What the answer says, with its heading: without what the subject can do about it. */
void page_answer_contents(struct page *page, const struct answer_facts *facts);
void page_nothing(struct page *page, const struct answer_facts *facts);
void page_answer_figures(struct page *page, const struct answer_facts *facts);
void page_answer_counts(struct page *page, const struct answer_facts *facts);
void page_answer_list(struct page *page, const struct answer_facts *facts);
/** What can be done with it: taken away, doubted, left. */
void page_answer_deeds(struct page *page, const struct answer_facts *facts);

/* ---- the others ---- */

struct asked_facts {
	struct bytes subject;
	const struct asked_page *asked;
};
void page_asked(struct page *page, const struct asked_facts *facts);

struct notice_facts {
	struct bytes code;
	bool is_acknowledged; /* just now */
};
void page_notice(struct page *page, const struct notice_facts *facts);

enum page_error { ERROR_SESSION, ERROR_FORM, ERROR_OFTEN, ERROR_ABSENT, ERROR_NONE, ERROR_BROKEN };
/** retry_after: of ERROR_OFTEN, in seconds. */
void page_error(struct page *page, enum page_error error, uint32_t retry_after);
/** Seconds as minutes, for a person who waits. */
struct said page_minutes(uint32_t seconds);

#endif
