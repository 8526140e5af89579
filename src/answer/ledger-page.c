/* SPDX-License-Identifier: Apache-2.0 */
/* Written from top to bottom, as it is read. */
#include "answer/ledger-page.h"

#include "answer/ledger-style.h"
#include "answer/manifest.h"
#include "answer/sampling.h"
#include "base/clock.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>

enum { LONG_LABEL = 16 }; /* broken anywhere, where lines are short */

struct page {
	struct buffer *into;
	const struct ledger_answer *answer;
	const struct ledger_tables *tables;
};

/* ---- text ---- */

static void put(struct page *page, const char *html)
{
	buffer_append_string(page->into, html);
}

/* First what would hide or turn text is written out, then what would be taken for HTML. */
static void put_text(struct page *page, struct bytes text)
{
	struct buffer safe = buffer_with_ceiling(1u << 20);
	text_append_escaped(&safe, text);
	for (size_t i = 0; i < safe.len; i++) {
		switch (safe.at[i]) {
		case '&': put(page, "&amp;"); break;
		case '<': put(page, "&lt;"); break;
		case '>': put(page, "&gt;"); break;
		case '"': put(page, "&quot;"); break;
		case '\'': put(page, "&#39;"); break;
		default: buffer_append_byte(page->into, safe.at[i]);
		}
	}
	if (buffer_status(&safe) != STATUS_OK)
		put(page, "...");
	buffer_free(&safe);
}

static void put_words(struct page *page, const char *words)
{
	put_text(page, bytes_of_string(words));
}

static void put_element(struct page *page, const char *name, const char *words)
{
	buffer_append_format(page->into, "<%s>", name);
	put_words(page, words);
	buffer_append_format(page->into, "</%s>\n", name);
}

static void put_size(struct page *page, struct figure figure)
{
	static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
	size_t unit = 0;
	double value = (double)figure.value;
	for (; value >= 1024 && unit + 1 < sizeof units / sizeof *units; unit++)
		value /= 1024;
	buffer_append_format(page->into, unit == 0 ? "%.0f %s" : "%.1f %s", value, units[unit]);
}

static void put_figure(struct page *page, struct figure figure, bool is_size)
{
	struct buffer text = buffer_with_ceiling(64);
	switch (figure.state) {
	case FIGURE_ABSENT: put(page, "<abbr title=\"not known\">&ndash;</abbr>"); break;
	case FIGURE_WITHHELD: put(page, "<abbr title=\"withheld, so that a small count cannot be worked out\">*</abbr>"); break;
	case FIGURE_SHOWN:
	case FIGURE_SMALL:
		if (is_size && figure.state == FIGURE_SHOWN) {
			put_size(page, figure);
			break;
		}
		figure_append(figure, &text);
		put_text(page, buffer_bytes(&text));
		break;
	}
	buffer_free(&text);
}

/* ---- tables ---- */

static uint64_t largest(const struct ledger_table *table)
{
	uint64_t most = 0;
	for (size_t i = 0; i < table->row_count; i++)
		if (table->rows[i].figures[0].state == FIGURE_SHOWN && table->rows[i].figures[0].value > most)
			most = table->rows[i].figures[0].value;
	return most;
}

static void put_bar(struct page *page, struct figure figure, uint64_t most)
{
	put(page, "<td class=\"plot\">");
	if (figure.state == FIGURE_SHOWN && most > 0)
		buffer_append_format(page->into,
		                     "<svg class=\"bar\" viewBox=\"0 0 1000 10\" preserveAspectRatio=\"none\" "
		                     "aria-hidden=\"true\"><rect width=\"%.1f\" height=\"10\"/></svg>",
		                     1000.0 * (double)figure.value / (double)most);
	put(page, "</td>");
}

static void put_head(struct page *page, const struct ledger_table *table, bool has_bars)
{
	put(page, "<div class=\"wide\" tabindex=\"0\" role=\"group\" aria-label=\"");
	put_words(page, table->title);
	put(page, ", as a table\"><table><thead><tr><th scope=\"col\">");
	put_words(page, table->label);
	put(page, "</th>");
	for (size_t column = 0; column < LEDGER_COLUMNS && table->columns[column] != NULL; column++) {
		put(page, "<th scope=\"col\" class=\"n\">");
		put_words(page, table->columns[column]);
		put(page, "</th>");
	}
	put(page, has_bars ? "<td class=\"plot\"></td></tr></thead>\n<tbody>\n" : "</tr></thead>\n<tbody>\n");
}

static void put_row(struct page *page, const struct ledger_table *table, const struct ledger_row *row, bool has_bars,
                    uint64_t most)
{
	put(page, row->label.len > LONG_LABEL ? "<tr><th scope=\"row\" class=\"long\"><bdi>" : "<tr><th scope=\"row\"><bdi>");
	put_text(page, row->label);
	put(page, "</bdi>");
	if (row->about != NULL) {
		put(page, "<span class=\"about\">");
		put_words(page, row->about);
		put(page, "</span>");
	}
	put(page, "</th>");
	for (size_t column = 0; column < LEDGER_COLUMNS && table->columns[column] != NULL; column++) {
		bool is_last = column + 1 == LEDGER_COLUMNS || table->columns[column + 1] == NULL;
		bool is_left_empty = column > 0 && table->is_of_sizes && row->figures[column].state == FIGURE_ABSENT;
		put(page, "<td class=\"n\">");
		if (!is_left_empty)
			put_figure(page, row->figures[column], table->is_of_sizes && is_last);
		put(page, "</td>");
	}
	if (has_bars)
		put_bar(page, row->figures[0], most);
	put(page, "</tr>\n");
}

static void put_table(struct page *page, const struct ledger_table *table, bool has_bars)
{
	uint64_t most = largest(table);
	put_head(page, table, has_bars);
	for (size_t i = 0; i < table->row_count; i++)
		put_row(page, table, &table->rows[i], has_bars, most);
	put(page, "</tbody></table></div>\n");
}

/* Whether there is anything below the heading but words. */
static bool begin_section(struct page *page, const struct ledger_table *table)
{
	put(page, "<section>\n");
	put_element(page, "h2", table->title);
	if (table->is_withheld)
		put_element(page, "p", "Not published: the counts are so small that they would give each other away.");
	else if (table->row_count == 0)
		put_element(page, "p", "None.");
	else if (table->about != NULL)
		put_element(page, "p", table->about);
	return table->row_count > 0;
}

static void put_section(struct page *page, enum ledger_table_name name, bool has_bars)
{
	const struct ledger_table *table = &page->tables->tables[name];
	if (table->title == NULL || (table->row_count == 0 && table->missing != NULL))
		return;
	if (begin_section(page, table))
		put_table(page, table, has_bars);
	put(page, "</section>\n");
}

/* ---- the time line ---- */

static int year_of_row(const struct ledger_row *row)
{
	uint64_t year = 0;
	return row->label.len == 4 && bytes_parse_u64(row->label, &year) ? (int)year : 0;
}

static void put_column(struct page *page, int at, struct figure figure, uint64_t most)
{
	if (figure.state == FIGURE_SHOWN && most > 0) {
		double height = 100.0 * (double)figure.value / (double)most;
		buffer_append_format(page->into, "<rect x=\"%d\" y=\"%.2f\" width=\"8\" height=\"%.2f\"/>", 10 * at + 1,
		                     100 - height, height);
	} else if (figure.state != FIGURE_ABSENT) {
		buffer_append_format(page->into, "<rect class=\"kept\" x=\"%d\" y=\"96\" width=\"8\" height=\"4\"/>",
		                     10 * at + 1);
	}
}

static void put_time_line(struct page *page, const struct ledger_table *table)
{
	int first = 0, last = 0;
	uint64_t most = 0;
	for (size_t i = 0; i < table->row_count; i++) {
		int year = year_of_row(&table->rows[i]);
		if (year == 0)
			continue;
		first = first == 0 ? year : first;
		last = year;
		if (table->rows[i].figures[0].state == FIGURE_SHOWN && table->rows[i].figures[0].value > most)
			most = table->rows[i].figures[0].value;
	}
	if (first == 0 || first == last)
		return;
	buffer_append_format(page->into,
	                     "<figure><svg class=\"years\" viewBox=\"0 0 %d 100\" preserveAspectRatio=\"none\" role=\"img\" "
	                     "aria-label=\"Documents a year, from %d to %d: the numbers stand in the table below\">",
	                     10 * (last - first + 1), first, last);
	for (size_t i = 0; i < table->row_count; i++)
		if (year_of_row(&table->rows[i]) != 0)
			put_column(page, year_of_row(&table->rows[i]) - first, table->rows[i].figures[0], most);
	buffer_append_format(page->into, "</svg>\n<figcaption><span>%d</span><span>%d</span></figcaption></figure>\n", first,
	                     last);
}

static void put_years(struct page *page)
{
	const struct ledger_table *table = &page->tables->tables[TABLE_YEARS];
	if (begin_section(page, table)) {
		put_time_line(page, table);
		put_table(page, table, false);
	}
	put(page, "</section>\n");
}

/* ---- the head ---- */

static const struct ledger_row *find_measure(const struct page *page, const char *label)
{
	const struct ledger_table *table = &page->tables->tables[TABLE_MEASURES];
	for (size_t i = 0; i < table->row_count; i++)
		if (bytes_equal_string(table->rows[i].label, label))
			return &table->rows[i];
	abort();
}

/* Both ways in one card, neither without the other. */
static void put_card(struct page *page, const char *label, const char *distinct, const char *references)
{
	const struct ledger_row *row = find_measure(page, label);
	if (row->figures[1].state == FIGURE_ABSENT)
		return;
	put(page, "<li><span class=\"name\">");
	put_words(page, label);
	put(page, "</span><span class=\"big\">");
	put_figure(page, row->figures[1], false);
	put(page, "</span><span class=\"also\">");
	put_words(page, distinct);
	put(page, "; ");
	put_figure(page, row->figures[0], false);
	put(page, " ");
	put_words(page, references);
	put(page, "</span></li>\n");
}

static void put_cards(struct page *page)
{
	put(page, "<ul class=\"cards\">\n");
	put_card(page, "documents", "different ones", "with every copy");
	put_card(page, "organisations", "by domain", "times a party of a document");
	put_card(page, "people", "by their records", "mentions");
	put_card(page, "e-mail addresses", "different ones", "mentions");
	put(page, "<li><span class=\"name\">not seen</span><span class=\"big\">");
	put_figure(page, page->tables->unseen_objects, false);
	put(page, "</span><span class=\"also\">objects not read to their end; ");
	put_figure(page, page->tables->unseen_bytes, true);
	put(page, " that no count speaks of</span></li>\n</ul>\n");
}

/* As people write it: 24 September 2022, 14:30 UTC. */
static void put_time(struct page *page, int64_t seconds)
{
	static const char *const months[] = {"January", "February", "March",     "April",   "May",      "June",
	                                     "July",    "August",   "September", "October", "November", "December"};
	char text[CLOCK_TEXT_SIZE];
	int year = 0, month = 0, day = 0, hour = 0, minute = 0;
	if (sscanf(clock_format(seconds, text), "%d-%d-%dT%d:%d", &year, &month, &day, &hour, &minute) == 5 && month >= 1 &&
	    month <= 12)
		buffer_append_format(page->into, "<time datetime=\"%s\">%d %s %d, %02d:%02d UTC</time>", text, day,
		                     months[month - 1], year, hour, minute);
}

static void put_top(struct page *page)
{
	put(page, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	          "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	          "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
	          "<meta name=\"referrer\" content=\"no-referrer\">\n<title>What was exposed: ");
	put_words(page, page->answer->name);
	put(page, "</title>\n<style>\n");
	put(page, ledger_style);
	put(page, "</style>\n</head>\n<body>\n<header>\n<h1>What was exposed</h1>\n<p class=\"dim\">Incident <bdi>");
	put_words(page, page->answer->name);
	put(page, "</bdi>, counted at ");
	put_time(page, page->answer->as_of);
	put(page, "</p>\n");
	put(page, page->tables->is_public
	                  ? "<p>For publication: counts under ten, and what would give them away, are withheld.</p>\n"
	                  : "<p class=\"mark\">Not for publication: it names organisations and small counts. tidemark scope "
	                    "--html FILE --public makes the page to publish.</p>\n");
	put(page, "</header>\n<main>\n");
}

static void put_sample(struct page *page)
{
	const struct sampling *sampling = page->answer->sampling;
	if (sampling == NULL)
		return;
	buffer_append_format(
		page->into,
		"<p class=\"mark\">Only a sample was read. All counts are of the sample and are not scaled; a share of "
		"objects is known to within %.1f points, 19 times of 20.</p>\n",
		100 * sampling->margin);
}

/* What has no table, for nobody knows. */
static void put_unknown(struct page *page)
{
	bool has_any = false;
	for (unsigned i = 0; i < LEDGER_TABLES; i++) {
		const struct ledger_table *table = &page->tables->tables[i];
		if (table->title == NULL || table->row_count > 0 || table->missing == NULL)
			continue;
		if (!has_any)
			put(page, "<section>\n<h2>What is not known</h2>\n<ul>\n");
		has_any = true;
		put_element(page, "li", table->missing);
	}
	if (has_any)
		put(page, "</ul>\n</section>\n");
}

/* ---- the method ---- */

static void put_hex(struct page *page, const char *term, const unsigned char *at, size_t size)
{
	put_element(page, "dt", term);
	put(page, "<dd><code>");
	digest_append_hex(page->into, bytes_of(at, size));
	put(page, "</code></dd>\n");
}

static void put_method(struct page *page)
{
	static const char *const sentences[] = {
		"References count every mention in every place: how much was exposed. Distinct counts different values: the same bytes are one "
		"document under any name, the same address is one in any case. Resolved counts what values stand for, as far as that is known: "
		"an address without its plus-tag, say. A number without the word which of the three it is means nothing.",
		"Every number is of what was read, and exact of that. What was not read is counted apart, by reason, and is in no other number. "
		"Rules that find things err both ways; the version below says which rules these were.",
		"An organisation counts where a document names it as a party, by its domain; mentions do not count. Strings cut out of bytes that "
		"nobody could read as a document are in no number.",
	};
	const struct manifest *manifest = page->answer->manifest;
	put(page, "<section>\n<h2>How it was counted</h2>\n");
	for (size_t i = 0; i < sizeof sentences / sizeof *sentences; i++)
		put_element(page, "p", sentences[i]);
	if (page->tables->is_public)
		put_element(
			page, "p",
			"<10 is a count from none to nine. * is a larger count, withheld because a total less the other numbers would "
			"otherwise tell a small one.");
	put(page, "<dl>\n<dt>Rules</dt><dd><code>");
	put_text(page, page->answer->ledger->rules_version);
	put(page, "</code></dd>\n");
	if (manifest != NULL) {
		put_hex(page, "Root of the manifest", manifest->root, sizeof manifest->root);
		put_hex(page, "Signed by", manifest->public_key, sizeof manifest->public_key);
		put_hex(page, "Signature", manifest->signature, sizeof manifest->signature);
	}
	put(page, "</dl>\n</section>\n");
}

void ledger_page_append(const struct ledger_answer *answer, const struct ledger_tables *tables, struct buffer *into)
{
	struct page page = {into, answer, tables};
	put_top(&page);
	put_cards(&page);
	put_sample(&page);
	put_section(&page, TABLE_MEASURES, false);
	put_years(&page);
	put_section(&page, TABLE_CLASSES, true);
	put_section(&page, TABLE_ORGANISATION_SIZES, true);
	put_section(&page, TABLE_ORGANISATIONS, true);
	put_section(&page, TABLE_RELATIONSHIPS, true);
	put_section(&page, TABLE_AGES, true);
	put_section(&page, TABLE_SECTORS, true);
	put_section(&page, TABLE_COUNTRIES, true);
	put_section(&page, TABLE_ELEMENTS, true);
	put_section(&page, TABLE_OUTCOMES, true);
	put_section(&page, TABLE_PARTS, true);
	put_section(&page, TABLE_TYPES, true);
	put_section(&page, TABLE_CONTAINERS, true);
	put_unknown(&page);
	put_method(&page);
	put(&page, "</main>\n<footer>Made by tidemark " TIDEMARK_VERSION
	           ". docs/counting.md defines every number.</footer>\n</body>\n</html>\n");
}
