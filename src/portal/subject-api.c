/* SPDX-License-Identifier: Apache-2.0 */
#include "portal/subject-api.h"

#include "base/clock.h"
#include "base/json.h"
#include "portal/answer-table.h"
#include "portal/stream.h"
#include "portal/world.h"

enum { BODY_MAX = 1 << 20 };

struct asking asking_of_call(struct portal_call *call)
{
	const struct portal_settings *settings = call->settings;
	struct world *world = arena_allocate(call->arena, sizeof *world);
	if (world != NULL)
		*world = (struct world){settings, call->desk};
	return (struct asking){
		.desk = call->desk,
		.arena = call->arena,
		.peer = call->request->peer,
		.is_german = bytes_equal_string(call->request->language, "de"),
		.now = clock_now(),
		.proofs_open = settings->proofs_open,
		.proofs_per_hour = settings->proofs_per_hour,
		.looks_at_once = settings->threads > 1 ? settings->threads - 1 : 1, /* one always answers */
		.look = world != NULL ? world_look : NULL,
		.look_context = world,
		.is_mail_sent = settings->smtp != NULL,
	};
}

/* ---- refusing ---- */

/* What went wrong as problem+json (RFC 9457); ours is the door's to tell. */
enum status portal_refuse(struct portal_call *call, const struct asking *asking, enum status status, const struct failure *why)
{
	static const struct {
		enum status status;
		uint16_t code;
		const char *title, *detail; /* NULL: what was wrong with what was sent */
	} refusals[] = {
		{STATUS_USAGE, 400, "Bad request", NULL},
		{STATUS_DENIED, 401, "Unauthorized", "this token gives no right to an answer"},
		{STATUS_ABSENT, 404, "Not found", "there is no such proof"},
		{STATUS_BUSY, 429, "Too many requests", "too much was asked from this address; try again later"},
	};
	/* Of an incident that was erased nothing is known any more; there may be another of its name. */
	if (status == STATUS_CHANGED) {
		desk_close(call->desk);
		status = STATUS_BUSY;
	}
	/* Also what is ours leaves on the schedule, and says nothing of the catalog. */
	call->sink->is_on_schedule = !call->sink->has_begun;
	if (call->sink->has_begun || (status == STATUS_BUSY && asking->retry_after == 0))
		return status;
	for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
		struct buffer body = buffer_with_ceiling(BODY_MAX), detail = buffer_with_ceiling(BODY_MAX);
		if (refusals[i].status != status)
			continue;
		struct portal_reply head = {.code = refusals[i].code, .content = PORTAL_PROBLEM};
		head.retry_after = status == STATUS_BUSY ? asking->retry_after : 0;
		struct json_writer json = json_writer_into(&body);
		if (refusals[i].detail != NULL)
			buffer_append_string(&detail, refusals[i].detail);
		else
			buffer_append_format(&detail, "%s%s%s", why->where, why->where[0] != '\0' ? " " : "", why->why);
		json_begin_object(&json);
		json_member_string(&json, "type", "about:blank");
		json_member_string(&json, "title", refusals[i].title);
		json_member_unsigned(&json, "status", refusals[i].code);
		json_member_text(&json, "detail", buffer_bytes(&detail));
		json_end_object(&json);
		enum status sent = buffer_status(&body) == STATUS_OK ? reply_whole(call->sink, &head, buffer_bytes(&body))
		                                                     : buffer_status(&body);
		buffer_free(&body);
		buffer_free(&detail);
		return sent;
	}
	return status;
}

static enum status reply_json(struct portal_call *call, uint16_t code, struct buffer *body)
{
	call->sink->is_on_schedule = true;
	enum status status = buffer_status(body);
	if (status == STATUS_OK)
		status = reply_whole(call->sink, &(struct portal_reply){.code = code, .content = PORTAL_JSON},
		                     buffer_bytes(body));
	buffer_free(body);
	return status;
}

/* By the header alone. A cookie is sent along by a browser, whoever made it ask: pages take it, and forms with a token of ours. */
enum status portal_know_bearer(struct portal_call *call, struct asking *asking, struct asking_subject *ret_subject,
                               struct failure *reterr)
{
	const struct portal_request *request = call->request;
	return asking_know(asking, request->session == PORTAL_BEARER ? request->token : BYTES_NONE, ret_subject, reterr);
}

/* ---- proving ---- */

static void write_begun(const struct proof_begun *begun, struct json_writer *json)
{
	json_begin_object(json);
	json_member_text(json, "proof", begun->id);
	json_member_text(json, "subject", begun->subject);
	json_member_string(json, "method", proof_method_name(begun->method));
	json_member_text(json, "instructions", begun->record.text);
	json_key(json, "record");
	if (begun->record.name.len > 0) {
		json_begin_object(json);
		json_member_text(json, "name", begun->record.name);
		json_member_text(json, "value", begun->record.value);
		json_end_object(json);
	} else {
		json_null(json);
	}
	json_member_time(json, "expires_at", begun->expires);
	json_end_object(json);
}

enum status portal_begin_proof(struct portal_call *call, struct failure *reterr)
{
	const struct portal_request *request = call->request;
	struct asking asking = asking_of_call(call);
	struct proof_begun begun;
	const struct proof_plea plea = {
		.subject = portal_field(request, "subject"),
		.method = portal_field(request, "method"),
		.code = portal_field(request, "code"),
		.mailbox = portal_field(request, "mailbox"),
	};
	enum status status = asking_begin_proof(&asking, &plea, &begun, reterr);
	if (status != STATUS_OK)
		return portal_refuse(call, &asking, status, reterr);
	struct buffer body = buffer_with_ceiling(BODY_MAX);
	struct json_writer json = json_writer_into(&body);
	write_begun(&begun, &json);
	return reply_json(call, 202, &body);
}

static const char *sighting_name(const struct proof_checked *checked)
{
	static const char *const names[] = {
		[SIGHTING_NOT_SEEN] = "not_seen",
		[SIGHTING_SEEN] = "seen",
		[SIGHTING_WRONG] = "wrong",
		[SIGHTING_REFUSED] = "refused",
		[SIGHTING_UNREACHABLE] = "unreachable",
	};
	return checked->was_looked ? names[checked->sighting] : NULL;
}

enum status portal_check_proof(struct portal_call *call, struct failure *reterr)
{
	static const char *const states[] = {[PROOF_PENDING] = "pending", [PROOF_PROVED] = "proved", [PROOF_EXPIRED] = "expired"};
	struct asking asking = asking_of_call(call);
	struct proof_checked checked;
	enum status status = asking_check_proof(&asking, call->request->parameter, portal_field(call->request, "code"), &checked,
	                                        reterr);
	if (status != STATUS_OK)
		return portal_refuse(call, &asking, status, reterr);
	struct buffer body = buffer_with_ceiling(BODY_MAX);
	struct json_writer json = json_writer_into(&body);
	json_begin_object(&json);
	json_member_string(&json, "state", states[checked.state]);
	if (checked.state == PROOF_PENDING) {
		json_member_string(&json, "seen", sighting_name(&checked));
		json_key(&json, "awaits_operator");
		json_boolean(&json, checked.awaits_operator);
	}
	if (checked.token.len > 0) {
		json_member_text(&json, "token", checked.token);
		json_member_time(&json, "expires_at", checked.expires);
	}
	json_end_object(&json);
	return reply_json(call, 200, &body);
}

/* ---- the answer ---- */

struct telling_stream {
	struct stream stream;
	struct json_writer json;
};

static enum status read_limit(const struct portal_request *request, uint64_t *ret_limit, struct failure *reterr)
{
	struct bytes written = portal_field(request, "limit");
	*ret_limit = UINT64_MAX;
	if (written.len > 0 && (!bytes_parse_u64(written, ret_limit) || *ret_limit == 0))
		return fail(reterr, STATUS_USAGE, "limit", "is no number from 1 on");
	return STATUS_OK;
}

static enum status write_json(void *context, const struct minimised *document)
{
	struct telling_stream *telling = context;
	json_begin_object(&telling->json);
	gate_write_document(document, &telling->json);
	json_end_object(&telling->json);
	return stream_flow(&telling->stream);
}

static enum status write_csv(void *context, const struct minimised *document)
{
	struct telling_stream *telling = context;
	answer_table_write(document, &telling->stream.pending);
	return stream_flow(&telling->stream);
}

enum status portal_tell_json(struct portal_call *call, struct asking *asking, const struct asking_subject *subject,
                             struct failure *reterr)
{
	const struct gate_question question = {.subject = subject->subject, .incident_name = call->desk->incident_name};
	struct telling_stream telling = {
		.stream = stream_to(call->sink, &(struct portal_reply){.code = 200, .content = PORTAL_JSON})};
	struct gate_answer answer;
	uint64_t limit;
	enum status status = read_limit(call->request, &limit, reterr);
	if (status != STATUS_OK)
		return status;
	telling.json = json_writer_into(&telling.stream.pending);
	json_begin_object(&telling.json);
	gate_write_head(&question, asking->now, &telling.json);
	json_key(&telling.json, "documents");
	json_begin_array(&telling.json);
	status = asking_answer(asking, subject, limit, portal_field(call->request, "cursor"), write_json, &telling, &answer,
	                       reterr);
	json_end_array(&telling.json);
	if (status == STATUS_OK) {
		gate_write_summary(&answer, &telling.json);
		json_end_object(&telling.json);
		status = stream_end(&telling.stream);
	}
	gate_answer_free(&answer);
	stream_free(&telling.stream);
	return status;
}

enum status portal_tell_csv(struct portal_call *call, struct asking *asking, const struct asking_subject *subject,
                            struct failure *reterr)
{
	const struct portal_reply head = {.code = 200, .content = PORTAL_CSV, .file_name = BYTES_LITERAL("tidemark-answer.csv")};
	struct telling_stream telling = {.stream = stream_to(call->sink, &head)};
	struct gate_answer answer;
	uint64_t limit;
	enum status status = read_limit(call->request, &limit, reterr);
	if (status != STATUS_OK)
		return status;
	answer_table_write_head(&telling.stream.pending);
	status = asking_answer(asking, subject, limit, portal_field(call->request, "cursor"), write_csv, &telling, &answer,
	                       reterr);
	if (status == STATUS_OK)
		status = stream_end(&telling.stream);
	gate_answer_free(&answer);
	stream_free(&telling.stream);
	return status;
}

enum status portal_answer(struct portal_call *call, struct failure *reterr)
{
	struct asking asking = asking_of_call(call);
	struct asking_subject subject;
	enum status status = portal_know_bearer(call, &asking, &subject, reterr);
	if (status == STATUS_OK)
		status = portal_tell_json(call, &asking, &subject, reterr);
	return status == STATUS_OK ? status : portal_refuse(call, &asking, status, reterr);
}

enum status portal_answer_csv(struct portal_call *call, struct failure *reterr)
{
	struct asking asking = asking_of_call(call);
	struct asking_subject subject;
	enum status status = portal_know_bearer(call, &asking, &subject, reterr);
	if (status == STATUS_OK)
		status = portal_tell_csv(call, &asking, &subject, reterr);
	return status == STATUS_OK ? status : portal_refuse(call, &asking, status, reterr);
}

/* ---- who asked, appeals ---- */

static void write_appeals(const struct asked_page *page, struct json_writer *json)
{
	json_key(json, "appeals");
	json_begin_array(json);
	for (size_t i = 0; i < page->appeal_count; i++) {
		const struct asked_appeal *appeal = &page->appeals[i];
		json_begin_object(json);
		json_member_unsigned(json, "appeal", appeal->nth);
		json_member_time(json, "at", appeal->made);
		json_member_string(json, "kind", appeal_kind_name(appeal->kind));
		json_member_text(json, "document", appeal->document);
		json_member_string(json, "state", appeal_state_name(appeal->state));
		json_member_time(json, "decided_at", appeal->decided);
		json_end_object(json);
	}
	json_end_array(json);
}

static void write_asked(const struct asking_subject *subject, const struct asked_page *page, struct json_writer *json)
{
	json_begin_object(json);
	json_member_text(json, "subject", subject->subject.name);
	json_key(json, "asked");
	json_begin_array(json);
	for (size_t i = 0; i < page->count; i++) {
		json_begin_object(json);
		json_member_time(json, "at", page->items[i].at);
		json_member_string(json, "method", proof_method_name(page->items[i].method));
		json_member_string(json, "result", asked_result_name(page->items[i].result));
		json_member_text(json, "network", page->items[i].network);
		json_end_object(json);
	}
	json_end_array(json);
	write_appeals(page, json);
	json_member_text(json, "next", page->next);
	json_end_object(json);
}

enum status portal_asked(struct portal_call *call, struct failure *reterr)
{
	struct asking asking = asking_of_call(call);
	struct asking_subject subject;
	struct asked_page page;
	uint64_t limit = 0;
	enum status status = portal_know_bearer(call, &asking, &subject, reterr);
	if (status == STATUS_OK)
		status = read_limit(call->request, &limit, reterr);
	if (status == STATUS_OK)
		status = asking_asked(&asking, &subject, limit, portal_field(call->request, "cursor"), &page, reterr);
	if (status != STATUS_OK)
		return portal_refuse(call, &asking, status, reterr);
	struct buffer body = buffer_with_ceiling(BODY_MAX);
	struct json_writer json = json_writer_into(&body);
	write_asked(&subject, &page, &json);
	return reply_json(call, 200, &body);
}

enum status portal_appeal(struct portal_call *call, struct failure *reterr)
{
	const struct portal_request *request = call->request;
	struct asking asking = asking_of_call(call);
	struct asking_subject subject;
	uint64_t number = 0;
	const struct appeal_plea plea = {
		.kind = portal_field(request, "kind"),
		.document = portal_field(request, "document"),
		.text = portal_field(request, "text"),
	};
	enum status status = portal_know_bearer(call, &asking, &subject, reterr);
	if (status == STATUS_OK)
		status = asking_appeal(&asking, &subject, &plea, &number, reterr);
	if (status != STATUS_OK)
		return portal_refuse(call, &asking, status, reterr);
	struct buffer body = buffer_with_ceiling(BODY_MAX);
	struct json_writer json = json_writer_into(&body);
	json_begin_object(&json);
	json_member_unsigned(&json, "appeal", number);
	json_member_string(&json, "kind", appeal_kind_name(appeal_kind_of(plea.kind)));
	json_member_string(&json, "state", appeal_state_name(APPEAL_OPEN));
	json_end_object(&json);
	return reply_json(call, 201, &body);
}
