/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A sweep's own state while it writes. Its files are shown in the order of a sweep:
 *
 *     beginning ──> listing (a page) ──> pending ──> putting: storing, finishing ──> ending
 *
 * batch gathers their writes into transactions; label, content, part, revision
 * and open-object are what they write with; settling is how what still waits ends.
 */
#ifndef TIDEMARK_CATALOG_SQLITE_WRITER_H
#define TIDEMARK_CATALOG_SQLITE_WRITER_H

#include "base/buffer.h"
#include "catalog/sqlite/document.h"
#include "catalog/sqlite/store.h"
#include "model/exposure.h"
#include "model/object.h"
#include "model/renewal.h"
#include "model/sweep.h"

#define LABELS_CACHED 64

/** An object whose reading is under way: its own document is kept here until it is finished. */
struct open_object {
	struct id id;
	int64_t number, revision, container;
	size_t target;
	enum document_state state;
	uint32_t flags;
	enum provider_kind provider;
	struct buffer account, container_name, name, version;
	uint64_t parts; /* rows put in this attempt */
	bool has_own;   /* the object's own document came */
	int64_t content;
	uint64_t size;
	bool has_sha256;
	unsigned char sha256[32];
	struct buffer note;
};

struct target_state {
	int64_t container;
	bool is_anonymous;
	int64_t open_at[DOOR_COUNT]; /* last noted */
};

struct rules_succession {
	int64_t from, to; /* labels */
};

struct writer {
	uint64_t sweep, follows;
	int64_t rules, settings; /* labels */
	struct target_state *targets;
	size_t target_count;
	int64_t next_content, next_ticket;
	size_t batch_rows, batch_bytes;
	int64_t batch_started;
	struct open_object *open;
	size_t open_count, open_room;
	enum document_class redo_class;
	bool renews; /* in this sweep texts were looked through again */
	struct renewal_plan renewal;
	struct buffer successions; /* of struct rules_succession: what the renewal makes of rules */
	sweep_owners *owners_of_place;
	struct arena scratch;
	void *compressor; /* ZSTD_CCtx */
	struct buffer compressed;
	struct {
		struct buffer text;
		int64_t number;
	} labels[LABELS_CACHED];
};

enum status writer_new(struct store *store, struct failure *reterr) MUST_CHECK;
/** Commits what was gathered, if nothing failed. */
void writer_free(struct store *store);
/** Frees what it holds. */
void open_object_free(struct open_object *object);

#endif
