/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One worker at a time, replaced after OBJECTS_PER_WORKER objects and after any
 * trouble. A worker hangs when it has used CPU_WITHOUT_PROGRESS_MS of processor
 * time without a word. It idles while it is waited for and uses less than one
 * part in BUSY_SHARE of a processor: IDLE_MAX_MS of that, whatever it says
 * meanwhile and however many workers share in it, is all an object gets.
 */
#define _GNU_SOURCE
#include "process/extractor.h"

#include "process/account.h"
#include "process/tally.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <unistd.h>

enum {
	OBJECTS_PER_WORKER = 256,
	FALLS_MAX = 3,
	NESTING_MAX = 64,
	POLL_MS = 250,
	CPU_WITHOUT_PROGRESS_MS = 7000,
	IDLE_MAX_MS = 60000,
	BUSY_SHARE = 10,
	ARENA_MAX = 512 << 20,
};

/* How long the workers of one object have been waited for. */
struct waiting {
	int64_t idle;                 /* of those that are gone */
	int64_t waited, cpu_at_first; /* of this one */
};

struct extractor {
	struct zygote *zygote;
	struct process worker;
	unsigned objects;
	bool is_silent; /* for a while already; since then this counts: */
	int64_t cpu_when_silent;
	struct waiting waiting;
	struct tally tally;
	struct account account;            /* of the object */
	unsigned char state;               /* what is heard of the worker: extract_state */
	const struct document_record *own; /* of the object itself: handed on once the worker is done */
	/* Parts begun and not finished, outermost first. */
	struct buffer begun[NESTING_MAX];
	size_t begun_count;
	struct arena arena;
	struct extract_gathering gathering;
	unsigned char frame[WIRE_FRAME_MAX];
	struct wire_writer writer;
};

enum status extractor_new(struct zygote *zygote, struct extractor **ret_extractor)
{
	struct extractor *extractor = calloc(1, sizeof *extractor);
	if (extractor == NULL)
		return STATUS_NO_MEMORY;
	extractor->zygote = zygote;
	extractor->worker = PROCESS_NONE;
	extractor->arena = arena_with_ceiling(ARENA_MAX);
	extractor->gathering.arena = &extractor->arena;
	for (size_t i = 0; i < NESTING_MAX; i++)
		extractor->begun[i].ceiling = EXTRACT_PATH_MAX;
	*ret_extractor = extractor;
	return STATUS_OK;
}

void extractor_free(struct extractor *extractor)
{
	if (extractor == NULL)
		return;
	zygote_finish_worker(extractor->zygote, &extractor->worker);
	for (size_t i = 0; i < NESTING_MAX; i++)
		buffer_free(&extractor->begun[i]);
	extract_gathering_free(&extractor->gathering);
	account_free(&extractor->account);
	arena_free(&extractor->arena);
	free(extractor);
}

/* Asked only while nothing comes: a worker that talks is not measured. */
static bool is_hanging(struct extractor *extractor)
{
	int64_t cpu = spawn_cpu_time(&extractor->worker);
	if (!extractor->is_silent) {
		extractor->is_silent = true;
		extractor->cpu_when_silent = cpu;
	}
	return cpu - extractor->cpu_when_silent > CPU_WITHOUT_PROGRESS_MS;
}

static int64_t idle_time(const struct extractor *extractor)
{
	const struct waiting *waiting = &extractor->waiting;
	int64_t busy = spawn_cpu_time(&extractor->worker) - waiting->cpu_at_first;
	int64_t idle = waiting->waited - BUSY_SHARE * busy;
	return waiting->idle + (idle > 0 ? idle : 0);
}

static bool is_idling(const struct extractor *extractor)
{
	const struct waiting *waiting = &extractor->waiting;
	return waiting->idle + waiting->waited > IDLE_MAX_MS && idle_time(extractor) > IDLE_MAX_MS;
}

/* What waits of a worker that was not asked anything was not said of the next object, and is not believed of any; or it died. */
static enum status have_worker(struct extractor *extractor, struct failure *reterr)
{
	if (extractor->worker.pid > 0 && wire_has_something(extractor->worker.socket))
		zygote_kill_worker(extractor->zygote, &extractor->worker);
	if (extractor->worker.pid > 0 && extractor->objects < OBJECTS_PER_WORKER)
		return STATUS_OK;
	zygote_finish_worker(extractor->zygote, &extractor->worker);
	extractor->objects = 0;
	return zygote_fork(extractor->zygote, &extractor->worker, reterr);
}

/* To a worker that has read all it was sent before, or else breaks the protocol. */
static enum status hand(struct extractor *extractor, int descriptor)
{
	enum status status = wire_hand(extractor->worker.socket, &extractor->writer, descriptor);
	return status == STATUS_BUSY ? STATUS_MALFORMED : status;
}

static enum status send_job(struct extractor *extractor, struct extract_job *job, int descriptor)
{
	if (getrandom(&job->number, sizeof job->number, 0) != (ssize_t)sizeof job->number)
		return STATUS_BROKEN;
	extract_put_job(&extractor->writer, job);
	return hand(extractor, descriptor);
}

static enum status answer_want(struct extractor *extractor, struct wire_reader *reader, const struct extract_handler *handler)
{
	uint64_t offset;
	uint32_t length = 0;
	int descriptor = -1;
	enum status status = extract_get_want(reader, &offset);
	if (status == STATUS_OK)
		status = tally_want(&extractor->tally, offset);
	if (status != STATUS_OK || handler->window == NULL)
		return STATUS_MALFORMED;
	enum status answer = handler->window(handler->context, offset, &descriptor, &length);
	if (status_is_ours(answer))
		return answer;
	extract_put_window(&extractor->writer, offset, length, answer);
	status = hand(extractor, descriptor);
	if (descriptor >= 0)
		close(descriptor);
	return status;
}

static enum status note_begun(struct extractor *extractor, struct wire_reader *reader)
{
	struct bytes path;
	if (extract_get_begin(reader, &path) != STATUS_OK || extractor->begun_count == NESTING_MAX)
		return STATUS_MALFORMED;
	struct buffer *slot = &extractor->begun[extractor->begun_count++];
	buffer_reset(slot);
	buffer_append(slot, path);
	return buffer_status(slot);
}

/* A part that was ended unread (encrypted, skipped) was never begun: only the top is taken off. */
static void note_finished(struct extractor *extractor, struct bytes path)
{
	if (extractor->begun_count > 0 && bytes_equal(buffer_bytes(&extractor->begun[extractor->begun_count - 1]), path))
		extractor->begun_count--;
}

static enum status take_document_frame(struct extractor *extractor, struct wire_reader *reader,
                                       const struct extract_handler *handler)
{
	const struct document_record *record;
	if (reader->type == EXTRACT_DOCUMENT || reader->type == EXTRACT_WHOLE_DOCUMENT)
		arena_reset(&extractor->arena);
	enum status status = extract_gather(&extractor->gathering, reader, &record);
	if (status != STATUS_OK || record == NULL)
		return status;
	status = tally_document(&extractor->tally, record);
	if (status == STATUS_OK)
		status = account_pay(&extractor->account, record);
	if (status != STATUS_OK)
		return status;
	note_finished(extractor, record->inner_path);
	if (record->ordinal > 0)
		return handler->document(handler->context, record);
	extractor->own = record;
	extractor->state = EXTRACT_HAS_READ;
	return STATUS_OK;
}

static enum status take_accesses(struct extractor *extractor, struct wire_reader *reader, const struct extract_handler *handler)
{
	struct access_record record;
	enum status status;
	while ((status = extract_get_access(reader, &record)) == STATUS_OK) {
		status = handler->access != NULL ? tally_access(&extractor->tally) : STATUS_MALFORMED;
		if (status == STATUS_OK)
			status = handler->access(handler->context, &record);
		if (status != STATUS_OK)
			return status;
	}
	return status == STATUS_END ? STATUS_OK : status;
}

static enum status finish_job(struct extractor *extractor, struct wire_reader *reader, const struct extract_handler *handler)
{
	if (wire_end(reader) != STATUS_OK)
		return STATUS_MALFORMED;
	enum status status = handler->document(handler->context, extractor->own);
	return status == STATUS_OK ? STATUS_END : status;
}

/* One frame of the running job. END: the job is over. */
static enum status take_frame(struct extractor *extractor, struct wire_reader *reader, const struct extract_job *job,
                              const struct extract_handler *handler)
{
	if (permit_message(&extract_permits, &extractor->state, reader) != STATUS_OK)
		return STATUS_MALFORMED;
	if (!extract_is_of_job(reader, job->number))
		return STATUS_MALFORMED;
	switch (reader->type) {
	case EXTRACT_BEGIN: return note_begun(extractor, reader);
	case EXTRACT_PROGRESS:
		return wire_end(reader) == STATUS_OK ? tally_progress(&extractor->tally, clock_monotonic()) : STATUS_MALFORMED;
	case EXTRACT_WANT: return answer_want(extractor, reader, handler);
	case EXTRACT_ACCESSES: return take_accesses(extractor, reader, handler);
	case EXTRACT_DONE: return finish_job(extractor, reader, handler);
	default: return take_document_frame(extractor, reader, handler);
	}
}

/* While we do other things nobody waits, nor while this program is stopped. */
static enum status receive(struct extractor *extractor, struct wire_reader *ret_reader)
{
	int64_t since = clock_monotonic();
	enum status status = wire_receive(extractor->worker.socket, POLL_MS, extractor->frame, ret_reader);
	int64_t waited = clock_monotonic() - since;
	extractor->waiting.waited += waited < POLL_MS ? waited : POLL_MS;
	return status;
}

static void begin_job(struct extractor *extractor, struct extract_job *job)
{
	int64_t processor = spawn_cpu_time(&extractor->worker), now = clock_monotonic();
	extractor->begun_count = 0;
	extractor->state = EXTRACT_READS;
	extractor->own = NULL;
	extractor->is_silent = false;
	extractor->waiting.waited = 0;
	extractor->waiting.cpu_at_first = processor;
	job->allowance = account_begin(&extractor->account, processor, now);
	tally_begin(&extractor->tally, job, now);
}

/* Asked also while it talks. */
static bool is_overdue(struct extractor *extractor)
{
	int64_t now = clock_monotonic();
	if (account_is_due(&extractor->account, now))
		account_look(&extractor->account, spawn_cpu_time(&extractor->worker), now);
	return account_is_overdue(&extractor->account);
}

static enum status follow_job(struct extractor *extractor, const struct extract_job *job, const struct extract_handler *handler)
{
	for (;;) {
		struct wire_reader reader;
		enum status status = receive(extractor, &reader);
		if (is_idling(extractor) || is_overdue(extractor)) {
			if (status == STATUS_OK)
				wire_drop(&reader);
			return STATUS_TIMED_OUT;
		}
		if (status == STATUS_TIMED_OUT) {
			if (is_hanging(extractor))
				return STATUS_TIMED_OUT;
			continue;
		}
		if (status == STATUS_END)
			return STATUS_CRASHED;
		if (status != STATUS_OK)
			return status;
		status = take_frame(extractor, &reader, job, handler);
		if (status == STATUS_END)
			return STATUS_OK;
		if (status != STATUS_OK)
			return status;
		extractor->is_silent = false;
	}
}

/* Remembers the part that cost the worker its life. False if it was the object itself, or one too many. */
static bool skip_culprit(struct extractor *extractor, struct extract_job *job, struct arena *kept, enum status how)
{
	if (extractor->begun_count < 2 || job->skip_count == EXTRACT_SKIP_MAX)
		return false;
	struct bytes path = arena_copy(kept, buffer_bytes(&extractor->begun[extractor->begun_count - 1]));
	if (path.len == 0)
		return false;
	job->skips[job->skip_count++] = (struct extract_skip){path, outcome_of_status(how)};
	return true;
}

/* A worker fell: whether the object is to be read again, and if so, without what. One that had read others may have been taken
 * over by any of them, and waited to fall: a new one says whether it was this object. */
static bool is_read_again(struct extractor *extractor, struct extract_job *job, struct arena *kept, enum status how,
                          unsigned *falls)
{
	bool served_others = extractor->objects > 1, has_idled = is_idling(extractor);
	int64_t idle = idle_time(extractor);
	if (!zygote_kill_worker(extractor->zygote, &extractor->worker))
		return ++*falls <= FALLS_MAX;
	if (how == STATUS_BOMB || !account_affords_another(&extractor->account))
		return false;
	if (served_others)
		return true;
	extractor->waiting.idle = idle;
	return !has_idled && skip_culprit(extractor, job, kept, how == STATUS_MALFORMED ? STATUS_CRASHED : how);
}

enum status extractor_read(struct extractor *extractor, const struct extract_job *given, int descriptor,
                           const struct extract_handler *handler, struct failure *reterr)
{
	struct extract_job job = *given;
	struct arena kept = arena_with_ceiling(EXTRACT_SKIP_MAX * (EXTRACT_PATH_MAX + 64));
	enum status status;
	unsigned falls = 0; /* of workers that died with their zygote, through no fault of the object */
	bool again;
	extractor->waiting.idle = 0;
	account_open(&extractor->account, job.allowance);
	do {
		again = false;
		status = have_worker(extractor, reterr);
		if (status != STATUS_OK)
			break;
		extractor->objects++;
		begin_job(extractor, &job);
		status = send_job(extractor, &job, descriptor);
		if (status == STATUS_OK)
			status = follow_job(extractor, &job, handler);
		if (status == STATUS_CRASHED || status == STATUS_TIMED_OUT || status == STATUS_MALFORMED ||
		    status == STATUS_BOMB) {
			again = is_read_again(extractor, &job, &kept, status, &falls);
			enum status voided = again ? handler->restart(handler->context) : STATUS_OK;
			if (voided != STATUS_OK) {
				status = voided;
				break;
			}
		} else if (status != STATUS_OK) {
			zygote_kill_worker(extractor->zygote, &extractor->worker);
			fail(reterr, status, "tidemark-extract", "the conversation with it broke off: %s", status_name(status));
		}
	} while (again);
	if (status == STATUS_BOMB)
		fail(reterr, status, "", "%s", budget_spent_output);
	else if (status == STATUS_TIMED_OUT && account_is_overdue(&extractor->account))
		fail(reterr, status, "", "%s", budget_spent_time);
	if (falls > FALLS_MAX)
		status = fail(reterr, STATUS_BROKEN, "tidemark-extract", "is ended again and again by somebody else");
	arena_free(&kept);
	return status == STATUS_MALFORMED ? STATUS_CRASHED : status;
}

/* ---- looking through a text again ---- */

struct renewing {
	const struct document_record *given;
	const struct extract_handler *handler;
};

/* Nobody's words but stars may stand where others stood. */
static bool is_same_but_for_stars(struct bytes given, struct bytes told)
{
	if (given.len != told.len)
		return false;
	for (size_t i = 0; i < given.len; i++)
		if (given.at[i] != told.at[i] && told.at[i] != '*' &&
		    (given.at[i] < 0x80 || memchr(FINDING_STARS, told.at[i], sizeof FINDING_STARS - 1) == NULL))
			return false;
	return true;
}

static enum status take_renewed(void *context, const struct document_record *told)
{
	const struct renewing *renewing = context;
	const struct document_record *given = renewing->given;
	if (!is_same_but_for_stars(given->text, told->text) || !is_same_but_for_stars(given->title, told->title) ||
	    !is_same_but_for_stars(given->author, told->author) || told->text_beyond != given->text_beyond)
		return STATUS_MALFORMED;
	return renewing->handler->document(renewing->handler->context, told);
}

static enum status pass_restart(void *context)
{
	const struct renewing *renewing = context;
	const struct extract_handler *handler = renewing->handler;
	return handler->restart != NULL ? handler->restart(handler->context) : STATUS_OK;
}

static enum status write_sealed(struct extractor *extractor, int memory, const struct document_record *record, uint64_t *ret_size)
{
	enum status status = extract_write_document(memory, &extractor->writer, record);
	off_t size = status == STATUS_OK ? lseek(memory, 0, SEEK_END) : -1;
	if (status != STATUS_OK)
		return status;
	if (size <= 0 || fcntl(memory, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) != 0)
		return STATUS_BROKEN;
	*ret_size = (uint64_t)size;
	return STATUS_OK;
}

enum status extractor_renew(struct extractor *extractor, const struct document_record *record, struct bytes path,
                            const unsigned char secret_key[FINDING_SECRET_KEY_SIZE], uint64_t seconds,
                            const struct extract_handler *handler, struct failure *reterr)
{
	struct renewing renewing = {record, handler};
	struct extract_job job = {.is_renewal = true, .name = path};
	int memory = memfd_create("tidemark", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (memory < 0)
		return fail(reterr, STATUS_BROKEN, "tidemark-extract", "no memory could be had to hand a text on");
	enum status status = write_sealed(extractor, memory, record, &job.size);
	if (status == STATUS_OK) {
		job.allowance = allowance_of_size(job.size, seconds);
		memcpy(job.secret_key, secret_key, sizeof job.secret_key);
		status = extractor_read(
			extractor, &job, memory,
			&(struct extract_handler){.document = take_renewed, .restart = pass_restart, .context = &renewing},
			reterr);
	}
	close(memory);
	return status;
}
