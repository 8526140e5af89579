/* SPDX-License-Identifier: Apache-2.0 */
/* Pages from the fetch program, each object decided upon, on to the writer. */
#include "sweep/crew.h"
#include "sweep/sample.h"

struct page_making {
	struct lister *lister;
	struct letter *letter;
	size_t capacity;
};

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
	struct letter *letter = making->letter;
	enum status status = STATUS_OK;
	if (letter->object_count == making->capacity)
		status = grow_page(making);
	if (status != STATUS_OK)
		return status;
	struct listed_object *listed = &letter->objects[letter->object_count];
	plan_object(&making->lister->planner, object, listed);
	status = letter_copy_object(letter, object, &listed->object);
	if (status == STATUS_OK)
		letter->object_count++;
	return status;
}

static enum status list_page(struct lister *lister, bool *ret_is_last, struct failure *reterr)
{
	struct page_making making = {.lister = lister, .letter = letter_new(LETTER_PAGE, 0)};
	if (making.letter == NULL)
		return STATUS_NO_MEMORY;
	const struct fetch_list list = {.include = lister->include, .cursor = buffer_bytes(&lister->cursor)};
	struct buffer next = buffer_with_ceiling(WIRE_CHUNK);
	enum status status = fetcher_list(lister->fetcher, &list, take_object, &making, &next, ret_is_last, reterr);
	if (status == STATUS_OK) {
		making.letter->cursor = arena_copy(&making.letter->arena, buffer_bytes(&next));
		making.letter->is_last = *ret_is_last;
		status = queue_push(lister->to_writer, making.letter, letter_weight(making.letter));
		if (status == STATUS_OK)
			making.letter = NULL;
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
	return lister->include != 0 && lister->cursor.len == 0 && status != STATUS_OK && !status_is_passing(status) &&
	       !status_is_ours(status);
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
