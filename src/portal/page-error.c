/* SPDX-License-Identifier: Apache-2.0 */
#include "portal/pages.h"

static const struct {
	enum word title, what, to_do;
} errors[] = {
	[ERROR_SESSION] = {WORD_ERROR_SESSION_TITLE, WORD_ERROR_SESSION, WORD_ERROR_SESSION_DO},
	[ERROR_FORM] = {WORD_ERROR_FORM_TITLE, WORD_ERROR_FORM, WORD_ERROR_FORM_DO},
	[ERROR_OFTEN] = {WORD_ERROR_OFTEN_TITLE, WORD_ERROR_OFTEN, WORD_ERROR_OFTEN_DO},
	[ERROR_ABSENT] = {WORD_ERROR_ABSENT_TITLE, WORD_ERROR_ABSENT, WORD_ERROR_ABSENT_DO},
	[ERROR_NONE] = {WORD_ERROR_NONE_TITLE, WORD_ERROR_NONE, WORD_ERROR_NONE_DO},
	[ERROR_BROKEN] = {WORD_ERROR_BROKEN_TITLE, WORD_ERROR_BROKEN, WORD_ERROR_BROKEN_DO},
};

struct said page_minutes(uint32_t seconds)
{
	return said_count(WORD_MINUTES_ONE, seconds == 0 ? 1 : (seconds + 59) / 60);
}

void page_error(struct page *page, enum page_error error, uint32_t retry_after)
{
	page_begin(page, errors[error].title);
	page_heading(page, errors[error].title);
	page_paragraph(page, errors[error].what);
	if (error == ERROR_OFTEN)
		PAGE_PARAGRAPH(page, errors[error].to_do, page_minutes(retry_after));
	else
		page_paragraph(page, errors[error].to_do);
	HTML(page->into, "<p><a");
	page_href(page, page->side == PAGE_OF_OPERATORS ? "/operator" : "/");
	HTML(page->into, ">");
	say(page->into, page->language, WORD_ERROR_BACK);
	HTML(page->into, "</a></p>\n");
	page_end(page);
}
