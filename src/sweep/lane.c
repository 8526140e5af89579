/* SPDX-License-Identifier: Apache-2.0 */
/* One lane: takes an object, sends it on its journey, and carries its reports to the writer. */
#include "sweep/crew.h"

static enum status sent(struct letter *letter, enum status status)
{
	if (status != STATUS_OK)
		letter_free(letter);
	return status == STATUS_END ? STATUS_INTERRUPTED : status;
}

static enum status send(struct lane_thread *lane, struct letter *letter)
{
	return sent(letter, queue_push(lane->to_writer, letter, letter_weight(letter)));
}

/* The lane waits for the answer, or has told what the answer depends on: before all documents that wait to be stored. */
static enum status send_urgent(struct lane_thread *lane, struct letter *letter)
{
	return sent(letter, queue_push_urgent(lane->to_writer, letter));
}

/* The object itself stays in the lane's own letter; the writer knows it by its id. */
static struct letter *report(struct lane_thread *lane, enum letter_kind kind, const struct pending_object *object)
{
	struct letter *letter = letter_new(kind, lane->number);
	if (letter != NULL)
		letter->object.id = object->id;
	return letter;
}

static enum status note_version(void *context, const struct pending_object *object)
{
	struct lane_thread *lane = context;
	struct letter *letter = report(lane, LETTER_VERSION, object);
	if (letter == NULL)
		return STATUS_NO_MEMORY;
	enum status status = letter_copy_object(letter, &object->object, &letter->object.object);
	if (status == STATUS_OK)
		return send_urgent(lane, letter);
	letter_free(letter);
	return status;
}

static enum status ask_twin(void *context, const struct pending_object *object, const unsigned char sha256[32], uint64_t fetched,
                            bool *ret_is_twin)
{
	struct lane_thread *lane = context;
	struct letter *letter = report(lane, LETTER_CLAIM, object);
	bool is_new = false;
	void *answer;
	if (letter == NULL)
		return STATUS_NO_MEMORY;
	memcpy(letter->sha256, sha256, sizeof letter->sha256);
	letter->fetched_bytes = fetched;
	enum status status = novelty_claim(lane->novelty, sha256, lane->to_writer, letter, &is_new);
	if (status != STATUS_OK)
		return sent(letter, status);
	*ret_is_twin = false;
	if (is_new)
		return STATUS_OK;
	letter->kind = LETTER_TWIN;
	status = send_urgent(lane, letter);
	if (status == STATUS_OK)
		status = queue_take(lane->answers, &answer);
	if (status != STATUS_OK)
		return status == STATUS_END ? STATUS_INTERRUPTED : status;
	*ret_is_twin = ((struct letter *)answer)->is_twin;
	letter_free(answer);
	return STATUS_OK;
}

static enum status put_document(void *context, const struct pending_object *object, const struct document_record *record)
{
	struct lane_thread *lane = context;
	struct letter *letter = report(lane, LETTER_DOCUMENT, object);
	if (letter == NULL)
		return STATUS_NO_MEMORY;
	enum status status = letter_copy_document(letter, record, lane->keeps_text);
	if (status == STATUS_OK)
		return send(lane, letter);
	letter_free(letter);
	return status;
}

static enum status restart(void *context, const struct pending_object *object)
{
	struct lane_thread *lane = context;
	struct letter *letter = report(lane, LETTER_RESTART, object);
	return letter != NULL ? send(lane, letter) : STATUS_NO_MEMORY;
}

static enum status finish(void *context, const struct pending_object *object, const struct object_record *record)
{
	struct lane_thread *lane = context;
	struct letter *letter = report(lane, LETTER_FINISHED, object);
	if (letter == NULL)
		return STATUS_NO_MEMORY;
	letter->end = *record;
	letter->end.note = arena_copy(&letter->arena, record->note);
	return send(lane, letter);
}

void *lane_run(void *context)
{
	struct lane_thread *lane = context;
	struct failure failure = {.why = ""};
	struct id last = {{0}};
	void *taken;
	lane->journey.desk = (struct journey_desk){note_version, ask_twin, put_document, restart, finish, lane};
	enum status status = extractor_new(lane->zygote, &lane->journey.extractor);
	while (status == STATUS_OK && (status = queue_take(lane->objects, &taken)) == STATUS_OK) {
		struct letter *letter = taken;
		status = journey_travel(&lane->journey, &letter->object, &failure);
		last = letter->object.id;
		letter_free(letter);
	}
	extractor_free(lane->journey.extractor);
	struct letter *letter = letter_new(LETTER_LANE_ENDED, lane->number);
	if (letter != NULL) {
		letter->status = status == STATUS_END ? STATUS_OK : status;
		letter->failure = failure;
		letter->object.id = last;
		if (queue_push(lane->to_writer, letter, 0) != STATUS_OK)
			letter_free(letter);
	}
	return NULL;
}
