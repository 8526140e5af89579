/* SPDX-License-Identifier: Apache-2.0 */
/*
 * READ FIRST. The life of one object:
 *
 *   listed ──> fetched ──> a twin of one read before? ──────────> finished
 *                 │                    │ no                          ▲
 *                 │                    └──> extracted, in a cell ────┤
 *                 └──> refused, gone, changed, too slow ... ─────────┘
 *
 * Listing and deciding what to read lie before it (sweep/plan.c); storing lies
 * behind it (the desk). Refusals are rows too: nothing listed ends nameless.
 */
#include "journey.h"

#include "base/digest.h"
#include "base/sum.h"

#include <unistd.h>

#define PEEK_BYTES 1024

/* What extraction needs to know, and what it told of the object's own document. */
struct passage {
	struct journey *journey;
	struct pending_object object; /* as listed; once fetched, as fetched */
	struct fetched fetched;
	struct object_record end;
	bool has_own;
	bool is_fetch_lost;
	enum status lost; /* what the first window that did not come ended with */
	struct failure why_lost;
};

static enum status fetch_object(struct passage *passage, struct failure *reterr);
static enum status note_version(struct passage *passage);
static enum status extract_object(struct passage *passage, struct failure *reterr);

enum status journey_travel(struct journey *journey, const struct pending_object *listed, struct failure *reterr)
{
	struct passage passage = {.journey = journey, .object = *listed, .fetched = {.descriptor = -1}};
	const struct pending_object *object = &passage.object;
	const struct journey_desk *desk = &journey->desk;
	bool is_twin = false;

	*reterr = (struct failure){.why = ""};
	enum status status = fetch_object(&passage, reterr);
	if (status == STATUS_OK)
		status = note_version(&passage);
	if (status == STATUS_OK && journey->max_object > 0 && object->object.size > journey->max_object)
		status = fail(reterr, STATUS_TOO_LARGE, "", "larger than --max-object by now");
	if (status == STATUS_OK && passage.end.has_sha256 && !journey->is_peek)
		status = desk->ask_twin(desk->context, object, passage.end.sha256, passage.end.fetched_bytes, &is_twin);
	if (status == STATUS_OK && !is_twin)
		status = extract_object(&passage, reterr);
	if (passage.fetched.descriptor >= 0)
		close(passage.fetched.descriptor);
	if (passage.is_fetch_lost)
		return STATUS_CRASHED;
	if (is_twin || status_is_ours(status))
		return status;

	if (!passage.has_own) {
		passage.end.outcome = outcome_of_status(status);
		passage.end.unseen_bytes = object->object.size != OBJECT_SIZE_UNKNOWN ? object->object.size : 0;
		if (passage.end.note.len == 0)
			passage.end.note = bytes_of_string(reterr->why);
	}
	return desk->finish(desk->context, object, &passage.end);
}

/* Its bytes, as sealed memory, or the promise of windows. */
static enum status fetch_object(struct passage *passage, struct failure *reterr)
{
	uint64_t length = passage->journey->is_peek ? PEEK_BYTES : OBJECT_SIZE_UNKNOWN;
	enum status status = fetch_lane_get(passage->journey->fetch, &passage->object.object, length, &passage->fetched,
	                                    &passage->end.fetched_bytes, reterr);
	passage->is_fetch_lost = status == STATUS_CRASHED;
	if (status != STATUS_OK)
		return status;
	const struct fetch_got *got = &passage->fetched.got;
	passage->end.fetched_bytes = got->fetched;
	passage->end.note = passage->fetched.note;
	passage->end.has_sha256 = got->has_sha256;
	memcpy(passage->end.sha256, got->sha256, sizeof got->sha256);
	return STATUS_OK;
}

/* Whatever the listing said, the row is to hold what was fetched. */
static enum status note_version(struct passage *passage)
{
	const struct journey_desk *desk = &passage->journey->desk;
	const struct fetch_got *got = &passage->fetched.got;
	struct object *object = &passage->object.object;
	if (object->size == got->size && object->modified == got->modified && bytes_equal(object->etag, got->etag))
		return STATUS_OK;
	object->size = got->size;
	object->modified = got->modified;
	object->etag = got->etag;
	object->md5 = got->md5;
	return desk->note_version(desk->context, &passage->object);
}

/* Whatever a format made of it that bytes did not come: that is how the object ended. */
static void blame_fetching(struct passage *passage, struct document_record *record)
{
	record->outcome = outcome_of_status(passage->lost);
	record->note = bytes_of_string(passage->why_lost.why);
	if (record->unseen_bytes == 0)
		record->unseen_bytes = record->size;
}

/* What the object is, fetch says; a worker only, what it reads in it. A peek saw but the beginning: its row speaks of the whole
 * object all the same. */
static void state_object(const struct passage *passage, struct document_record *record)
{
	uint64_t size = passage->fetched.got.size;
	record->size = size;
	if (passage->journey->is_peek || record->unseen_bytes > size)
		record->unseen_bytes = size;
	record->has_sha256 = passage->end.has_sha256;
	memcpy(record->sha256, passage->end.sha256, sizeof record->sha256);
	memcpy(record->content_key, passage->end.sha256, sizeof record->content_key);
}

static enum status put_document(void *context, const struct document_record *given)
{
	struct passage *passage = context;
	const struct journey_desk *desk = &passage->journey->desk;
	struct document_record record = *given;
	if (record.ordinal == 0) {
		state_object(passage, &record);
		if (passage->lost != STATUS_OK)
			blame_fetching(passage, &record);
		passage->has_own = true;
		passage->end.outcome = record.outcome;
		passage->end.unseen_bytes = record.unseen_bytes;
	}
	passage->end.documents++;
	return desk->put_document(desk->context, &passage->object, &record);
}

static enum status restart(void *context)
{
	struct passage *passage = context;
	const struct journey_desk *desk = &passage->journey->desk;
	passage->end.documents = 0;
	return desk->restart(desk->context, &passage->object);
}

static enum status fetch_window(void *context, uint64_t offset, int *ret_descriptor, uint32_t *ret_length)
{
	struct passage *passage = context;
	struct failure failure = {.why = ""};
	enum status status = fetch_lane_window(passage->journey->fetch, offset, ret_descriptor, ret_length, &failure);
	passage->is_fetch_lost = status == STATUS_CRASHED;
	if (passage->is_fetch_lost)
		return STATUS_BROKEN;
	if (status == STATUS_OK) {
		sum_add(&passage->end.fetched_bytes, *ret_length);
	} else if (passage->lost == STATUS_OK && !status_is_ours(status)) {
		passage->lost = status;
		passage->why_lost = failure;
	}
	return status;
}

/* This object as it is now: by its id and all that changes with its contents. */
static void identify_revision(const struct pending_object *object, unsigned char into[32])
{
	unsigned char numbers[16];
	store_le64(numbers, object->object.size);
	store_le64(numbers + 8, (uint64_t)object->object.modified);
	digest_sha256_of(
		(struct bytes[]){bytes_of(object->id.bytes, ID_SIZE), bytes_of(numbers, sizeof numbers), object->object.etag}, 3,
		into);
}

static enum status extract_object(struct passage *passage, struct failure *reterr)
{
	const struct fetch_got *got = &passage->fetched.got;
	struct extract_job job = {
		.size = passage->journey->is_peek && got->fetched < got->size ? got->fetched : got->size,
		.is_windowed = got->is_windowed,
		.is_peek = passage->journey->is_peek,
		.has_sha256 = got->has_sha256,
		.name = passage->object.object.name,
	};
	job.allowance = allowance_of_size(job.size, passage->journey->object_seconds);
	memcpy(job.sha256, got->sha256, sizeof job.sha256);
	memcpy(job.secret_key, passage->journey->secret_key, sizeof job.secret_key);
	identify_revision(&passage->object, job.identity);
	return extractor_read(passage->journey->extractor, &job, passage->fetched.descriptor,
	                      &(struct extract_handler){put_document, restart, fetch_window, NULL, passage}, reterr);
}
