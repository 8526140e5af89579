/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes one of the subject's pages, of facts made up here, to standard output: of an ordinary answer, of none, of far too much,
 * of one whose every text means ill.
 *   render-page NAME LANGUAGE      without a name: the names
 */
#include "answer/lookup.h"
#include "base/clock.h"
#include "gate/gate.h"
#include "portal/pages.h"

#include <stdio.h>
#include <stdlib.h>

static struct page_host host, nameless;

/* Ends a string, an attribute, a comment, a script; turns text; hides in it; goes on for ever. */
static const char evil[] =
	"\"'><script>alert(1)</script><img src=x onerror=alert(1)>--><!-- &amp; {1} \xE2\x80\xAEgnp.exe\xE2\x80\xAC \x1B[31m\x07"
	"https://evil.example/?a=b \xD8\xB3\xD9\x86\xD8\xAF \xF0\x9F\x92\xA5 \xFF\xFE "
	"Donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbauunterbeamtengesellschaftohneeinzigesleerzeichenodertrennstrichirgendwo";

static void bail(const char *why)
{
	fprintf(stderr, "render-page: %s\n", why);
	exit(1);
}

static struct bytes text_of(struct arena *arena, const char *format, unsigned number)
{
	char text[256];
	int length = snprintf(text, sizeof text, format, number);
	return arena_copy(arena, bytes_of(text, (size_t)length));
}

/* ---- documents ---- */

enum kind_of_answer { ORDINARY, HOSTILE, MUCH, PERSON, BARE };

struct making {
	enum kind_of_answer kind;
	struct arena *arena;
	struct answer_view *view;
	struct lookup *sums;
};

static void put_value(struct making *making, struct portion_list *list, struct bytes value)
{
	struct bytes *items = arena_allocate(making->arena, (list->count + 1) * sizeof *items);
	if (items == NULL)
		bail("out of memory");
	if (list->count > 0)
		memcpy(items, list->items, list->count * sizeof *items);
	items[list->count++] = value;
	list->items = items;
}

static struct bytes named(struct making *making, const char *format, unsigned number)
{
	return making->kind == HOSTILE ? bytes_of(evil, sizeof evil - 1) : text_of(making->arena, format, number);
}

static void put_row(struct making *making, struct minimised *document, unsigned i)
{
	struct minimised_cell *cells = arena_allocate(making->arena, 3 * sizeof *cells);
	struct minimised_row *rows = arena_allocate(making->arena, sizeof *rows);
	if (cells == NULL || rows == NULL)
		bail("out of memory");
	cells[0] = (struct minimised_cell){making->kind == HOSTILE ? evil : "Customer", named(making, "Contoso Ltd", 0),
	                                   ELEMENT_COUNT};
	cells[1] = (struct minimised_cell){"Account", BYTES_NONE, ELEMENT_FINANCIAL};
	cells[2] = (struct minimised_cell){"Remark", i % 2 ? BYTES_NONE : named(making, "%u", 4711), ELEMENT_COUNT};
	*rows = (struct minimised_row){cells, 3};
	document->rows = rows;
	document->row_count = 1;
}

/* Over few years, or over more than have room for labels. */
static int year_of(const struct making *making, unsigned i)
{
	static const int years[] = {2017, 2018, 2018, 2019, 2019, 2019, 2020, 2020, 2021, 2021, 2021, 2021, 2022, 2012};
	return making->kind == MUCH ? 1990 + (int)(i * i % 33) : years[i * 5 % (sizeof years / sizeof *years)];
}

static void make_document(struct making *making, unsigned i)
{
	static const enum document_class classes[] = {CLASS_INVOICE,  CLASS_CONTRACT, CLASS_PROOF_OF_EXECUTION,
	                                              CLASS_INVOICE,  CLASS_MAIL,     CLASS_STATEMENT_OF_WORK,
	                                              CLASS_DATABASE, CLASS_NONE,     CLASS_INVOICE,
	                                              CLASS_MAIL,     CLASS_MAIL};
	struct minimised document = {.dated = CLOCK_UNKNOWN, .modified = CLOCK_UNKNOWN, .others = i % 3 ? 10 : 0};
	enum document_class class = classes[i % (sizeof classes / sizeof *classes)];
	memset(document.id.bytes, (int)(i * 37 & 0xFF), ID_SIZE);
	document.class = bytes_of_string(document_class_name(class));
	document.dated = i % 13 == 12 ? CLOCK_UNKNOWN
	                              : clock_from_civil(year_of(making, i), (int)(i % 12) + 1, (int)(i % 28) + 1, 9, 0, 0);
	document.modified = clock_from_civil(2022, 8, 1, 12, 0, 0);
	document.exposed.first_seen = clock_from_civil(2021, 3, 3, 4, 5, 6);
	document.exposed.last_seen = clock_from_civil(2022, 9, 23, 0, 0, 0);
	document.exposed.closed_at = i % 5 ? clock_from_civil(2022, 9, 24, 0, 0, 0) : CLOCK_UNKNOWN;
	if (i % 4 != 3) {
		document.path = named(making, "2021/contoso/invoice-%u.pdf", 1000 + i);
		document.container = named(making, "archive", 0);
		document.title = named(making, "Invoice %u", 1000 + i);
		document.url = named(making, "https://fabrikam.example/archive/2021/contoso/invoice-%u.pdf", 1000 + i);
	}
	document.has_size = document.has_copies = document.has_sha256 = i % 3 != 0;
	document.size = 1000 + 7919ull * i * i;
	document.copies = i % 3;
	document.signing = (i % 4 == 1) ? SIGNED : i % 4 == 2 ? SIGNED_NOT : SIGNED_UNKNOWN;
	struct bytes signer = named(making, "Anna Ziegler (anna.ziegler@contoso.com)", 0);
	document.signers = &signer;
	document.signer_count = document.signing == SIGNED;
	document.is_sure = i % 4 != 0;
	document.why = making->kind == PERSON ? "your address stands in it"
	                                      : "it is between you and others: addresses under your domain stand in it";
	put_value(making, &document.values[FINDING_EMAIL],
	          making->kind == PERSON ? bytes_of_string("anna.ziegler@contoso.com")
	                                 : named(making, "person%u@contoso.com", i % 30));
	put_value(making, &document.values[FINDING_PERSON],
	          named(making,
	                i % 2 ? "Anna Ziegler"
	                      : "\xD8\xB3\xD8\xA7\xD8\xB1\xD8\xA9 \xD8\xA7\xD9\x84\xD8\xAD\xD8\xB1\xD8\xA8\xD9\x8A",
	                0));
	put_value(making, &document.values[FINDING_INVOICE], named(making, "RE-%u", 1000 + i));
	if (class == CLASS_DATABASE && making->kind != PERSON)
		put_row(making, &document, i);
	document.elements[ELEMENT_NAME] = 1 + i % 2;
	document.elements[ELEMENT_CONTACT] = 1;
	document.elements[ELEMENT_FINANCIAL] = i % 9 == 0;
	if (answer_view_add(making->view, &document) != STATUS_OK)
		bail("a document was refused");
	making->sums->documents++;
}

static void make_sums(struct making *making, unsigned count)
{
	struct lookup *sums = making->sums;
	sums->distinct_documents = count - count / 9;
	sums->references = 3 * count;
	sums->addresses = count < 30 ? count : 30;
	sums->people = count / 3;
	sums->exposed_from = making->kind == BARE ? CLOCK_UNKNOWN : clock_from_civil(2021, 3, 3, 4, 5, 6);
	sums->last_seen_open = clock_from_civil(2022, 9, 23, 0, 0, 0);
	sums->exposed_until = making->kind == MUCH ? CLOCK_UNKNOWN : clock_from_civil(2022, 9, 24, 0, 0, 0);
	sums->is_still_open = making->kind == MUCH;
	sums->swept_at = clock_from_civil(2022, 9, 25, 3, 12, 0);
	sums->coverage = (struct coverage){
		.documents = count,
		.unseen_objects = making->kind == PERSON ? 0 : 14,
		.unseen_bytes = making->kind == PERSON ? 0 : 2100000000,
	};
	sums->coverage.looked_through[FINDING_EMAIL] = count;
	for (unsigned i = 0; i < count && i < 300; i++) {
		put_value(making, &sums->watched[FINDING_INVOICE], named(making, "RE-%u", 1000 + i));
		if (i % 4 == 0)
			put_value(making, &sums->watched[FINDING_PROJECT], named(making, "Northwind %u", i));
	}
}

static void render_answer(struct page *page, enum kind_of_answer kind, unsigned count, const struct answer_choice *choice,
                          struct answer_facts facts)
{
	struct arena arena = arena_with_ceiling(1u << 30);
	struct gate_answer answer = {.next = buffer_with_ceiling(16)};
	struct answer_view view;
	bool is_person = kind == PERSON;
	struct asking_subject subject = {
		.subject = {is_person ? SUBJECT_PERSON : SUBJECT_ORGANISATION,
	                    kind == HOSTILE ? bytes_of(evil, sizeof evil - 1)
	                                    : bytes_of_string(is_person ? "anna.ziegler@contoso.com" : "contoso.com"),
	                    false},
		.method = is_person ? PROOF_MAIL : PROOF_DNS,
		.proved = clock_from_civil(2022, 10, 1, 8, 0, 0),
		.expires = clock_from_civil(2022, 10, 31, 8, 0, 0),
	};
	answer_view_begin(&view, page, choice);
	lookup_begin(&answer.sums, &subject.subject);
	struct making making = {kind, &arena, &view, &answer.sums};
	for (unsigned i = 0; i < count; i++)
		make_document(&making, i);
	make_sums(&making, count);
	answer_view_sort(&view);
	facts.subject = &subject;
	facts.answer = &answer;
	facts.view = &view;
	facts.as_of = clock_from_civil(2022, 10, 2, 14, 30, 0);
	page->path = "/answer";
	page->form_token = bytes_of_string("formtoken");
	page_answer(page, &facts);
	answer_view_free(&view);
	gate_answer_free(&answer);
	arena_free(&arena);
}

/* ---- the pages ---- */

static const struct answer_choice all = {.class = CLASS_COUNT};

static void answer_ordinary(struct page *page)
{
	render_answer(page, ORDINARY, 64, &all, (struct answer_facts){.appeal = 0});
}
static void answer_one(struct page *page)
{
	render_answer(page, BARE, 1, &all, (struct answer_facts){.appeal = 17});
}
static void answer_chosen(struct page *page)
{
	struct answer_choice choice = {.class = CLASS_INVOICE, .year = 2020, .text = BYTES_LITERAL("re-10"), .page = 1};
	render_answer(
		page, ORDINARY, 64, &choice,
		(struct answer_facts){.document = BYTES_LITERAL("eiraaaaaaaaaaaaaaaaaaaaaaa"), .appeal_fault = APPEAL_NO_TEXT});
}
static void answer_empty_choice(struct page *page)
{
	struct answer_choice choice = {.class = CLASS_COUNT, .text = BYTES_LITERAL("nobody has this"), .page = 9};
	render_answer(page, ORDINARY, 64, &choice, (struct answer_facts){.appeal_fault = APPEAL_TOO_MANY});
}
static void answer_hostile(struct page *page)
{
	struct answer_choice choice = {.class = CLASS_COUNT, .text = bytes_of("\xFF\"><script>", 11), .page = 1};
	choice.text.len = 0;
	render_answer(page, HOSTILE, 12, &choice, (struct answer_facts){.document = bytes_of(evil, sizeof evil - 1)});
}
static void answer_much(struct page *page)
{
	struct answer_choice choice = {.class = CLASS_COUNT, .page = 3};
	render_answer(page, MUCH, 5000, &choice, (struct answer_facts){.appeal = 0});
}
static void answer_person(struct page *page)
{
	render_answer(page, PERSON, 3, &all, (struct answer_facts){.appeal = 0});
}
static void answer_whole(struct page *page)
{
	struct answer_choice choice = {.is_whole = true};
	page->is_alone = true;
	render_answer(page, ORDINARY, 64, &choice, (struct answer_facts){.appeal = 0});
}
static void nothing(struct page *page)
{
	render_answer(page, ORDINARY, 0, &all, (struct answer_facts){.appeal = 0});
}

static void ask(struct page *page)
{
	page->path = "/";
	page_ask(page, &(struct ask_facts){.entered = BYTES_NONE});
}
static void ask_fault(struct page *page)
{
	page->path = "/";
	page_ask(page, &(struct ask_facts){.entered = bytes_of(evil, sizeof evil - 1), .is_no_subject = true});
}
static void ask_proved(struct page *page)
{
	page->path = "/";
	page->form_token = bytes_of_string("formtoken");
	page_ask(page, &(struct ask_facts){.proved = BYTES_LITERAL("contoso.com")});
}
static void ask_nameless(struct page *page)
{
	page->path = "/";
	page->host = &nameless;
	page_ask(page, &(struct ask_facts){.entered = BYTES_NONE});
}

static const char *const mailboxes[] = {"hostmaster", "postmaster", "security", "abuse", NULL};

static void prove(struct page *page, struct prove_facts facts)
{
	if (facts.subject.len == 0)
		facts.subject = bytes_of_string("contoso.com");
	facts.mailboxes = mailboxes;
	facts.expires = clock_from_civil(2022, 10, 3, 14, 30, 0);
	page->path = "/prove";
	page->form_token = bytes_of_string("formtoken");
	page_prove(page, &facts);
}
static void prove_dns_in(struct page *page, enum prove_state state)
{
	prove(page, (struct prove_facts){.method = PROOF_DNS,
	                                 .is_begun = true,
	                                 .name = BYTES_LITERAL("_tidemark-proof.contoso.com"),
	                                 .value = BYTES_LITERAL("tidemark-proof=mfrggzdfmztwq2lknnwg23tpobyxe43u"),
	                                 .state = state});
}
static void prove_dns(struct page *page)
{
	prove_dns_in(page, PROVE_NEW);
}
static void prove_dns_not_seen(struct page *page)
{
	prove_dns_in(page, PROVE_NOT_SEEN);
}
static void prove_dns_wrong(struct page *page)
{
	prove_dns_in(page, PROVE_WRONG);
}
static void prove_dns_waiting(struct page *page)
{
	prove_dns_in(page, PROVE_WAITING);
}
static void prove_dns_expired(struct page *page)
{
	prove_dns_in(page, PROVE_EXPIRED);
}
static void prove_http(struct page *page)
{
	prove(page, (struct prove_facts){.method = PROOF_HTTP,
	                                 .is_begun = true,
	                                 .name = BYTES_LITERAL("https://contoso.com/.well-known/tidemark-proof.txt"),
	                                 .value = BYTES_LITERAL("tidemark-proof=mfrggzdfmztwq2lknnwg23tpobyxe43u"),
	                                 .state = PROVE_UNREACHABLE});
}
static void prove_http_new(struct page *page)
{
	prove(page, (struct prove_facts){.method = PROOF_HTTP});
}
static void prove_mail(struct page *page)
{
	prove(page, (struct prove_facts){.method = PROOF_MAIL});
}
static void prove_mail_sent(struct page *page)
{
	prove(page, (struct prove_facts){.method = PROOF_MAIL, .is_begun = true, .state = PROVE_WRONG_CODE});
}
static void prove_invitation(struct page *page)
{
	prove(page, (struct prove_facts){.method = PROOF_INVITATION});
}
static void prove_address(struct page *page)
{
	prove(page, (struct prove_facts){.subject = BYTES_LITERAL("anna.ziegler@contoso.com"), .method = PROOF_MAIL});
}
static void prove_hostile(struct page *page)
{
	prove(page, (struct prove_facts){.subject = bytes_of(evil, sizeof evil - 1),
	                                 .method = PROOF_DNS,
	                                 .is_begun = true,
	                                 .name = bytes_of(evil, sizeof evil - 1),
	                                 .value = bytes_of(evil, sizeof evil - 1)});
}

static void proved(struct page *page)
{
	page->path = "/prove";
	page_proved(page, bytes_of_string("contoso.com"));
}

static void asked_of(struct page *page, size_t count, struct bytes next)
{
	struct asked items[ASKED_RESULT_END];
	for (size_t i = 0; i < count; i++)
		items[i] = (struct asked){.at = clock_from_civil(2022, 10, 2, 14, 30, 0) - 86400 * (int64_t)i,
		                          .method = (enum proof_method)(i % PROOF_METHOD_END),
		                          .result = (enum asked_result)(ASKED_RESULT_END - 1 - i),
		                          .network = i % 3 ? bytes_of_string(i % 2 ? "203.0.113.0/24" : "2001:db8:1::/48")
		                                           : BYTES_NONE};
	const struct asked_appeal appeals[] = {
		{3, APPEAL_OTHER, APPEAL_OPEN, {(const unsigned char *)evil, sizeof evil - 1}, 1664719200, CLOCK_UNKNOWN},
		{2, APPEAL_OURS_TOO, APPEAL_GRANTED, BYTES_NONE, 1664632800, 1664719200},
		{1, APPEAL_NOT_OURS, APPEAL_REFUSED, BYTES_LITERAL("ewzbxcrtjr7vudfe6hn5x4bqae"), 1664546400, 1664719200},
	};
	struct asked_page asked = {
		.items = items, .count = count, .appeals = appeals, .appeal_count = count > 0 ? 3 : 0, .next = next};
	page->path = "/asked";
	page_asked(page, &(struct asked_facts){BYTES_LITERAL("contoso.com"), &asked});
}
static void asked(struct page *page)
{
	asked_of(page, ASKED_RESULT_END - 1, bytes_of_string("k5&=\""));
}
static void asked_none(struct page *page)
{
	asked_of(page, 0, BYTES_NONE);
}

static void notice(struct page *page)
{
	page_notice(page, &(struct notice_facts){.code = BYTES_LITERAL("abcde-fghij-klmno-pqrst-uvwxy-z2345")});
}
static void notice_done(struct page *page)
{
	page_notice(page, &(struct notice_facts){.code = bytes_of(evil, sizeof evil - 1), .is_acknowledged = true});
}

static void error_session(struct page *page)
{
	page_error(page, ERROR_SESSION, 0);
}
static void error_form(struct page *page)
{
	page_error(page, ERROR_FORM, 0);
}
static void error_often(struct page *page)
{
	page_error(page, ERROR_OFTEN, 1234);
}
static void error_absent(struct page *page)
{
	page_error(page, ERROR_ABSENT, 0);
}
static void error_none(struct page *page)
{
	page_error(page, ERROR_NONE, 0);
}
static void error_broken(struct page *page)
{
	page_error(page, ERROR_BROKEN, 0);
}

static const struct {
	const char *name;
	void (*render)(struct page *page);
} pages[] = {
	{"ask", ask},
	{"ask-fault", ask_fault},
	{"ask-proved", ask_proved},
	{"ask-nameless", ask_nameless},
	{"prove-dns", prove_dns},
	{"prove-dns-not-seen", prove_dns_not_seen},
	{"prove-dns-wrong", prove_dns_wrong},
	{"prove-dns-waiting", prove_dns_waiting},
	{"prove-dns-expired", prove_dns_expired},
	{"prove-http", prove_http},
	{"prove-http-new", prove_http_new},
	{"prove-mail", prove_mail},
	{"prove-mail-sent", prove_mail_sent},
	{"prove-invitation", prove_invitation},
	{"prove-address", prove_address},
	{"prove-hostile", prove_hostile},
	{"proved", proved},
	{"answer", answer_ordinary},
	{"answer-one", answer_one},
	{"answer-chosen", answer_chosen},
	{"answer-empty-choice", answer_empty_choice},
	{"answer-hostile", answer_hostile},
	{"answer-much", answer_much},
	{"answer-person", answer_person},
	{"answer-whole", answer_whole},
	{"nothing", nothing},
	{"asked", asked},
	{"asked-none", asked_none},
	{"notice", notice},
	{"notice-done", notice_done},
	{"error-session", error_session},
	{"error-form", error_form},
	{"error-often", error_often},
	{"error-absent", error_absent},
	{"error-none", error_none},
	{"error-broken", error_broken},
};

int main(int argc, char **argv)
{
	struct buffer html = buffer_with_ceiling(1u << 30);
	size_t count = sizeof pages / sizeof *pages;
	host = (struct page_host){bytes_of_string("Fabrikam GmbH"), bytes_of_string("fabrikam.example"),
	                          bytes_of_string("TM-7K2M-QX4D"), bytes_of_string("https://answers.fabrikam.example")};
	nameless = (struct page_host){.incident = bytes_of_string("default")};
	if (argc == 1)
		for (size_t i = 0; i < count; i++)
			puts(pages[i].name);
	if (argc != 3)
		return argc == 1 ? 0 : 2;
	for (size_t i = 0; i < count; i++) {
		if (strcmp(pages[i].name, argv[1]) != 0)
			continue;
		struct page page = {
			.into = &html, .host = &host, .language = language_of_tag(bytes_of_string(argv[2])), .path = NULL};
		page.is_language_chosen = page.language != LANGUAGE_EN;
		pages[i].render(&page);
		if (buffer_status(&html) != STATUS_OK || fwrite(html.at, 1, html.len, stdout) != html.len)
			bail("the page was not written");
		buffer_free(&html);
		return 0;
	}
	bail("there is no such page");
}
