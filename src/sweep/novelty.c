/* SPDX-License-Identifier: Apache-2.0 */
/* A table of the first eight bytes of digests, open addressing, never more than half full. */
#include "sweep/novelty.h"

#include "base/bytes.h"

#include <pthread.h>
#include <stdlib.h>

enum { ROOM_AT_FIRST = 1024 };

struct novelty {
	pthread_mutex_t mutex;
	uint64_t *table; /* 0: a free place */
	size_t room, count;
	bool has_given_up;
};

enum status novelty_new(struct novelty **ret_novelty)
{
	struct novelty *novelty = calloc(1, sizeof *novelty);
	uint64_t *table = calloc(ROOM_AT_FIRST, sizeof *table);
	if (novelty == NULL || table == NULL) {
		free(novelty);
		free(table);
		return STATUS_NO_MEMORY;
	}
	pthread_mutex_init(&novelty->mutex, NULL);
	novelty->table = table;
	novelty->room = ROOM_AT_FIRST;
	*ret_novelty = novelty;
	return STATUS_OK;
}

void novelty_free(struct novelty *novelty)
{
	if (novelty == NULL)
		return;
	pthread_mutex_destroy(&novelty->mutex);
	free(novelty->table);
	free(novelty);
}

/* With the mutex held, here and below. */
static void give_up(struct novelty *novelty)
{
	novelty->has_given_up = true;
	free(novelty->table);
	novelty->table = NULL;
	novelty->room = novelty->count = 0;
}

/* Where the mark is, or would be. A digest is as good as random, so its own bits say where to look first. */
static uint64_t *place_of(uint64_t *table, size_t room, uint64_t mark)
{
	size_t at = (size_t)mark & (room - 1);
	while (table[at] != 0 && table[at] != mark)
		at = (at + 1) & (room - 1);
	return &table[at];
}

static bool grow(struct novelty *novelty)
{
	size_t room = novelty->room * 2;
	uint64_t *table = novelty->count < NOVELTY_MAX ? calloc(room, sizeof *table) : NULL;
	if (table == NULL)
		return false;
	for (size_t i = 0; i < novelty->room; i++)
		if (novelty->table[i] != 0)
			*place_of(table, room, novelty->table[i]) = novelty->table[i];
	free(novelty->table);
	novelty->table = table;
	novelty->room = room;
	return true;
}

/* False if it was there. Gives up where there is no more room. */
static bool add(struct novelty *novelty, uint64_t mark)
{
	if (novelty->has_given_up)
		return false;
	uint64_t *place = place_of(novelty->table, novelty->room, mark);
	if (mark == 0 || *place == mark)
		return false;
	*place = mark;
	novelty->count++;
	if (novelty->count * 2 > novelty->room && !grow(novelty))
		give_up(novelty);
	return true;
}

void novelty_learn(struct novelty *novelty, const unsigned char sha256[32])
{
	pthread_mutex_lock(&novelty->mutex);
	add(novelty, load_le64(sha256));
	pthread_mutex_unlock(&novelty->mutex);
}

void novelty_give_up(struct novelty *novelty)
{
	pthread_mutex_lock(&novelty->mutex);
	give_up(novelty);
	pthread_mutex_unlock(&novelty->mutex);
}

enum status novelty_claim(struct novelty *novelty, const unsigned char sha256[32], struct queue *queue, void *claim,
                          bool *ret_is_new)
{
	enum status status = STATUS_OK;
	pthread_mutex_lock(&novelty->mutex);
	bool is_new = add(novelty, load_le64(sha256));
	if (is_new)
		status = queue_push_urgent(queue, claim);
	pthread_mutex_unlock(&novelty->mutex);
	if (status == STATUS_OK)
		*ret_is_new = is_new;
	return status;
}
