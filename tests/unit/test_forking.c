/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
/* The zygote's loop, in a process of its own; its workers do what the test wants. */
#include "reading/forking.h"
#include "reading/registered.h"
#include "wire/extract-messages.h"
#include "words/lexicon.h"

#include <setjmp.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

struct house {
	pid_t zygote;
	int socket; /* to the zygote */
	int worker; /* to its worker, -1 if none */
	unsigned char frame[WIRE_FRAME_MAX];
	struct wire_writer writer;
};

/* Ends when its peer closes. */
static int live_quietly(int socket)
{
	static unsigned char frame[WIRE_FRAME_MAX];
	struct wire_reader reader;
	return wire_receive(socket, -1, frame, &reader) == STATUS_END ? 0 : 1;
}

static int live_for_ever(int socket)
{
	while (socket >= 0)
		pause();
	return 0;
}

static int die_at_once(int socket)
{
	(void)socket;
	raise(SIGKILL);
	return 0;
}

static void start(struct house *house, int (*live)(int socket))
{
	int ends[2];
	assert_int_equal(wire_pair(ends), STATUS_OK);
	house->zygote = fork();
	assert_true(house->zygote >= 0);
	if (house->zygote == 0) {
		close(ends[0]);
		_exit(forking_serve(ends[1], live) == STATUS_OK ? 0 : 1);
	}
	close(ends[1]);
	house->socket = ends[0];
	house->worker = -1;
}

/* The zygote's exit code once its peer is gone. */
static int stop(struct house *house)
{
	int how = 0;
	if (house->worker >= 0)
		close(house->worker);
	close(house->socket);
	assert_int_equal(waitpid(house->zygote, &how, 0), house->zygote);
	return WIFEXITED(how) ? WEXITSTATUS(how) : -1;
}

static uint32_t fork_worker(struct house *house)
{
	struct wire_reader reader;
	int ends[2];
	assert_int_equal(wire_pair(ends), STATUS_OK);
	extract_put_empty(&house->writer, EXTRACT_FORK);
	assert_int_equal(wire_send(house->socket, &house->writer, ends[1]), STATUS_OK);
	close(ends[1]);
	house->worker = ends[0];
	assert_int_equal(wire_receive(house->socket, 10000, house->frame, &reader), STATUS_OK);
	assert_int_equal(reader.type, EXTRACT_FORKED);
	uint32_t pid = wire_get_u32(&reader);
	assert_int_equal(wire_end(&reader), STATUS_OK);
	return pid;
}

/* The number it says it has reaped. */
static uint32_t end_worker(struct house *house, enum extract_message how, uint32_t pid)
{
	struct wire_reader reader;
	if (house->worker >= 0)
		close(house->worker);
	house->worker = -1;
	extract_put_worker(&house->writer, how, pid);
	assert_int_equal(wire_send(house->socket, &house->writer, -1), STATUS_OK);
	assert_int_equal(wire_receive(house->socket, 10000, house->frame, &reader), STATUS_OK);
	assert_int_equal(reader.type, EXTRACT_REAPED);
	uint32_t reaped = wire_get_u32(&reader);
	assert_int_equal(wire_end(&reader), STATUS_OK);
	return reaped;
}

static bool is_alive(uint32_t pid)
{
	return kill((pid_t)pid, 0) == 0;
}

static void test_a_worker_that_is_done_ends_by_itself(void **state)
{
	struct house *house = *state;
	start(house, live_quietly);
	uint32_t first = fork_worker(house);
	assert_true(is_alive(first));
	assert_int_equal(end_worker(house, EXTRACT_FINISH, first), first);
	assert_false(is_alive(first));
	uint32_t second = fork_worker(house);
	assert_true(second != first && is_alive(second));
	assert_int_equal(stop(house), 0);
	assert_false(is_alive(second));
}

static void test_a_stuck_worker_is_killed(void **state)
{
	struct house *house = *state;
	start(house, live_for_ever);
	uint32_t pid = fork_worker(house);
	assert_int_equal(end_worker(house, EXTRACT_KILL, pid), pid);
	assert_false(is_alive(pid));
	pid = fork_worker(house);
	assert_int_equal(end_worker(house, EXTRACT_FINISH, pid), pid);
	assert_false(is_alive(pid));
	pid = fork_worker(house);
	assert_int_equal(stop(house), 0);
	assert_false(is_alive(pid));
}

static void test_a_dead_worker_is_reaped(void **state)
{
	struct house *house = *state;
	start(house, die_at_once);
	uint32_t pid = fork_worker(house);
	assert_int_equal(end_worker(house, EXTRACT_KILL, pid), pid);
	assert_false(is_alive(pid));
	assert_int_equal(stop(house), 0);
}

/* Each lane has one. */
static void test_workers_end_one_by_one(void **state)
{
	struct house *house = *state;
	start(house, live_for_ever);
	uint32_t first = fork_worker(house);
	int first_socket = house->worker;
	uint32_t second = fork_worker(house);
	assert_int_equal(end_worker(house, EXTRACT_KILL, first), first);
	assert_false(is_alive(first));
	assert_true(is_alive(second));
	close(first_socket);
	/* It was reaped: its number is nobody's, or a stranger's. */
	assert_int_equal(end_worker(house, EXTRACT_KILL, first), 0);
	assert_int_equal(end_worker(house, EXTRACT_KILL, (uint32_t)getpid()), 0);
	assert_true(is_alive(second));
	uint32_t third = fork_worker(house);
	assert_int_equal(stop(house), 0);
	assert_false(is_alive(second));
	assert_false(is_alive(third));
}

/* A fork without a socket, words it does not know: it ends, and its worker with it. */
static void test_a_broken_conversation_ends_it(void **state)
{
	struct house *house = *state;
	const enum extract_message unknown[] = {EXTRACT_JOB, EXTRACT_FORK, EXTRACT_READY, EXTRACT_KILL};
	for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++) {
		start(house, live_quietly);
		uint32_t pid = fork_worker(house);
		extract_put_empty(&house->writer, unknown[i]);
		assert_int_equal(wire_send(house->socket, &house->writer, -1), STATUS_OK);
		assert_int_equal(stop(house), 1);
		assert_false(is_alive(pid));
	}
}

/* ---- the register ---- */

static int sealed_memory(struct bytes bytes, int seals)
{
	int memory = memfd_create("test", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	assert_true(memory >= 0);
	assert_int_equal(write(memory, bytes.at, bytes.len), bytes.len);
	assert_int_equal(fcntl(memory, F_ADD_SEALS, seals), 0);
	return memory;
}

static void give(struct house *house, struct bytes block, int seals, uint64_t size)
{
	int memory = sealed_memory(block, seals);
	extract_put_register(&house->writer, size);
	assert_int_equal(wire_send(house->socket, &house->writer, memory), STATUS_OK);
	close(memory);
}

static int live_with_a_register(int socket)
{
	return registered_has_names() ? live_quietly(socket) : 1;
}

static void test_a_register_stands_in_all_workers(void **state)
{
	struct house *house = *state;
	const int seals = F_SEAL_SHRINK | F_SEAL_WRITE;
	const unsigned char seed[LEXICON_SEED_SIZE] = {1};
	const struct lexicon_owner owner = {BYTES_LITERAL("contoso.com"), BYTES_NONE};
	const struct lexicon_term term = {0, LEXICON_NAME, false, BYTES_LITERAL("Contoso")};
	struct buffer block = buffer_with_ceiling(LEXICON_SIZE_MAX);
	struct wire_reader reader;
	struct fold *fold;
	assert_int_equal(fold_new(&fold), STATUS_OK);
	assert_int_equal(lexicon_build(fold, seed, &owner, 1, &term, 1, &block), STATUS_OK);
	fold_free(fold);

	start(house, live_with_a_register);
	give(house, buffer_bytes(&block), seals, block.len);
	assert_int_equal(wire_receive(house->socket, 10000, house->frame, &reader), STATUS_OK);
	assert_int_equal(reader.type, EXTRACT_REGISTERED);
	uint32_t pid = fork_worker(house);
	assert_true(is_alive(pid));
	/* Not while somebody works by it, nor twice. */
	give(house, buffer_bytes(&block), seals, block.len);
	assert_int_equal(stop(house), 1);

	/* Of another length, unsealed, no register at all: it ends rather than seek nothing. */
	start(house, live_with_a_register);
	give(house, buffer_bytes(&block), seals, block.len + 1);
	assert_int_equal(stop(house), 1);
	start(house, live_with_a_register);
	give(house, buffer_bytes(&block), F_SEAL_SHRINK, block.len);
	assert_int_equal(stop(house), 1);
	block.at[0] ^= 1;
	start(house, live_with_a_register);
	give(house, buffer_bytes(&block), seals, block.len);
	assert_int_equal(stop(house), 1);
	buffer_free(&block);
}

int main(void)
{
	static struct house house;
#define FORKING_TEST(test) cmocka_unit_test_prestate(test, &house)
	const struct CMUnitTest tests[] = {
		FORKING_TEST(test_a_worker_that_is_done_ends_by_itself),
		FORKING_TEST(test_a_stuck_worker_is_killed),
		FORKING_TEST(test_a_dead_worker_is_reaped),
		FORKING_TEST(test_workers_end_one_by_one),
		FORKING_TEST(test_a_broken_conversation_ends_it),
		FORKING_TEST(test_a_register_stands_in_all_workers),
	};
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
