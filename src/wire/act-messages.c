/* SPDX-License-Identifier: Apache-2.0 */
/* Encoding and checking the messages of tidemark-act. */
#include "wire/act-messages.h"

#include "base/text.h"
#include "model/object.h"

enum {
	OBJECT_NAME_MAX = 8192,
	VERSION_MAX = 1024,
	ETAG_MAX = 1024,
	VALUE_MAX = 16 << 10,
	SHORT_TEXT = 4096,
	CODE_MAX = 128,
	HTTP_STATUS_MAX = 999
};

static const struct permit rows[] = {
	{ACT_COMES_UP, ACT_READY, ACT_HAS_ANSWERED, PERMIT_NO_DESCRIPTOR, 0},
	{ACT_COMES_UP, ACT_FAILED, ACT_HAS_ANSWERED, PERMIT_NO_DESCRIPTOR, PERMIT_FRAME},
	{ACT_ACTS, ACT_ANSWER, ACT_ACTS, PERMIT_NO_DESCRIPTOR, PERMIT_FRAME},

	{ACT_AWAITS_SETUP, ACT_SETUP, ACT_AWAITS_TARGET, PERMIT_NO_DESCRIPTOR, PERMIT_FRAME},
	{ACT_AWAITS_TARGET, ACT_TARGET, ACT_SERVES, PERMIT_NO_DESCRIPTOR, PERMIT_FRAME},
	{ACT_SERVES, ACT_STEP, ACT_SERVES, PERMIT_NO_DESCRIPTOR, PERMIT_FRAME},
	{ACT_SERVES, ACT_GO, ACT_SERVES, PERMIT_NO_DESCRIPTOR, 0},
};
const struct permit_table act_permits = {rows, sizeof rows / sizeof *rows};

static struct bytes cut_text(struct bytes text, size_t max)
{
	struct bytes cut = bytes_slice(text, 0, max);
	cut.len = text_valid_length(cut);
	return bytes_find_byte(cut, 0) == BYTES_NOT_FOUND ? cut : BYTES_NONE;
}

static void get_digest(struct wire_reader *reader, unsigned char into[PLAN_DIGEST_SIZE])
{
	struct bytes digest = wire_get_bytes(reader, PLAN_DIGEST_SIZE);
	if (digest.len != PLAN_DIGEST_SIZE)
		reader->failed = true;
	else
		memcpy(into, digest.at, PLAN_DIGEST_SIZE);
}

void act_put_empty(struct wire_writer *writer, enum act_message type)
{
	wire_begin(writer, (unsigned char)type);
}

/* ---- set-up ---- */

void act_put_setup(struct wire_writer *writer, const struct act_setup *setup)
{
	wire_begin(writer, ACT_SETUP);
	wire_put_u64(writer, (uint64_t)(setup->rate * 1000.0));
	wire_put_u32(writer, setup->patience);
	wire_put_u8(writer, setup->may_change);
	wire_put_bytes(writer, bytes_of(setup->hash, sizeof setup->hash));
	wire_put_bytes(writer, setup->operator_name);
	wire_put_u32(writer, (uint32_t)setup->secrets.count);
	for (size_t i = 0; i < setup->secrets.count; i++) {
		wire_put_bytes(writer, setup->secrets.at[i].name);
		wire_put_bytes(writer, setup->secrets.at[i].value);
	}
}

enum status act_get_setup(struct wire_reader *reader, struct act_setup *ret_setup)
{
	struct act_setup setup = {.rate = (double)wire_get_u64(reader) / 1000.0};
	setup.patience = wire_get_u32(reader);
	setup.may_change = wire_get_u8(reader) != 0;
	get_digest(reader, setup.hash);
	setup.operator_name = wire_get_text(reader, SHORT_TEXT);
	setup.secrets.count = wire_get_enum(reader, SECRETS_MAX + 1);
	for (size_t i = 0; i < setup.secrets.count; i++) {
		setup.secrets.at[i].name = wire_get_text(reader, SECRET_NAME_MAX);
		setup.secrets.at[i].value = wire_get_bytes(reader, SECRET_VALUE_MAX);
	}
	enum status status = wire_end(reader);
	if (status == STATUS_OK)
		*ret_setup = setup;
	return status;
}

void act_put_target(struct wire_writer *writer, struct bytes written)
{
	wire_begin(writer, ACT_TARGET);
	wire_put_bytes(writer, written);
}

enum status act_get_target(struct wire_reader *reader, struct bytes *ret_written)
{
	struct bytes written = wire_get_text(reader, OBJECT_NAME_MAX);
	enum status status = wire_end(reader);
	if (status == STATUS_OK)
		*ret_written = written;
	return status;
}

/* ---- steps ---- */

void act_put_step(struct wire_writer *writer, const struct act_step *step)
{
	wire_begin(writer, ACT_STEP);
	wire_put_u64(writer, step->number);
	wire_put_u8(writer, (uint8_t)step->verb);
	wire_put_u8(writer, (uint8_t)((step->is_snapshot ? 1 : 0) | (step->is_again ? 2 : 0)));
	wire_put_bytes(writer, step->object);
	wire_put_bytes(writer, step->version);
	wire_put_bytes(writer, step->etag);
	wire_put_bytes(writer, step->value);
	wire_put_bytes(writer, bytes_of(step->permit, sizeof step->permit));
}

enum status act_get_step(struct wire_reader *reader, struct act_step *ret_step)
{
	struct act_step step = {.number = wire_get_u64(reader)};
	uint8_t verb = wire_get_u8(reader), flags = wire_get_u8(reader);
	if (verb == 0 || verb >= ACT_VERB_COUNT || flags > 3)
		reader->failed = true;
	step.verb = (enum act_verb)verb;
	step.is_snapshot = (flags & 1) != 0;
	step.is_again = (flags & 2) != 0;
	step.object = wire_get_bytes(reader, OBJECT_NAME_MAX);
	step.version = wire_get_text(reader, VERSION_MAX);
	step.etag = wire_get_bytes(reader, ETAG_MAX);
	step.value = wire_get_text(reader, VALUE_MAX);
	get_digest(reader, step.permit);
	enum status status = wire_end(reader);
	if (status == STATUS_OK)
		*ret_step = step;
	return status;
}

/* ---- answers ---- */

static void put_found(struct wire_writer *writer, const struct act_found *found)
{
	const enum answer answers[] = {found->is_leased,      found->is_held,         found->has_site,
	                               found->account_allows, found->has_soft_delete, found->may_delete_permanently};
	wire_put_u8(writer, found->is_looked);
	for (size_t i = 0; i < sizeof answers / sizeof *answers; i++)
		wire_put_u8(writer, (uint8_t)answers[i]);
	wire_put_u32(writer, found->retention_days);
	wire_put_u64(writer, (uint64_t)found->modified);
	wire_put_u64(writer, found->size);
	wire_put_bytes(writer, cut_text(found->level, CODE_MAX));
	wire_put_bytes(writer, cut_text(found->tier, CODE_MAX));
}

void act_put_answer(struct wire_writer *writer, const struct act_answer *answer)
{
	wire_begin(writer, ACT_ANSWER);
	wire_put_u64(writer, answer->number);
	wire_put_bytes(writer, bytes_of(answer->permit, sizeof answer->permit));
	wire_put_u8(writer, (uint8_t)answer->result);
	wire_put_u8(writer, (uint8_t)answer->is_permanent);
	wire_put_u32(writer, answer->status);
	wire_put_u32(writer, answer->requests);
	wire_put_bytes(writer, cut_text(answer->code, CODE_MAX));
	wire_put_bytes(writer, cut_text(answer->why, SHORT_TEXT));
	wire_put_bytes(writer, cut_text(answer->before, VALUE_MAX));
	wire_put_bytes(writer, bytes_slice(answer->etag, 0, ETAG_MAX));
	put_found(writer, &answer->found);
}

static enum answer get_one(struct wire_reader *reader)
{
	uint8_t answer = wire_get_u8(reader);
	if (answer > ANSWER_YES)
		reader->failed = true;
	return (enum answer)answer;
}

static struct bytes get_kept(struct wire_reader *reader, struct arena *arena, size_t max, bool is_text)
{
	struct bytes bytes = is_text ? wire_get_text(reader, max) : wire_get_bytes(reader, max);
	return bytes.len > 0 ? arena_copy(arena, bytes) : BYTES_NONE;
}

static void get_found(struct wire_reader *reader, struct arena *arena, struct act_found *found)
{
	enum answer *const answers[] = {&found->is_leased,      &found->is_held,         &found->has_site,
	                                &found->account_allows, &found->has_soft_delete, &found->may_delete_permanently};
	found->is_looked = wire_get_u8(reader) != 0;
	for (size_t i = 0; i < sizeof answers / sizeof *answers; i++)
		*answers[i] = get_one(reader);
	found->retention_days = wire_get_u32(reader);
	found->modified = wire_get_time(reader);
	found->size = wire_get_u64(reader);
	if (found->size > OBJECT_SIZE_MAX)
		found->size = OBJECT_SIZE_UNKNOWN;
	found->level = get_kept(reader, arena, CODE_MAX, true);
	found->tier = get_kept(reader, arena, CODE_MAX, true);
}

enum status act_get_answer(struct wire_reader *reader, struct arena *arena, struct act_answer *ret_answer)
{
	struct act_answer answer = {.number = wire_get_u64(reader)};
	get_digest(reader, answer.permit);
	uint8_t result = wire_get_u8(reader);
	if (result == 0 || result >= ACT_RESULT_COUNT)
		reader->failed = true;
	answer.result = (enum act_result)result;
	answer.is_permanent = get_one(reader);
	answer.status = wire_get_enum(reader, HTTP_STATUS_MAX + 1);
	answer.requests = wire_get_u32(reader);
	answer.code = get_kept(reader, arena, CODE_MAX, true);
	answer.why = get_kept(reader, arena, SHORT_TEXT, true);
	answer.before = get_kept(reader, arena, VALUE_MAX, true);
	answer.etag = get_kept(reader, arena, ETAG_MAX, false);
	get_found(reader, arena, &answer.found);
	enum status status = wire_end(reader);
	if (status == STATUS_OK)
		*ret_answer = answer;
	return status;
}

void act_put_failed(struct wire_writer *writer, const struct act_failed *failed)
{
	wire_begin(writer, ACT_FAILED);
	wire_put_u32(writer, failed->status);
	wire_put_bytes(writer, cut_text(failed->where, SHORT_TEXT));
	wire_put_bytes(writer, cut_text(failed->why, SHORT_TEXT));
}

enum status act_get_failed(struct wire_reader *reader, struct act_failed *ret_failed)
{
	struct act_failed failed = {.status = (enum status)wire_get_enum(reader, STATUS_COUNT)};
	failed.where = wire_get_text(reader, SHORT_TEXT);
	failed.why = wire_get_text(reader, SHORT_TEXT);
	enum status status = failed.status > STATUS_END ? wire_end(reader) : STATUS_MALFORMED;
	if (status == STATUS_OK)
		*ret_failed = failed;
	return status;
}
