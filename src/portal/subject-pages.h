/* SPDX-License-Identifier: Apache-2.0 */
/* The handlers of the subject's pages: what they ask and where they lead; what pages look like is pages.h. */
#ifndef TIDEMARK_PORTAL_SUBJECT_PAGES_H
#define TIDEMARK_PORTAL_SUBJECT_PAGES_H

#include "portal/handler.h"

/* prove-pages.c */
portal_handler portal_page_ask, portal_page_begin, portal_page_prove, portal_page_check;
/* answer-pages.c */
portal_handler portal_page_answer, portal_page_answer_csv, portal_page_answer_json, portal_page_answer_html;
portal_handler portal_page_asked, portal_page_appeal, portal_page_leave;
/** The API's: the same file, for a bearer's token. */
portal_handler portal_answer_html;
/* notice-pages.c */
portal_handler portal_page_find_notice, portal_page_notice, portal_page_acknowledge;

#endif
