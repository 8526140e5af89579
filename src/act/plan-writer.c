/* SPDX-License-Identifier: Apache-2.0 */
/* Writing a plan's file, a line at a time. */
#include "act/plan-form.h"
#include "act/plan.h"

#include "base/clock.h"
#include "base/digest.h"

#include <stdlib.h>
#include <sys/random.h>

struct plan_writer {
	struct plan_head head;
	struct incident *incident;
	struct plan_sink sink;
	struct digest *digest;
	struct buffer line;
	struct json_writer json; /* into line */
};

struct plan_head plan_new_head(enum plan_kind kind, struct bytes incident_name, int64_t now)
{
	struct plan_head head = {.kind = kind, .incident = incident_name, .made_at = now, .expires_at = now + PLAN_GOOD_FOR};
	unsigned char random[ID_SIZE] = {0};
	/* 16 bytes are given whole or, early in a boot, not at all: then the catalog could not have been opened. */
	if (getrandom(random, sizeof random, 0) == (ssize_t)sizeof random)
		memcpy(head.id.bytes, random, sizeof random);
	return head;
}

static enum status refuse(struct failure *reterr, enum status status)
{
	return fail(reterr, status, "plan",
	            status == STATUS_TOO_LARGE ? "a step is longer than any object's name explains" : "memory is used up");
}

/* The line as it stands goes out; the next one is begun. */
static enum status put_line(struct plan_writer *writer, struct failure *reterr)
{
	enum status status = buffer_status(&writer->line);
	if (status != STATUS_OK)
		return refuse(reterr, status);
	digest_update(writer->digest, buffer_bytes(&writer->line));
	status = writer->sink.write(writer->sink.context, buffer_bytes(&writer->line), reterr);
	buffer_reset(&writer->line);
	return status;
}

static void put_hex(struct json_writer *json, const char *name, struct bytes bytes)
{
	char text[2 * VAULT_SIGNATURE_SIZE + 1];
	static const char digits[] = "0123456789abcdef";
	for (size_t i = 0; i < bytes.len; i++) {
		text[2 * i] = digits[bytes.at[i] >> 4];
		text[2 * i + 1] = digits[bytes.at[i] & 15];
	}
	json_key(json, name);
	json_bytes(json, bytes_of(text, 2 * bytes.len));
}

static void put_head(struct plan_writer *writer, plan_members *more, void *context)
{
	struct json_writer *json = &writer->json;
	char id[ID_TEXT_SIZE];
	unsigned char identity[INCIDENT_IDENTITY_SIZE];
	incident_identity(writer->incident, identity);
	json_begin_object(json);
	json_member_string(json, "plan", plan_kind_name(writer->head.kind));
	json_member_string(json, "id", id_format(writer->head.id, id));
	json_member_text(json, "incident", writer->head.incident);
	put_hex(json, "incident_id", bytes_of(identity, sizeof identity));
	json_member_time(json, "made_at", writer->head.made_at);
	json_member_time(json, "expires_at", writer->head.expires_at);
	if (more != NULL)
		more(context, json);
	json_key(json, "steps");
	buffer_append_string(&writer->line, "[\n");
}

enum status plan_begin(const struct plan_head *head, struct incident *incident, const struct plan_sink *sink, plan_members *more,
                       void *context, struct plan_writer **ret_writer, struct failure *reterr)
{
	struct plan_writer *writer = calloc(1, sizeof *writer);
	if (writer == NULL)
		return refuse(reterr, STATUS_NO_MEMORY);
	writer->head = *head;
	writer->head.steps = 0;
	writer->incident = incident;
	writer->sink = *sink;
	writer->line = buffer_with_ceiling(PLAN_LINE_MAX);
	writer->json = json_writer_into(&writer->line);
	enum status status = digest_start(DIGEST_SHA256, &writer->digest);
	if (status != STATUS_OK)
		refuse(reterr, status);
	if (status == STATUS_OK) {
		put_head(writer, more, context);
		status = put_line(writer, reterr);
	}
	if (status == STATUS_OK)
		*ret_writer = writer;
	else
		plan_abandon(writer);
	return status;
}

/* As JSON shows it; where that is not what it is, its bytes beside it. */
static void put_object(struct json_writer *json, struct bytes object)
{
	struct buffer shown = buffer_with_ceiling(PLAN_LINE_MAX), base64 = buffer_with_ceiling(PLAN_LINE_MAX);
	struct json_writer alone = json_writer_into(&shown);
	struct arena arena = arena_with_ceiling(4 * PLAN_LINE_MAX);
	const struct json_value *read = NULL;
	json_bytes(&alone, object);
	bool is_itself = buffer_status(&shown) == STATUS_OK && json_parse(buffer_bytes(&shown), &arena, &read) == STATUS_OK &&
	                 bytes_equal(read->text, object);
	json_member_text(json, "object", object);
	if (!is_itself) {
		digest_append_base64(&base64, object);
		json_member_text(json, "object_bytes", buffer_bytes(&base64));
	}
	arena_free(&arena);
	buffer_free(&shown);
	buffer_free(&base64);
}

static void put_step_members(struct json_writer *json, const struct plan_step *step)
{
	json_member_unsigned(json, "step", step->number);
	json_member_text(json, "target", step->target);
	put_object(json, step->object);
	json_member_text(json, "version", step->version);
	if (step->is_snapshot) {
		json_key(json, "is_snapshot");
		json_boolean(json, true);
	}
	json_member_text(json, "etag", step->etag);
	json_member_text(json, "action", step->action);
	json_member_text(json, "why", step->why);
	json_member_string(json, "state", step_state_name(step->state));
	json_member_text(json, "reason", step->reason);
	if (step->before.len > 0)
		json_member_text(json, "before", step->before);
	if (step->size != OBJECT_SIZE_UNKNOWN)
		json_member_unsigned(json, "size", step->size);
}

enum status plan_put_step(struct plan_writer *writer, const struct plan_step *step, plan_members *more, void *context,
                          struct failure *reterr)
{
	struct plan_step numbered = *step;
	if (writer->head.steps >= PLAN_STEPS_MAX)
		return fail(reterr, STATUS_TOO_LARGE, "plan", "more than %d steps; plan a part of it, by a prefix or a policy",
		            PLAN_STEPS_MAX);
	numbered.number = ++writer->head.steps;
	struct json_writer json = json_writer_into(&writer->line);
	if (numbered.number > 1)
		buffer_append_string(&writer->line, ",\n");
	json_begin_object(&json);
	put_step_members(&json, &numbered);
	if (more != NULL)
		more(context, &json);
	json_end_object(&json);
	return put_line(writer, reterr);
}

/* The hash is over what was written before it, so the line goes out in two pieces. */
static enum status put_seal(struct plan_writer *writer, struct failure *reterr)
{
	struct vault_key key;
	struct plan_message message;
	unsigned char public_key[VAULT_PUBLIC_KEY_SIZE], signature[VAULT_SIGNATURE_SIZE];
	struct json_writer json = json_writer_into(&writer->line);
	digest_finish(writer->digest, writer->head.hash);
	incident_plan_key(writer->incident, &key);
	vault_sign(&key, plan_message_of(writer->incident, writer->head.hash, &message), public_key, signature);
	vault_key_wipe(&key);
	buffer_append_byte(&writer->line, ',');
	put_hex(&json, "hash", bytes_of(writer->head.hash, PLAN_DIGEST_SIZE));
	put_hex(&json, "public_key", bytes_of(public_key, sizeof public_key));
	put_hex(&json, "signature", bytes_of(signature, sizeof signature));
	buffer_append_string(&writer->line, "}\n");
	return put_line(writer, reterr);
}

enum status plan_end(struct plan_writer *writer, plan_members *blast, void *context, struct plan_head *ret_head,
                     struct failure *reterr)
{
	struct json_writer json = json_writer_into(&writer->line);
	buffer_append_string(&writer->line, writer->head.steps > 0 ? "\n" PLAN_TAIL_BEGINS : PLAN_TAIL_BEGINS);
	json_begin_object(&json);
	if (blast != NULL)
		blast(context, &json);
	json_end_object(&json);
	buffer_append_format(&writer->line, ",\"step_count\":%llu", (unsigned long long)writer->head.steps);
	enum status status = put_line(writer, reterr);
	if (status == STATUS_OK)
		status = put_seal(writer, reterr);
	if (status == STATUS_OK && ret_head != NULL)
		*ret_head = writer->head;
	plan_abandon(writer);
	return status;
}

void plan_abandon(struct plan_writer *writer)
{
	if (writer == NULL)
		return;
	digest_free(writer->digest);
	buffer_free(&writer->line);
	free(writer);
}
