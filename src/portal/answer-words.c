/* SPDX-License-Identifier: Apache-2.0 */
/* The lists stand in the same order in words/en.txt as in the model. */
#include "portal/answer-words.h"

_Static_assert(WORD_CLASS_OTHER - WORD_CLASS_NONE == CLASS_OTHER && CLASS_OTHER + 1 == CLASS_COUNT, "a class lacks its word");
_Static_assert(WORD_KIND_SECRET - WORD_KIND_EMAIL + 1 == FINDING_SECRET, "a kind of finding lacks its word");
_Static_assert(WORD_ELEMENT_OTHER - WORD_ELEMENT_NAME + 1 == ELEMENT_COUNT, "an element lacks its word");
_Static_assert(WORD_METHOD_4 - WORD_METHOD_1 + 2 == PROOF_METHOD_END, "a method lacks its word");
_Static_assert(WORD_ASKED_RESULT_13 - WORD_ASKED_RESULT_1 + 2 == ASKED_RESULT_END, "a result lacks its word");

enum word answer_word_of_class(enum document_class class)
{
	return (enum word)((int)WORD_CLASS_NONE + (int)class);
}

enum word answer_word_of_kind(enum finding_kind kind)
{
	return kind == FINDING_MESSAGE_ID ? WORD_KIND_EMAIL : (enum word)((int)WORD_KIND_EMAIL + (int)kind - 1);
}

enum word answer_word_of_element(enum person_element element)
{
	return (enum word)((int)WORD_ELEMENT_NAME + (int)element);
}

enum word answer_word_of_method(enum proof_method method)
{
	return (enum word)((int)WORD_METHOD_1 + (int)method - 1);
}

enum word answer_word_of_result(enum asked_result result)
{
	return (enum word)((int)WORD_ASKED_RESULT_1 + (int)result - 1);
}

const char *answer_reason_in(enum language language, const char *why)
{
	for (int word = WORD_SAYING_CONFIRMED; word <= WORD_SAYING_NAMED; word++)
		if (bytes_equal_string(bytes_of_string(why), words_of(LANGUAGE_EN, (enum word)word)))
			return words_of(language, (enum word)word);
	return why;
}
