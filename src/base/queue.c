/* SPDX-License-Identifier: Apache-2.0 */
/* A linked list under one mutex, urgent items first, with two conditions: room, and items. */
#include "base/queue.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

struct node {
	struct node *next;
	void *item;
	size_t weight;
};

struct queue {
	pthread_mutex_t mutex;
	pthread_cond_t has_room, has_items;
	struct node *first, *last;
	struct node *last_urgent; /* NULL: none waits */
	size_t weight, capacity;
	bool is_closed;
};

enum status queue_new(size_t capacity, struct queue **ret_queue)
{
	struct queue *queue = calloc(1, sizeof *queue);
	pthread_condattr_t monotonic;
	if (queue == NULL)
		return STATUS_NO_MEMORY;
	queue->capacity = capacity;
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_mutex_init(&queue->mutex, NULL);
	pthread_cond_init(&queue->has_room, &monotonic);
	pthread_cond_init(&queue->has_items, &monotonic);
	pthread_condattr_destroy(&monotonic);
	*ret_queue = queue;
	return STATUS_OK;
}

static bool is_full(const struct queue *queue, size_t weight)
{
	return queue->first != NULL && queue->weight + weight > queue->capacity;
}

/* With the mutex held. */
static void append(struct queue *queue, struct node *node)
{
	if (queue->last != NULL)
		queue->last->next = node;
	else
		queue->first = node;
	queue->last = node;
	queue->weight += node->weight;
}

/* With the mutex held. */
static void insert_urgent(struct queue *queue, struct node *node)
{
	struct node **place = queue->last_urgent != NULL ? &queue->last_urgent->next : &queue->first;
	node->next = *place;
	*place = node;
	queue->last_urgent = node;
	if (node->next == NULL)
		queue->last = node;
}

static enum status push(struct queue *queue, void *item, size_t weight, bool is_urgent)
{
	struct node *node = malloc(sizeof *node);
	if (node == NULL)
		return STATUS_NO_MEMORY;
	*node = (struct node){.item = item, .weight = weight};
	pthread_mutex_lock(&queue->mutex);
	while (!is_urgent && !queue->is_closed && is_full(queue, weight))
		pthread_cond_wait(&queue->has_room, &queue->mutex);
	bool closed = queue->is_closed;
	if (!closed && is_urgent)
		insert_urgent(queue, node);
	else if (!closed)
		append(queue, node);
	pthread_mutex_unlock(&queue->mutex);
	/* Behind the lock, or the taker would wake only to wait for it. */
	if (closed)
		free(node);
	else
		pthread_cond_signal(&queue->has_items);
	return closed ? STATUS_END : STATUS_OK;
}

enum status queue_push(struct queue *queue, void *item, size_t weight)
{
	return push(queue, item, weight, false);
}

enum status queue_push_urgent(struct queue *queue, void *item)
{
	return push(queue, item, 0, true);
}

/* With the mutex held and the queue not empty. */
static void *take_first(struct queue *queue)
{
	struct node *node = queue->first;
	void *item = node->item;
	queue->first = node->next;
	if (queue->first == NULL)
		queue->last = NULL;
	if (queue->last_urgent == node)
		queue->last_urgent = NULL;
	queue->weight -= node->weight;
	pthread_cond_broadcast(&queue->has_room);
	free(node);
	return item;
}

enum status queue_take(struct queue *queue, void **ret_item)
{
	enum status status = STATUS_END;
	pthread_mutex_lock(&queue->mutex);
	while (queue->first == NULL && !queue->is_closed)
		pthread_cond_wait(&queue->has_items, &queue->mutex);
	if (queue->first != NULL) {
		*ret_item = take_first(queue);
		status = STATUS_OK;
	}
	pthread_mutex_unlock(&queue->mutex);
	return status;
}

enum status queue_take_within(struct queue *queue, long milliseconds, void **ret_item)
{
	struct timespec until;
	enum status status = STATUS_END;
	int waited = 0;
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += milliseconds / 1000;
	until.tv_nsec += milliseconds % 1000 * 1000000;
	until.tv_sec += until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	pthread_mutex_lock(&queue->mutex);
	while (queue->first == NULL && !queue->is_closed && waited == 0)
		waited = pthread_cond_timedwait(&queue->has_items, &queue->mutex, &until);
	if (queue->first != NULL) {
		*ret_item = take_first(queue);
		status = STATUS_OK;
	} else if (!queue->is_closed) {
		status = STATUS_TIMED_OUT;
	}
	pthread_mutex_unlock(&queue->mutex);
	return status;
}

void queue_close(struct queue *queue)
{
	pthread_mutex_lock(&queue->mutex);
	queue->is_closed = true;
	pthread_cond_broadcast(&queue->has_items);
	pthread_cond_broadcast(&queue->has_room);
	pthread_mutex_unlock(&queue->mutex);
}

void queue_free(struct queue *queue)
{
	if (queue == NULL)
		return;
	while (queue->first != NULL)
		take_first(queue);
	pthread_mutex_destroy(&queue->mutex);
	pthread_cond_destroy(&queue->has_room);
	pthread_cond_destroy(&queue->has_items);
	free(queue);
}
