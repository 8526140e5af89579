/* SPDX-License-Identifier: Apache-2.0 */
/* A text travels as a task: loaded when it is given out, answered by a lane, put, freed. */
#include "sweep/renew.h"

#include "base/clock.h"
#include "base/queue.h"
#include "catalog/questions.h"
#include "catalog/sweeps.h"
#include "process/extractor.h"
#include "sweep/handed.h"
#include "sweep/letter.h"

#include <pthread.h>
#include <stdlib.h>

enum { LISTED_AT_ONCE = 64, TICK_MS = 200, GRACE_MS = 2000 };
#define MEMORY_IN_FLIGHT (UINT64_C(192) << 20)

struct task {
	struct arena arena;
	unsigned char content_key[32];
	struct bytes path;
	uint64_t copies;
	bool has_text;
	struct document_record given; /* what the worker gets */
	struct buffer text, findings, facts;
	struct letter *answer;
	enum status status;
	struct failure failure;
};

struct renew_lane {
	pthread_t thread;
	bool is_started;
	struct zygote *zygote;
	struct queue *tasks, *answers;
	uint64_t object_seconds;
	unsigned char secret_key[FINDING_SECRET_KEY_SIZE];
};

struct renewing {
	const struct renew_run *run;
	struct zygote *zygote;
	struct queue *tasks, *answers;
	struct renew_lane lanes[LANES_MAX];
	size_t lane_count;
	struct buffer cursor;
	struct task *listed[LISTED_AT_ONCE];
	size_t listed_first, listed_count;
	bool is_listed;
	size_t in_flight;
	uint64_t memory; /* of what is in flight */
	bool is_stopping;
	int64_t stopping_since, last_tick;
	struct renew_counts counts;
	char current[256];
};

/* ---- tasks ---- */

static void task_free(struct task *task)
{
	if (task == NULL)
		return;
	letter_free(task->answer);
	buffer_free(&task->text);
	buffer_free(&task->findings);
	buffer_free(&task->facts);
	arena_free(&task->arena);
	free(task);
}

static struct bytes copy(struct task *task, struct bytes bytes, bool *complete)
{
	struct bytes kept = bytes.len > 0 ? arena_copy(&task->arena, bytes) : BYTES_NONE;
	*complete &= bytes.len == 0 || kept.at != NULL;
	return kept;
}

static struct task *task_of(const struct document_view *view)
{
	struct task *task = calloc(1, sizeof *task);
	bool complete = true;
	if (task == NULL)
		return NULL;
	task->arena = arena_with_ceiling(SIZE_MAX / 2);
	task->text = buffer_with_ceiling(RECORD_TEXT_MAX);
	task->findings = task->facts = buffer_with_ceiling(SIZE_MAX / 2);
	memcpy(task->content_key, view->content_key, sizeof task->content_key);
	task->path = copy(task, document_view_path(view), &complete);
	task->copies = view->copies;
	task->has_text = view->has_text;
	task->given.fields = view->fields;
	for (size_t i = 0; i < FIELD_COUNT; i++)
		if (field_is_bytes(&field_table[i]))
			*field_bytes(&field_table[i], &task->given.fields) = copy(
				task, field_get_bytes(&field_table[i], &view->fields), &complete);
	task->given.shown_path = task->given.note = BYTES_NONE; /* of its place */
	task->given.size = task->given.unseen_bytes = 0;
	task->given.modified = CLOCK_UNKNOWN;
	task->given.outcome = view->outcome;
	memcpy(task->given.content_key, view->content_key, sizeof task->given.content_key);
	if (complete)
		return task;
	task_free(task);
	return NULL;
}

static enum status note_listed(void *context, const struct document_view *view)
{
	struct renewing *renewing = context;
	struct task *task = task_of(view);
	if (task == NULL)
		return STATUS_NO_MEMORY;
	renewing->listed[renewing->listed_count++] = task;
	return STATUS_OK;
}

/* What a text does not show any more, nobody finds again. */
static enum status load_finding(void *context, const struct finding *finding)
{
	struct task *task = context;
	bool complete = true;
	if (finding->kind != FINDING_SECRET && bytes_find_byte(finding->raw, '*') == BYTES_NOT_FOUND)
		return STATUS_OK;
	struct finding kept = *finding;
	kept.value = copy(task, finding->value, &complete);
	kept.raw = copy(task, finding->raw, &complete);
	kept.subkind = copy(task, finding->subkind, &complete);
	kept.rule = copy(task, finding->rule, &complete);
	buffer_append(&task->findings, bytes_of(&kept, sizeof kept));
	return complete ? buffer_status(&task->findings) : STATUS_NO_MEMORY;
}

static enum status load_fact(void *context, const struct fact *fact)
{
	struct task *task = context;
	bool complete = true;
	/* Of what is allowed those that stand somewhere: secrets. */
	if (!fact_kind_is_told(fact->kind) && !(fact->kind == FACT_ALLOWED && fact->to > fact->from))
		return STATUS_OK;
	struct fact kept = *fact;
	kept.name = copy(task, fact->name, &complete);
	kept.value = copy(task, fact->value, &complete);
	buffer_append(&task->facts, bytes_of(&kept, sizeof kept));
	return complete ? buffer_status(&task->facts) : STATUS_NO_MEMORY;
}

static int compare_places(const void *a, const void *b)
{
	const struct finding *left = a, *right = b;
	return left->from < right->from ? -1 : left->from > right->from;
}

static enum status load(struct renewing *renewing, struct task *task, struct failure *reterr)
{
	struct incident *incident = renewing->run->incident;
	enum status status = STATUS_OK;
	if (task->has_text)
		status = incident_text(incident, task->content_key, 0, UINT64_MAX, &task->text, reterr);
	if (status == STATUS_OK)
		status = incident_findings(incident, task->content_key, load_finding, task, reterr);
	if (status == STATUS_OK)
		status = incident_facts(incident, task->content_key, load_fact, task, reterr);
	if (status != STATUS_OK)
		return status;
	task->given.text = buffer_bytes(&task->text);
	task->given.findings = (const void *)task->findings.at;
	task->given.finding_count = task->findings.len / sizeof(struct finding);
	if (task->given.finding_count > 1)
		qsort(task->findings.at, task->given.finding_count, sizeof(struct finding), compare_places);
	task->given.facts = (const void *)task->facts.at;
	task->given.fact_count = task->facts.len / sizeof(struct fact);
	return STATUS_OK;
}

/* ---- lanes ---- */

static enum status keep_answer(void *context, const struct document_record *record)
{
	struct task *task = context;
	task->answer = letter_new(LETTER_DOCUMENT, 0);
	return task->answer != NULL ? letter_copy_document(task->answer, record, true) : STATUS_NO_MEMORY;
}

static void *lane_run_renewal(void *context)
{
	struct renew_lane *lane = context;
	struct extractor *extractor = NULL;
	void *taken;
	enum status made = extractor_new(lane->zygote, &extractor);
	while (queue_take(lane->tasks, &taken) == STATUS_OK) {
		struct task *task = taken;
		task->status = made;
		if (made == STATUS_OK)
			task->status = extractor_renew(
				extractor, &task->given, task->path, lane->secret_key, lane->object_seconds,
				&(struct extract_handler){.document = keep_answer, .context = task}, &task->failure);
		if (queue_push(lane->answers, task, 0) != STATUS_OK)
			task_free(task);
	}
	extractor_free(extractor);
	return NULL;
}

static enum status start_lanes(struct renewing *renewing)
{
	size_t wanted = renewing->run->jobs < LANES_MAX ? renewing->run->jobs : LANES_MAX;
	for (size_t i = 0; i < (wanted > 0 ? wanted : 1); i++) {
		struct renew_lane *lane = &renewing->lanes[renewing->lane_count++];
		*lane = (struct renew_lane){
			.zygote = renewing->zygote,
			.tasks = renewing->tasks,
			.answers = renewing->answers,
			.object_seconds = renewing->run->object_seconds,
		};
		sweep_secret_key(renewing->run->incident, lane->secret_key);
		if (pthread_create(&lane->thread, NULL, lane_run_renewal, lane) != 0)
			return STATUS_NO_MEMORY;
		lane->is_started = true;
	}
	return STATUS_OK;
}

static void end_lanes(struct renewing *renewing)
{
	void *task;
	queue_close(renewing->tasks);
	while (queue_take(renewing->tasks, &task) == STATUS_OK)
		task_free(task);
	for (size_t i = 0; i < renewing->lane_count; i++) {
		if (renewing->lanes[i].is_started)
			pthread_join(renewing->lanes[i].thread, NULL);
		explicit_bzero(renewing->lanes[i].secret_key, sizeof renewing->lanes[i].secret_key);
	}
	queue_close(renewing->answers);
	while (queue_take(renewing->answers, &task) == STATUS_OK)
		task_free(task);
}

/* ---- answers ---- */

/* What a format told stays as it was told; what follows from the text is the worker's. */
static enum status join_facts(struct task *task, struct document_record *record)
{
	const struct document_record *answer = &task->answer->document;
	struct fact *told = (void *)task->facts.at;
	size_t count = 0;
	for (size_t i = 0; i < task->given.fact_count; i++)
		if (fact_kind_is_told(told[i].kind))
			told[count++] = told[i];
	buffer_truncate(&task->facts, count * sizeof *told);
	for (size_t i = 0; i < answer->fact_count; i++)
		if (!fact_kind_is_told(answer->facts[i].kind))
			buffer_append(&task->facts, bytes_of(&answer->facts[i], sizeof answer->facts[i]));
	record->facts = (const void *)task->facts.at;
	record->fact_count = task->facts.len / sizeof(struct fact);
	return buffer_status(&task->facts);
}

static enum status put(struct renewing *renewing, struct task *task, struct failure *reterr)
{
	const struct document_record *answer = &task->answer->document;
	struct document_record record = task->given;
	struct renewed renewed = {.record = &record};
	uint64_t altered = 0;
	record.text = answer->text;
	record.title = answer->title;
	record.author = answer->author;
	record.class = answer->class;
	record.signing = answer->signing;
	record.findings = answer->findings;
	record.finding_count = answer->finding_count;
	record.organisations = answer->organisations;
	record.organisation_count = answer->organisation_count;
	memcpy(renewed.content_key, task->content_key, sizeof renewed.content_key);
	renewed.is_starred = !bytes_equal(record.text, task->given.text) || !bytes_equal(record.title, task->given.title) ||
	                     !bytes_equal(record.author, task->given.author);
	enum status status = join_facts(task, &record);
	if (status == STATUS_OK)
		status = renewal_put(renewing->run->incident, &renewed, 1, &altered, reterr);
	renewing->counts.documents += task->copies;
	renewing->counts.altered += altered > 0 ? task->copies : 0;
	return status;
}

/* A worker that fell over a text, or did not come to its end, leaves the document as it was. */
static enum status take_answer(struct renewing *renewing, struct task *task, struct failure *reterr)
{
	enum status status = task->status;
	renewing->in_flight--;
	renewing->memory -= task->text.len;
	if (status == STATUS_OK && task->answer != NULL && task->answer->document.outcome == task->given.outcome) {
		status = put(renewing, task, reterr);
	} else if (!status_is_ours(status)) {
		renewing->counts.left += task->copies;
		status = STATUS_OK;
	} else {
		*reterr = task->failure;
	}
	task_free(task);
	return status;
}

/* ---- giving out ---- */

static enum status list_more(struct renewing *renewing, struct failure *reterr)
{
	renewing->listed_first = renewing->listed_count = 0;
	enum status status = renewal_next(renewing->run->incident, &renewing->cursor, LISTED_AT_ONCE, note_listed, renewing,
	                                  reterr);
	renewing->is_listed = renewing->listed_count == 0;
	return status;
}

static enum status give(struct renewing *renewing, struct failure *reterr)
{
	struct task *task = renewing->listed[renewing->listed_first];
	size_t length = task->path.len < sizeof renewing->current - 1 ? task->path.len : sizeof renewing->current - 1;
	enum status status = load(renewing, task, reterr);
	if (status != STATUS_OK)
		return status;
	if (length > 0)
		memcpy(renewing->current, task->path.at, length);
	renewing->current[length] = '\0';
	renewing->listed_first++;
	renewing->in_flight++;
	renewing->memory += task->text.len;
	status = queue_push(renewing->tasks, task, 0);
	if (status != STATUS_OK)
		task_free(task);
	return status;
}

static enum status give_out(struct renewing *renewing, struct failure *reterr)
{
	enum status status = STATUS_OK;
	while (status == STATUS_OK && !renewing->is_stopping && renewing->in_flight < renewing->lane_count * HANDED_PER_LANE &&
	       renewing->memory < MEMORY_IN_FLIGHT) {
		if (renewing->listed_first < renewing->listed_count)
			status = give(renewing, reterr);
		else if (!renewing->is_listed)
			status = list_more(renewing, reterr);
		else
			break;
	}
	return status;
}

static void tick(struct renewing *renewing)
{
	const struct renew_run *run = renewing->run;
	int64_t now = clock_monotonic();
	if (!renewing->is_stopping && run->is_interrupted != NULL && run->is_interrupted(run->context)) {
		renewing->is_stopping = true;
		renewing->stopping_since = now;
	}
	if (run->progress == NULL || now - renewing->last_tick < TICK_MS)
		return;
	renewing->last_tick = now;
	run->progress(run->context, &renewing->counts, bytes_of_string(renewing->current));
}

static bool is_over(const struct renewing *renewing)
{
	if (renewing->is_stopping && clock_monotonic() - renewing->stopping_since > GRACE_MS)
		return true;
	bool is_all_given = renewing->is_listed && renewing->listed_first == renewing->listed_count;
	return renewing->in_flight == 0 && (renewing->is_stopping || is_all_given);
}

static enum status work(struct renewing *renewing, struct failure *reterr)
{
	enum status status = STATUS_OK;
	while (status == STATUS_OK) {
		void *answer;
		tick(renewing);
		status = give_out(renewing, reterr);
		if (status != STATUS_OK || is_over(renewing))
			break;
		status = queue_take_within(renewing->answers, TICK_MS, &answer);
		if (status == STATUS_OK)
			status = take_answer(renewing, answer, reterr);
		else if (status == STATUS_TIMED_OUT)
			status = STATUS_OK;
	}
	return status;
}

static enum status prepare(struct renewing *renewing, struct failure *reterr)
{
	enum status status = queue_new(SIZE_MAX, &renewing->tasks);
	if (status == STATUS_OK)
		status = queue_new(SIZE_MAX, &renewing->answers);
	if (status == STATUS_OK)
		status = zygote_new(renewing->run->rules, &renewing->zygote);
	if (status == STATUS_OK && renewing->run->lexicon.len > 0)
		status = zygote_give_register(renewing->zygote, renewing->run->lexicon, reterr);
	return status;
}

static void tidy(struct renewing *renewing)
{
	for (; renewing->listed_first < renewing->listed_count; renewing->listed_first++)
		task_free(renewing->listed[renewing->listed_first]);
	if (renewing->tasks != NULL)
		queue_free(renewing->tasks);
	if (renewing->answers != NULL)
		queue_free(renewing->answers);
	zygote_free(renewing->zygote);
	buffer_free(&renewing->cursor);
}

static enum status run_begun(struct renewing *renewing, struct failure *reterr)
{
	struct failure ignored;
	enum status status = start_lanes(renewing);
	if (status == STATUS_OK)
		status = work(renewing, reterr);
	end_lanes(renewing);
	enum status kept = renewal_end(renewing->run->incident, status == STATUS_OK ? reterr : &ignored);
	if (status == STATUS_OK)
		status = kept;
	return status == STATUS_OK && renewing->is_stopping ? STATUS_INTERRUPTED : status;
}

enum status renew_texts(const struct renew_run *run, struct renew_counts *ret_counts, struct failure *reterr)
{
	struct renewing *renewing = calloc(1, sizeof *renewing);
	*ret_counts = (struct renew_counts){.documents = 0};
	if (renewing == NULL)
		return STATUS_NO_MEMORY;
	renewing->run = run;
	renewing->cursor = buffer_with_ceiling(1024);
	enum status status = renewal_begin(run->incident, run->plan, reterr);
	if (status == STATUS_OK)
		status = prepare(renewing, reterr);
	if (status == STATUS_OK)
		status = run_begun(renewing, reterr);
	*ret_counts = renewing->counts;
	tidy(renewing);
	free(renewing);
	return status;
}
