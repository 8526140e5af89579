/* SPDX-License-Identifier: Apache-2.0 */
/* A heap of the lowest ids so far, the highest of them on top. */
#include "sweep/sample.h"

#include <stdlib.h>

struct drawing {
	struct planner planner; /* decides without the sample and without budgets */
	struct id *heap;
	size_t count, capacity;
};

static bool is_above(const struct id *a, const struct id *b)
{
	return memcmp(a->bytes, b->bytes, ID_SIZE) > 0;
}

static void swap(struct id *a, struct id *b)
{
	struct id kept = *a;
	*a = *b;
	*b = kept;
}

static void sift_up(struct id *heap, size_t at)
{
	for (; at > 0 && is_above(&heap[at], &heap[(at - 1) / 2]); at = (at - 1) / 2)
		swap(&heap[at], &heap[(at - 1) / 2]);
}

static void sift_down(struct id *heap, size_t count)
{
	for (size_t at = 0, child; (child = 2 * at + 1) < count; at = child) {
		if (child + 1 < count && is_above(&heap[child + 1], &heap[child]))
			child++;
		if (!is_above(&heap[child], &heap[at]))
			break;
		swap(&heap[child], &heap[at]);
	}
}

static enum status consider(void *context, const struct object *object)
{
	struct drawing *drawing = context;
	struct listed_object listed;
	plan_object(&drawing->planner, object, &listed);
	if (listed.outcome != OUTCOME_PENDING)
		return STATUS_OK;
	struct id id = object_id(&drawing->planner.target->container, object);
	if (drawing->count < drawing->capacity) {
		drawing->heap[drawing->count] = id;
		sift_up(drawing->heap, drawing->count++);
	} else if (is_above(&drawing->heap[0], &id)) {
		drawing->heap[0] = id;
		sift_down(drawing->heap, drawing->count);
	}
	return STATUS_OK;
}

static enum status list_all(struct fetcher *fetcher, uint32_t include, struct drawing *drawing, struct failure *reterr)
{
	struct buffer cursor = buffer_with_ceiling(WIRE_CHUNK), next = buffer_with_ceiling(WIRE_CHUNK);
	enum status status = STATUS_OK;
	for (bool is_last = false; status == STATUS_OK && !is_last;) {
		const struct fetch_list list = {.include = include, .cursor = buffer_bytes(&cursor)};
		status = fetcher_list(fetcher, &list, consider, drawing, &next, &is_last, reterr);
		buffer_reset(&cursor);
		buffer_append(&cursor, buffer_bytes(&next));
	}
	buffer_free(&cursor);
	buffer_free(&next);
	return status;
}

enum status sample_draw(struct fetcher *fetcher, uint32_t include, struct planner *planner, struct failure *reterr)
{
	struct sweep_settings settings = *planner->settings;
	struct drawing drawing = {.planner = *planner, .capacity = (size_t)settings.sample_count};
	settings.sample_count = settings.bytes_budget = settings.max_object = 0;
	drawing.planner.settings = &settings;
	drawing.heap = calloc(drawing.capacity, sizeof *drawing.heap);
	if (drawing.heap == NULL)
		return fail(reterr, STATUS_NO_MEMORY, "--sample",
		            "so large a sample does not fit into memory; give a percentage");
	enum status status = list_all(fetcher, include, &drawing, reterr);
	if (status == STATUS_OK && drawing.count > 0)
		memcpy(planner->sample_below, drawing.heap[0].bytes, ID_SIZE);
	free(drawing.heap);
	return status;
}
