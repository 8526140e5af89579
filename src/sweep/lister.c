/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pages from the fetch program, each object decided upon, on to the writer. A
 * large page goes there in pieces: all but the last keep the cursor where it is,
 * for a page that is listed again changes nothing.
 */
#include "sweep/crew.h"
#include "sweep/sample.h"

#define PIECE_BYTES (UINT64_C(4) << 20)
enum { TELL_MS = 1000 };

struct page_making {
	struct lister *lister;
	struct letter *letter;
	size_t capacity;
};

/* With the cursor behind what it holds. */
static enum status send_piece(struct page_making *making, struct bytes cursor, bool is_last)
{
	struct letter *letter = making->letter;
	if (cursor.len > 0)
		letter->cursor = arena_copy(&letter->arena, cursor);
	if (letter->cursor.len != cursor.len)
		return STATUS_NO_MEMORY;
	letter->is_last = is_last;
	enum status status = queue_push(making->lister->to_writer, letter, letter_weight(letter));
	if (status == STATUS_OK)
		making->letter = NULL;
	return status;
}

static enum status begin_piece(struct page_making *making)
{
	making->letter = letter_new(LETTER_PAGE, 0);
	making->capacity = 0;
	return making->letter != NULL ? STATUS_OK : STATUS_NO_MEMORY;
}

static enum status grow_page(struct page_making *making)
{
	size_t capacity = making->capacity ? 2 * making->capacity : 512;
	struct listed_object *objects = arena_allocate(&making->letter->arena, capacity * sizeof *objects);
	if (objects == NULL)
		return STATUS_NO_MEMORY;
	if (making->letter->object_count > 0)
		memcpy(objects, making->letter->objects, making->letter->object_count * sizeof *objects);
	making->letter->objects = objects;
	making->capacity = capacity;
	return STATUS_OK;
}

static enum status take_object(void *context, const struct object *object)
{
	struct page_making *making = context;
	enum status status = STATUS_OK;
	if (letter_weight(making->letter) > PIECE_BYTES) {
		status = send_piece(making, buffer_bytes(&making->lister->cursor), false);
		if (status == STATUS_OK)
			status = begin_piece(making);
	}
	if (status == STATUS_OK && making->letter->object_count == making->capacity)
		status = grow_page(making);
	if (status != STATUS_OK)
		return status;
	struct letter *letter = making->letter;
	struct listed_object *listed = &letter->objects[letter->object_count];
	plan_object(&making->lister->planner, object, listed);
	status = letter_copy_object(letter, object, &listed->object);
	if (status == STATUS_OK)
		letter->object_count++;
	return status;
}

/* Each letter is a commit: cursors behind pages of nothing are told now and then. */
static bool is_worth_telling(struct lister *lister, const struct letter *letter, bool is_last)
{
	int64_t now = clock_monotonic();
	if (letter->object_count == 0 && !is_last && now - lister->told_at < TELL_MS)
		return false;
	lister->told_at = now;
	return true;
}

static enum status list_page(struct lister *lister, bool *ret_is_last, struct failure *reterr)
{
	struct page_making making = {.lister = lister};
	const struct fetch_list list = {.include = lister->include, .cursor = buffer_bytes(&lister->cursor)};
	struct buffer next = buffer_with_ceiling(WIRE_CHUNK);
	enum status status = begin_piece(&making);
	if (status == STATUS_OK)
		status = fetcher_list(lister->fetcher, &list, take_object, &making, &next, ret_is_last, reterr);
	if (status == STATUS_OK)
		making.letter->is_new = fetcher_listed_new(lister->fetcher);
	if (status == STATUS_OK && is_worth_telling(lister, making.letter, *ret_is_last))
		status = send_piece(&making, buffer_bytes(&next), *ret_is_last);
	if (status == STATUS_OK) {
		buffer_reset(&lister->cursor);
		buffer_append(&lister->cursor, buffer_bytes(&next));
	}
	letter_free(making.letter);
	buffer_free(&next);
	return status;
}

/* Versions and snapshots are listed where that is allowed; a refusal leaves what is current. */
static bool may_do_without_versions(const struct lister *lister, enum status status)
{
	return lister->include != 0 && lister->cursor.len == 0 && status != STATUS_OK && status != STATUS_CRASHED &&
	       !status_is_passing(status) && !status_is_ours(status);
}

void *lister_run(void *context)
{
	struct lister *lister = context;
	struct failure failure = {.why = ""};
	enum status status = STATUS_OK;
	bool is_last = false;
	if (lister->planner.settings->sample_count > 0)
		status = sample_draw(lister->fetcher, lister->include, &lister->planner, &failure);
	while (status == STATUS_OK && !is_last) {
		status = atomic_load(lister->is_stopping) ? STATUS_INTERRUPTED : list_page(lister, &is_last, &failure);
		if (may_do_without_versions(lister, status)) {
			lister->include = 0;
			status = STATUS_OK;
		}
	}
	struct letter *letter = letter_new(LETTER_LISTED, 0);
	if (letter != NULL) {
		letter->status = status;
		letter->failure = failure;
		letter->lacks_versions = lister->wants_versions && lister->include == 0;
		if (queue_push(lister->to_writer, letter, 0) != STATUS_OK)
			letter_free(letter);
	}
	return NULL;
}
