/* SPDX-License-Identifier: Apache-2.0 */
#include "portal/pages.h"

static const struct {
	const char *name;
	enum word words;
} states[PROVE_STATE_COUNT] = {
	[PROVE_NEW] = {"new", WORD_PROVE_STATE_NEW},
	[PROVE_NOT_SEEN] = {"not_seen", WORD_PROVE_STATE_NOT_SEEN},
	[PROVE_WRONG] = {"wrong", WORD_PROVE_STATE_WRONG},
	[PROVE_WRONG_CODE] = {"wrong_code", WORD_PROVE_STATE_WRONG_CODE},
	[PROVE_REFUSED] = {"refused", WORD_PROVE_STATE_REFUSED},
	[PROVE_UNREACHABLE] = {"unreachable", WORD_PROVE_STATE_UNREACHABLE},
	[PROVE_BUSY] = {"busy", WORD_PROVE_STATE_BUSY},
	[PROVE_WAITING] = {"waiting", WORD_PROVE_STATE_WAITING},
	[PROVE_EXPIRED] = {"expired", WORD_PROVE_STATE_EXPIRED},
	[PROVE_DECLINED] = {"declined", WORD_PROVE_STATE_REFUSED_OPERATOR},
};

const char *prove_state_name(enum prove_state state)
{
	return states[state].name;
}

enum prove_state prove_state_of(struct bytes name)
{
	for (unsigned i = 0; i < PROVE_STATE_COUNT; i++)
		if (bytes_equal_string(name, states[i].name))
			return (enum prove_state)i;
	return PROVE_NEW;
}

static bool is_address(struct bytes subject)
{
	return bytes_find_byte(subject, '@') != BYTES_NOT_FOUND;
}

bool prove_is_open_to(struct bytes subject, enum proof_method method)
{
	return !is_address(subject) || method == PROOF_MAIL || method == PROOF_INVITATION;
}

/* ---- tabs ---- */

static const struct {
	enum proof_method method;
	enum word words;
	const char *path;
} tabs[] = {
	{PROOF_DNS, WORD_PROVE_DNS, "/prove?method=dns"},
	{PROOF_HTTP, WORD_PROVE_HTTP, "/prove?method=http"},
	{PROOF_MAIL, WORD_PROVE_MAIL, "/prove?method=mail"},
	{PROOF_INVITATION, WORD_PROVE_INVITATION, "/prove?method=invitation"},
};

static void put_link(struct page *page, const char *path, enum word words)
{
	HTML(page->into, "<a");
	page_href(page, path);
	HTML(page->into, ">");
	say(page->into, page->language, words);
	HTML(page->into, "</a>");
}

static void put_tabs(struct page *page, const struct prove_facts *facts)
{
	HTML(page->into, "<nav class=\"tabs\" aria-label=\"");
	say(page->into, page->language, WORD_PROVE_WAYS);
	HTML(page->into, "\"><ul>\n");
	for (size_t i = 0; i < sizeof tabs / sizeof *tabs; i++) {
		if (!prove_is_open_to(facts->subject, tabs[i].method))
			continue;
		HTML(page->into, "<li><a");
		if (tabs[i].method == facts->method)
			HTML(page->into, " aria-current=\"page\"");
		page_href(page, tabs[i].path);
		HTML(page->into, ">");
		say(page->into, page->language, tabs[i].words);
		HTML(page->into, "</a></li>\n");
	}
	HTML(page->into, "</ul></nav>\n");
}

/* ---- forms ---- */

static void begin_form(struct page *page, const struct prove_facts *facts, const char *path)
{
	page_form_begin(page, path);
	page_hidden(page, "method", bytes_of_string(proof_method_name(facts->method)));
	page_hidden(page, "subject", facts->subject);
}

static void put_code_field(struct page *page, enum word label)
{
	HTML(page->into, "<div class=\"field\"><label for=\"code\">");
	say(page->into, page->language, label);
	HTML(page->into,
	     "</label>\n<input id=\"code\" name=\"code\" type=\"text\" autocapitalize=\"none\" autocomplete=\"one-time-code\" "
	     "spellcheck=\"false\" required maxlength=\"100\"></div>\n");
}

static void put_state(struct page *page, const struct prove_facts *facts)
{
	HTML(page->into, "<div id=\"state\" class=\"state\" data-state=\"");
	html_string(page->into, states[facts->state].name);
	HTML(page->into, "\" role=\"status\"><p><strong>");
	say(page->into, page->language, WORD_PROVE_STATE);
	HTML(page->into, ":</strong> ");
	say(page->into, page->language, states[facts->state].words);
	HTML(page->into, "</p></div>\n");
}

static void put_until(struct page *page, const struct prove_facts *facts)
{
	HTML(page->into, "<p class=\"dim\">");
	SAY(page->into, page->language, WORD_PROVE_UNTIL, said_time(facts->expires));
	HTML(page->into, "</p>\n");
}

/* With script the check repeats itself; these are its words. */
static void put_check(struct page *page, const struct prove_facts *facts)
{
	put_state(page, facts);
	if (facts->state == PROVE_EXPIRED || facts->state == PROVE_DECLINED)
		return;
	HTML(page->into, "<div id=\"check\" data-checking=\"");
	say(page->into, page->language, WORD_PROVE_CHECKING);
	HTML(page->into, "\" data-again=\"");
	say(page->into, page->language, WORD_PROVE_AGAIN);
	HTML(page->into, "\">\n");
	begin_form(page, facts, "/prove/check");
	page_form_end(page, WORD_PROVE_CHECK, true);
	HTML(page->into, "</div>\n");
	put_until(page, facts);
}

/* ---- what to publish ---- */

static void put_copied(struct page *page, enum word term, struct bytes text)
{
	HTML(page->into, "<div><dt>");
	say(page->into, page->language, term);
	HTML(page->into, "</dt><dd><code>");
	html_text(page->into, text);
	HTML(page->into, "</code><button type=\"button\" class=\"copy\" hidden data-copied=\"");
	say(page->into, page->language, WORD_PROVE_COPIED);
	HTML(page->into, "\">");
	say(page->into, page->language, WORD_PROVE_COPY);
	HTML(page->into, "<span class=\"unseen\">: ");
	say(page->into, page->language, term);
	HTML(page->into, "</span></button></dd></div>\n");
}

static void put_dns(struct page *page, const struct prove_facts *facts)
{
	page_paragraph(page, WORD_PROVE_DNS_DO);
	HTML(page->into, "<dl class=\"record\">\n<div><dt>");
	say(page->into, page->language, WORD_PROVE_DNS_TYPE);
	HTML(page->into, "</dt><dd><code>TXT</code></dd></div>\n");
	put_copied(page, WORD_PROVE_DNS_NAME, facts->name);
	put_copied(page, WORD_PROVE_DNS_VALUE, facts->value);
	HTML(page->into, "</dl>\n");
	put_check(page, facts);
	HTML(page->into, "<p class=\"dim\">");
	say(page->into, page->language, WORD_PROVE_DNS_NOTE);
	HTML(page->into, "</p>\n");
}

static void put_http(struct page *page, const struct prove_facts *facts)
{
	page_paragraph(page, WORD_PROVE_HTTP_DO);
	HTML(page->into, "<dl class=\"record\">\n");
	put_copied(page, WORD_PROVE_HTTP_ADDRESS, facts->name);
	put_copied(page, WORD_PROVE_HTTP_CONTENT, facts->value);
	HTML(page->into, "</dl>\n");
	put_check(page, facts);
	HTML(page->into, "<p class=\"dim\">");
	say(page->into, page->language, WORD_PROVE_HTTP_NOTE);
	HTML(page->into, "</p>\n");
}

static void put_get(struct page *page, const struct prove_facts *facts, enum word lead, enum word button)
{
	page_paragraph(page, lead);
	begin_form(page, facts, "/prove");
	page_form_end(page, button, true);
}

/* ---- mail ---- */

static void put_mailboxes(struct page *page, const struct prove_facts *facts)
{
	HTML(page->into, "<fieldset><legend>");
	say(page->into, page->language, WORD_PROVE_MAIL_TO);
	HTML(page->into, "</legend>\n<p class=\"hint\">");
	say(page->into, page->language, WORD_PROVE_MAIL_TO_HINT);
	HTML(page->into, "</p>\n");
	for (size_t i = 0; facts->mailboxes != NULL && facts->mailboxes[i] != NULL; i++) {
		HTML(page->into, "<label class=\"choice\"><input type=\"radio\" name=\"mailbox\" value=\"");
		html_string(page->into, facts->mailboxes[i]);
		i == 0 ? HTML(page->into, "\" checked> ") : HTML(page->into, "\"> ");
		html_string(page->into, facts->mailboxes[i]);
		HTML(page->into, "@");
		html_text(page->into, facts->subject);
		HTML(page->into, "</label>\n");
	}
	HTML(page->into, "</fieldset>\n");
}

static void put_send(struct page *page, const struct prove_facts *facts)
{
	if (is_address(facts->subject)) {
		HTML(page->into, "<p>");
		SAY(page->into, page->language, WORD_PROVE_MAIL_SELF_LEAD, said_foreign(facts->subject));
		HTML(page->into, "</p>\n");
	}
	begin_form(page, facts, "/prove");
	if (!is_address(facts->subject))
		put_mailboxes(page, facts);
	page_form_end(page, facts->is_begun ? WORD_PROVE_MAIL_AGAIN : WORD_PROVE_MAIL_SEND, !facts->is_begun);
}

static void put_mail(struct page *page, const struct prove_facts *facts)
{
	if (facts->is_begun && facts->state != PROVE_EXPIRED && facts->state != PROVE_DECLINED) {
		HTML(page->into, "<p>");
		SAY(page->into, page->language, WORD_PROVE_MAIL_SENT, said_time(facts->expires));
		HTML(page->into, "</p>\n");
		if (facts->state != PROVE_NEW)
			put_state(page, facts);
		begin_form(page, facts, "/prove/check");
		put_code_field(page, WORD_PROVE_MAIL_CODE);
		page_form_end(page, WORD_PROVE_CHECK_CODE, true);
	} else if (facts->state != PROVE_NEW) {
		put_state(page, facts);
	}
	put_send(page, facts);
}

static void put_invitation(struct page *page, const struct prove_facts *facts)
{
	const struct page_host *host = page->host;
	struct bytes incident = host != NULL ? host->incident : BYTES_NONE;
	HTML(page->into, "<p>");
	if (host != NULL && (host->name.len > 0 || host->domain.len > 0))
		SAY(page->into, page->language, WORD_PROVE_INVITATION_LEAD,
		    said_text(host->name.len > 0 ? host->name : host->domain), said_text(incident));
	else
		SAY(page->into, page->language, WORD_PROVE_INVITATION_LEAD_UNNAMED, said_text(incident));
	HTML(page->into, "</p>\n");
	if (facts->state != PROVE_NEW)
		put_state(page, facts);
	begin_form(page, facts, "/prove/check");
	put_code_field(page, WORD_PROVE_INVITATION_CODE);
	page_form_end(page, WORD_PROVE_INVITATION_USE, true);
}

/* ---- the page ---- */

static void put_way(struct page *page, const struct prove_facts *facts)
{
	bool is_over = facts->state == PROVE_EXPIRED || facts->state == PROVE_DECLINED;
	HTML(page->into, "<section class=\"way\">\n<h2>");
	for (size_t i = 0; i < sizeof tabs / sizeof *tabs; i++)
		if (tabs[i].method == facts->method)
			say(page->into, page->language, tabs[i].words);
	HTML(page->into, "</h2>\n");
	switch (facts->method) {
	case PROOF_DNS:
	case PROOF_HTTP:
		if (is_over)
			put_state(page, facts);
		if (facts->is_begun && !is_over)
			facts->method == PROOF_DNS ? put_dns(page, facts) : put_http(page, facts);
		else if (facts->method == PROOF_DNS)
			put_get(page, facts, WORD_PROVE_DNS_GET_LEAD, WORD_PROVE_DNS_GET);
		else
			put_get(page, facts, WORD_PROVE_HTTP_GET_LEAD, WORD_PROVE_HTTP_GET);
		break;
	case PROOF_MAIL: put_mail(page, facts); break;
	default: put_invitation(page, facts); break;
	}
	page_section_end(page);
}

static void put_cannot(struct page *page)
{
	HTML(page->into, "<section>\n<h2>");
	say(page->into, page->language, WORD_PROVE_CANNOT);
	HTML(page->into, "</h2>\n<p>");
	put_link(page, "/prove?method=mail", WORD_PROVE_CANNOT_MAIL);
	HTML(page->into, " ");
	say(page->into, page->language, WORD_PROVE_CANNOT_OR);
	HTML(page->into, " ");
	put_link(page, "/prove?method=invitation", WORD_PROVE_CANNOT_INVITATION);
	HTML(page->into, ", ");
	say(page->into, page->language, WORD_PROVE_CANNOT_END);
	HTML(page->into, "</p>\n</section>\n");
}

void page_prove(struct page *page, const struct prove_facts *facts)
{
	page_begin(page, WORD_PROVE_TITLE);
	page_heading(page, WORD_PROVE_TITLE);
	HTML(page->into, "<p class=\"lead\">");
	SAY(page->into, page->language, WORD_PROVE_LEAD, said_foreign(facts->subject));
	HTML(page->into, "</p>\n");
	put_tabs(page, facts);
	put_way(page, facts);
	if (facts->method == PROOF_DNS || facts->method == PROOF_HTTP)
		put_cannot(page);
	HTML(page->into, "<p>");
	put_link(page, "/", WORD_PROVE_OTHER);
	HTML(page->into, "</p>\n");
	page_end(page);
}

void page_proved(struct page *page, struct bytes subject)
{
	page_begin(page, WORD_PROVE_TITLE);
	page_heading(page, WORD_PROVE_TITLE);
	HTML(page->into, "<p class=\"lead\">");
	SAY(page->into, page->language, WORD_PROVE_DONE, said_foreign(subject));
	HTML(page->into, "</p>\n<p><a id=\"go\"");
	page_href(page, "/answer");
	HTML(page->into, ">");
	say(page->into, page->language, WORD_PROVE_DONE_GO);
	HTML(page->into, "</a></p>\n");
	page_end(page);
}
