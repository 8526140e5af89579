/* SPDX-License-Identifier: Apache-2.0 */
/* A query. Refused with a reason, or a tree that backends may walk without looking: bounded, each node of its kind's shape. */
#include "answer/question.h"
#include "answer/snippet.h"
#include "base/text.h"

#include <stdlib.h>

enum { DEPTH_BOUND = 200 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool is_so)
{
	if (!is_so)
		abort();
}

static size_t check_tree(const struct query_node *node, unsigned depth)
{
	size_t nodes = 1;
	demand(node != NULL && depth < DEPTH_BOUND);
	bool is_term = node->operation == QUERY_TERM, is_not = node->operation == QUERY_NOT;
	demand(is_term ? node->child_count == 0 : is_not ? node->child_count == 1 : node->child_count >= 2);
	if (is_term) {
		demand(node->field <= QUERY_REGEX && text_is_valid(node->text));
		bool may_be_empty = node->field == QUERY_TEXT || node->field == QUERY_EXTENSION || node->field == QUERY_SIZE ||
		                    node->field == QUERY_MODIFIED || node->field == QUERY_EXPOSED;
		demand(may_be_empty || node->text.len > 0);
		demand(node->field != QUERY_SHA256 || node->text.len == 64);
		demand(node->field != QUERY_ENTITY || (node->kind > 0 && node->kind < FINDING_KIND_COUNT));
	}
	for (size_t i = 0; i < node->child_count; i++)
		nodes += check_tree(node->children[i], depth + 1);
	return nodes;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = arena_with_ceiling(32 << 20);
	struct failure failure = {.why = ""};
	const struct query_node *root = NULL;
	struct snippet_words words;
	enum status status = question_parse(bytes_of(data, size), &arena, &root, &failure);
	demand(status == STATUS_OK || status == STATUS_NO_MEMORY || (status == STATUS_USAGE && failure.why[0] != '\0'));
	demand(status == STATUS_OK || root == NULL);
	if (root != NULL)
		demand(check_tree(root, 0) <= QUESTION_TERMS_MAX);
	status = snippet_words_of(root, &arena, &words);
	demand(status == STATUS_OK || status == STATUS_NO_MEMORY);
	for (size_t i = 0; status == STATUS_OK && i < words.count; i++)
		demand(text_is_valid(words.words[i]));
	if (status == STATUS_OK)
		snippet_words_free(&words);
	arena_free(&arena);
	return 0;
}
