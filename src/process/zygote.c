/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The side of tidemark: one question at a time. A zygote that breaks the
 * conversation is ended, and its workers with it; the next fork starts another.
 */
#define _GNU_SOURCE
#include "process/zygote.h"

#include "process/handed-memory.h"
#include "wire/extract-messages.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

enum { ANSWER_MS = 60000 };

struct zygote {
	pthread_mutex_t mutex;  /* of all below */
	struct process process; /* tidemark-extract as it was started */
	int lexicon;            /* a sealed memfd; -1: none */
	uint64_t lexicon_size;
	const struct custom_rules *rules;
};

enum status zygote_new(const struct custom_rules *rules, struct zygote **ret_zygote)
{
	struct zygote *zygote = calloc(1, sizeof *zygote);
	if (zygote == NULL)
		return STATUS_NO_MEMORY;
	pthread_mutex_init(&zygote->mutex, NULL);
	zygote->process = PROCESS_NONE;
	zygote->lexicon = -1;
	zygote->rules = rules;
	*ret_zygote = zygote;
	return STATUS_OK;
}

void zygote_free(struct zygote *zygote)
{
	if (zygote == NULL)
		return;
	spawn_finish(&zygote->process);
	if (zygote->lexicon >= 0)
		close(zygote->lexicon);
	pthread_mutex_destroy(&zygote->mutex);
	free(zygote);
}

/* The one message that the state permits, with a number in it where one is asked for. */
static enum status expect(int socket, enum extract_state awaited, uint32_t *ret_number)
{
	unsigned char state = (unsigned char)awaited;
	unsigned char frame[WIRE_FRAME_MAX];
	struct wire_reader reader;
	if (wire_receive(socket, ANSWER_MS, frame, &reader) != STATUS_OK)
		return STATUS_BROKEN;
	if (permit_message(&extract_permits, &state, &reader) != STATUS_OK)
		return STATUS_BROKEN;
	if (ret_number != NULL)
		*ret_number = wire_get_u32(&reader);
	return wire_end(&reader) == STATUS_OK ? STATUS_OK : STATUS_BROKEN;
}

/* ---- the register ---- */

enum status zygote_give_register(struct zygote *zygote, struct bytes lexicon, struct failure *reterr)
{
	enum status status = handed_memory_make("tidemark-register", lexicon, &zygote->lexicon);
	if (status != STATUS_OK)
		return fail(reterr, status, "register", "there was no memory to hand it on in");
	zygote->lexicon_size = lexicon.len;
	return STATUS_OK;
}

/* With the mutex held, to a process that was just started. */
static enum status hand_register(struct zygote *zygote)
{
	struct wire_writer writer;
	if (zygote->lexicon < 0)
		return STATUS_OK;
	extract_put_register(&writer, zygote->lexicon_size);
	enum status status = wire_send(zygote->process.socket, &writer, zygote->lexicon);
	return status == STATUS_OK ? expect(zygote->process.socket, EXTRACT_REGISTERS, NULL) : STATUS_BROKEN;
}

/* With the mutex held. One that takes none of it is noticed when it is asked for a worker. */
static enum status send_rules(struct zygote *zygote)
{
	const struct custom_rules *rules = zygote->rules;
	struct wire_writer writer;
	if (rules == NULL || rules->digest[0] == '\0')
		return STATUS_OK;
	extract_put_rules(&writer, rules);
	enum status status = wire_send_within(zygote->process.socket, ANSWER_MS, &writer, -1);
	for (size_t i = 0; i < rules->rule_count && status == STATUS_OK; i++) {
		extract_put_rule(&writer, &rules->rules[i]);
		status = wire_send_within(zygote->process.socket, ANSWER_MS, &writer, -1);
	}
	for (size_t i = 0; i < rules->allowed_count && status == STATUS_OK; i++) {
		extract_put_allowed(&writer, &rules->allowed[i]);
		status = wire_send_within(zygote->process.socket, ANSWER_MS, &writer, -1);
	}
	return status == STATUS_OK ? STATUS_OK : STATUS_BROKEN;
}

static enum status start(struct zygote *zygote, struct failure *reterr)
{
	enum status status = spawn_start("tidemark-extract", &zygote->process, reterr);
	if (status != STATUS_OK)
		return status;
	status = send_rules(zygote);
	return status == STATUS_OK ? hand_register(zygote) : status;
}

/* With the mutex held. */
static enum status ask_for_worker(struct zygote *zygote, int workers_end, pid_t *ret_pid)
{
	struct wire_writer writer;
	uint32_t pid = 0;
	extract_put_empty(&writer, EXTRACT_FORK);
	enum status status = wire_send(zygote->process.socket, &writer, workers_end);
	if (status == STATUS_OK)
		status = expect(zygote->process.socket, EXTRACT_FORKS, &pid);
	*ret_pid = (pid_t)pid;
	return status == STATUS_OK && pid > 1 ? STATUS_OK : STATUS_BROKEN;
}

/* With the mutex held. Workers share the zygote's standard error. */
static enum status say_not_up(const struct zygote *zygote, struct failure *reterr)
{
	char words[PROCESS_WORDS_SIZE];
	spawn_words(&zygote->process, words);
	return fail(reterr, STATUS_BROKEN, "tidemark-extract", "did not come up%s%s", words[0] != '\0' ? ": " : "", words);
}

static enum status fork_worker(struct zygote *zygote, struct process *worker, struct failure *reterr)
{
	int ends[2];
	if (wire_pair(ends) != STATUS_OK)
		return STATUS_BROKEN;
	worker->socket = ends[0];
	pthread_mutex_lock(&zygote->mutex);
	enum status status = STATUS_OK;
	if (zygote->process.pid == 0)
		status = start(zygote, reterr);
	if (status == STATUS_OK) {
		status = ask_for_worker(zygote, ends[1], &worker->pid);
		if (status != STATUS_OK) {
			status = say_not_up(zygote, reterr);
			spawn_end(&zygote->process);
		}
	}
	pthread_mutex_unlock(&zygote->mutex);
	close(ends[1]);
	return status;
}

enum status zygote_fork(struct zygote *zygote, struct process *ret_worker, struct failure *reterr)
{
	struct process worker = PROCESS_NONE;
	*reterr = (struct failure){.why = ""};
	enum status status = fork_worker(zygote, &worker, reterr);
	if (status == STATUS_OK)
		status = expect(worker.socket, EXTRACT_COMES_UP, NULL);
	if (status == STATUS_OK) {
		*ret_worker = worker;
		return STATUS_OK;
	}
	zygote_kill_worker(zygote, &worker);
	if (reterr->why[0] != '\0')
		return status;
	pthread_mutex_lock(&zygote->mutex);
	status = say_not_up(zygote, reterr);
	pthread_mutex_unlock(&zygote->mutex);
	return status;
}

/* The zygote has not reaped it yet, so its number cannot be another's. False if it was not there to be reaped. */
static bool end_worker(struct zygote *zygote, struct process *worker, enum extract_message how)
{
	struct wire_writer writer;
	uint32_t reaped = 0;
	if (worker->socket >= 0)
		close(worker->socket);
	pid_t pid = worker->pid;
	*worker = PROCESS_NONE;
	if (pid <= 0)
		return true;
	extract_put_worker(&writer, how, (uint32_t)pid);
	pthread_mutex_lock(&zygote->mutex);
	if (zygote->process.pid > 0 && (wire_send(zygote->process.socket, &writer, -1) != STATUS_OK ||
	                                expect(zygote->process.socket, EXTRACT_REAPS, &reaped) != STATUS_OK))
		spawn_end(&zygote->process);
	pthread_mutex_unlock(&zygote->mutex);
	return reaped == (uint32_t)pid;
}

bool zygote_kill_worker(struct zygote *zygote, struct process *worker)
{
	return end_worker(zygote, worker, EXTRACT_KILL);
}

void zygote_finish_worker(struct zygote *zygote, struct process *worker)
{
	end_worker(zygote, worker, EXTRACT_FINISH);
}
