/* SPDX-License-Identifier: Apache-2.0 */
/* From the question to the proof. Nothing here knows whether anything was found. */
#include "base/clock.h"
#include "portal/subject-pages.h"
#include "portal/page-call.h"

#include <stdio.h>

/* ---- ask ---- */

enum status portal_page_ask(struct portal_call *call, struct failure *reterr)
{
	struct page_call here;
	struct asking_subject subject;
	struct ask_facts facts = {.entered = BYTES_NONE};
	enum status status = page_call_begin(&here, call, "/", reterr);
	if (status == STATUS_OK && here.session.state == SESSION_PROVED) {
		status = asking_know(&here.asking, here.session.token, &subject, reterr);
		if (status == STATUS_OK)
			facts.proved = subject.subject.name;
		if (status == STATUS_DENIED)
			status = STATUS_OK;
	}
	if (status == STATUS_OK) {
		page_ask(&here.page, &facts);
		status = page_call_reply(&here, 200);
	}
	page_call_end(&here);
	return status;
}

static enum status ask_again(struct page_call *here, struct bytes entered)
{
	const struct ask_facts facts = {.entered = entered, .is_no_subject = true};
	here->page.path = "/";
	page_ask(&here->page, &facts);
	return page_call_reply(here, 400);
}

/* ---- begin ---- */

/* Nobody has chosen yet: a record for a domain; for an address what sends no mail before it is asked for. */
static struct bytes first_method(struct bytes subject)
{
	return bytes_find_byte(subject, '@') != BYTES_NOT_FOUND ? bytes_of_string("invitation") : bytes_of_string("dns");
}

/* What else was begun for the same subject stays good; of another one it is left behind. */
static enum status keep_begun(struct page_call *here, struct bytes written, struct page_session *session, struct failure *reterr)
{
	struct proof_begun begun;
	struct subject subject;
	struct bytes id = page_session_any(&here->session);
	*session = (struct page_session){.state = SESSION_PROVING};
	if (here->session.state != SESSION_PROVING || id.len == 0)
		return STATUS_OK;
	enum status status = asking_show_proof(&here->asking, id, &begun, reterr);
	if (status == STATUS_OK)
		status = subject_read_as_asked(written, here->call->arena, &subject, reterr);
	if (status == STATUS_OK && bytes_equal(begun.subject, subject.name))
		*session = here->session;
	return status == STATUS_ABSENT || status == STATUS_USAGE ? STATUS_OK : status;
}

static enum status go_prove(struct page_call *here, enum proof_method method, enum prove_state state, struct bytes cookie)
{
	char path[128];
	if (state == PROVE_NEW)
		snprintf(path, sizeof path, "/prove?method=%s", proof_method_name(method));
	else
		snprintf(path, sizeof path, "/prove?method=%s&state=%s", proof_method_name(method), prove_state_name(state));
	return page_call_go(here, path, cookie);
}

/* Begun, and remembered in the cookie. */
static enum status begin(struct page_call *here, const struct proof_plea *plea, struct proof_begun *begun, struct buffer *cookie,
                         struct failure *reterr)
{
	struct page_session session;
	enum status status = keep_begun(here, plea->subject, &session, reterr);
	if (status == STATUS_OK)
		status = asking_begin_proof(&here->asking, plea, begun, reterr);
	if (status != STATUS_OK)
		return status;
	session.ids[begun->method] = begun->id;
	page_session_write(&session, cookie);
	return buffer_status(cookie);
}

enum status portal_page_begin(struct portal_call *call, struct failure *reterr)
{
	struct page_call here;
	struct proof_begun begun;
	struct buffer cookie = buffer_with_ceiling(PORTAL_TOKEN_MAX);
	struct bytes subject = bytes_trim(portal_field(call->request, "subject"));
	struct bytes method = portal_field(call->request, "method");
	struct proof_plea plea = {.subject = subject,
	                          .method = method.len > 0 ? method : first_method(subject),
	                          .mailbox = portal_field(call->request, "mailbox")};
	enum status status = page_call_begin(&here, call, "/", reterr);
	if (status == STATUS_OK && !page_call_has_form(&here)) {
		status = page_call_refuse_form(&here);
	} else if (status == STATUS_OK) {
		status = begin(&here, &plea, &begun, &cookie, reterr);
		if (status == STATUS_USAGE)
			status = ask_again(&here, subject);
		else if (status == STATUS_OK && method.len == 0 && begun.method == PROOF_INVITATION)
			status = go_prove(&here, PROOF_MAIL, PROVE_NEW, buffer_bytes(&cookie));
		else if (status == STATUS_OK)
			status = go_prove(&here, begun.method, PROVE_NEW, buffer_bytes(&cookie));
		else
			status = page_call_refuse(&here, status);
	}
	buffer_free(&cookie);
	page_call_end(&here);
	return status;
}

/* ---- prove ---- */

static enum proof_method chosen_method(const struct page_call *here, const struct proof_begun *any)
{
	enum proof_method method = proof_method_of(portal_field(here->call->request, "method"));
	if (method != PROOF_METHOD_END && prove_is_open_to(any->subject, method))
		return method;
	return any->method == PROOF_INVITATION && !prove_is_open_to(any->subject, PROOF_DNS) ? PROOF_MAIL : any->method;
}

static enum status show_proof(struct page_call *here, struct failure *reterr)
{
	struct proof_begun any, begun;
	enum status status = asking_show_proof(&here->asking, page_session_any(&here->session), &any, reterr);
	if (status != STATUS_OK)
		return page_call_refuse(here, status);
	struct prove_facts facts = {
		.subject = any.subject,
		.method = chosen_method(here, &any),
		.state = prove_state_of(portal_field(here->call->request, "state")),
		.mailboxes = verify_mailboxes,
		.expires = CLOCK_UNKNOWN,
	};
	if (here->session.ids[facts.method].len > 0) {
		status = asking_show_proof(&here->asking, here->session.ids[facts.method], &begun, reterr);
		if (status != STATUS_OK)
			return page_call_refuse(here, status);
		facts.is_begun = begun.expires != CLOCK_UNKNOWN;
		facts.name = begun.record.name;
		facts.value = begun.record.value;
		facts.expires = begun.expires;
		if (!facts.is_begun && facts.method != PROOF_INVITATION && facts.state != PROVE_DECLINED)
			facts.state = PROVE_EXPIRED;
	}
	page_prove(&here->page, &facts);
	return page_call_reply(here, 200);
}

static enum status show_proved(struct page_call *here, struct failure *reterr)
{
	struct asking_subject subject;
	enum status status = asking_know(&here->asking, here->session.token, &subject, reterr);
	if (status != STATUS_OK)
		return page_call_refuse(here, status);
	page_proved(&here->page, subject.subject.name);
	return page_call_reply(here, 200);
}

enum status portal_page_prove(struct portal_call *call, struct failure *reterr)
{
	struct page_call here;
	enum status status = page_call_begin(&here, call, "/prove", reterr);
	if (status == STATUS_OK && here.session.state == SESSION_PROVED)
		status = show_proved(&here, reterr);
	else if (status == STATUS_OK && page_session_any(&here.session).len > 0)
		status = show_proof(&here, reterr);
	else if (status == STATUS_OK)
		status = page_call_go(&here, "/", BYTES_NONE);
	page_call_end(&here);
	return status;
}

/* ---- check ---- */

static enum prove_state state_of(const struct proof_checked *checked, bool is_of_code)
{
	static const enum prove_state by_sighting[] = {
		[SIGHTING_NOT_SEEN] = PROVE_NOT_SEEN,
		[SIGHTING_SEEN] = PROVE_BUSY,
		[SIGHTING_WRONG] = PROVE_WRONG,
		[SIGHTING_REFUSED] = PROVE_REFUSED,
		[SIGHTING_UNREACHABLE] = PROVE_UNREACHABLE,
	};
	if (checked->awaits_operator)
		return PROVE_WAITING;
	if (is_of_code)
		return PROVE_WRONG_CODE;
	if (checked->state != PROOF_PENDING)
		return PROVE_EXPIRED;
	return checked->was_looked ? by_sighting[checked->sighting] : PROVE_BUSY;
}

/* An invitation is begun and used at once. */
static enum status take_invitation(struct page_call *here, struct bytes *ret_id, struct buffer *cookie, struct failure *reterr)
{
	struct proof_begun begun;
	const struct portal_request *request = here->call->request;
	const struct proof_plea plea = {.subject = portal_field(request, "subject"),
	                                .method = BYTES_LITERAL("invitation"),
	                                .code = bytes_trim(portal_field(request, "code"))};
	enum status status = begin(here, &plea, &begun, cookie, reterr);
	if (status == STATUS_OK)
		*ret_id = begun.id;
	return status;
}

static enum status check(struct page_call *here, struct buffer *cookie, struct failure *reterr)
{
	const struct portal_request *request = here->call->request;
	struct proof_checked checked;
	enum proof_method method = proof_method_of(portal_field(request, "method"));
	struct bytes id = method != PROOF_METHOD_END ? here->session.ids[method] : BYTES_NONE;
	enum status status = STATUS_OK;
	if (here->session.state != SESSION_PROVING || method == PROOF_METHOD_END)
		return STATUS_ABSENT;
	if (method == PROOF_INVITATION)
		status = take_invitation(here, &id, cookie, reterr);
	if (status == STATUS_OK)
		status = asking_check_proof(&here->asking, id,
		                            method == PROOF_MAIL ? bytes_trim(portal_field(request, "code")) : BYTES_NONE,
		                            &checked, reterr);
	if (status != STATUS_OK)
		return status;
	if (checked.token.len == 0)
		return go_prove(here, method, state_of(&checked, method == PROOF_MAIL || method == PROOF_INVITATION),
		                buffer_bytes(cookie));
	return page_call_go(here, portal_field(request, "stay").len > 0 ? "/prove" : "/answer", checked.token);
}

enum status portal_page_check(struct portal_call *call, struct failure *reterr)
{
	struct page_call here;
	struct buffer cookie = buffer_with_ceiling(PORTAL_TOKEN_MAX);
	enum status status = page_call_begin(&here, call, "/prove", reterr);
	if (status == STATUS_OK && here.session.state == SESSION_PROVED)
		status = page_call_go(&here, "/answer", BYTES_NONE);
	else if (status == STATUS_OK && !page_call_has_form(&here))
		status = page_call_refuse_form(&here);
	else if (status == STATUS_OK) {
		status = check(&here, &cookie, reterr);
		status = status == STATUS_OK ? status : page_call_refuse(&here, status);
	}
	buffer_free(&cookie);
	page_call_end(&here);
	return status;
}
