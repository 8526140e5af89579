/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A policy, or a lifecycle policy of Azure's. What is accepted is written and
 * read again as the same, decides of any object without a fault, and is handed
 * out to Azure as what can be read back.
 */
#include "act/lifecycle.h"
#include "act/policy-file.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void pass_over(void *context, struct bytes rule, const char *what, const char *why)
{
	(void)context;
	assert(what[0] != '\0' && why[0] != '\0' && rule.len <= POLICY_FILE_MAX);
}

static void decide(const struct policy *policy)
{
	const struct retained_object object = {.container.name = BYTES_LITERAL("backup"),
	                                       .object = {.name = BYTES_LITERAL("a/b.pdf"), .size = 4096, .modified = 1}};
	for (int class = CLASS_NONE; class < CLASS_COUNT; class ++) {
		const struct retained_document document = {.class = (enum document_class) class, .was_read = class != CLASS_NONE};
		struct buffer reason = buffer_with_ceiling(1 << 16);
		struct policy_decision decision = policy_decide(policy, 1700000000, &object, &document);
		policy_append_reason(&decision, &reason);
		assert(reason.len > 0);
		buffer_free(&reason);
	}
}

static void read_again(const struct policy *policy, struct arena *arena)
{
	struct buffer first = buffer_with_ceiling(64 << 20), second = buffer_with_ceiling(64 << 20);
	struct failure failure = {.why = ""};
	struct policy again;
	policy_file_append(policy, &first);
	enum status status = policy_file_read(buffer_bytes(&first), "again.yaml", arena, &again, &failure);
	/* Names that Azure gave twice are one too many here. */
	if (status == STATUS_OK) {
		policy_file_append(&again, &second);
		assert(bytes_equal(buffer_bytes(&first), buffer_bytes(&second)));
	} else {
		assert(status == STATUS_NO_MEMORY || (status == STATUS_USAGE && policy->digest[0] == '\0'));
	}
	buffer_free(&first);
	buffer_free(&second);
}

static void hand_out(const struct policy *policy, struct arena *arena)
{
	struct buffer json = buffer_with_ceiling(64 << 20);
	struct failure failure = {.why = ""};
	struct policy again;
	lifecycle_append(policy, pass_over, NULL, &json);
	enum status status = lifecycle_read(buffer_bytes(&json), "out.json", arena, pass_over, NULL, &again, &failure);
	assert(status == STATUS_OK || status == STATUS_NO_MEMORY);
	buffer_free(&json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = arena_with_ceiling(64 << 20);
	struct failure failure = {.why = ""};
	struct policy policy;
	enum status status = policy_file_read(bytes_of(data, size), "policy.yaml", &arena, &policy, &failure);
	assert(status == STATUS_OK || (status == STATUS_USAGE && failure.why[0] != '\0') || status == STATUS_NO_MEMORY);
	if (status != STATUS_OK)
		status = lifecycle_read(bytes_of(data, size), "azure.json", &arena, pass_over, NULL, &policy, &failure);
	assert(status == STATUS_OK || (status == STATUS_USAGE && failure.why[0] != '\0') || status == STATUS_NO_MEMORY);
	if (status == STATUS_OK) {
		decide(&policy);
		read_again(&policy, &arena);
		hand_out(&policy, &arena);
	}
	arena_free(&arena);
	return 0;
}
