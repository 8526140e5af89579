/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading a plan's file. The digest of each block is noted while the whole is looked at, 32 bytes for 64 KiB, and held
 * against the block when it is read again for its steps: what is carried out is what was checked.
 */
#define _GNU_SOURCE
#include "act/plan-form.h"
#include "act/plan.h"

#include "base/clock.h"
#include "base/digest.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BLOCK_SIZE = 64 << 10, MEMBERS_BYTES = 4 << 20, BLOCKS_BYTES = 256 << 20 };

struct plan {
	struct plan_head head;
	const struct json_value *members, *tail;
	struct arena kept, passing; /* of the head and the tail; of one step */
	const char *path;
	int file;
	struct buffer digests; /* of its blocks */
	bool is_checked;       /* all of them are noted */
	uint64_t block_number; /* of the block that is read next */
	size_t block_at, block_len;
	struct buffer line;
	uint64_t step;
	unsigned char block[BLOCK_SIZE];
};

static enum status refuse(const struct plan *plan, enum status status, const char *why, struct failure *reterr)
{
	return fail(reterr, status, plan->path, "%s", status == STATUS_NO_MEMORY ? "memory is used up" : why);
}

static enum status refuse_edited(const struct plan *plan, struct failure *reterr)
{
	return refuse(plan, STATUS_MALFORMED,
	              "is not as tidemark wrote it: it was edited, cut or is no plan at all; nothing was done, plan again",
	              reterr);
}

/* ---- blocks and lines ---- */

static enum status read_block(struct plan *plan, struct failure *reterr)
{
	unsigned char digest[DIGEST_SHA256_SIZE];
	size_t len = 0;
	while (len < BLOCK_SIZE) {
		ssize_t got = pread(plan->file, plan->block + len, BLOCK_SIZE - len,
		                    (off_t)(plan->block_number * BLOCK_SIZE + len));
		if (got < 0 && errno != EINTR)
			return fail(reterr, STATUS_BROKEN, plan->path, "cannot be read: %s", strerror(errno));
		if (got == 0)
			break;
		len += got > 0 ? (size_t)got : 0;
	}
	digest_sha256(bytes_of(plan->block, len), digest);
	if (!plan->is_checked) {
		buffer_append(&plan->digests, bytes_of(digest, sizeof digest));
		if (buffer_status(&plan->digests) != STATUS_OK)
			return refuse(plan, STATUS_NO_MEMORY, "", reterr);
	} else if (!bytes_equal(bytes_slice(buffer_bytes(&plan->digests), plan->block_number * sizeof digest, sizeof digest),
	                        bytes_of(digest, sizeof digest)))
		return refuse(plan, STATUS_MALFORMED, "was changed while it was carried out; the rest is left undone", reterr);
	plan->block_number++;
	plan->block_at = 0;
	plan->block_len = len;
	return STATUS_OK;
}

/* Without its line end, which it must have. END: the file has ended. */
static enum status read_line(struct plan *plan, struct failure *reterr)
{
	buffer_reset(&plan->line);
	for (;;) {
		struct bytes rest = bytes_slice(bytes_of(plan->block, plan->block_len), plan->block_at, BLOCK_SIZE);
		size_t length = bytes_find_byte(rest, '\n');
		buffer_append(&plan->line, bytes_slice(rest, 0, length));
		if (buffer_status(&plan->line) == STATUS_NO_MEMORY)
			return refuse(plan, STATUS_NO_MEMORY, "", reterr);
		if (buffer_status(&plan->line) != STATUS_OK)
			return refuse_edited(plan, reterr);
		if (length != BYTES_NOT_FOUND) {
			plan->block_at += length + 1;
			return STATUS_OK;
		}
		enum status status = read_block(plan, reterr);
		if (status != STATUS_OK)
			return status;
		if (plan->block_len == 0)
			return plan->line.len == 0 ? STATUS_END : refuse_edited(plan, reterr);
	}
}

enum status plan_rewind(struct plan *plan, struct failure *reterr)
{
	plan->block_number = plan->block_at = plan->block_len = plan->step = 0;
	enum status status = read_line(plan, reterr);
	return status == STATUS_END ? refuse_edited(plan, reterr) : status;
}

/* ---- head ---- */

static int64_t time_of(const struct json_value *value, const char *name)
{
	return clock_parse_rfc3339(json_text_of(value, name));
}

static enum status read_members(struct plan *plan, const char *before, struct bytes text, const char *behind,
                                const struct json_value **ret_members, struct failure *reterr)
{
	struct buffer whole = buffer_with_ceiling(PLAN_LINE_MAX + 16);
	buffer_append_string(&whole, before);
	buffer_append(&whole, text);
	buffer_append_string(&whole, behind);
	struct bytes kept = buffer_status(&whole) == STATUS_OK ? arena_copy(&plan->kept, buffer_bytes(&whole)) : BYTES_NONE;
	buffer_free(&whole);
	enum status status = kept.at != NULL ? json_parse(kept, &plan->kept, ret_members) : STATUS_NO_MEMORY;
	return status == STATUS_OK          ? status
	       : status == STATUS_NO_MEMORY ? refuse(plan, status, "", reterr)
	                                    : refuse_edited(plan, reterr);
}

static enum status read_head(struct plan *plan, struct failure *reterr)
{
	struct plan_head *head = &plan->head;
	struct bytes line = buffer_bytes(&plan->line);
	if (!bytes_start_with(line, BYTES_LITERAL("{\"plan\":")) || !bytes_end_with(line, BYTES_LITERAL(",\"steps\":[")))
		return refuse_edited(plan, reterr);
	enum status status = read_members(plan, "", line, "]}", &plan->members, reterr);
	if (status != STATUS_OK)
		return status;
	head->kind = plan_kind_from_name(json_text_of(plan->members, "plan"));
	head->incident = json_text_of(plan->members, "incident");
	head->made_at = time_of(plan->members, "made_at");
	head->expires_at = time_of(plan->members, "expires_at");
	bool is_whole = head->kind != PLAN_KIND_COUNT && head->made_at != CLOCK_UNKNOWN && head->expires_at != CLOCK_UNKNOWN &&
	                id_parse(json_text_of(plan->members, "id"), &head->id) == STATUS_OK;
	return is_whole ? STATUS_OK : refuse_edited(plan, reterr);
}

/* ---- the whole, and its seal ---- */

static enum status read_hex(const struct plan *plan, const char *name, unsigned char *into, size_t size, struct failure *reterr)
{
	return digest_parse_hex(json_text_of(plan->tail, name), into, size) == STATUS_OK ? STATUS_OK
	                                                                                 : refuse_edited(plan, reterr);
}

static enum status check_signature(struct plan *plan, struct incident *incident, struct failure *reterr)
{
	unsigned char told[VAULT_PUBLIC_KEY_SIZE], own[VAULT_PUBLIC_KEY_SIZE];
	unsigned char signature[VAULT_SIGNATURE_SIZE], own_signature[VAULT_SIGNATURE_SIZE];
	unsigned char identity[INCIDENT_IDENTITY_SIZE], own_identity[INCIDENT_IDENTITY_SIZE];
	struct plan_message message;
	struct vault_key key;
	enum status status = read_hex(plan, "public_key", told, sizeof told, reterr);
	if (status == STATUS_OK)
		status = read_hex(plan, "signature", signature, sizeof signature, reterr);
	if (status != STATUS_OK)
		return status;
	struct bytes signed_bytes = plan_message_of(incident, plan->head.hash, &message);
	incident_plan_key(incident, &key);
	vault_sign(&key, signed_bytes, own, own_signature);
	vault_key_wipe(&key);
	if (memcmp(told, own, sizeof own) != 0)
		return refuse(plan, STATUS_DENIED,
		              "was made with another catalog; apply it with that one (--catalog), or plan again", reterr);
	incident_identity(incident, own_identity);
	if (digest_parse_hex(json_text_of(plan->members, "incident_id"), identity, sizeof identity) != STATUS_OK ||
	    memcmp(identity, own_identity, sizeof identity) != 0)
		return refuse(plan, STATUS_DENIED, "was made for another incident; name it with --incident", reterr);
	return vault_is_signed(signed_bytes, own, signature) ? STATUS_OK : refuse_edited(plan, reterr);
}

/* The tail's line, which began outside of the steps. */
static enum status read_tail(struct plan *plan, struct digest *digest, struct failure *reterr)
{
	unsigned char hash[PLAN_DIGEST_SIZE];
	struct bytes line = buffer_bytes(&plan->line), hashed = BYTES_LITERAL(PLAN_HASH_BEGINS);
	size_t at = 0;
	for (size_t found; (found = bytes_find(bytes_from(line, at + 1), hashed)) != BYTES_NOT_FOUND;)
		at += 1 + found;
	if (at == 0 || !bytes_start_with(line, BYTES_LITERAL(PLAN_TAIL_BEGINS)))
		return refuse_edited(plan, reterr);
	digest_update(digest, bytes_slice(line, 0, at));
	digest_finish(digest, hash);
	enum status status = read_members(plan, "{", bytes_from(line, 2), "", &plan->tail, reterr);
	if (status == STATUS_OK)
		status = read_hex(plan, "hash", plan->head.hash, sizeof plan->head.hash, reterr);
	if (status != STATUS_OK)
		return status;
	bool holds = memcmp(hash, plan->head.hash, sizeof hash) == 0 &&
	             json_number_of(plan->tail, "step_count", &plan->head.steps) && plan->head.steps == plan->step;
	if (!holds)
		return refuse_edited(plan, reterr);
	/* Nothing stands behind it. */
	status = read_line(plan, reterr);
	return status == STATUS_END ? STATUS_OK : status == STATUS_OK ? refuse_edited(plan, reterr) : status;
}

static enum status read_all(struct plan *plan, struct digest *digest, struct failure *reterr)
{
	enum status status = read_line(plan, reterr);
	if (status == STATUS_OK)
		status = read_head(plan, reterr);
	while (status == STATUS_OK) {
		if (buffer_bytes(&plan->line).len > 0 && plan->line.at[0] == ']')
			return read_tail(plan, digest, reterr);
		digest_update(digest, buffer_bytes(&plan->line));
		digest_update(digest, BYTES_LITERAL("\n"));
		status = read_line(plan, reterr);
		if (status == STATUS_OK && plan->line.at != NULL && plan->line.len > 0 && plan->line.at[0] == '{')
			plan->step++;
	}
	return status == STATUS_END ? refuse_edited(plan, reterr) : status;
}

static enum status check_use(const struct plan *plan, enum plan_kind kind, enum plan_use use, int64_t now, struct failure *reterr)
{
	char text[CLOCK_TEXT_SIZE];
	if (plan->head.kind != kind)
		return fail(reterr, STATUS_DENIED, plan->path, "is a plan of 'tidemark %s'; give it to that command",
		            plan_kind_name(plan->head.kind));
	if (use == PLAN_TO_APPLY && now > plan->head.expires_at)
		return fail(reterr, STATUS_DENIED, plan->path,
		            "was good until %s; what it was made for may have changed: plan again",
		            clock_format(plan->head.expires_at, text));
	return STATUS_OK;
}

static enum status open_file(struct plan *plan, struct failure *reterr)
{
	struct stat about;
	plan->file = open(plan->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (plan->file < 0)
		return fail(reterr, errno == ENOENT ? STATUS_ABSENT : STATUS_DENIED, plan->path, "the plan cannot be opened: %s",
		            strerror(errno));
	if (fstat(plan->file, &about) != 0 || !S_ISREG(about.st_mode))
		return refuse(plan, STATUS_DENIED, "is no regular file; a plan is read more than once", reterr);
	return STATUS_OK;
}

enum status plan_open(const char *path, enum plan_kind kind, struct incident *incident, enum plan_use use, int64_t now,
                      struct plan **ret_plan, struct failure *reterr)
{
	struct digest *digest = NULL;
	struct plan *plan = calloc(1, sizeof *plan);
	if (plan == NULL)
		return fail(reterr, STATUS_NO_MEMORY, path, "memory is used up");
	plan->path = path;
	plan->file = -1;
	plan->line = buffer_with_ceiling(PLAN_LINE_MAX);
	plan->digests = buffer_with_ceiling(BLOCKS_BYTES);
	plan->kept = arena_with_ceiling(MEMBERS_BYTES);
	plan->passing = arena_with_ceiling(MEMBERS_BYTES);
	enum status status = open_file(plan, reterr);
	if (status == STATUS_OK && digest_start(DIGEST_SHA256, &digest) != STATUS_OK)
		status = refuse(plan, STATUS_NO_MEMORY, "", reterr);
	if (status == STATUS_OK)
		status = read_all(plan, digest, reterr);
	digest_free(digest);
	if (status == STATUS_OK)
		status = check_signature(plan, incident, reterr);
	if (status == STATUS_OK)
		status = check_use(plan, kind, use, now, reterr);
	plan->is_checked = true;
	if (status == STATUS_OK)
		status = plan_rewind(plan, reterr);
	if (status == STATUS_OK)
		*ret_plan = plan;
	else
		plan_free(plan);
	return status;
}

void plan_free(struct plan *plan)
{
	if (plan == NULL)
		return;
	if (plan->file >= 0)
		close(plan->file);
	buffer_free(&plan->line);
	buffer_free(&plan->digests);
	arena_free(&plan->kept);
	arena_free(&plan->passing);
	free(plan);
}

const struct plan_head *plan_get_head(const struct plan *plan)
{
	return &plan->head;
}

const struct json_value *plan_get_members(const struct plan *plan)
{
	return plan->members;
}

/* ---- steps ---- */

static enum status read_object(struct plan *plan, const struct json_value *all, struct plan_step *step)
{
	struct bytes base64 = json_text_of(all, "object_bytes");
	struct buffer bytes = buffer_with_ceiling(PLAN_LINE_MAX);
	step->object = json_text_of(all, "object");
	if (base64.len == 0)
		return STATUS_OK;
	enum status status = digest_parse_base64(base64, &bytes);
	if (status == STATUS_OK) {
		step->object = arena_copy(&plan->passing, buffer_bytes(&bytes));
		status = step->object.at != NULL ? STATUS_OK : STATUS_NO_MEMORY;
	}
	buffer_free(&bytes);
	return status;
}

static enum status read_step(struct plan *plan, const struct json_value *all, struct plan_step *step)
{
	const struct json_value *is_snapshot = json_find(all, "is_snapshot");
	step->size = OBJECT_SIZE_UNKNOWN;
	step->target = json_text_of(all, "target");
	step->version = json_text_of(all, "version");
	step->is_snapshot = is_snapshot != NULL && is_snapshot->kind == JSON_TRUE;
	step->etag = json_text_of(all, "etag");
	step->action = json_text_of(all, "action");
	step->why = json_text_of(all, "why");
	step->state = step_state_from_name(json_text_of(all, "state"));
	step->reason = json_text_of(all, "reason");
	step->before = json_text_of(all, "before");
	json_number_of(all, "size", &step->size);
	if (!json_number_of(all, "step", &step->number) || step->number != plan->step || step->state == STEP_STATE_COUNT)
		return STATUS_MALFORMED;
	return read_object(plan, all, step);
}

enum status plan_next(struct plan *plan, struct plan_step *ret_step, const struct json_value **ret_all, struct failure *reterr)
{
	const struct json_value *all = NULL;
	struct plan_step step = {.number = 0};
	if (plan->step == plan->head.steps)
		return STATUS_END;
	enum status status = read_line(plan, reterr);
	if (status != STATUS_OK)
		return status == STATUS_END ? refuse_edited(plan, reterr) : status;
	struct bytes line = buffer_bytes(&plan->line);
	if (bytes_end_with(line, BYTES_LITERAL(",")))
		line.len--;
	arena_reset(&plan->passing);
	plan->step++;
	status = json_parse(line, &plan->passing, &all);
	if (status == STATUS_OK)
		status = read_step(plan, all, &step);
	if (status != STATUS_OK)
		return status == STATUS_NO_MEMORY ? refuse(plan, status, "", reterr) : refuse_edited(plan, reterr);
	*ret_step = step;
	if (ret_all != NULL)
		*ret_all = all;
	return STATUS_OK;
}
