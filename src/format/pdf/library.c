/* SPDX-License-Identifier: Apache-2.0 */
/*
 * MuPDF and what it is given: memory with a ceiling, a stream over struct
 * source, silence. Each allocation carries its size and its place in a list:
 * the sum in use is known, and what MuPDF loses on its way is freed at the end.
 * Memory is zeroed, since MuPDF's page map is read where a damaged page tree
 * did not fill it. Time is the processor's, looked at every so many
 * allocations and refills of the stream: whatever loops does one or the other.
 */
#include "format/pdf/parts.h"

#include <stdlib.h>
#include <time.h>

#define MEMORY_CEILING (160u << 20)
#define STORE_CEILING (32u << 20)
#define STEP_NANOSECONDS (4 * INT64_C(1000000000))
#define CALLS_PER_LOOK 512
#define REFILL_SIZE (64u << 10)

/* Heads each allocation; as large as the strictest alignment. */
union allocation {
	struct pdf_allocation {
		union allocation *previous, *next;
		size_t size;
	} own;
	max_align_t alignment[2];
};

static int64_t processor_nanoseconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static bool is_overdue(struct pdf_budget *budget)
{
	if (!budget->is_overdue && ++budget->calls % CALLS_PER_LOOK == 0)
		budget->is_overdue = processor_nanoseconds() > budget->deadline;
	return budget->is_overdue;
}

/* May the sum in use grow by so much? */
static bool is_affordable(struct pdf_budget *budget, size_t growth)
{
	if (is_overdue(budget))
		return false;
	if (growth <= budget->ceiling - budget->used)
		return true;
	budget->is_exhausted = true;
	return false;
}

static void enlist(struct pdf_budget *budget, union allocation *allocation, size_t size)
{
	allocation->own = (struct pdf_allocation){.next = budget->allocations, .size = size};
	if (allocation->own.next != NULL)
		allocation->own.next->own.previous = allocation;
	budget->allocations = allocation;
	budget->used += size;
}

static void delist(struct pdf_budget *budget, union allocation *allocation)
{
	struct pdf_allocation *own = &allocation->own;
	if (own->next != NULL)
		own->next->own.previous = own->previous;
	if (own->previous != NULL)
		own->previous->own.next = own->next;
	else
		budget->allocations = own->next;
	budget->used -= own->size;
}

static void *allocate(void *user, size_t size)
{
	struct pdf_budget *budget = user;
	if (!is_affordable(budget, size))
		return NULL;
	union allocation *allocation = calloc(1, sizeof *allocation + size);
	if (allocation == NULL) {
		budget->is_out_of_memory = true;
		return NULL;
	}
	enlist(budget, allocation, size);
	return allocation + 1;
}

static void release(void *user, void *memory)
{
	if (memory == NULL)
		return;
	union allocation *allocation = (union allocation *)memory - 1;
	delist(user, allocation);
	free(allocation);
}

static void *reallocate(void *user, void *memory, size_t size)
{
	struct pdf_budget *budget = user;
	if (memory == NULL)
		return allocate(user, size);
	union allocation *old = (union allocation *)memory - 1;
	size_t old_size = old->own.size;
	if (size > old_size && !is_affordable(budget, size - old_size))
		return NULL;
	delist(budget, old);
	union allocation *new = realloc(old, sizeof *new + size);
	if (new == NULL) {
		budget->is_out_of_memory = true;
		enlist(budget, old, old_size);
		return NULL;
	}
	enlist(budget, new, size);
	return new + 1;
}

static void release_all(struct pdf_budget *budget)
{
	while (budget->allocations != NULL)
		release(budget, budget->allocations + 1);
}

static void say_nothing(void *user, const char *message)
{
	(void)user, (void)message;
}

enum status pdf_parts_start(struct pdf_parts *parts)
{
	parts->budget.ceiling = MEMORY_CEILING;
	pdf_parts_start_step(parts);
	const fz_alloc_context memory = {&parts->budget, allocate, reallocate, release};
	parts->context = fz_new_context(&memory, NULL, STORE_CEILING);
	if (parts->context == NULL)
		return STATUS_NO_MEMORY;
	fz_set_warning_callback(parts->context, say_nothing, NULL);
	fz_set_error_callback(parts->context, say_nothing, NULL);
	fz_set_user_context(parts->context, parts);
	fz_disable_icc(parts->context);
	return STATUS_OK;
}

void pdf_parts_finish(struct pdf_parts *parts)
{
	pdf_parts_start_step(parts);
	if (parts->context != NULL) {
		pdf_drop_mark_bits(parts->context, parts->fields_seen);
		pdf_drop_mark_bits(parts->context, parts->files_seen);
		pdf_drop_document(parts->context, parts->document);
		fz_drop_context(parts->context);
	}
	release_all(&parts->budget);
	buffer_free(&parts->line);
	buffer_free(&parts->facts);
	buffer_free(&parts->last_link);
	buffer_free(&parts->replacements);
	buffer_free(&parts->unplaced);
}

void pdf_parts_start_step(struct pdf_parts *parts)
{
	parts->budget.deadline = processor_nanoseconds() + STEP_NANOSECONDS;
	parts->budget.is_overdue = false;
	parts->budget.is_exhausted = false;
	parts->nodes = 0;
}

/* A failed read is kept in parts->stopped; MuPDF sees the end of the file, and unwinds. */
static int refill(fz_context *context, fz_stream *stream, size_t wanted)
{
	(void)context, (void)wanted;
	struct pdf_parts *parts = stream->state;
	struct bytes view = BYTES_NONE;
	if (parts->stopped != STATUS_OK || is_overdue(&parts->budget))
		return EOF;
	enum status status = source_view(parts->source, (uint64_t)stream->pos, REFILL_SIZE, &view);
	if (status != STATUS_OK)
		parts->stopped = status;
	if (view.len == 0)
		return EOF;
	stream->rp = (unsigned char *)(uintptr_t)view.at;
	stream->wp = stream->rp + view.len;
	stream->pos += (int64_t)view.len;
	return *stream->rp++;
}

/* MuPDF takes a byte back even where it has just read the end of the file: so one stands before an empty buffer. */
static const unsigned char before_nothing[1] = {' '};

static void empty_buffer(fz_stream *stream)
{
	stream->rp = stream->wp = (unsigned char *)(uintptr_t)before_nothing + sizeof before_nothing;
}

static bool has_nothing(const fz_stream *stream)
{
	return stream->wp == before_nothing + sizeof before_nothing;
}

/* A place within what is buffered costs nothing; stream->pos is where the buffer ends. */
static void seek(fz_context *context, fz_stream *stream, int64_t offset, int whence)
{
	(void)context;
	const struct pdf_parts *parts = stream->state;
	int64_t size = parts->source->size > INT64_MAX / 2 ? INT64_MAX / 2 : (int64_t)parts->source->size;
	if (whence == SEEK_END)
		offset = offset > 0 || offset < -size ? size : size + offset;
	if (offset < 0)
		offset = 0;
	if (offset > size)
		offset = size;
	int64_t left = has_nothing(stream) ? 0 : stream->wp - stream->rp;
	if (left > 0 && offset >= stream->pos - left && offset <= stream->pos) {
		stream->rp = stream->wp - (stream->pos - offset);
		return;
	}
	empty_buffer(stream);
	stream->pos = offset;
}

fz_stream *pdf_parts_open_source(struct pdf_parts *parts)
{
	fz_stream *stream = fz_new_stream(parts->context, parts, refill, NULL);
	stream->seek = seek;
	empty_buffer(stream);
	return stream;
}
