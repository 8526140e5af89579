/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What every handler of a subject's page does alike: find the language, the
 * session, who runs this; refuse a form that is not of the session; reply with a
 * page, or lead on with 303, so that nothing is sent twice by reloading.
 */
#ifndef TIDEMARK_PORTAL_PAGE_CALL_H
#define TIDEMARK_PORTAL_PAGE_CALL_H

#include "catalog/notices.h"
#include "portal/asking.h"
#include "portal/handler.h"
#include "portal/page-session.h"
#include "portal/pages.h"

struct page_call {
	struct portal_call *call;
	struct asking asking;
	struct page_session session;
	struct page page;
	struct page_host host;
	struct buffer html;
	char form_token[FORM_TOKEN_LENGTH], case_number[NOTICE_CASE_SIZE];
};

/** path: of the page that replies, NULL if none does; page_call_end in any case. */
enum status page_call_begin(struct page_call *here, struct portal_call *call, const char *path,
                            struct failure *reterr) MUST_CHECK;
void page_call_end(struct page_call *here);

/** Whether the form that came is one of this session's, sent from a page of ours. */
bool page_call_has_form(const struct page_call *here);

/** The page that was written. */
enum status page_call_reply(struct page_call *here, uint16_t code) MUST_CHECK;
/** As a file to keep. */
enum status page_call_reply_file(struct page_call *here, const char *file_name) MUST_CHECK;
/** 303, in the language of the page. cookie: the new one; empty: it stays as it is. */
enum status page_call_go(struct page_call *here, const char *path, struct bytes cookie) MUST_CHECK;
/** The same, and the cookie is to be forgotten. */
enum status page_call_go_without(struct page_call *here, const char *path) MUST_CHECK;

/** A page for what was refused: DENIED and ABSENT end the session. What is ours, or no refusal, is given back. */
enum status page_call_refuse(struct page_call *here, enum status status) MUST_CHECK;
enum status page_call_refuse_form(struct page_call *here) MUST_CHECK;

#endif
