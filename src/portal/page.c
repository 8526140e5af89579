/* SPDX-License-Identifier: Apache-2.0 */
#include "portal/page.h"

#include "portal/style.h"
#include "portal-assets.h"

static void put_language(struct page *page, bool is_first)
{
	if (!page->is_language_chosen)
		return;
	is_first ? HTML(page->into, "?language=") : HTML(page->into, "&amp;language=");
	buffer_append_string(page->into, language_tags[page->language]);
}

void page_href(struct page *page, const char *path)
{
	HTML(page->into, " href=\"");
	html_string(page->into, path);
	put_language(page, strchr(path, '?') == NULL);
	HTML(page->into, "\"");
}

/* ---- head and foot ---- */

static void put_loaded(struct page *page)
{
	if (page->is_alone) {
		HTML(page->into, "<style>\n");
		buffer_append_string(page->into, portal_style);
		HTML(page->into, "</style>\n");
		return;
	}
	HTML(page->into, "<link rel=\"icon\" type=\"image/svg+xml\" href=\"" PORTAL_ASSET_MARK "\">\n"
	                 "<link rel=\"stylesheet\" href=\"" PORTAL_ASSET_STYLE "\">\n");
	if (page->side == PAGE_OF_OPERATORS)
		HTML(page->into, "<link rel=\"stylesheet\" href=\"" PORTAL_ASSET_OPERATOR "\">\n");
#ifdef PORTAL_ASSET_SCRIPT
	HTML(page->into, "<script type=\"module\" src=\"" PORTAL_ASSET_SCRIPT "\"></script>\n");
#endif
}

/* The mark: a single level line. */
static void put_mark(struct page *page)
{
	HTML(page->into, "<svg class=\"mark\" viewBox=\"0 0 28 28\" width=\"28\" height=\"28\" aria-hidden=\"true\">"
	                 "<path d=\"M2 14h24\"/></svg>");
}

static void put_host(struct page *page)
{
	const struct page_host *host = page->host;
	if (host == NULL)
		return;
	HTML(page->into, "<p class=\"host\">");
	if (host->name.len > 0 || host->domain.len > 0) {
		HTML(page->into, "<span>");
		SAY(page->into, page->language, WORD_PAGE_RUN_BY, said_text(host->name.len > 0 ? host->name : host->domain));
		HTML(page->into, "</span> ");
	}
	HTML(page->into, "<span>");
	SAY(page->into, page->language, WORD_PAGE_CASE, said_text(host->incident));
	HTML(page->into, "</span></p>");
}

void page_begin_head(struct page *page, enum word title)
{
	HTML(page->into, "<!DOCTYPE html>\n<html lang=\"");
	buffer_append_string(page->into, language_tags[page->language]);
	HTML(page->into,
	     "\">\n<head>\n<meta charset=\"utf-8\">\n"
	     "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	     "<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"robots\" content=\"noindex\">\n<title>");
	say(page->into, page->language, title);
	HTML(page->into, " &#183; Tidemark</title>\n");
	put_loaded(page);
	HTML(page->into, "</head>\n<body>\n<a class=\"skip\" href=\"#main\">");
	say(page->into, page->language, WORD_PAGE_SKIP);
	HTML(page->into, "</a>\n<header class=\"top\"><div>");
	if (page->is_alone) {
		HTML(page->into, "<span class=\"brand\">");
	} else {
		HTML(page->into, "<a class=\"brand\"");
		page_href(page, page->side == PAGE_OF_OPERATORS ? "/operator" : "/");
		HTML(page->into, ">");
	}
	put_mark(page);
	page->is_alone ? HTML(page->into, "Tidemark</span>") : HTML(page->into, "Tidemark</a>");
	put_host(page);
	HTML(page->into, "</div></header>\n");
}

void page_begin_main(struct page *page)
{
	HTML(page->into, "<main id=\"main\" tabindex=\"-1\">\n");
}

void page_begin(struct page *page, enum word title)
{
	page_begin_head(page, title);
	page_begin_main(page);
}

static void put_languages(struct page *page)
{
	HTML(page->into, "<nav class=\"languages\" aria-label=\"");
	say(page->into, page->language, WORD_PAGE_LANGUAGES);
	HTML(page->into, "\">");
	for (unsigned i = 0; i < LANGUAGE_COUNT; i++) {
		if (i == page->language) {
			HTML(page->into, "<span aria-current=\"true\">");
			say(page->into, (enum language)i, WORD_LANGUAGE_NAME);
			HTML(page->into, "</span> ");
			continue;
		}
		HTML(page->into, "<a hreflang=\"");
		buffer_append_string(page->into, language_tags[i]);
		HTML(page->into, "\" lang=\"");
		buffer_append_string(page->into, language_tags[i]);
		HTML(page->into, "\" href=\"");
		html_string(page->into, page->path);
		HTML(page->into, "?language=");
		buffer_append_string(page->into, language_tags[i]);
		HTML(page->into, "\">");
		say(page->into, (enum language)i, WORD_LANGUAGE_NAME);
		HTML(page->into, "</a> ");
	}
	HTML(page->into, "</nav>\n");
}

void page_end(struct page *page)
{
	HTML(page->into, "</main>\n<footer><div>");
	if (page->path != NULL && !page->is_alone)
		put_languages(page);
	HTML(page->into, "<p>");
	SAY(page->into, page->language, WORD_PAGE_FOOT, said_string(TIDEMARK_VERSION));
	HTML(page->into, "</p></div></footer>\n</body>\n</html>\n");
}

/* ---- pieces ---- */

void page_heading(struct page *page, enum word word)
{
	HTML(page->into, "<h1>");
	say(page->into, page->language, word);
	HTML(page->into, "</h1>\n");
}

void page_section(struct page *page, enum word word)
{
	HTML(page->into, "<section>\n<h2>");
	say(page->into, page->language, word);
	HTML(page->into, "</h2>\n");
}

void page_section_called(struct page *page, enum word word, const char *id)
{
	HTML(page->into, "<section id=\"");
	html_string(page->into, id);
	HTML(page->into, "\">\n<h2>");
	say(page->into, page->language, word);
	HTML(page->into, "</h2>\n");
}

void page_section_end(struct page *page)
{
	HTML(page->into, "</section>\n");
}

void page_paragraph(struct page *page, enum word word)
{
	HTML(page->into, "<p>");
	say(page->into, page->language, word);
	HTML(page->into, "</p>\n");
}

void page_hidden(struct page *page, const char *name, struct bytes value)
{
	HTML(page->into, "<input type=\"hidden\" name=\"");
	html_string(page->into, name);
	HTML(page->into, "\" value=\"");
	html_text(page->into, value);
	HTML(page->into, "\">\n");
}

void page_form_begin(struct page *page, const char *path)
{
	HTML(page->into, "<form method=\"post\" action=\"");
	html_string(page->into, path);
	HTML(page->into, "\">\n");
	if (page->form_token.len > 0)
		page_hidden(page, "form", page->form_token);
	if (page->is_language_chosen)
		page_hidden(page, "language", bytes_of_string(language_tags[page->language]));
}

void page_form_end(struct page *page, enum word button, bool is_main)
{
	is_main ? HTML(page->into, "<button class=\"main\">") : HTML(page->into, "<button>");
	say(page->into, page->language, button);
	HTML(page->into, "</button>\n</form>\n");
}

static void begin_table(struct page *page, enum word caption, const struct page_column *columns, size_t count, bool has_bars)
{
	HTML(page->into, "<div class=\"wide\" tabindex=\"0\" role=\"group\" aria-label=\"");
	say(page->into, page->language, caption);
	HTML(page->into, ", ");
	say(page->into, page->language, WORD_TABLE_WIDE);
	HTML(page->into, "\"><table><thead><tr>");
	for (size_t i = 0; i < count; i++) {
		columns[i].is_number ? HTML(page->into, "<th scope=\"col\" class=\"n\">")
				     : HTML(page->into, "<th scope=\"col\">");
		say(page->into, page->language, columns[i].head);
		HTML(page->into, "</th>");
	}
	has_bars ? HTML(page->into, "<td class=\"plot\"></td></tr></thead>\n<tbody>\n")
		 : HTML(page->into, "</tr></thead>\n<tbody>\n");
}

void page_table_begin(struct page *page, enum word caption, const struct page_column *columns, size_t count)
{
	begin_table(page, caption, columns, count, false);
}

void page_table_begin_with_bars(struct page *page, enum word caption, const struct page_column *columns, size_t count)
{
	begin_table(page, caption, columns, count, true);
}

void page_table_end(struct page *page)
{
	HTML(page->into, "</tbody></table></div>\n");
}
