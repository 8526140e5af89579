/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A sweep's own state while it writes, shared by the files that carry it out:
 * writing.c (begin, what waits), listing.c (a page), storing.c (documents), content.c (what they say),
 * finishing.c (objects come to their end), ending.c (the sweep does).
 *
 * Puts are gathered into one transaction until BATCH_ROWS, BATCH_BYTES or
 * BATCH_MILLISECONDS is reached; a page and a checkpoint end it. Commits are
 * synced (synchronous=FULL): at this rate they cost nothing that shows, and what
 * was said to be stored stays stored when power fails.
 */
#ifndef TIDEMARK_CATALOG_SQLITE_WRITING_H
#define TIDEMARK_CATALOG_SQLITE_WRITING_H

#include "catalog/inside.h"
#include "catalog/sweeps.h"

#define BATCH_ROWS 5000
#define BATCH_BYTES (32u << 20)
#define BATCH_MILLISECONDS 2000
#define CHUNK_SIZE (64u << 10)
#define CHUNKS_PER_CONTENT 2048
#define LABELS_CACHED 64

/** An object whose reading is under way: its own document is kept here until it is finished. */
struct open_object {
	struct id id;
	int64_t number, revision, container;
	enum document_state state;
	uint32_t flags;
	enum provider_kind provider;
	struct buffer account, container_name, name, version;
	uint64_t parts;              /* rows put in this attempt */
	bool has_own;                /* the object's own document came */
	int64_t content;
	uint64_t size;
	bool has_sha256;
	unsigned char sha256[32];
	struct buffer note;
};

struct target_state {
	int64_t container;
	bool is_anonymous;
};

struct writer {
	uint64_t sweep, follows;
	int64_t rules, settings;     /* labels */
	uint64_t read_again_outcomes;
	struct target_state *targets;
	size_t target_count;
	int64_t next_content, next_ticket;
	size_t batch_rows, batch_bytes;
	int64_t batch_started;
	struct open_object *open;
	size_t open_count, open_room;
	void *compressor;            /* ZSTD_CCtx */
	struct buffer compressed;
	struct { struct buffer text; int64_t number; } labels[LABELS_CACHED];
};

enum status writer_new(struct incident *incident, struct failure *reterr) MUST_CHECK;
/** Commits what was gathered, if nothing failed. */
void writer_free(struct incident *incident);

/** Opens a batch if none is open. What failed once fails for ever. */
enum status writer_start(struct incident *incident) MUST_CHECK;
/** Counts what was put and commits when the batch is full. */
enum status writer_count(struct incident *incident, size_t rows, size_t bytes) MUST_CHECK;
enum status writer_commit(struct incident *incident) MUST_CHECK;
/** Says in words what a put came to. One that failed may have been carried out in part, so its batch is lost. */
enum status writer_tell(struct incident *incident, enum status status, struct failure *reterr);
/** BROKEN if no sweep was begun on this handle. */
enum status writer_check(const struct incident *incident, struct failure *reterr) MUST_CHECK;

/** What an id had before this revision is superseded, with all its parts. */
enum status supersede_before(struct incident *incident, const struct id *id, int64_t revision) MUST_CHECK;

/** Adds a path to the index of names. */
enum status add_name(struct incident *incident, int64_t document, struct bytes path) MUST_CHECK;

/** The pending object of that id, with what has come of it. END if it has been finished already; ABSENT if it
 * was never listed. */
enum status open_object_find(struct incident *incident, const struct id *id,
                             struct open_object **ret_object) MUST_CHECK;
/** The same within a batch, and in words: END if it has been finished already, BROKEN if it was never listed. */
enum status open_object_for_put(struct incident *incident, const struct id *id,
                                struct open_object **ret_object, struct failure *reterr) MUST_CHECK;
void open_object_forget(struct incident *incident, struct open_object *object);

/** Erases what hangs on a content: text, findings, attributions; and the content itself unless keeps_row. */
enum status content_erase(struct incident *incident, int64_t content, bool keeps_row) MUST_CHECK;

/** What waited when a sweep was left is as listed; what was changed, too. */
enum status settle_pending(struct incident *incident, uint64_t sweep) MUST_CHECK;
/** Erases contents whose time is over, makes the index anew if any were, and counts what is there (census.h).
 */
enum status expire_contents(struct incident *incident, int64_t now, uint64_t *ret_expired) MUST_CHECK;

/** com.contoso.mail. of mail.contoso.com; appended. */
void append_reversed_host(struct buffer *into, struct bytes host);
/** The host within a value of that kind; empty if such values have none. */
struct bytes host_of(enum finding_kind kind, struct bytes value);

#endif
