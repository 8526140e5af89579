/* SPDX-License-Identifier: Apache-2.0 */
/* Lines go into pieces, pieces into the catalog; reading goes over them twice, the first time for the signature alone. */
#include "act/certificate.h"

#include "base/digest.h"
#include "base/text.h"
#include "vault/signing.h"

#include <sys/random.h>

#define TAIL_BEGINS "],\"totals\":"
#define HASH_BEGINS ",\"hash\":\""
enum { LINE_MAX_BYTES = 256 << 10, MESSAGE_SIZE = 23 + DIGEST_SHA256_SIZE };

static struct bytes message_of(const unsigned char hash[DIGEST_SHA256_SIZE], unsigned char into[MESSAGE_SIZE])
{
	memcpy(into, "tidemark-certificate-1", 23); /* its zero byte, too */
	memcpy(into + 23, hash, DIGEST_SHA256_SIZE);
	return bytes_of(into, MESSAGE_SIZE);
}

/* ---- writing ---- */

struct certificate_writer {
	struct incident *incident;
	const struct certificate_facts *facts;
	struct certificate_keeper *keeper;
	struct digest *digest;
	struct buffer piece;
	struct certificate_totals totals;
	bool has_rows;
	struct failure *reterr;
};

static enum status put(struct certificate_writer *writer, struct bytes text, bool is_hashed)
{
	if (is_hashed)
		digest_update(writer->digest, text);
	while (text.len > 0) {
		size_t room = CERTIFICATE_PIECE_MAX - writer->piece.len, part = text.len < room ? text.len : room;
		buffer_append(&writer->piece, bytes_slice(text, 0, part));
		text = bytes_from(text, part);
		if (writer->piece.len < CERTIFICATE_PIECE_MAX)
			continue;
		enum status status = certificate_keep_piece(writer->keeper, buffer_bytes(&writer->piece), writer->reterr);
		if (status != STATUS_OK)
			return status;
		buffer_reset(&writer->piece);
	}
	return buffer_status(&writer->piece);
}

static enum status put_line(struct certificate_writer *writer, struct buffer *line, bool is_hashed)
{
	enum status status = buffer_status(line);
	if (status == STATUS_OK)
		status = put(writer, buffer_bytes(line), is_hashed);
	buffer_free(line);
	return status == STATUS_OK || status_is_ours(status) ? status
	                                                     : fail(writer->reterr, status, "certificate", "cannot be written");
}

static enum status put_approval(void *context, struct bytes user, int64_t at)
{
	(void)at;
	json_bytes(context, user);
	return STATUS_OK;
}

static void copy_member(struct json_writer *json, const struct json_value *from, const char *name)
{
	json_member_text(json, name, json_text_of(from, name));
}

static void put_scope(struct json_writer *json, const struct certificate_facts *facts)
{
	const struct json_value *policy = json_find(plan_get_members(facts->plan), "policy");
	json_key(json, "scope");
	json_begin_object(json);
	json_key(json, "policy");
	json_begin_object(json);
	copy_member(json, policy, "file");
	copy_member(json, policy, "digest");
	json_end_object(json);
	copy_member(json, plan_get_members(facts->plan), "planned_by");
	json_member_time(json, "planned_at", plan_get_head(facts->plan)->made_at);
	json_key(json, "steps");
	json_begin_object(json);
	json_member_unsigned(json, "done", facts->done);
	json_member_unsigned(json, "left", facts->left);
	json_member_unsigned(json, "failed", facts->failed);
	json_end_object(json);
	json_end_object(json);
}

static enum status put_head(struct certificate_writer *writer, struct id id)
{
	const struct certificate_facts *facts = writer->facts;
	const struct plan_head *head = plan_get_head(facts->plan);
	struct buffer line = buffer_with_ceiling(LINE_MAX_BYTES), hash = buffer_with_ceiling(128);
	struct json_writer json = json_writer_into(&line);
	char text[ID_TEXT_SIZE];
	digest_append_hex(&hash, bytes_of(head->hash, sizeof head->hash));
	json_begin_object(&json);
	json_member_string(&json, "certificate", id_format(id, text));
	json_member_string(&json, "plan", id_format(head->id, text));
	json_member_text(&json, "plan_hash", buffer_bytes(&hash));
	json_member_text(&json, "incident", head->incident);
	json_member_text(&json, "operator", facts->operator_name);
	json_member_text(&json, "ticket", facts->ticket);
	json_key(&json, "approved_by");
	json_begin_array(&json);
	enum status status = incident_approvals(writer->incident, head, put_approval, &json, writer->reterr);
	json_end_array(&json);
	put_scope(&json, facts);
	json_member_string(&json, "method", facts->method);
	json_member_time(&json, "verified_at", facts->verified_at);
	json_key(&json, "objects");
	buffer_append_string(&line, "[\n");
	buffer_free(&hash);
	if (status == STATUS_OK)
		return put_line(writer, &line, true);
	buffer_free(&line);
	return status;
}

static enum status put_row(void *context, const struct retain_row *row)
{
	struct certificate_writer *writer = context;
	struct buffer line = buffer_with_ceiling(LINE_MAX_BYTES);
	struct json_writer json = json_writer_into(&line);
	if (writer->has_rows)
		buffer_append_string(&line, ",\n");
	writer->has_rows = true;
	writer->totals.rows[row->state]++;
	json_begin_object(&json);
	json_member_text(&json, "target", row->target);
	json_member_text(&json, "object", row->object);
	if (!text_is_valid(row->object)) {
		struct buffer base64 = buffer_with_ceiling(LINE_MAX_BYTES);
		digest_append_base64(&base64, row->object);
		json_member_text(&json, "object_bytes", buffer_bytes(&base64));
		buffer_free(&base64);
	}
	json_key(&json, "version");
	json_bytes(&json, row->version);
	json_key(&json, "snapshot");
	json_boolean(&json, row->is_snapshot);
	json_member_string(&json, "state", retain_state_name(row->state));
	json_member_time(&json, "until", row->until);
	json_member_text(&json, "reason", row->reason);
	json_end_object(&json);
	return put_line(writer, &line, true);
}

static void put_limits(struct json_writer *json, const struct certificate_facts *facts)
{
	json_key(json, "does_not_prove");
	json_begin_array(json);
	json_string(json,
	            "that the provider's media, replicas and backups hold none of it any more: that is the provider's to attest");
	json_string(json, "that nobody else holds a copy: whoever could read it before may have taken one");
	json_string(json, "anything of objects that this plan does not name, in these containers or in others");
	json_string(json,
	            "anything of contents that were never listed: uncommitted blocks, other accounts, what was deleted before");
	json_string(
		json,
		"that nothing of it is known here: the catalog of this incident keeps texts and findings until they expire or "
		"are purged");
	json_string(json, "anything later than verified_at");
	if (facts->has_soft_deleted)
		json_string(json, "that what is soft-deleted is gone: until its day whoever may undelete it can bring it back");
	if (facts->gaps.lacks_versions)
		json_string(json, "that no version survives in a container that would not list versions");
	if (facts->gaps.lacks_deleted)
		json_string(json, "that nothing soft-deleted survives in a container that would not list it");
	if (facts->gaps.lacks_listing)
		json_string(json, "anything of a container that could not be listed again");
	json_end_array(json);
}

static void append_hex(struct json_writer *json, const char *name, const unsigned char *at, size_t size)
{
	struct buffer hex = buffer_with_ceiling(256);
	digest_append_hex(&hex, bytes_of(at, size));
	json_key(json, name);
	json_bytes(json, buffer_bytes(&hex));
	buffer_free(&hex);
}

static enum status put_seal(struct certificate_writer *writer)
{
	unsigned char hash[DIGEST_SHA256_SIZE], message[MESSAGE_SIZE], public_key[VAULT_PUBLIC_KEY_SIZE],
		signature[VAULT_SIGNATURE_SIZE];
	struct buffer line = buffer_with_ceiling(LINE_MAX_BYTES);
	struct json_writer json = json_writer_into(&line);
	struct vault_key key;
	digest_finish(writer->digest, hash);
	incident_plan_key(writer->incident, &key);
	vault_sign(&key, message_of(hash, message), public_key, signature);
	vault_key_wipe(&key);
	buffer_append_byte(&line, ',');
	append_hex(&json, "hash", hash, sizeof hash);
	append_hex(&json, "public_key", public_key, sizeof public_key);
	append_hex(&json, "signature", signature, sizeof signature);
	buffer_append_string(&line, "}\n");
	return put_line(writer, &line, false);
}

static enum status put_tail(struct certificate_writer *writer)
{
	struct buffer line = buffer_with_ceiling(LINE_MAX_BYTES);
	struct json_writer json = json_writer_into(&line);
	buffer_append_string(&line, writer->has_rows ? "\n" TAIL_BEGINS : TAIL_BEGINS);
	json_begin_object(&json);
	for (enum retain_state state = 0; state < RETAIN_STATE_COUNT; state++)
		json_member_unsigned(&json, retain_state_name(state), writer->totals.rows[state]);
	json_end_object(&json);
	buffer_append_byte(&line, ',');
	json = json_writer_into(&line);
	put_limits(&json, writer->facts);
	enum status status = put_line(writer, &line, true);
	return status == STATUS_OK ? put_seal(writer) : status;
}

enum status certificate_make(struct incident *incident, const struct certificate_facts *facts, struct retain_verdict *verdict,
                             struct id *ret_id, struct certificate_totals *ret_totals, struct failure *reterr)
{
	struct certificate_writer writer = {
		.incident = incident, .facts = facts, .piece = buffer_with_ceiling(2 * CERTIFICATE_PIECE_MAX), .reterr = reterr};
	struct id id;
	if (getrandom(id.bytes, sizeof id.bytes, 0) != (ssize_t)sizeof id.bytes)
		return fail(reterr, STATUS_BROKEN, "certificate", "there is no randomness for its id");
	enum status status = digest_start(DIGEST_SHA256, &writer.digest);
	if (status == STATUS_OK)
		status = certificate_keep(incident, id, plan_get_head(facts->plan)->id, facts->verified_at, &writer.keeper,
		                          reterr);
	if (status == STATUS_OK)
		status = put_head(&writer, id);
	if (status == STATUS_OK)
		status = retain_verdict_pass(verdict, put_row, &writer, reterr);
	if (status == STATUS_OK)
		status = put_tail(&writer);
	if (status == STATUS_OK && writer.piece.len > 0)
		status = certificate_keep_piece(writer.keeper, buffer_bytes(&writer.piece), reterr);
	if (status == STATUS_OK)
		status = certificate_keep_end(writer.keeper, reterr);
	else
		certificate_keep_not(writer.keeper);
	digest_free(writer.digest);
	buffer_free(&writer.piece);
	if (status == STATUS_OK) {
		*ret_id = id;
		*ret_totals = writer.totals;
	}
	return status;
}

/* ---- reading ---- */

/* Lines of the pieces as they come. */
struct line_reader {
	struct buffer line;
	enum status (*each)(void *context, enum certificate_line kind, struct bytes line);
	void *context;
	bool has_head;
	/* Of the first pass: */
	struct digest *digest;
	bool is_over, holds;
};

static enum certificate_line kind_of(struct line_reader *reader, struct bytes line)
{
	if (!reader->has_head) {
		reader->has_head = true;
		return CERTIFICATE_HEAD;
	}
	return bytes_start_with(line, BYTES_LITERAL(TAIL_BEGINS)) ? CERTIFICATE_TAIL : CERTIFICATE_ROW;
}

static enum status end_line(struct line_reader *reader)
{
	struct bytes line = buffer_bytes(&reader->line);
	enum certificate_line kind = kind_of(reader, line);
	enum status status = reader->each(reader->context, kind, line);
	buffer_reset(&reader->line);
	return status;
}

static enum status take_piece(void *context, struct bytes piece)
{
	struct line_reader *reader = context;
	while (piece.len > 0) {
		size_t end = bytes_find_byte(piece, '\n');
		buffer_append(&reader->line, bytes_slice(piece, 0, end));
		if (buffer_status(&reader->line) != STATUS_OK)
			return STATUS_MALFORMED;
		if (end == BYTES_NOT_FOUND)
			return STATUS_OK;
		piece = bytes_from(piece, end + 1);
		enum status status = end_line(reader);
		if (status != STATUS_OK)
			return status;
	}
	return STATUS_OK;
}

static bool read_hex(const struct json_value *seal, const char *name, unsigned char *into, size_t size)
{
	return digest_parse_hex(json_text_of(seal, name), into, size) == STATUS_OK;
}

static bool is_signed(struct bytes seal, const unsigned char hash[DIGEST_SHA256_SIZE])
{
	unsigned char said[DIGEST_SHA256_SIZE], public_key[VAULT_PUBLIC_KEY_SIZE], signature[VAULT_SIGNATURE_SIZE],
		message[MESSAGE_SIZE];
	struct arena arena = arena_with_ceiling(1 << 20);
	struct buffer object = buffer_with_ceiling(8192);
	const struct json_value *value = NULL;
	buffer_append_byte(&object, '{');
	buffer_append(&object, bytes_from(seal, 1));
	bool is_read = json_parse(buffer_bytes(&object), &arena, &value) == STATUS_OK &&
	               read_hex(value, "hash", said, sizeof said) &&
	               read_hex(value, "public_key", public_key, sizeof public_key) &&
	               read_hex(value, "signature", signature, sizeof signature);
	bool holds = is_read && memcmp(said, hash, sizeof said) == 0 &&
	             vault_is_signed(message_of(hash, message), public_key, signature);
	arena_free(&arena);
	buffer_free(&object);
	return holds;
}

/* The tail's own text holds no such member before it. */
static enum status check_line(void *context, enum certificate_line kind, struct bytes line)
{
	struct line_reader *reader = context;
	if (kind != CERTIFICATE_TAIL) {
		digest_update(reader->digest, line);
		digest_update(reader->digest, BYTES_LITERAL("\n"));
		return STATUS_OK;
	}
	unsigned char hash[DIGEST_SHA256_SIZE];
	size_t seal = bytes_find(line, BYTES_LITERAL(HASH_BEGINS));
	if (seal == BYTES_NOT_FOUND || reader->is_over)
		return STATUS_MALFORMED;
	digest_update(reader->digest, bytes_slice(line, 0, seal));
	digest_finish(reader->digest, hash);
	reader->is_over = true;
	reader->holds = is_signed(bytes_from(line, seal), hash);
	return STATUS_OK;
}

static enum status check(struct incident *incident, struct id id, struct failure *reterr)
{
	struct line_reader reader = {.line = buffer_with_ceiling(2 * LINE_MAX_BYTES), .each = check_line};
	char text[ID_TEXT_SIZE];
	reader.context = &reader;
	enum status status = digest_start(DIGEST_SHA256, &reader.digest);
	if (status == STATUS_OK)
		status = incident_certificate(incident, id, take_piece, &reader, reterr);
	if (status == STATUS_OK && !reader.holds)
		status = fail(reterr, STATUS_MALFORMED, id_format(id, text), "the certificate is not as it was signed");
	digest_free(reader.digest);
	buffer_free(&reader.line);
	return status;
}

enum status certificate_read(struct incident *incident, struct id id,
                             enum status (*each)(void *context, enum certificate_line kind, struct bytes line), void *context,
                             struct failure *reterr)
{
	struct line_reader reader = {.line = buffer_with_ceiling(2 * LINE_MAX_BYTES), .each = each, .context = context};
	enum status status = check(incident, id, reterr);
	if (status == STATUS_OK)
		status = incident_certificate(incident, id, take_piece, &reader, reterr);
	buffer_free(&reader.line);
	return status;
}
