/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Containers that the catalog's documents name: each once, with the documents
 * that name it. Nobody is asked anything.
 */
#ifndef TIDEMARK_ANSWER_DISCOVERED_H
#define TIDEMARK_ANSWER_DISCOVERED_H

#include "base/arena.h"
#include "base/json.h"
#include "catalog/questions.h"

#define DISCOVERED_PLACES 5

struct discovered {
	struct container container;
	struct bytes target;      /* as it can be typed; empty: of a provider that this version does not sweep */
	struct bytes url;         /* as it was found, without what follows a question mark */
	uint64_t urls, documents; /* at least: a document may name it in several ways */
	bool is_swept;
	struct {
		struct id id;
		struct bytes path;
	} places[DISCOVERED_PLACES]; /* documents that name it, some of them */
	size_t place_count;
};

struct discovered_list {
	struct discovered *found;
	size_t count, capacity;
};

/** By falling number of documents. What it points to lies in arena; the list is the caller's to free. */
enum status discovered_find(struct incident *incident, struct arena *arena, struct discovered_list *ret_list,
                            struct failure *reterr) MUST_CHECK;
void discovered_free(struct discovered_list *list);
void discovered_write(const struct discovered *found, struct json_writer *json);

#endif
