/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The words of a notice: out of notices/LANGUAGE.txt and what is known, as plain
 * text and as a page. Nothing that is put in can end a line, open a tag or hide:
 * it comes from a register that somebody wrote, and from documents that strangers
 * did.
 */
#ifndef TIDEMARK_ACT_NOTICE_TEXT_H
#define TIDEMARK_ACT_NOTICE_TEXT_H

#include "act/notice-facts.h"
#include "base/buffer.h"

/* Who says it, the same in all notices of a plan. Empty: not said, but who. */
struct notice_sender {
	struct bytes who;    /* a name that recipients can look up */
	struct bytes postal; /* where it is; one line */
	struct bytes phone;
	struct bytes portal; /* the address of the subjects' door */
	struct bytes case_number;
};

enum notice_variant { NOTICE_TO_ORGANISATION, NOTICE_TO_CSIRT };

/* A language that notices are written in. */
enum notice_language { NOTICE_ENGLISH, NOTICE_GERMAN, NOTICE_LANGUAGE_COUNT };
/** "en", "de". */
const char *notice_language_name(enum notice_language language);

/* Which languages a notice has, in their order. */
struct notice_languages {
	enum notice_language at[NOTICE_LANGUAGE_COUNT];
	size_t count;
};
/** By country: German for DE, AT and LI; German, then English for CH and LU; English for any other. Where no country is known, by
 *  that of the domain's suffix; a domain of no country: English, then German. */
struct notice_languages notice_languages_for(struct bytes country, struct bytes domain);
/** "en", "de+en": as plans keep it. False for anything else. */
bool notice_languages_parse(struct bytes text, struct notice_languages *ret_languages);
void notice_languages_append(const struct notice_languages *languages, struct buffer *into);

struct notice_text {
	struct buffer subject; /* one line */
	struct buffer plain;   /* lines of at most 72 columns, ended by LF */
	struct buffer page;    /* a whole HTML page that asks for nothing from anywhere */
};

/** The text is the caller's to free, whatever the status. */
enum status notice_compose(const struct told_facts *facts, const struct notice_sender *sender, enum notice_variant variant,
                           const struct notice_languages *languages, const char *code, struct notice_text *ret_text) MUST_CHECK;
void notice_text_free(struct notice_text *text);

/** Appends a text as one line without anything that steers or hides; HTML escaped where is_page. */
void notice_append_safely(struct buffer *into, struct bytes text, bool is_page);

/** What is told of it as words: dates and numbers as that language writes them. Each appended. */
void notice_append_date(struct buffer *into, enum notice_language language, int64_t time);
void notice_append_number(struct buffer *into, enum notice_language language, uint64_t number);

#endif
