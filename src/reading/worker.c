/* SPDX-License-Identifier: Apache-2.0 */
/* Jobs in, documents out; a large object is read through sealed windows that the peer sends. */
#define _GNU_SOURCE
#include "reading/worker.h"

#include "detector/detector.h"
#include "format/format.h"
#include "logs/logs.h"
#include "reading/emitter.h"
#include "reading/registered.h"
#include "reading/sealed-memory.h"
#include "reading/renewal.h"
#include "understanding/attribute.h"
#include "understanding/person.h"
#include "understanding/signature.h"
#include "wire/extract-messages.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { WINDOWS_KEPT = 8, SMALL_OBJECT = 256 << 10, HEAP_KEPT = 32 << 20, RENEWAL_MAX = 128 << 20 };

struct window {
	uint64_t offset;
	uint32_t length;
	const unsigned char *at; /* NULL: empty slot */
	uint64_t last_used;
};

struct worker {
	int socket;
	uint64_t job; /* its number */
	int64_t last_progress;
	int64_t processor_end; /* of this process's time: the job is to end there */
	uint64_t uses;
	struct window windows[WINDOWS_KEPT];
	unsigned char small[SMALL_OBJECT];
	unsigned char frame[WIRE_FRAME_MAX];
	struct wire_writer writer;
};

/* Big buffers come and go with every document: the heap keeps their pages, for to map and unmap them costs more. */
static void prepare_heap(void)
{
	mallopt(M_MMAP_THRESHOLD, HEAP_KEPT);
	mallopt(M_TRIM_THRESHOLD, HEAP_KEPT);
	mallopt(M_TOP_PAD, HEAP_KEPT / 32);
}

enum status worker_prepare(void)
{
	prepare_heap();
	enum status status = format_prepare_all();
	if (status == STATUS_OK)
		status = detector_prepare_all();
	if (status == STATUS_OK)
		status = registered_prepare();
	if (status == STATUS_OK)
		status = attribute_prepare();
	if (status == STATUS_OK)
		status = signature_prepare();
	if (status == STATUS_OK)
		status = person_prepare();
	return status;
}

/* ---- what the emitter hands on ---- */

static enum status send_begin(void *context, struct bytes inner_path)
{
	struct worker *worker = context;
	extract_put_begin(&worker->writer, worker->job, inner_path);
	return wire_send(worker->socket, &worker->writer, -1);
}

static enum status send_document(void *context, const struct document_record *record)
{
	struct worker *worker = context;
	return extract_send_document(worker->socket, &worker->writer, worker->job, record);
}

static enum status send_progress(void *context)
{
	struct worker *worker = context;
	int64_t now = clock_monotonic();
	if (now - worker->last_progress < EXTRACT_PROGRESS_MS)
		return STATUS_OK;
	worker->last_progress = now;
	if (clock_processor() > worker->processor_end)
		return STATUS_TIMED_OUT;
	extract_put_sign(&worker->writer, EXTRACT_PROGRESS, worker->job);
	return wire_send(worker->socket, &worker->writer, -1);
}

/* ---- sources ---- */

/* Cheaper for a small object than to map it. False if it is shorter than length. */
static bool read_small(struct worker *worker, int descriptor, uint64_t length)
{
	ssize_t got = pread(descriptor, worker->small, (size_t)length, 0);
	close(descriptor);
	return got >= 0 && (uint64_t)got == length;
}

/* The bytes of a job that came with a memfd, until give_back_object. NULL if they are not all there. */
static const unsigned char *take_object(struct worker *worker, int descriptor, uint64_t size)
{
	if (size > SMALL_OBJECT)
		return sealed_memory_map(descriptor, size);
	return read_small(worker, descriptor, size) ? worker->small : NULL;
}

static void give_back_object(struct worker *worker, const unsigned char *at, uint64_t size)
{
	if (at != worker->small)
		sealed_memory_unmap(at, size);
}

static struct window *oldest_window(struct worker *worker)
{
	struct window *oldest = &worker->windows[0];
	for (size_t i = 1; i < WINDOWS_KEPT; i++)
		if (worker->windows[i].last_used < oldest->last_used)
			oldest = &worker->windows[i];
	return oldest;
}

static enum status request_window(struct worker *worker, uint64_t offset, struct window **ret_window)
{
	struct wire_reader reader;
	uint64_t got_offset;
	uint32_t length;
	enum status answer;
	unsigned char state = EXTRACT_WAITS;
	extract_put_want(&worker->writer, worker->job, offset);
	enum status status = wire_send(worker->socket, &worker->writer, -1);
	if (status == STATUS_OK)
		status = wire_receive(worker->socket, -1, worker->frame, &reader);
	if (status != STATUS_OK || permit_message(&extract_permits, &state, &reader) != STATUS_OK)
		return STATUS_BROKEN;
	int descriptor = wire_take_descriptor(&reader);
	if (extract_get_window(&reader, &got_offset, &length, &answer) != STATUS_OK || got_offset != offset ||
	    (answer == STATUS_OK) != (descriptor >= 0)) {
		if (descriptor >= 0)
			close(descriptor);
		return STATUS_BROKEN;
	}
	if (answer != STATUS_OK)
		return answer;
	struct window *window = oldest_window(worker);
	sealed_memory_unmap(window->at, window->length);
	*window = (struct window){.offset = offset, .length = length, .at = sealed_memory_map(descriptor, length)};
	*ret_window = window;
	return window->at != NULL ? STATUS_OK : STATUS_BROKEN;
}

static enum status find_window(struct worker *worker, uint64_t offset, struct window **ret_window)
{
	struct window *window = NULL;
	uint64_t start = offset - offset % EXTRACT_WINDOW_SIZE;
	for (size_t i = 0; i < WINDOWS_KEPT; i++)
		if (worker->windows[i].at != NULL && worker->windows[i].offset == start)
			window = &worker->windows[i];
	enum status status = window ? STATUS_OK : request_window(worker, start, &window);
	if (status != STATUS_OK)
		return status;
	window->last_used = ++worker->uses;
	*ret_window = window;
	return STATUS_OK;
}

static enum status read_window(struct source *source, uint64_t offset, void *into, size_t length, size_t *ret_got)
{
	size_t got = 0;
	while (got < length && offset + got < source->size) {
		struct window *window;
		enum status status = find_window(source->context, offset + got, &window);
		if (status != STATUS_OK)
			return status;
		size_t at = (size_t)(offset + got - window->offset);
		if (at >= window->length)
			return STATUS_TRUNCATED;
		size_t part = window->length - at < length - got ? window->length - at : length - got;
		memcpy((unsigned char *)into + got, window->at + at, part);
		got += part;
	}
	*ret_got = got;
	return STATUS_OK;
}

static void clear_windows(struct worker *worker)
{
	memset(worker->windows, 0, sizeof worker->windows);
	worker->uses = 0;
}

static void forget_windows(struct worker *worker)
{
	for (size_t i = 0; i < WINDOWS_KEPT; i++)
		sealed_memory_unmap(worker->windows[i].at, worker->windows[i].length);
	clear_windows(worker);
}

/* ---- jobs ---- */

static enum status renew(struct worker *worker, const struct extract_job *job, const unsigned char *mapped)
{
	const struct emitter_sink sink = {send_begin, send_document, send_progress, worker};
	struct arena arena = arena_with_ceiling(RENEWAL_MAX);
	struct extract_gathering gathering = {.arena = &arena};
	const struct document_record *told;
	enum status status = extract_take_document(&gathering, bytes_of(mapped, mapped ? job->size : 0), &told);
	worker->processor_end = clock_processor() + (int64_t)job->allowance.processor_ms;
	if (status == STATUS_OK)
		status = renewal_read(told, job, &sink);
	extract_gathering_free(&gathering);
	arena_free(&arena);
	return status;
}

/* Records gather in the frame that goes out next. */
static enum status send_accesses(struct worker *worker)
{
	enum status status = wire_send(worker->socket, &worker->writer, -1);
	extract_begin_accesses(&worker->writer, worker->job);
	return status;
}

static enum status put_access(void *context, const struct access_record *record)
{
	struct worker *worker = context;
	if (extract_put_access(&worker->writer, record))
		return STATUS_OK;
	enum status status = send_accesses(worker);
	if (status == STATUS_OK && !extract_put_access(&worker->writer, record))
		status = STATUS_BROKEN;
	return status;
}

static enum status go_on(void *context)
{
	struct worker *worker = context;
	if (clock_monotonic() - worker->last_progress < EXTRACT_PROGRESS_MS)
		return STATUS_OK;
	enum status status = send_accesses(worker);
	if (status == STATUS_OK)
		status = send_progress(worker);
	extract_begin_accesses(&worker->writer, worker->job);
	return status;
}

static enum status tell_log(struct worker *worker, uint64_t size, enum status how, const struct log_figures *figures)
{
	char note[64] = "";
	struct document_record record = {.outcome = outcome_of_status(how)};
	record.size = size;
	record.modified = record.created = CLOCK_UNKNOWN;
	if (how == STATUS_OK) {
		record.outcome = OUTCOME_READ;
		record.unseen_bytes = figures->unread_bytes;
		record.media_type = bytes_of_string(log_kind_name(figures->kind));
		snprintf(note, sizeof note, "%llu", (unsigned long long)figures->unread);
		record.note = bytes_of_string(note);
	}
	return extract_send_document(worker->socket, &worker->writer, worker->job, &record);
}

static enum status read_log(struct worker *worker, const struct extract_job *job, const unsigned char *mapped)
{
	const struct log_sink sink = {put_access, go_on, worker};
	struct log_figures figures = {.records = 0};
	worker->processor_end = clock_processor() + (int64_t)job->allowance.processor_ms;
	extract_begin_accesses(&worker->writer, worker->job);
	enum status status = log_read(bytes_of(mapped, mapped ? job->size : 0), &sink, &figures);
	bool is_told = status == STATUS_OK || status == STATUS_TIMED_OUT || status == STATUS_UNSUPPORTED;
	enum status sent = is_told ? send_accesses(worker) : status;
	return sent == STATUS_OK ? tell_log(worker, job->size, status, &figures) : sent;
}

static enum status read_object(struct worker *worker, const struct extract_job *job, const unsigned char *mapped)
{
	const struct emitter_sink sink = {send_begin, send_document, send_progress, worker};
	struct source source = source_of_bytes(bytes_of(mapped, mapped ? job->size : 0));
	source.name = job->name;
	if (job->is_windowed) {
		source.size = job->size;
		source.mapped = NULL;
		source.read_at = read_window;
		source.context = worker;
	}
	worker->processor_end = clock_processor() + (int64_t)job->allowance.processor_ms;
	return emitter_read_object(&source, job, &emitter_default_limits, &sink);
}

static enum status serve_job(struct worker *worker, struct wire_reader *reader)
{
	struct extract_job job;
	const unsigned char *mapped = NULL;
	unsigned char state = EXTRACT_IDLES;
	if (permit_message(&extract_permits, &state, reader) != STATUS_OK)
		return STATUS_MALFORMED;
	int descriptor = wire_take_descriptor(reader);
	enum status status = extract_get_job(reader, &job);
	if (status == STATUS_OK && job.is_windowed == (descriptor >= 0))
		status = STATUS_MALFORMED;
	if (status != STATUS_OK) {
		if (descriptor >= 0)
			close(descriptor);
		return status;
	}
	worker->job = job.number;
	/* The frame is used again for windows; what the job borrows from it must outlive that. */
	struct arena arena = arena_with_ceiling(2 * WIRE_FRAME_MAX);
	job.name = arena_copy(&arena, job.name);
	for (size_t i = 0; i < job.skip_count; i++)
		job.skips[i].inner_path = arena_copy(&arena, job.skips[i].inner_path);
	if (descriptor >= 0) {
		mapped = take_object(worker, descriptor, job.size);
		if (mapped == NULL)
			status = STATUS_BROKEN;
	}
	if (status == STATUS_OK)
		status = job.is_renewal ? renew(worker, &job, mapped)
		         : job.is_log   ? read_log(worker, &job, mapped)
		                        : read_object(worker, &job, mapped);
	give_back_object(worker, mapped, job.size);
	forget_windows(worker);
	arena_free(&arena);
	if (status == STATUS_OK) {
		extract_put_sign(&worker->writer, EXTRACT_DONE, worker->job);
		status = wire_send(worker->socket, &worker->writer, -1);
	}
	return status;
}

enum status worker_serve(int socket)
{
	struct worker *worker = malloc(sizeof *worker); /* most of it is room: clearing that would cost each worker its pages */
	if (worker == NULL)
		return STATUS_NO_MEMORY;
	worker->socket = socket;
	worker->last_progress = 0;
	clear_windows(worker);
	extract_put_empty(&worker->writer, EXTRACT_READY);
	enum status status = wire_send(socket, &worker->writer, -1);
	while (status == STATUS_OK) {
		struct wire_reader reader;
		status = wire_receive(socket, -1, worker->frame, &reader);
		if (status == STATUS_OK)
			status = serve_job(worker, &reader);
	}
	free(worker);
	return status == STATUS_END ? STATUS_OK : status;
}
