/* SPDX-License-Identifier: Apache-2.0 */
#include "portal/answer-view.h"

#include "base/clock.h"
#include "base/digest.h"
#include "portal/answer-words.h"

#include <stdlib.h>

enum {
	LIST_CEILING = 96 << 20,
	ADDRESSES_CEILING = 64 << 20,
	ADDRESS_KIND = 1, /* of hashes */
	ROWS_SHOWN = 50,
	VALUES_SHOWN = 100, /* of a kind, in one document */
};

void answer_view_begin(struct answer_view *view, struct page *page, const struct answer_choice *choice)
{
	*view = (struct answer_view){
		.page = page,
		.choice = *choice,
		.list = buffer_with_ceiling(LIST_CEILING),
		.arena = arena_with_ceiling(ADDRESSES_CEILING),
	};
	if (view->choice.page == 0)
		view->choice.page = 1;
}

void answer_view_free(struct answer_view *view)
{
	buffer_free(&view->list);
	hash_table_free(&view->address_index);
	free(view->addresses);
	arena_free(&view->arena);
}

/* ---- counting ---- */

size_t answer_year_of(int64_t dated)
{
	char text[CLOCK_TEXT_SIZE];
	int year = atoi(clock_format(dated, text));
	bool has_place = year >= ANSWER_FIRST_YEAR && year < ANSWER_FIRST_YEAR + ANSWER_YEARS;
	return has_place ? (size_t)(year - ANSWER_FIRST_YEAR) : ANSWER_YEARS;
}

static enum status grow(struct answer_view *view)
{
	size_t capacity = view->address_capacity == 0 ? 64 : 2 * view->address_capacity;
	struct answer_address *grown = realloc(view->addresses, capacity * sizeof *grown);
	if (grown == NULL)
		return STATUS_NO_MEMORY;
	view->addresses = grown;
	view->address_capacity = capacity;
	return STATUS_OK;
}

static enum status count_address(struct answer_view *view, struct bytes value)
{
	bool is_new = false;
	uint64_t *at = hash_table_enter(&view->address_index, hash_of(ADDRESS_KIND, value), &is_new);
	if (at == NULL)
		return STATUS_NO_MEMORY;
	if (is_new) {
		*at = view->address_count;
		if (view->address_count == view->address_capacity && grow(view) != STATUS_OK)
			return STATUS_NO_MEMORY;
		struct bytes kept = arena_copy(&view->arena, value);
		if (kept.at == NULL && value.len > 0)
			return STATUS_NO_MEMORY;
		view->addresses[view->address_count++] = (struct answer_address){.value = kept};
	}
	view->addresses[*at].documents++;
	return STATUS_OK;
}

static int by_documents(const void *left, const void *right)
{
	const struct answer_address *a = left, *b = right;
	if (a->documents != b->documents)
		return a->documents > b->documents ? -1 : 1;
	return bytes_compare(a->value, b->value);
}

void answer_view_sort(struct answer_view *view)
{
	if (view->address_count > 1)
		qsort(view->addresses, view->address_count, sizeof *view->addresses, by_documents);
}

static enum document_class class_of(const struct minimised *document)
{
	enum document_class class = document_class_from_name(document->class);
	return class == CLASS_COUNT ? CLASS_NONE : class;
}

static enum status count(struct answer_view *view, const struct minimised *document)
{
	enum status status = STATUS_OK;
	view->years[answer_year_of(document->dated)]++;
	view->classes[class_of(document)]++;
	for (size_t i = 0; i < ELEMENT_COUNT; i++)
		view->elements[i] += document->elements[i];
	const struct portion_list *emails = &document->values[FINDING_EMAIL];
	for (size_t i = 0; i < emails->count && status == STATUS_OK; i++)
		status = count_address(view, emails->items[i]);
	return status;
}

/* ---- choosing ---- */

static bool has_text(struct bytes text, struct bytes sought)
{
	for (size_t i = 0; i + sought.len <= text.len; i++)
		if (bytes_start_with_nocase(bytes_from(text, i), sought))
			return true;
	return false;
}

static bool is_chosen(const struct answer_view *view, const struct minimised *document)
{
	const struct answer_choice *choice = &view->choice;
	if (choice->is_whole)
		return true;
	if (choice->class != CLASS_COUNT && class_of(document) != choice->class)
		return false;
	if (choice->year != ANSWER_NO_YEAR && answer_year_of(document->dated) != (size_t)(choice->year - ANSWER_FIRST_YEAR))
		return false;
	if (choice->text.len == 0 || has_text(document->path, choice->text) || has_text(document->title, choice->text) ||
	    has_text(document->container, choice->text))
		return true;
	for (size_t kind = 0; kind < FINDING_KIND_COUNT; kind++)
		for (size_t i = 0; i < document->values[kind].count; i++)
			if (has_text(document->values[kind].items[i], choice->text))
				return true;
	return false;
}

/* ---- laying out ---- */

static void put_term(struct answer_view *view, enum word term)
{
	HTML(&view->list, "<dt>");
	say(&view->list, view->page->language, term);
	HTML(&view->list, "</dt>");
}

static void put_text_row(struct answer_view *view, enum word term, struct bytes text)
{
	if (text.len == 0)
		return;
	put_term(view, term);
	HTML(&view->list, "<dd>");
	html_foreign(&view->list, text);
	HTML(&view->list, "</dd>\n");
}

static void put_said_row(struct answer_view *view, enum word term, struct said value)
{
	put_term(view, term);
	HTML(&view->list, "<dd>");
	say_value(&view->list, view->page->language, value);
	HTML(&view->list, "</dd>\n");
}

static void put_exposed(struct answer_view *view, const struct minimised *document)
{
	enum language language = view->page->language;
	int64_t first = document->exposed.first_seen, last = document->exposed.last_seen, closed = document->exposed.closed_at;
	if (first == CLOCK_UNKNOWN)
		say(&view->list, language, WORD_ANSWER_LIST_OPEN_UNKNOWN);
	else if (closed != CLOCK_UNKNOWN)
		SAY(&view->list, language, WORD_ANSWER_LIST_OPEN_CLOSED, said_day(first), said_day(closed));
	else if (last != CLOCK_UNKNOWN && last - first >= 86400)
		SAY(&view->list, language, WORD_ANSWER_LIST_OPEN_RANGE, said_day(first), said_day(last));
	else
		SAY(&view->list, language, WORD_ANSWER_LIST_OPEN_SINCE, said_day(first));
}

static void put_values(struct answer_view *view, const struct minimised *document)
{
	for (size_t k = 0; portion_kinds[k] != FINDING_KIND_COUNT; k++) {
		const struct portion_list *list = &document->values[portion_kinds[k]];
		if (list->count == 0)
			continue;
		put_term(view, answer_word_of_kind(portion_kinds[k]));
		HTML(&view->list, "<dd class=\"values\">");
		for (size_t i = 0; i < list->count && i < VALUES_SHOWN; i++) {
			html_foreign(&view->list, list->items[i]);
			HTML(&view->list, " ");
		}
		if (list->count > VALUES_SHOWN)
			SAY(&view->list, view->page->language, WORD_ANSWER_REST, said_number(list->count - VALUES_SHOWN));
		HTML(&view->list, "</dd>\n");
	}
}

static void put_elements(struct answer_view *view, const struct minimised *document)
{
	bool has_any = false;
	for (size_t i = 0; i < ELEMENT_COUNT; i++) {
		if (document->elements[i] == 0)
			continue;
		if (!has_any) {
			put_term(view, WORD_ANSWER_LIST_ELEMENTS);
			HTML(&view->list, "<dd>");
		} else {
			HTML(&view->list, ", ");
		}
		has_any = true;
		enum word word = answer_word_of_element((enum person_element)i);
		SAY(&view->list, view->page->language, WORD_ANSWER_LIST_ELEMENTS_OF,
		    said_string(words_of(view->page->language, word)), said_number(document->elements[i]));
	}
	if (has_any)
		HTML(&view->list, "</dd>\n");
}

static void put_signed(struct answer_view *view, const struct minimised *document)
{
	if (document->signing == SIGNED_UNKNOWN)
		return;
	put_term(view, WORD_ANSWER_LIST_SIGNED);
	HTML(&view->list, "<dd>");
	say(&view->list, view->page->language,
	    document->signing == SIGNED ? WORD_ANSWER_LIST_SIGNED_YES : WORD_ANSWER_LIST_SIGNED_NO);
	for (size_t i = 0; i < document->signer_count; i++) {
		HTML(&view->list, " ");
		SAY(&view->list, view->page->language, WORD_ANSWER_LIST_SIGNED_BY, said_foreign(document->signers[i]));
	}
	HTML(&view->list, "</dd>\n");
}

static void put_file(struct answer_view *view, const struct minimised *document)
{
	if (document->has_size)
		put_said_row(view, WORD_ANSWER_LIST_SIZE, said_size(document->size));
	if (document->modified != CLOCK_UNKNOWN)
		put_said_row(view, WORD_ANSWER_LIST_MODIFIED, said_time(document->modified));
	if (document->has_copies && document->copies > 1)
		put_said_row(view, WORD_ANSWER_LIST_COPIES, said_number(document->copies));
	if (document->has_sha256) {
		put_term(view, WORD_ANSWER_LIST_SHA256);
		HTML(&view->list, "<dd><code>");
		digest_append_hex(&view->list, bytes_of(document->sha256, sizeof document->sha256));
		HTML(&view->list, "</code></dd>\n");
	}
}

static void put_cell(struct answer_view *view, const struct minimised_cell *cell)
{
	HTML(&view->list, "<li><span>");
	html_string(&view->list, cell->column);
	HTML(&view->list, "</span> ");
	if (cell->element != ELEMENT_COUNT)
		say(&view->list, view->page->language, answer_word_of_element(cell->element));
	else if (cell->text.len > 0)
		html_foreign(&view->list, cell->text);
	else
		say(&view->list, view->page->language, WORD_ANSWER_LIST_ROWS_HIDDEN);
	HTML(&view->list, "</li>");
}

static void put_rows(struct answer_view *view, const struct minimised *document)
{
	if (document->row_count == 0)
		return;
	put_term(view, WORD_ANSWER_LIST_ROWS);
	HTML(&view->list, "<dd><ol class=\"rows\">");
	for (size_t i = 0; i < document->row_count && i < ROWS_SHOWN; i++) {
		HTML(&view->list, "<li><ul>");
		for (size_t c = 0; c < document->rows[i].cell_count; c++)
			put_cell(view, &document->rows[i].cells[c]);
		HTML(&view->list, "</ul></li>\n");
	}
	HTML(&view->list, "</ol>");
	if (document->row_count > ROWS_SHOWN)
		SAY(&view->list, view->page->language, WORD_ANSWER_REST, said_number(document->row_count - ROWS_SHOWN));
	HTML(&view->list, "</dd>\n");
}

static void put_others(struct answer_view *view, const struct minimised *document)
{
	put_term(view, WORD_ANSWER_LIST_OTHERS);
	HTML(&view->list, "<dd>");
	if (document->others == 0)
		say(&view->list, view->page->language, WORD_ANSWER_LIST_OTHERS_NONE);
	else
		SAY(&view->list, view->page->language, WORD_ANSWER_LIST_OTHERS_SOME, said_number(document->others));
	HTML(&view->list, "</dd>\n");
}

static void put_details(struct answer_view *view, const struct minimised *document, const char *id)
{
	view->page->is_alone ? HTML(&view->list, "<details open><summary>") : HTML(&view->list, "<details><summary>");
	say(&view->list, view->page->language, WORD_ANSWER_LIST_DETAILS);
	HTML(&view->list, "</summary>\n<dl>");
	put_values(view, document);
	put_elements(view, document);
	put_rows(view, document);
	put_others(view, document);
	put_text_row(view, WORD_ANSWER_LIST_TITLE, document->title);
	put_text_row(view, WORD_ANSWER_LIST_PATH, document->path);
	put_text_row(view, WORD_ANSWER_LIST_CONTAINER, document->container);
	put_text_row(view, WORD_ANSWER_LIST_URL, document->url);
	put_signed(view, document);
	put_file(view, document);
	put_term(view, WORD_ANSWER_LIST_ID);
	HTML(&view->list, "<dd><code>");
	html_string(&view->list, id);
	HTML(&view->list, "</code>");
	if (!view->page->is_alone) {
		HTML(&view->list, " <a href=\"?document=");
		html_string(&view->list, id);
		if (view->page->is_language_chosen) {
			HTML(&view->list, "&amp;language=");
			buffer_append_string(&view->list, language_tags[view->page->language]);
		}
		HTML(&view->list, "#appeal\">");
		say(&view->list, view->page->language, WORD_ANSWER_LIST_REPORT);
		HTML(&view->list, "</a>");
	}
	HTML(&view->list, "</dd>\n</dl></details>\n");
}

/* The part of a path behind its last slash: what people call a file. */
static struct bytes name_of(const struct minimised *document)
{
	size_t slash = bytes_find_last_byte(document->path, '/');
	struct bytes name = slash == BYTES_NOT_FOUND ? document->path : bytes_from(document->path, slash + 1);
	return name.len > 0 ? name : document->title;
}

static void lay_out(struct answer_view *view, const struct minimised *document)
{
	char id[ID_TEXT_SIZE];
	enum language language = view->page->language;
	id_format(document->id, id);
	HTML(&view->list, "<li>\n<p class=\"line\"><strong>");
	say(&view->list, language, answer_word_of_class(class_of(document)));
	HTML(&view->list, "</strong> <span>");
	if (document->dated == CLOCK_UNKNOWN)
		say(&view->list, language, WORD_ANSWER_LIST_NO_DATE);
	else
		say_value(&view->list, language, said_day(document->dated));
	HTML(&view->list, "</span></p>\n<p class=\"name\">");
	if (name_of(document).len > 0) {
		html_foreign(&view->list, name_of(document));
	} else {
		HTML(&view->list, "<span class=\"dim\" title=\"");
		say(&view->list, language, WORD_ANSWER_LIST_NO_NAME_WHY);
		HTML(&view->list, "\">");
		say(&view->list, language, WORD_ANSWER_LIST_NO_NAME);
		HTML(&view->list, "</span>");
	}
	HTML(&view->list, "</p>\n<p class=\"dim\">");
	say(&view->list, language, document->is_sure ? WORD_ANSWER_LIST_SURE : WORD_ANSWER_LIST_LIKELY);
	HTML(&view->list, ": ");
	html_string(&view->list, answer_reason_in(language, document->why));
	HTML(&view->list, "</p>\n<p class=\"dim\">");
	put_exposed(view, document);
	HTML(&view->list, "</p>\n");
	put_details(view, document, id);
	HTML(&view->list, "</li>\n");
}

enum status answer_view_add(void *context, const struct minimised *document)
{
	struct answer_view *view = context;
	enum status status = count(view, document);
	if (status != STATUS_OK || !is_chosen(view, document))
		return status;
	uint64_t number = ++view->matched;
	uint64_t before = (view->choice.page - 1) * ANSWER_PAGE_DOCUMENTS;
	if (!view->choice.is_whole && (number <= before || number > before + ANSWER_PAGE_DOCUMENTS))
		return STATUS_OK;
	if (view->shown_from == 0)
		view->shown_from = number;
	view->shown_to = number;
	lay_out(view, document);
	return buffer_status(&view->list);
}
