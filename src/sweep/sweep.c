/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The writer of a sweep, one target at a time. It alone touches the catalog. It
 * lays pending objects out for the lanes, some ahead of need, never more than
 * MEMORY_IN_FLIGHT allows; stores what they report; and answers who is whose twin:
 * an object with the bytes of one that is still being read waits for that one.
 */
#include "sweep/sweep.h"

#include "base/patience.h"
#include "base/sum.h"
#include "sweep/crew.h"
#include "sweep/handed.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { PENDING_BATCH = 64, ENTRIES_MAX = 64, TICK_MS = 200, GRACE_MS = 2000 };
#define ENTRIES_BYTES (1u << 20)
#define QUEUE_BYTES (UINT64_C(48) << 20)
#define MEMORY_IN_FLIGHT (UINT64_C(256) << 20)

struct desk_lane {
	struct lane_thread thread;
	struct queue *answers;
	struct letter *waiting; /* its question, until the claim of another is over */
};

struct sweep_writer {
	const struct sweep_run *run;
	size_t target;
	struct fetcher *fetcher;
	struct zygote *zygote;
	struct novelty *novelty;
	struct queue *inbox, *objects;
	struct lister lister;
	struct desk_lane lanes[LANES_MAX];
	size_t lane_count;
	struct handed handed;
	struct letter *gathered[ENTRIES_MAX]; /* what is put together in one call */
	size_t gathered_count, gathered_weight;
	struct buffer position; /* in the pending objects */
	struct letter *ready[PENDING_BATCH];
	size_t ready_first, ready_count;
	bool is_listing_done, lacks_versions;
	enum status listing; /* how it ended */
	struct failure listing_failure;
	bool is_lost; /* the fetch program: nothing more is given out, and the rest is given up */
	struct failure why_lost;
	size_t lanes_ended;
	bool has_names;     /* some of it was listed */
	int64_t useful_at;  /* when something useful last came */
	uint64_t late;      /* objects that did not come in time */
	char why_late[160]; /* of the first */
	atomic_bool is_stopping;
	int64_t stopping_since;
	struct sweep_progress progress;
	char current[256]; /* for progress */
	int64_t last_tick;
};

/* ---- giving out work ---- */

static uint64_t memory_of(const struct object *object)
{
	return object->size < FETCH_WHOLE_MAX ? object->size : FETCH_WHOLE_MAX;
}

static enum status make_ready(struct sweep_writer *writer, const struct pending_object *pending)
{
	struct letter *letter = letter_new(LETTER_OBJECT, 0);
	if (letter == NULL)
		return STATUS_NO_MEMORY;
	letter->object = *pending;
	enum status status = letter_copy_object(letter, &pending->object, &letter->object.object);
	if (status != STATUS_OK) {
		letter_free(letter);
		return status;
	}
	writer->ready[writer->ready_count++] = letter;
	return STATUS_OK;
}

/* Pending objects of earlier targets can only be left over from a run whose target is no longer listable. */
static enum status fill_ready(struct sweep_writer *writer)
{
	struct pending_object pending[PENDING_BATCH];
	struct arena arena = arena_with_ceiling(PENDING_BATCH * (4u * FETCH_NAME_MAX));
	size_t count = 0;
	writer->ready_first = writer->ready_count = 0;
	enum status status = sweep_pending(writer->run->incident, &writer->position, PENDING_BATCH, &arena, pending, &count);
	for (size_t i = 0; i < count && status == STATUS_OK; i++)
		if (pending[i].target == writer->target)
			status = make_ready(writer, &pending[i]);
	arena_free(&arena);
	return status;
}

static void show_name(struct sweep_writer *writer, struct bytes name)
{
	size_t length = name.len < sizeof writer->current - 1 ? name.len : sizeof writer->current - 1;
	memcpy(writer->current, name.at, length);
	writer->current[length] = '\0';
	writer->progress.current = bytes_of_string(writer->current);
}

/* END while too much memory is in flight. */
static enum status give(struct sweep_writer *writer)
{
	struct letter *letter = writer->ready[writer->ready_first];
	uint64_t memory = memory_of(&letter->object.object);
	if (writer->handed.memory > 0 && writer->handed.memory + memory > MEMORY_IN_FLIGHT)
		return STATUS_END;
	writer->ready_first++;
	handed_add(&writer->handed, &letter->object.id, memory);
	show_name(writer, letter->object.object.name);
	return queue_push(writer->objects, letter, 0);
}

static enum status give_out(struct sweep_writer *writer)
{
	enum status status = STATUS_OK;
	while (status == STATUS_OK && !atomic_load(&writer->is_stopping) && !writer->is_lost &&
	       writer->handed.count < writer->lane_count * HANDED_PER_LANE) {
		if (writer->ready_first == writer->ready_count) {
			status = fill_ready(writer);
			if (status == STATUS_OK && writer->ready_count == 0)
				break;
			continue;
		}
		status = give(writer);
	}
	return status == STATUS_END ? STATUS_OK : status;
}

/* What no lane has taken yet stays pending. */
static void take_back(struct sweep_writer *writer)
{
	void *taken;
	while (queue_take_within(writer->objects, 0, &taken) == STATUS_OK) {
		handed_forget(&writer->handed, &((struct letter *)taken)->object.id);
		letter_free(taken);
	}
}

/* ---- twins ---- */

static enum status answer_twin(struct sweep_writer *writer, struct letter *question, struct failure *reterr)
{
	struct desk_lane *lane = &writer->lanes[question->lane];
	if (handed_is_claimed(&writer->handed, question->sha256)) {
		lane->waiting = question;
		return STATUS_OK;
	}
	enum status status = sweep_adopt_twin(writer->run->incident, &question->object.id, question->sha256,
	                                      question->fetched_bytes, reterr);
	if (status != STATUS_OK && status != STATUS_ABSENT) {
		letter_free(question);
		return status;
	}
	question->kind = LETTER_ANSWER;
	question->is_twin = status == STATUS_OK;
	if (question->is_twin) {
		writer->useful_at = clock_monotonic();
		sum_add(&writer->progress.bytes, question->fetched_bytes);
		writer->progress.done++;
		handed_forget(&writer->handed, &question->object.id);
	} else {
		handed_claim(&writer->handed, &question->object.id, question->sha256);
	}
	return queue_push(lane->answers, question, 0);
}

/* A claim is over: whoever waited for it asks again. */
static enum status answer_waiting(struct sweep_writer *writer, struct failure *reterr)
{
	enum status status = STATUS_OK;
	for (size_t i = 0; i < writer->lane_count && status == STATUS_OK; i++) {
		struct letter *question = writer->lanes[i].waiting;
		writer->lanes[i].waiting = NULL;
		if (question != NULL)
			status = answer_twin(writer, question, reterr);
	}
	return status;
}

/* ---- losing the fetch program ---- */

/* Lanes that still read what they have do so to its end. */
static void lose_fetcher(struct sweep_writer *writer)
{
	if (writer->is_lost)
		return;
	writer->is_lost = true;
	take_back(writer);
	queue_close(writer->objects);
}

/* An object that was not finished claims its bytes no longer. */
static enum status take_lane_end(struct sweep_writer *writer, const struct letter *letter, struct failure *reterr)
{
	writer->lanes_ended++;
	if (letter->status == STATUS_CRASHED) {
		lose_fetcher(writer);
		handed_forget(&writer->handed, &letter->object.id);
		return answer_waiting(writer, reterr);
	}
	if (letter->status != STATUS_OK && reterr != NULL)
		*reterr = letter->failure;
	return letter->status;
}

/* What was not read of this target ends for it by name; the next sweep reads it. */
static enum status give_up_rest(struct sweep_writer *writer, struct failure *reterr)
{
	enum status how = STATUS_UNREACHABLE;
	fetcher_is_lost(writer->fetcher, &how, &writer->why_lost);
	return sweep_give_up(writer->run->incident, writer->target, outcome_of_status(how), bytes_of_string(writer->why_lost.why),
	                     reterr);
}

/* ---- taking reports ---- */

/* What stays as it was, or is only listed, is done. */
static void count_listed(struct sweep_writer *writer, const struct letter *letter)
{
	for (size_t i = 0; i < letter->object_count; i++) {
		const struct listed_object *listed = &letter->objects[i];
		bool waits = listed->outcome == OUTCOME_PENDING && listed->fate != FATE_KEPT && listed->fate != FATE_NOTHING;
		writer->progress.done += !waits;
		if (waits)
			sum_add(&writer->progress.bytes_listed, listed->object.size);
	}
}

static enum status store_page(struct sweep_writer *writer, struct letter *letter, struct failure *reterr)
{
	writer->progress.listed += letter->object_count;
	writer->has_names |= letter->object_count > 0;
	if (letter->is_new)
		writer->useful_at = clock_monotonic();
	struct incident *incident = writer->run->incident;
	enum status status = sweep_find_known(incident, letter->objects, letter->object_count, reterr);
	for (size_t i = 0; i < letter->object_count && status == STATUS_OK; i++)
		letter->objects[i].fate = plan_fate(writer->run->settings, &letter->objects[i]);
	count_listed(writer, letter);
	return status != STATUS_OK ? status
	                           : sweep_put_page(incident, writer->target, letter->objects, letter->object_count,
	                                            letter->cursor, letter->is_last, reterr);
}

/* What came whole and was then too long in the reading was no server's fault. */
static void note_outcome(struct sweep_writer *writer, const struct object_record *end)
{
	bool is_late = end->outcome == OUTCOME_TIMED_OUT || end->outcome == OUTCOME_UNREACHABLE;
	if (!is_late || end->has_sha256)
		writer->useful_at = clock_monotonic();
	else if (writer->late++ == 0)
		snprintf(writer->why_late, sizeof writer->why_late, "%.*s", (int)end->note.len, (const char *)end->note.at);
}

static void count_outcome(struct sweep_writer *writer, const struct letter *letter)
{
	note_outcome(writer, &letter->end);
	sum_add(&writer->progress.bytes, letter->end.fetched_bytes);
	if (outcome_group(letter->end.outcome) == OUTCOME_GROUP_FAILED)
		writer->progress.failed++;
	writer->progress.done++;
	handed_forget(&writer->handed, &letter->object.id);
}

static struct sweep_entry entry_of(const struct letter *letter)
{
	struct sweep_entry entry = {.object = letter->object.id};
	switch (letter->kind) {
	case LETTER_VERSION:
		entry.kind = ENTRY_VERSION;
		entry.fetched = &letter->object.object;
		break;
	case LETTER_DOCUMENT:
		entry.kind = ENTRY_DOCUMENT;
		entry.document = &letter->document;
		break;
	case LETTER_FINISHED:
		entry.kind = ENTRY_END;
		entry.end = &letter->end;
		break;
	default: entry.kind = ENTRY_RESTART;
	}
	return entry;
}

/* All of them in one call; then their claims are over. */
static enum status put_gathered(struct sweep_writer *writer, struct failure *reterr)
{
	struct sweep_entry entries[ENTRIES_MAX];
	size_t count = writer->gathered_count;
	bool any_ended = false;
	for (size_t i = 0; i < count; i++)
		entries[i] = entry_of(writer->gathered[i]);
	enum status status = count > 0 ? sweep_put(writer->run->incident, entries, count, reterr) : STATUS_OK;
	for (size_t i = 0; i < count; i++) {
		if (entries[i].kind == ENTRY_END && status == STATUS_OK) {
			count_outcome(writer, writer->gathered[i]);
			any_ended = true;
		}
		letter_free(writer->gathered[i]);
	}
	writer->gathered_count = writer->gathered_weight = 0;
	return any_ended ? answer_waiting(writer, reterr) : status;
}

/* It waits until there are many, they are large, or nothing else has come. */
static enum status gather(struct sweep_writer *writer, struct letter *letter, struct failure *reterr)
{
	writer->gathered[writer->gathered_count++] = letter;
	writer->gathered_weight += letter_weight(letter);
	bool is_full = writer->gathered_count == ENTRIES_MAX || writer->gathered_weight >= ENTRIES_BYTES;
	return is_full ? put_gathered(writer, reterr) : STATUS_OK;
}

/* Whether a container that answers "not found" is there at all, a stranger cannot tell: there is nothing to list. */
static bool was_refused(enum status status)
{
	return status == STATUS_DENIED || status == STATUS_ABSENT;
}

static enum status note_listed(struct sweep_writer *writer, const struct letter *letter, struct failure *reterr)
{
	struct incident *incident = writer->run->incident;
	enum status status = STATUS_OK;
	writer->is_listing_done = true;
	writer->listing = letter->status;
	writer->listing_failure = letter->failure;
	writer->lacks_versions = letter->lacks_versions;
	if (letter->status == STATUS_CRASHED)
		lose_fetcher(writer);
	if (letter->lacks_versions)
		status = sweep_lacks_versions(incident, reterr);
	if (status == STATUS_OK && was_refused(letter->status))
		status = sweep_note_refusal(incident, writer->target, bytes_of_string(letter->failure.why), reterr);
	return status;
}

/* What was gathered comes before what depends on it: a twin's rows on its version, all on the order in which it came. */
static enum status take_letter(struct sweep_writer *writer, struct letter *letter, struct failure *reterr)
{
	enum status status = STATUS_BROKEN;
	switch (letter->kind) {
	case LETTER_VERSION:
	case LETTER_DOCUMENT:
	case LETTER_RESTART:
	case LETTER_FINISHED: return gather(writer, letter, reterr);
	case LETTER_CLAIM:
		handed_claim(&writer->handed, &letter->object.id, letter->sha256);
		letter_free(letter);
		return STATUS_OK;
	case LETTER_TWIN:
		status = put_gathered(writer, reterr);
		if (status == STATUS_OK)
			return answer_twin(writer, letter, reterr); /* the letter goes back as the answer */
		break;
	case LETTER_PAGE: status = store_page(writer, letter, reterr); break;
	case LETTER_LISTED: status = note_listed(writer, letter, reterr); break;
	case LETTER_LANE_ENDED:
		status = put_gathered(writer, reterr);
		if (status == STATUS_OK)
			status = take_lane_end(writer, letter, reterr);
		break;
	case LETTER_OBJECT:
	case LETTER_ANSWER: break;
	}
	letter_free(letter);
	return status;
}

/* ---- one target ---- */

static void tick(struct sweep_writer *writer)
{
	int64_t now = clock_monotonic();
	const struct sweep_run *run = writer->run;
	if (run->is_interrupted != NULL && run->is_interrupted(run->context) && !atomic_exchange(&writer->is_stopping, true)) {
		writer->stopping_since = now;
		take_back(writer);
	}
	if (run->progress == NULL || now - writer->last_tick < TICK_MS)
		return;
	writer->last_tick = now;
	writer->progress.is_listing = !writer->is_listing_done || writer->target + 1 < run->target_count;
	run->progress(run->context, &writer->progress);
}

static bool is_over(const struct sweep_writer *writer)
{
	if (atomic_load(&writer->is_stopping) && clock_monotonic() - writer->stopping_since > GRACE_MS)
		return true;
	if (writer->is_lost)
		return writer->is_listing_done && writer->lanes_ended == writer->lane_count;
	bool nothing_left = writer->ready_first == writer->ready_count || atomic_load(&writer->is_stopping);
	return writer->is_listing_done && nothing_left && writer->handed.count == 0;
}

static enum status write_until_over(struct sweep_writer *writer, struct failure *reterr)
{
	enum status status = STATUS_OK;
	while (status == STATUS_OK) {
		void *letter;
		tick(writer);
		status = give_out(writer);
		if (status != STATUS_OK || is_over(writer))
			break;
		status = queue_take_within(writer->inbox, writer->gathered_count > 0 ? 0 : TICK_MS, &letter);
		if (status == STATUS_OK)
			status = take_letter(writer, letter, reterr);
		else if (status == STATUS_TIMED_OUT)
			status = writer->gathered_count > 0 ? put_gathered(writer, reterr)
			                                    : sweep_checkpoint_if_due(writer->run->incident, reterr);
	}
	return status == STATUS_OK ? put_gathered(writer, reterr) : status;
}

static enum status start_lanes(struct sweep_writer *writer)
{
	const struct sweep_settings *settings = writer->run->settings;
	enum depth depth = writer->run->targets[writer->target].depth;
	size_t wanted = depth == DEPTH_NAMES ? 0 : settings->jobs < LANES_MAX ? settings->jobs : LANES_MAX;
	enum status status = STATUS_OK;
	for (size_t i = 0; i < wanted && status == STATUS_OK; i++) {
		struct desk_lane *lane = &writer->lanes[writer->lane_count];
		status = queue_new(SIZE_MAX, &lane->answers);
		if (status != STATUS_OK)
			break;
		writer->lane_count++;
		lane->thread = (struct lane_thread){
			.number = i,
			.to_writer = writer->inbox,
			.objects = writer->objects,
			.answers = lane->answers,
			.zygote = writer->zygote,
			.novelty = writer->novelty,
			.keeps_text = settings->keep == SWEEP_KEEP_TEXT,
			.journey = {.fetch = fetcher_lane(writer->fetcher, i),
		                    .is_peek = depth == DEPTH_PEEK,
		                    .object_seconds = settings->object_seconds,
		                    .max_object = settings->max_object},
		};
		sweep_secret_key(writer->run->incident, lane->thread.journey.secret_key);
		if (pthread_create(&lane->thread.thread, NULL, lane_run, &lane->thread) != 0)
			return STATUS_NO_MEMORY;
		lane->thread.is_started = true;
	}
	return status;
}

/* The budget already spent by earlier runs of this sweep counts. */
static enum status start_lister(struct sweep_writer *writer, struct failure *reterr)
{
	const struct sweep_run *run = writer->run;
	struct lister *lister = &writer->lister;
	bool is_done = false;
	lister->cursor = buffer_with_ceiling(WIRE_CHUNK);
	writer->position = buffer_with_ceiling(WIRE_CHUNK);
	enum status status = sweep_cursor(run->incident, writer->target, &lister->cursor, &is_done);
	if (status != STATUS_OK)
		return status;
	if (is_done) {
		writer->is_listing_done = true;
		return STATUS_OK;
	}
	struct sweep_summary summary;
	status = sweep_summarise(run->incident, &summary, reterr);
	if (status != STATUS_OK)
		return status;
	lister->fetcher = writer->fetcher;
	lister->wants_versions = run->settings->versions;
	lister->include = run->settings->versions ? PAGE_VERSIONS | PAGE_SNAPSHOTS : 0;
	lister->to_writer = writer->inbox;
	lister->is_stopping = &writer->is_stopping;
	lister->planner = (struct planner){
		.settings = run->settings,
		.scope = run->scope,
		.target = &run->targets[writer->target].target,
		.depth = run->targets[writer->target].depth,
		.planned_bytes = summary.bytes.fetched,
	};
	if (pthread_create(&lister->thread, NULL, lister_run, lister) != 0)
		return STATUS_NO_MEMORY;
	lister->is_started = true;
	return STATUS_OK;
}

/* Closing the queues and the lines to fetch ends the threads; what they still say is thrown away: it was not finished. */
static void dismiss_threads(struct sweep_writer *writer)
{
	void *letter;
	atomic_store(&writer->is_stopping, true);
	fetcher_interrupt(writer->fetcher);
	take_back(writer);
	queue_close(writer->objects);
	for (size_t i = 0; i < writer->lane_count; i++)
		queue_close(writer->lanes[i].answers);
	queue_close(writer->inbox);
	while (queue_take(writer->inbox, &letter) == STATUS_OK)
		letter_free(letter);
}

static void wait_for_threads(struct sweep_writer *writer)
{
	void *letter;
	if (writer->lister.is_started)
		pthread_join(writer->lister.thread, NULL);
	for (size_t i = 0; i < writer->lane_count; i++) {
		struct desk_lane *lane = &writer->lanes[i];
		if (lane->thread.is_started)
			pthread_join(lane->thread.thread, NULL);
		explicit_bzero(lane->thread.journey.secret_key, sizeof lane->thread.journey.secret_key);
		while (queue_take(lane->answers, &letter) == STATUS_OK)
			letter_free(letter);
		queue_free(lane->answers);
		letter_free(lane->waiting);
	}
	while (writer->ready_first < writer->ready_count)
		letter_free(writer->ready[writer->ready_first++]);
	while (writer->gathered_count > 0)
		letter_free(writer->gathered[--writer->gathered_count]);
	queue_free(writer->objects);
	queue_free(writer->inbox);
	buffer_free(&writer->lister.cursor);
	buffer_free(&writer->position);
}

static enum status start_fetcher(struct sweep_writer *writer, struct failure *reterr)
{
	const struct sweep_run *run = writer->run;
	const struct sweep_run_target *target = &run->targets[writer->target];
	bool is_folder = target->target.container.provider == PROVIDER_FOLDER;
	struct fetch_setup setup = run->setup;
	int64_t held = clock_monotonic() - writer->useful_at;
	if (!is_folder && patience_for_target(setup.patience, held) == 0)
		return fail(reterr, STATUS_UNREACHABLE, "", "not asked: for %lld s nothing useful came from any target",
		            (long long)(held / 1000));
	setup.held = (uint32_t)held;
	if (target->secrets != NULL)
		setup.secrets = *target->secrets;
	return fetcher_start(
		&(struct fetcher_plan){
			.target = is_folder ? target->target.container.url : target->target.written,
			.directory = target->directory,
			.prefix = target->target.prefix,
			.scope_yaml = run->scope_yaml,
			.setup = setup,
			.lanes = run->settings->jobs < LANES_MAX ? run->settings->jobs : LANES_MAX,
		},
		&writer->fetcher, reterr);
}

static enum status sweep_one(struct sweep_writer *writer, struct failure *reterr)
{
	enum status status = queue_new(QUEUE_BYTES, &writer->inbox);
	if (status == STATUS_OK)
		status = queue_new(SIZE_MAX, &writer->objects);
	if (status != STATUS_OK) {
		queue_free(writer->inbox);
		return status;
	}
	status = start_lister(writer, reterr);
	if (status == STATUS_OK)
		status = start_lanes(writer);
	if (status == STATUS_OK)
		status = write_until_over(writer, reterr);
	bool was_interrupted = atomic_load(&writer->is_stopping);
	struct failure ignored;
	dismiss_threads(writer);
	enum status kept = sweep_checkpoint(writer->run->incident, status == STATUS_OK ? reterr : &ignored);
	wait_for_threads(writer);
	if (status == STATUS_OK)
		status = kept;
	if (status == STATUS_OK && writer->is_lost && !was_interrupted)
		status = give_up_rest(writer, reterr);
	return status == STATUS_OK && was_interrupted ? STATUS_INTERRUPTED : status;
}

static enum listing_end listing_end_of(const struct sweep_writer *writer)
{
	if (writer->listing == STATUS_OK)
		return LISTING_COMPLETE;
	if (writer->has_names)
		return LISTING_PARTIAL;
	return writer->listing == STATUS_DENIED || writer->listing == STATUS_ABSENT ? LISTING_REFUSED : LISTING_UNREACHABLE;
}

static void complain(const struct sweep_run *run, size_t target, enum status status, const struct failure *failure)
{
	if (run->complain != NULL)
		run->complain(run->context, &run->targets[target].target, status, failure);
}

static enum status sweep_all(const struct sweep_run *run, struct zygote *zygote, struct novelty *novelty, bool *ret_complete,
                             size_t *ret_listed_targets, struct failure *reterr)
{
	bool complete = true;
	size_t listed = 0;
	struct sweep_progress progress = {.listed = 0};
	enum status status = STATUS_OK;
	int64_t useful_at = clock_monotonic();
	for (size_t i = 0; i < run->target_count && status == STATUS_OK; i++) {
		struct failure failure = {.why = ""};
		struct sweep_writer *writer = calloc(1, sizeof *writer);
		if (writer == NULL)
			return STATUS_NO_MEMORY;
		writer->run = run;
		writer->zygote = zygote;
		writer->novelty = novelty;
		writer->target = i;
		writer->progress = progress;
		writer->useful_at = useful_at;
		enum status started = start_fetcher(writer, &failure);
		if (started == STATUS_OK) {
			status = sweep_one(writer, reterr);
			fetcher_free(writer->fetcher);
			progress = writer->progress;
			progress.current = BYTES_NONE; /* it was the writer's */
			useful_at = writer->useful_at;
		} else {
			writer->listing = started;
			writer->listing_failure = failure;
		}
		/* A program that was lost says nothing of servers. */
		if (writer->is_lost || started == STATUS_CRASHED)
			useful_at = clock_monotonic();
		if (writer->listing == STATUS_OK || writer->has_names)
			listed++;
		if (writer->is_lost && status == STATUS_OK)
			complain(run, i, STATUS_CRASHED, &writer->why_lost);
		else if (writer->listing != STATUS_OK && status == STATUS_OK)
			complain(run, i, writer->listing, &writer->listing_failure);
		if (writer->late > 0 && run->tell_late != NULL)
			run->tell_late(run->context, &run->targets[i].target, writer->late, writer->why_late);
		if (writer->listing == STATUS_OK && writer->lacks_versions)
			complain(run, i, STATUS_OK, &failure);
		complete &= writer->listing == STATUS_OK && !writer->is_lost;
		if (status == STATUS_OK)
			status = sweep_note_listing(run->incident, i, listing_end_of(writer), reterr);
		free(writer);
	}
	*ret_complete = complete && status == STATUS_OK;
	*ret_listed_targets = listed;
	return status;
}

static void learn(void *novelty, const unsigned char sha256[32])
{
	novelty_learn(novelty, sha256);
}

/* Only bytes that are read whole have twins. */
static bool reads_whole_objects(const struct sweep_run *run)
{
	for (size_t i = 0; i < run->target_count; i++)
		if (run->targets[i].depth == DEPTH_FULL)
			return true;
	return false;
}

static enum status learn_all(const struct sweep_run *run, struct novelty *novelty, struct failure *reterr)
{
	bool is_all = false;
	enum status status = sweep_digests(run->incident, NOVELTY_MAX, learn, novelty, &is_all, reterr);
	if (status == STATUS_OK && !is_all)
		novelty_give_up(novelty);
	return status;
}

enum status sweep_run(const struct sweep_run *run, bool *ret_complete, size_t *ret_listed_targets, struct failure *reterr)
{
	struct zygote *zygote = NULL;
	struct novelty *novelty = NULL;
	enum status status = zygote_new(run->rules, &zygote);
	if (status == STATUS_OK && run->lexicon.len > 0)
		status = zygote_give_register(zygote, run->lexicon, reterr);
	if (status == STATUS_OK)
		status = novelty_new(&novelty);
	if (status == STATUS_OK && reads_whole_objects(run))
		status = learn_all(run, novelty, reterr);
	if (status == STATUS_OK)
		status = sweep_all(run, zygote, novelty, ret_complete, ret_listed_targets, reterr);
	novelty_free(novelty);
	zygote_free(zygote);
	return status;
}
