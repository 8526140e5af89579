/* SPDX-License-Identifier: Apache-2.0 */
#include "answer/lookup.h"
#include "base/clock.h"
#include "portal/pages.h"

struct sentence {
	enum word from_until, from_open, from, unknown;
};

static const struct sentence of_organisation = {
	WORD_ANSWER_OPEN_FROM_UNTIL,
	WORD_ANSWER_OPEN_FROM_OPEN,
	WORD_ANSWER_OPEN_FROM,
	WORD_ANSWER_OPEN_UNKNOWN,
};
static const struct sentence of_person = {
	WORD_ANSWER_PERSON_FROM_UNTIL,
	WORD_ANSWER_PERSON_FROM_OPEN,
	WORD_ANSWER_PERSON_FROM,
	WORD_ANSWER_PERSON_UNKNOWN,
};

/* How much, whose, from when, until when: what is not known is said in the same breath. */
static void put_sentence(struct page *page, const struct answer_facts *facts)
{
	const struct lookup *sums = &facts->answer->sums;
	const struct sentence *sentence = facts->subject->subject.kind == SUBJECT_PERSON ? &of_person : &of_organisation;
	struct said documents = said_count(WORD_DOCUMENTS_ONE, sums->documents);
	struct said subject = said_foreign(facts->subject->subject.name);
	int64_t until = lookup_exposed_until(sums);
	HTML(page->into, "<p class=\"lead\">");
	if (sums->exposed_from == CLOCK_UNKNOWN)
		SAY(page->into, page->language, sentence->unknown, documents, subject);
	else if (until != CLOCK_UNKNOWN)
		SAY(page->into, page->language, sentence->from_until, documents, subject, said_day(sums->exposed_from),
		    said_day(until));
	else if (sums->last_seen_open != CLOCK_UNKNOWN)
		SAY(page->into, page->language, sentence->from_open, documents, subject, said_day(sums->exposed_from),
		    said_day(sums->last_seen_open));
	else
		SAY(page->into, page->language, sentence->from, documents, subject, said_day(sums->exposed_from));
	HTML(page->into, " ");
	if (sums->coverage.unseen_objects == 0)
		say(page->into, page->language, WORD_ANSWER_UNSEEN_NONE);
	else
		SAY(page->into, page->language, WORD_ANSWER_UNSEEN, said_size(sums->coverage.unseen_bytes),
		    said_count(WORD_OBJECTS_ONE, sums->coverage.unseen_objects));
	HTML(page->into, "</p>\n");
}

static void put_times(struct page *page, const struct answer_facts *facts)
{
	int64_t swept_at = facts->answer->sums.swept_at;
	HTML(page->into, "<p class=\"dim\">");
	if (swept_at != CLOCK_UNKNOWN)
		SAY(page->into, page->language, WORD_ANSWER_AS_OF, said_time(swept_at), said_time(facts->as_of));
	else
		SAY(page->into, page->language, WORD_ANSWER_AS_OF_UNKNOWN, said_time(facts->as_of));
	HTML(page->into, " ");
	say(page->into, page->language, WORD_ANSWER_READ_NOT);
	HTML(page->into, "</p>\n");
}

static void put_received(struct page *page, uint64_t number)
{
	HTML(page->into, "<div class=\"note\" role=\"status\"><p>");
	SAY(page->into, page->language, WORD_ANSWER_APPEAL_SENT, said_number(number));
	HTML(page->into, "</p></div>\n");
}

/* It is long: where what stands in it. */
static void put_contents(struct page *page)
{
	static const struct {
		const char *id;
		enum word words;
	} parts[] = {
		{"#distrust", WORD_ANSWER_WATCH}, {"#kinds", WORD_ANSWER_KINDS},    {"#by-year", WORD_ANSWER_YEARS},
		{"#people", WORD_ANSWER_PEOPLE},  {"#documents", WORD_ANSWER_LIST}, {"#take", WORD_ANSWER_TAKE},
		{"#appeal", WORD_ANSWER_APPEAL},  {"#asked", WORD_ANSWER_ASKED},
	};
	HTML(page->into, "<nav class=\"contents\" aria-label=\"");
	say(page->into, page->language, WORD_ANSWER_CONTENTS);
	HTML(page->into, "\"><ul>\n");
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		HTML(page->into, "<li><a href=\"");
		html_string(page->into, parts[i].id);
		HTML(page->into, "\">");
		say(page->into, page->language, parts[i].words);
		HTML(page->into, "</a></li>\n");
	}
	HTML(page->into, "</ul></nav>\n");
}

void page_answer_contents(struct page *page, const struct answer_facts *facts)
{
	if (facts->answer->sums.documents == 0) {
		page_nothing(page, facts);
		return;
	}
	page_heading(page, WORD_ANSWER_TITLE);
	put_sentence(page, facts);
	put_times(page, facts);
	page_answer_figures(page, facts);
	if (!page->is_alone)
		put_contents(page);
	page_answer_counts(page, facts);
	page_answer_list(page, facts);
}

void page_answer(struct page *page, const struct answer_facts *facts)
{
	page_begin(page, facts->answer->sums.documents == 0 ? WORD_NOTHING_TITLE : WORD_ANSWER_TITLE);
	if (facts->appeal != 0)
		put_received(page, facts->appeal);
	page_answer_contents(page, facts);
	page_answer_deeds(page, facts);
	page_end(page);
}
