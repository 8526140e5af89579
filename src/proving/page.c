/* SPDX-License-Identifier: Apache-2.0 */
#include "proving/page.h"

#include "base/clock.h"
#include "base/text.h"
#include "net/exchange.h"
#include "proving/boundary.h"

#include <stdio.h>

enum { PROOF_MAX = 4096, REDIRECTS_MAX = 5, URL_MAX_BYTES = 8192 };

#define PROOF_PATH "/.well-known/tidemark-proof.txt"
#define PROOF_VALUE "tidemark-proof="
#define SECURITY_PATH "/.well-known/security.txt"

/* A page under way. */
struct page_visit {
	const struct page_settings *settings;
	char subject[RESOLVER_NAME_SIZE];
	uint16_t port;
	size_t most;       /* bytes of the page */
	struct buffer url; /* where it is looked for now */
	char host[256];    /* last looked up, and where it is */
	struct names_addresses addresses;
	struct buffer page;
};

static void refuse(struct prove_answer *answer, enum prove_reason reason)
{
	answer->verdict = PROVE_REFUSED;
	answer->reason = reason;
}

static void give_up(struct prove_answer *answer, enum prove_reason reason)
{
	answer->verdict = PROVE_UNREACHABLE;
	answer->reason = reason;
}

static int64_t time_left(const struct page_visit *visit)
{
	return visit->settings->names->until - clock_monotonic();
}

/* Where the host is; once for each. False: the answer says why not. */
static bool find_host(struct page_visit *visit, const char *host, struct prove_answer *answer)
{
	const struct names_addresses *addresses = &visit->addresses;
	if (strcmp(visit->host, host) != 0) {
		names_find(visit->settings->names, host, &visit->addresses);
		snprintf(visit->host, sizeof visit->host, "%s", host);
	}
	answer->is_validated &= addresses->is_secure;
	answer->servers = !addresses->is_failed;
	if (addresses->is_bogus)
		refuse(answer, PROVE_BOGUS);
	else if (addresses->count == 0 && addresses->has_closed)
		refuse(answer, PROVE_CLOSED_ADDRESS);
	else if (addresses->count == 0 && time_left(visit) <= 0)
		give_up(answer, PROVE_TIMED_OUT);
	else if (addresses->count == 0)
		give_up(answer, addresses->is_failed ? PROVE_NO_NAME_SERVICE : PROVE_NO_ADDRESS);
	return addresses->count > 0 && !addresses->is_bogus;
}

/* What a reply that did not come says. */
static void judge_end(enum exchange_end end, struct prove_answer *answer)
{
	switch (end) {
	case EXCHANGE_CERTIFICATE: refuse(answer, PROVE_CERTIFICATE); break;
	case EXCHANGE_TOO_LARGE: refuse(answer, PROVE_TOO_LARGE); break;
	case EXCHANGE_TIMED_OUT: give_up(answer, PROVE_TIMED_OUT); break;
	case EXCHANGE_NO_ADDRESS:
	case EXCHANGE_NO_CONNECTION: give_up(answer, PROVE_NO_CONNECTION); break;
	default: give_up(answer, PROVE_NO_SENSE); break;
	}
}

static bool is_redirect(unsigned status)
{
	return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

/* One hop; true: it leads on. */
static bool judge_reply(struct page_visit *visit, const struct exchange_outcome *outcome, struct prove_answer *answer)
{
	if (is_redirect(outcome->status) && outcome->location.len > 0) {
		buffer_reset(&visit->url);
		buffer_append(&visit->url, buffer_bytes(&outcome->location));
		return true;
	}
	if (outcome->status == 200) {
		answer->verdict = PROVE_SEEN;
		buffer_append(&visit->page, buffer_bytes(&outcome->body));
	} else if (outcome->status == 404 || outcome->status == 410) {
		answer->verdict = PROVE_NOT_SEEN;
	} else {
		give_up(answer, PROVE_NOT_AVAILABLE);
	}
	return false;
}

static enum status fetch(struct page_visit *visit, bool *ret_leads_on, struct prove_answer *answer)
{
	struct exchange_outcome outcome;
	struct exchange exchange = {
		.method = "GET",
		.url = buffer_bytes(&visit->url),
		.addresses = visit->addresses.at,
		.address_count = visit->addresses.count,
		.authorities = visit->settings->authorities,
		.user_agent = visit->settings->user_agent,
		.reply_max = visit->most,
		.milliseconds = time_left(visit),
	};
	enum status status = exchange_perform(&exchange, &outcome);
	if (status != STATUS_OK)
		return status;
	*ret_leads_on = false;
	if (outcome.end == EXCHANGE_REPLIED)
		*ret_leads_on = judge_reply(visit, &outcome, answer);
	else
		judge_end(outcome.end, answer);
	exchange_free(&outcome);
	return STATUS_OK;
}

/* Hop by hop, until there is a page or a reason. */
static enum status follow(struct page_visit *visit, struct prove_answer *answer)
{
	for (int hop = 0; hop <= REDIRECTS_MAX; hop++) {
		struct web_place place;
		bool leads_on;
		if (!web_place_read(buffer_bytes(&visit->url), &place) || !place.is_https || place.port != visit->port ||
		    !boundary_holds(visit->subject, place.host)) {
			refuse(answer, PROVE_LEAVES);
			return STATUS_OK;
		}
		if (!find_host(visit, place.host, answer))
			return STATUS_OK;
		enum status status = fetch(visit, &leads_on, answer);
		if (status != STATUS_OK || !leads_on)
			return status;
	}
	refuse(answer, PROVE_REDIRECTS);
	return STATUS_OK;
}

/* Of the first hop the path; the page, where the answer is SEEN, is the caller's to free either way. */
static enum status visit_page(const struct page_settings *settings, struct bytes name, const char *path, size_t most,
                              struct buffer *ret_page, struct prove_answer *answer)
{
	const struct prove_setup *setup = settings->names->setup;
	struct page_visit visit = {
		.settings = settings,
		.port = setup->https_port != 0 ? setup->https_port : 443,
		.most = most,
		.url = buffer_with_ceiling(URL_MAX_BYTES),
		.page = buffer_with_ceiling(most),
	};
	*answer = (struct prove_answer){.is_validated = true};
	snprintf(visit.subject, sizeof visit.subject, "%.*s", (int)name.len, (const char *)name.at);
	buffer_append_format(&visit.url, "https://%s", visit.subject);
	if (visit.port != 443)
		buffer_append_format(&visit.url, ":%u", visit.port);
	buffer_append_string(&visit.url, path);
	enum status status = buffer_status(&visit.url);
	if (status == STATUS_OK)
		status = follow(&visit, answer);
	if (status == STATUS_OK)
		status = buffer_status(&visit.page);
	buffer_free(&visit.url);
	*ret_page = visit.page;
	return status;
}

static bool is_token(struct bytes line, struct bytes token)
{
	return bytes_equal(line, token) || (bytes_start_with(line, BYTES_LITERAL(PROOF_VALUE)) &&
	                                    bytes_equal(bytes_from(line, sizeof PROOF_VALUE - 1), token));
}

/* Any page may be answered where a server finds none, so one without a proof is none. */
static enum prove_verdict compare(struct bytes page, struct bytes token)
{
	enum prove_verdict verdict = PROVE_NOT_SEEN;
	while (page.len > 0) {
		size_t end = bytes_find_byte(page, '\n');
		struct bytes line = bytes_trim(bytes_slice(page, 0, end));
		page = end == BYTES_NOT_FOUND ? BYTES_NONE : bytes_from(page, end + 1);
		if (is_token(line, token))
			return PROVE_SEEN;
		if (bytes_start_with(line, BYTES_LITERAL(PROOF_VALUE)))
			verdict = PROVE_SEEN_WRONG;
	}
	return verdict;
}

enum status page_prove(const struct page_settings *settings, const struct prove_question *question,
                       struct prove_answer *ret_answer)
{
	struct prove_answer answer;
	struct buffer page;
	enum status status = visit_page(settings, question->name, PROOF_PATH, PROOF_MAX, &page, &answer);
	if (answer.verdict == PROVE_SEEN)
		answer.verdict = compare(buffer_bytes(&page), question->token);
	buffer_free(&page);
	if (status == STATUS_OK)
		*ret_answer = answer;
	return status;
}

enum status page_read_security(const struct page_settings *settings, const struct prove_question *question, struct arena *arena,
                               struct prove_answer *ret_answer)
{
	struct prove_answer answer;
	struct buffer page, text = buffer_with_ceiling(4 * PROVE_PAGE_MAX);
	enum status status = visit_page(settings, question->name, SECURITY_PATH, PROVE_PAGE_MAX, &page, &answer);
	if (status == STATUS_OK && answer.verdict == PROVE_SEEN) {
		text_append_repaired(&text, buffer_bytes(&page));
		struct bytes cut = bytes_slice(buffer_bytes(&text), 0, PROVE_PAGE_MAX);
		cut.len = text_valid_length(cut);
		answer.page = arena_copy(arena, cut);
		answer.verdict = answer.page.len > 0 ? PROVE_SEEN : PROVE_NOT_SEEN;
		status = buffer_status(&text);
	}
	buffer_free(&page);
	buffer_free(&text);
	if (status == STATUS_OK)
		*ret_answer = answer;
	return status;
}
