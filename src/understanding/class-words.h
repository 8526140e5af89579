/* SPDX-License-Identifier: Apache-2.0 */
/* The words of document classes (classes-LANGUAGE.txt), embedded by tools/embed-classes, in the byte order of their phrases. */
#ifndef TIDEMARK_UNDERSTANDING_CLASS_WORDS_H
#define TIDEMARK_UNDERSTANDING_CLASS_WORDS_H

#include "model/document-class.h"

enum class_word_place { CLASS_WORD_TITLE, CLASS_WORD_TEXT, CLASS_WORD_COLUMN };

struct class_word {
	const char *phrase; /* folded, words parted by one space */
	enum document_class class;
	enum class_word_place place;
	float weight; /* how often it alone is right */
};

#define CLASS_WORD_LENGTH_MAX 60 /* bytes of a phrase */

extern const struct class_word class_words[];
extern const size_t class_word_count;
extern const char class_words_sha256[];

#endif
