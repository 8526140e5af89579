/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Setting tidemark-fetch up, and one question at a time on each socket. Whoever
 * waits does so as long as anything is heard from it, on whichever socket: lanes
 * wait for each other over there.
 */
#define _GNU_SOURCE
#include "process/fetcher.h"

#include "base/patience.h"
#include "base/text.h"
#include "process/listing-watch.h"

#include <math.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LOOK_MS = 200, LATENESS_MS = 1, SLACK_MS = 500 };

/* One end of a conversation: a socket with its frame and writer. */
struct fetch_line {
	struct fetcher *fetcher;
	int socket;
	unsigned char frame[WIRE_FRAME_MAX];
	struct wire_writer writer;
};

struct fetch_lane {
	struct fetch_line line;
	char note[512];
	struct buffer etag, md5; /* of the object last got */
	uint64_t size;           /* of it, if it comes by windows; else 0 */
};

struct fetcher {
	struct process process;
	struct fetch_line control; /* its socket is the cell's */
	struct fetch_lane **lanes;
	size_t lane_count;
	bool is_folder;
	struct bytes prefix;
	int64_t patience, silence_max;
	atomic_llong heard_at;      /* a frame, on whichever socket */
	struct listing_watch watch; /* of who lists */
	pthread_mutex_t mutex;      /* of what follows */
	enum status lost;           /* OK: it is not */
	struct failure why_lost;
};

/* ---- losing it ---- */

/* The first reason counts: all others follow from it. */
static enum status lose(struct fetcher *fetcher, enum status how, struct failure *reterr, const char *why, ...) PRINTF_LIKE(4, 5);

static enum status lose(struct fetcher *fetcher, enum status how, struct failure *reterr, const char *why, ...)
{
	char words[PROCESS_WORDS_SIZE], text[sizeof fetcher->why_lost.why];
	va_list args;
	va_start(args, why);
	vsnprintf(text, sizeof text, why, args);
	va_end(args);
	pthread_mutex_lock(&fetcher->mutex);
	if (fetcher->lost == STATUS_OK) {
		spawn_words(&fetcher->process, words);
		fetcher->lost = fail(&fetcher->why_lost, how, "tidemark-fetch", "tidemark-fetch %s%s%s", text,
		                     words[0] != '\0' ? "; it said: " : "", words);
	}
	if (reterr != NULL)
		*reterr = fetcher->why_lost;
	pthread_mutex_unlock(&fetcher->mutex);
	fetcher_interrupt(fetcher);
	spawn_kill(&fetcher->process);
	return STATUS_CRASHED;
}

bool fetcher_is_lost(struct fetcher *fetcher, enum status *ret_how, struct failure *ret_failure)
{
	pthread_mutex_lock(&fetcher->mutex);
	enum status how = fetcher->lost;
	if (how != STATUS_OK) {
		*ret_how = how;
		*ret_failure = fetcher->why_lost;
	}
	pthread_mutex_unlock(&fetcher->mutex);
	return how != STATUS_OK;
}

static enum status lose_for(struct fetcher *fetcher, const char *what, struct failure *reterr)
{
	return lose(fetcher, STATUS_UNREACHABLE, reterr, "broke the protocol: %s", what);
}

/* What a line came to that did not carry. */
static enum status lose_line(struct fetcher *fetcher, enum status status, struct failure *reterr)
{
	switch (status) {
	case STATUS_END:
	case STATUS_CRASHED: return lose(fetcher, STATUS_UNREACHABLE, reterr, "ended unexpectedly");
	case STATUS_TIMED_OUT:
		return lose(fetcher, STATUS_TIMED_OUT, reterr, "was silent for %lld s", (long long)fetcher->silence_max / 1000);
	case STATUS_MALFORMED: return lose_for(fetcher, "a frame that makes no sense", reterr);
	default: return fail(reterr, status, "tidemark-fetch", "the conversation with it broke off: %s", status_name(status));
	}
}

/* ---- a line ---- */

static enum status say(struct fetch_line *line, int descriptor, struct failure *reterr)
{
	struct fetcher *fetcher = line->fetcher;
	enum status status = wire_send_within(line->socket, (int)fetcher->silence_max, &line->writer, descriptor);
	return status == STATUS_OK ? STATUS_OK : lose_line(fetcher, status, reterr);
}

/* One frame that the state permits. wait may be NULL. */
static enum status hear(struct fetch_line *line, enum fetch_state awaited, const struct fetch_wait *wait,
                        struct wire_reader *ret_reader, struct failure *reterr)
{
	unsigned char state = (unsigned char)awaited;
	struct fetcher *fetcher = line->fetcher;
	int64_t asked_at = clock_monotonic();
	enum status status;
	do {
		int64_t heard_at = atomic_load(&fetcher->heard_at), since = heard_at > asked_at ? heard_at : asked_at;
		int64_t left = fetcher->silence_max - (clock_monotonic() - since);
		if (left <= 0)
			return lose_line(fetcher, STATUS_TIMED_OUT, reterr);
		if (wait != NULL && left > LOOK_MS)
			left = LOOK_MS;
		status = wire_receive(line->socket, (int)left + LATENESS_MS, line->frame, ret_reader);
		if (status == STATUS_TIMED_OUT && wait != NULL && wait->is_interrupted(wait->context))
			return STATUS_INTERRUPTED;
	} while (status == STATUS_TIMED_OUT);
	if (status != STATUS_OK)
		return lose_line(fetcher, status, reterr);
	if (permit_message(&fetch_permits, &state, ret_reader) != STATUS_OK)
		return lose_for(fetcher, "no answer to what was asked", reterr);
	atomic_store(&fetcher->heard_at, clock_monotonic());
	return STATUS_OK;
}

/* FAILED: what it says becomes ours, save that its own troubles are not. Frees nothing; the reader borrows from the line. */
static enum status take_failed(struct fetcher *fetcher, struct wire_reader *reader, uint64_t *ret_bytes, struct failure *reterr)
{
	struct fetch_failed failed;
	if (fetch_get_failed(reader, &failed) != STATUS_OK)
		return lose_for(fetcher, "a failure that is none", reterr);
	if (ret_bytes != NULL)
		*ret_bytes = failed.fetched < FETCH_WHOLE_MAX ? failed.fetched : FETCH_WHOLE_MAX;
	if (reterr != NULL) {
		snprintf(reterr->where, sizeof reterr->where, "%.*s", (int)failed.where.len, (const char *)failed.where.at);
		snprintf(reterr->why, sizeof reterr->why, "%.*s", (int)failed.why.len, (const char *)failed.why.at);
	}
	return status_is_ours(failed.status) ? STATUS_UNREACHABLE : failed.status;
}

/* ---- set-up ---- */

static enum status send_scope(struct fetch_line *line, struct bytes yaml)
{
	enum status status = STATUS_OK;
	while (yaml.len > 0 && status == STATUS_OK) {
		struct bytes piece = bytes_slice(yaml, 0, WIRE_CHUNK);
		fetch_put_scope(&line->writer, piece);
		status = wire_send_within(line->socket, (int)line->fetcher->silence_max, &line->writer, -1);
		yaml = bytes_from(yaml, piece.len);
	}
	return status;
}

static enum status add_lane(struct fetcher *fetcher)
{
	int ends[2];
	struct fetch_lane *lane = calloc(1, sizeof *lane);
	if (lane == NULL)
		return STATUS_NO_MEMORY;
	fetcher->lanes[fetcher->lane_count++] = lane;
	lane->line.fetcher = fetcher;
	lane->line.socket = -1;
	lane->etag = lane->md5 = buffer_with_ceiling(WIRE_CHUNK);
	enum status status = wire_pair(ends);
	if (status != STATUS_OK)
		return status;
	lane->line.socket = ends[0];
	fetch_put_empty(&fetcher->control.writer, FETCH_LANE);
	status = wire_send_within(fetcher->control.socket, (int)fetcher->silence_max, &fetcher->control.writer, ends[1]);
	close(ends[1]);
	return status;
}

static enum status send_setup(struct fetcher *fetcher, const struct fetcher_plan *plan)
{
	struct fetch_line *line = &fetcher->control;
	int silence_max = (int)fetcher->silence_max;
	fetch_put_setup(&line->writer, &plan->setup);
	enum status status = wire_send_within(line->socket, silence_max, &line->writer, plan->directory);
	explicit_bzero(&line->writer, sizeof line->writer);
	if (status == STATUS_OK)
		status = send_scope(line, plan->scope_yaml);
	if (status == STATUS_OK) {
		fetch_put_target(&line->writer, plan->target);
		status = wire_send_within(line->socket, silence_max, &line->writer, -1);
	}
	for (size_t i = 0; i < plan->lanes && status == STATUS_OK; i++)
		status = add_lane(fetcher);
	if (status == STATUS_OK) {
		fetch_put_empty(&line->writer, FETCH_SETUP_END);
		status = wire_send_within(line->socket, silence_max, &line->writer, -1);
	}
	return status;
}

/* ABSENT is kept for a program that is not there. */
static enum status await_ready(struct fetcher *fetcher, struct failure *reterr)
{
	struct wire_reader reader;
	enum status status = hear(&fetcher->control, FETCH_COMES_UP, NULL, &reader, reterr);
	if (status != STATUS_OK)
		return status;
	if (reader.type == FETCH_FAILED) {
		status = take_failed(fetcher, &reader, NULL, reterr);
		return status == STATUS_ABSENT ? STATUS_DENIED : status;
	}
	return wire_end(&reader) == STATUS_OK ? STATUS_OK : lose_for(fetcher, "it is not ready", reterr);
}

/* It has twice its patience for servers; this is for one that has more. And our own rate may hold back each of its words. */
static int64_t silence_max_of(const struct fetcher_plan *plan, int64_t patience)
{
	const double requests_between_words = 32, most = INT32_MAX / 2;
	double silence = 2.5 * (double)patience + SLACK_MS;
	if (plan->setup.rate > 0)
		silence += 1000 * requests_between_words / plan->setup.rate;
	return (int64_t)fmin(silence, most);
}

static struct fetcher *make(const struct fetcher_plan *plan)
{
	struct fetcher *fetcher = calloc(1, sizeof *fetcher);
	struct fetch_lane **lanes = calloc(plan->lanes + 1, sizeof *lanes);
	if (fetcher == NULL || lanes == NULL) {
		free(fetcher);
		free(lanes);
		return NULL;
	}
	fetcher->process = PROCESS_NONE;
	fetcher->lanes = lanes;
	fetcher->control.fetcher = fetcher;
	fetcher->control.socket = -1;
	fetcher->is_folder = plan->directory >= 0;
	fetcher->prefix = plan->prefix;
	fetcher->patience = plan->setup.patience > 0 ? plan->setup.patience : PATIENCE_STANDARD;
	fetcher->silence_max = silence_max_of(plan, fetcher->patience);
	pthread_mutex_init(&fetcher->mutex, NULL);
	listing_watch_init(&fetcher->watch);
	return fetcher;
}

enum status fetcher_start(const struct fetcher_plan *plan, struct fetcher **ret_fetcher, struct failure *reterr)
{
	struct fetcher *fetcher = make(plan);
	if (fetcher == NULL)
		return STATUS_NO_MEMORY;
	enum status status = spawn_start("tidemark-fetch", &fetcher->process, reterr);
	if (status == STATUS_OK) {
		fetcher->control.socket = fetcher->process.socket;
		/* A set-up it refuses half-way closes the socket on us; its FAILED then still waits to be read. */
		enum status sent = send_setup(fetcher, plan);
		status = sent == STATUS_OK || sent == STATUS_CRASHED ? await_ready(fetcher, reterr)
		                                                     : lose_line(fetcher, sent, reterr);
	}
	if (status != STATUS_OK) {
		fetcher_free(fetcher);
		return status;
	}
	*ret_fetcher = fetcher;
	return STATUS_OK;
}

void fetcher_free(struct fetcher *fetcher)
{
	if (fetcher == NULL)
		return;
	for (size_t i = 0; i < fetcher->lane_count; i++) {
		if (fetcher->lanes[i]->line.socket >= 0)
			close(fetcher->lanes[i]->line.socket);
		buffer_free(&fetcher->lanes[i]->etag);
		buffer_free(&fetcher->lanes[i]->md5);
		free(fetcher->lanes[i]);
	}
	free(fetcher->lanes);
	spawn_finish(&fetcher->process);
	listing_watch_free(&fetcher->watch);
	pthread_mutex_destroy(&fetcher->mutex);
	free(fetcher);
}

void fetcher_interrupt(struct fetcher *fetcher)
{
	if (fetcher->control.socket >= 0)
		shutdown(fetcher->control.socket, SHUT_RDWR);
	for (size_t i = 0; i < fetcher->lane_count; i++)
		if (fetcher->lanes[i]->line.socket >= 0)
			shutdown(fetcher->lanes[i]->line.socket, SHUT_RDWR);
}

struct fetch_lane *fetcher_lane(struct fetcher *fetcher, size_t index)
{
	return fetcher->lanes[index];
}

/* ---- listings ---- */

/* One page under way. */
struct listing_page {
	struct fetcher *fetcher;
	object_visitor *each;
	void *context;
	size_t objects, bytes;
	bool is_foreign;
};

/* Of a path: neither absolute nor empty in places, and no dots that lead elsewhere. */
static bool is_beneath(struct bytes path)
{
	if (bytes_find_byte(path, 0) != BYTES_NOT_FOUND)
		return false;
	for (;;) {
		size_t slash = bytes_find_byte(path, '/');
		struct bytes part = bytes_slice(path, 0, slash);
		if (part.len == 0 || bytes_equal_string(part, ".") || bytes_equal_string(part, ".."))
			return false;
		if (slash == BYTES_NOT_FOUND)
			return true;
		path = bytes_from(path, slash + 1);
	}
}

static bool is_asked_for(const struct fetcher *fetcher, struct bytes name)
{
	return bytes_start_with(name, fetcher->prefix) && (!fetcher->is_folder || is_beneath(name));
}

/* What is foreign is passed over, and the rest of its page too: the page is not used, but has to be heard to its end. */
static enum status take_objects(struct listing_page *page, struct wire_reader *reader, struct failure *reterr)
{
	struct fetcher *fetcher = page->fetcher;
	struct object object;
	enum status status;
	page->bytes += reader->rest.len;
	if (reader->rest.len == 0 || page->bytes > FETCH_PAGE_BYTES_MAX)
		return lose_for(fetcher, "a page without end", reterr);
	while ((status = fetch_get_object(reader, &object)) == STATUS_OK) {
		if (++page->objects > FETCH_PAGE_OBJECTS_MAX)
			return lose_for(fetcher, "a page without end", reterr);
		page->is_foreign |= !is_asked_for(fetcher, object.name);
		if (page->is_foreign)
			continue;
		listing_watch_note(&fetcher->watch, &object);
		status = page->each(page->context, &object);
		if (status != STATUS_OK)
			return fail(reterr, status, "listing", "could not be taken in: %s", status_name(status));
	}
	return status == STATUS_END ? STATUS_OK : lose_for(fetcher, "an object that is none", reterr);
}

static enum status end_page(struct listing_page *page, struct wire_reader *reader, struct bytes cursor, struct buffer *ret_next,
                            bool *ret_is_last, struct failure *reterr)
{
	struct fetcher *fetcher = page->fetcher;
	struct bytes next;
	bool is_last;
	if (fetch_get_page_end(reader, &next, &is_last) != STATUS_OK)
		return lose_for(fetcher, "a page's end that is none", reterr);
	if (page->is_foreign)
		return fail(reterr, STATUS_MALFORMED, "listing", "it names objects that were not asked for");
	enum status status = is_last ? STATUS_OK
	                             : listing_watch_end(&fetcher->watch, cursor, next, fetcher->patience, clock_monotonic(),
	                                                 reterr);
	if (status != STATUS_OK)
		return status;
	buffer_reset(ret_next);
	buffer_append(ret_next, next);
	*ret_is_last = is_last;
	return buffer_status(ret_next);
}

enum status fetcher_list(struct fetcher *fetcher, const struct fetch_list *list, object_visitor *each, void *context,
                         struct buffer *ret_next, bool *ret_is_last, struct failure *reterr)
{
	struct fetch_line *line = &fetcher->control;
	struct listing_page page = {.fetcher = fetcher, .each = each, .context = context};
	listing_watch_begin(&fetcher->watch, list->cursor, clock_monotonic());
	fetch_put_list(&line->writer, list);
	enum status status = say(line, -1, reterr);
	while (status == STATUS_OK) {
		struct wire_reader reader;
		status = hear(line, FETCH_LISTS, NULL, &reader, reterr);
		if (status != STATUS_OK)
			break;
		if (reader.type == FETCH_FAILED)
			return take_failed(fetcher, &reader, NULL, reterr);
		if (reader.type == FETCH_PAGE_END)
			return end_page(&page, &reader, list->cursor, ret_next, ret_is_last, reterr);
		status = take_objects(&page, &reader, reterr);
	}
	return status;
}

bool fetcher_listed_new(const struct fetcher *fetcher)
{
	return fetcher->watch.has_new;
}

/* ---- probes ---- */

static int64_t within(int64_t time, int64_t first, int64_t last)
{
	return time < first ? first : time > last ? last : time;
}

/* When it was asked, we know ourselves. */
static void correct_times(struct verdict *verdict, struct evidence *evidence, int64_t asked_at)
{
	int64_t now = clock_now();
	verdict->observed_at = within(verdict->observed_at, asked_at, now);
	for (size_t i = 0; i < verdict->evidence_count; i++)
		evidence[i].at = within(evidence[i].at, asked_at, now);
}

static enum status take_verdict(struct fetcher *fetcher, struct wire_reader *reader, int64_t asked_at, struct arena *arena,
                                struct verdict *ret_verdict, struct failure *reterr)
{
	struct verdict verdict;
	enum status status = fetch_get_verdict(reader, arena, &verdict);
	if (status == STATUS_NO_MEMORY)
		return status;
	if (status != STATUS_OK)
		return lose_for(fetcher, "a verdict that contradicts itself", reterr);
	struct evidence *evidence = arena_allocate(arena, (verdict.evidence_count + 1) * sizeof *evidence);
	if (evidence == NULL)
		return STATUS_NO_MEMORY;
	if (verdict.evidence_count > 0)
		memcpy(evidence, verdict.evidence, verdict.evidence_count * sizeof *evidence);
	correct_times(&verdict, evidence, asked_at);
	verdict.evidence = evidence;
	*ret_verdict = verdict;
	return STATUS_OK;
}

static bool is_silent(struct fetcher *fetcher)
{
	enum status how = STATUS_OK;
	struct failure why;
	return fetcher_is_lost(fetcher, &how, &why) && how == STATUS_TIMED_OUT;
}

enum status fetcher_probe(struct fetcher *fetcher, const struct fetch_probe *probe, const struct fetch_wait *wait,
                          struct arena *arena, struct verdict *ret_verdict, struct failure *reterr)
{
	struct fetch_line *line = &fetcher->control;
	struct wire_reader reader;
	int64_t asked_at = clock_now();
	fetch_put_probe(&line->writer, probe);
	enum status status = say(line, -1, reterr);
	if (status == STATUS_OK)
		status = hear(line, FETCH_PROBES, wait, &reader, reterr);
	/* A name service can hold it, too. */
	if (status == STATUS_CRASHED && is_silent(fetcher))
		return STATUS_TIMED_OUT;
	if (status != STATUS_OK)
		return status;
	if (reader.type != FETCH_FAILED)
		return take_verdict(fetcher, &reader, asked_at, arena, ret_verdict, reterr);
	status = take_failed(fetcher, &reader, NULL, reterr);
	return status == STATUS_ABSENT ? STATUS_DENIED : status;
}

/* ---- lanes ---- */

/* Progress must be some, and cannot be more than there is. */
static bool is_progress(struct wire_reader *reader, uint64_t most, uint64_t *received)
{
	uint64_t now;
	if (fetch_get_progress(reader, &now) != STATUS_OK || now > most || now < *received ||
	    now - *received < FETCH_PROGRESS_BYTES)
		return false;
	*received = now;
	return true;
}

/* Says what the lane's writer holds and hears the answer; FAILED and death are dealt with here. most: bytes it may be about. */
static enum status ask(struct fetch_lane *lane, enum fetch_state awaited, uint64_t most, struct wire_reader *ret_reader,
                       uint64_t *ret_bytes, struct failure *reterr)
{
	struct fetch_line *line = &lane->line;
	uint64_t received = 0;
	enum status status = say(line, -1, reterr);
	while (status == STATUS_OK) {
		status = hear(line, awaited, NULL, ret_reader, reterr);
		if (status != STATUS_OK)
			return status;
		if (ret_reader->type == FETCH_FAILED)
			return take_failed(line->fetcher, ret_reader, ret_bytes, reterr);
		if (ret_reader->type != FETCH_PROGRESS)
			return STATUS_OK;
		if (!is_progress(ret_reader, most, &received))
			status = lose_for(line->fetcher, "progress that is none", reterr);
	}
	return status;
}

/* Into the lane's own memory: the frame is used again for windows. */
static enum status keep(struct buffer *into, struct bytes *bytes)
{
	buffer_reset(into);
	buffer_append(into, *bytes);
	*bytes = buffer_bytes(into);
	return buffer_status(into);
}

static enum status keep_texts(struct fetch_lane *lane, struct fetched *fetched)
{
	struct bytes note = bytes_slice(fetched->got.note, 0, sizeof lane->note - 1);
	note.len = text_valid_length(note);
	if (note.len > 0)
		memcpy(lane->note, note.at, note.len);
	lane->note[note.len] = '\0';
	fetched->note = bytes_of(lane->note, note.len);
	enum status status = keep(&lane->etag, &fetched->got.etag);
	return status == STATUS_OK ? keep(&lane->md5, &fetched->got.md5) : status;
}

/* By windows comes what is too large to be held. A file's digest may be told all the same: it was read for that. */
static bool may_be_windowed(const struct fetch_lane *lane, const struct object *object, uint64_t length,
                            const struct fetch_got *got)
{
	return length == OBJECT_SIZE_UNKNOWN && got->size > fetch_whole_max(object->size) && got->fetched == 0 &&
	       (!got->has_sha256 || lane->line.fetcher->is_folder);
}

/* What was fetched lies in memory: no more than was asked for, and all of it where all was asked for or a digest is told. */
static bool may_be_held(const struct object *object, uint64_t length, const struct fetch_got *got, int descriptor)
{
	uint64_t most = length < fetch_whole_max(object->size) ? length : fetch_whole_max(object->size);
	bool is_whole = got->has_sha256 || length == OBJECT_SIZE_UNKNOWN;
	return got->fetched <= most && (!is_whole || got->fetched == got->size) &&
	       wire_is_sealed_memory(descriptor, got->fetched);
}

/* An ETag stands for one size. Where every byte is there, it is believed all the same. */
static bool contradicts_listing(const struct object *object, const struct fetch_got *got)
{
	return got->size != object->size && object->size != OBJECT_SIZE_UNKNOWN && object->etag.len > 0 &&
	       bytes_equal(object->etag, got->etag) && (got->is_windowed || got->fetched < got->size);
}

static enum status check_got(const struct fetch_lane *lane, const struct object *object, uint64_t length,
                             const struct fetched *fetched, struct failure *reterr)
{
	const struct fetch_got *got = &fetched->got;
	struct fetcher *fetcher = lane->line.fetcher;
	if (got->is_windowed != (fetched->descriptor < 0))
		return lose_for(fetcher, "memory and windows at once, or neither", reterr);
	if (got->is_windowed && !may_be_windowed(lane, object, length, got))
		return lose_for(fetcher, "windows of what is small, or counts that cannot be", reterr);
	if (!got->is_windowed && !may_be_held(object, length, got, fetched->descriptor))
		return lose_for(fetcher, "no sealed memory of what was asked for", reterr);
	if (contradicts_listing(object, got))
		return fail(reterr, STATUS_CHANGED, "", "its size is not as listed, though its ETag is");
	return STATUS_OK;
}

enum status fetch_lane_get(struct fetch_lane *lane, const struct object *object, uint64_t length, struct fetched *ret_fetched,
                           uint64_t *ret_bytes, struct failure *reterr)
{
	struct wire_reader reader;
	struct fetched fetched = {.descriptor = -1};
	struct fetcher *fetcher = lane->line.fetcher;
	lane->size = 0;
	fetch_put_get(&lane->line.writer, &(struct fetch_get){.object = *object, .length = length});
	enum status status = ask(lane, FETCH_GETS, fetcher->is_folder ? OBJECT_SIZE_MAX : FETCH_WHOLE_MAX, &reader, ret_bytes,
	                         reterr);
	if (status != STATUS_OK)
		return status;
	fetched.descriptor = wire_take_descriptor(&reader);
	status = fetch_get_got(&reader, &fetched.got) == STATUS_OK ? check_got(lane, object, length, &fetched, reterr)
	                                                           : lose_for(fetcher, "an object that is none", reterr);
	if (status == STATUS_OK)
		status = keep_texts(lane, &fetched);
	if (status != STATUS_OK) {
		if (fetched.descriptor >= 0)
			close(fetched.descriptor);
		return status;
	}
	lane->size = fetched.got.is_windowed ? fetched.got.size : 0;
	*ret_fetched = fetched;
	return STATUS_OK;
}

enum status fetch_lane_window(struct fetch_lane *lane, uint64_t offset, int *ret_descriptor, uint32_t *ret_length,
                              struct failure *reterr)
{
	struct wire_reader reader;
	uint64_t got_offset;
	uint32_t length;
	if (offset >= lane->size)
		return fail(reterr, STATUS_MALFORMED, "", "bytes were asked for that it does not have");
	fetch_put_range(&lane->line.writer, offset);
	enum status status = ask(lane, FETCH_READS_RANGE, FETCH_WINDOW_SIZE, &reader, NULL, reterr);
	if (status != STATUS_OK)
		return status;
	int descriptor = wire_take_descriptor(&reader);
	uint64_t rest = lane->size - offset, wanted = rest < FETCH_WINDOW_SIZE ? rest : FETCH_WINDOW_SIZE;
	if (fetch_get_window(&reader, &got_offset, &length) != STATUS_OK || got_offset != offset || length != wanted ||
	    !wire_is_sealed_memory(descriptor, wanted)) {
		close(descriptor);
		return lose_for(lane->line.fetcher, "no sealed memory of the window asked for", reterr);
	}
	*ret_descriptor = descriptor;
	*ret_length = length;
	return STATUS_OK;
}
