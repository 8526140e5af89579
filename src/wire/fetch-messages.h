/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What tidemark and tidemark-fetch say to each other. The first socket is the
 * control; it carries the set-up (once), listings and probes. One LANE frame per
 * lane brings the socket on which that lane asks for objects; a lane asks one
 * thing at a time, and so does the control.
 *
 *   tidemark                          tidemark-fetch
 *   SETUP (+ directory for folders)
 *   SCOPE* TARGET
 *   LANE (+ socket) * SETUP_END       READY or FAILED
 *   LIST cursor                       OBJECTS* then PAGE_END or FAILED
 *   PROBE names                       VERDICT or FAILED
 *   on a lane:
 *   GET object                        PROGRESS* then GOT (+ sealed memfd, if small) or FAILED
 *   RANGE offset                      PROGRESS* then WINDOW (+ sealed memfd) or FAILED
 *
 * All that is asked of one object after GET is for the object of the last GET.
 * What comes from fetch is checked twice: here field by field, in
 * process/fetcher.c against what was asked.
 */
#ifndef TIDEMARK_WIRE_FETCH_MESSAGES_H
#define TIDEMARK_WIRE_FETCH_MESSAGES_H

#include "base/arena.h"
#include "model/object.h"
#include "model/secret.h"
#include "model/target.h"
#include "model/verdict.h"
#include "wire/permit.h"

enum fetch_message {
	FETCH_SETUP = 1,
	FETCH_SCOPE,
	FETCH_TARGET,
	FETCH_SETUP_END,
	FETCH_LANE,
	FETCH_LIST,
	FETCH_PROBE,
	FETCH_GET,
	FETCH_RANGE,
	FETCH_READY = 32,
	FETCH_OBJECTS,
	FETCH_PAGE_END,
	FETCH_VERDICT,
	FETCH_GOT,
	FETCH_WINDOW,
	FETCH_FAILED,
	FETCH_PROGRESS,
};

/* What either side waits for. */
enum fetch_state {
	/* tidemark, of fetch, by what was asked: */
	FETCH_COMES_UP,
	FETCH_LISTS,
	FETCH_PROBES,
	FETCH_GETS,
	FETCH_READS_RANGE,
	FETCH_HAS_ANSWERED, /* nothing */
	/* fetch, of tidemark: */
	FETCH_AWAITS_SETUP,
	FETCH_AWAITS_TARGET,
	FETCH_AWAITS_LANES,
	FETCH_SERVES,
	FETCH_SERVES_LANE, /* control and lanes, where nothing is under way */
	FETCH_IS_BUSY,     /* either, where something is: nothing */
	FETCH_STATE_COUNT
};
extern const struct permit_table fetch_permits;

#define FETCH_NAME_MAX 8192
#define FETCH_PROBE_NAMES_MAX 4
#define FETCH_WINDOW_SIZE (1u << 20)
/* Larger objects are not held whole in memory but read by windows. */
#define FETCH_WHOLE_MAX (UINT64_C(64) << 20)
/* More is no page of any provider. */
#define FETCH_PAGE_OBJECTS_MAX 100000
#define FETCH_PAGE_BYTES_MAX (64u << 20)
/* So many bytes more are worth a PROGRESS frame. */
#define FETCH_PROGRESS_BYTES (64u << 10)

/** The most of an object that is handed out whole. Who gives out objects counts on the listing for the memory they take:
 *  what has grown much since comes by windows. */
static inline uint64_t fetch_whole_max(uint64_t listed_size)
{
	const uint64_t growth = 4 << 20;
	return listed_size < FETCH_WHOLE_MAX - growth ? listed_size + growth : FETCH_WHOLE_MAX;
}

struct fetch_setup {
	double rate; /* requests a second and account, 0: none */
	uint32_t connections;
	uint32_t patience;          /* milliseconds, see base/patience.h; 0: as usual */
	uint32_t held;              /* milliseconds that the run got nowhere before this target */
	struct bytes operator_name; /* for the User-Agent */
	struct secrets secrets;     /* of the target's provider; none: a stranger's requests */
};

void fetch_put_setup(struct wire_writer *writer, const struct fetch_setup *setup);
enum status fetch_get_setup(struct wire_reader *reader, struct fetch_setup *ret_setup) MUST_CHECK;

/** A piece of the scope file's text; the pieces make the whole. */
void fetch_put_scope(struct wire_writer *writer, struct bytes piece);
enum status fetch_get_scope(struct wire_reader *reader, struct bytes *ret_piece) MUST_CHECK;

/** One target, as written: fetch parses it itself and checks it against the scope. */
void fetch_put_target(struct wire_writer *writer, struct bytes written);
enum status fetch_get_target(struct wire_reader *reader, struct bytes *ret_written) MUST_CHECK;

struct fetch_list {
	uint32_t include;   /* PAGE_ bits of provider.h */
	uint32_t page_size; /* 0: the provider's largest */
	struct bytes cursor;
};
void fetch_put_list(struct wire_writer *writer, const struct fetch_list *list);
enum status fetch_get_list(struct wire_reader *reader, struct fetch_list *ret_list) MUST_CHECK;

/** As many objects as fit one frame; returns how many of count were put: 0 where the first has a field that is longer than
 *  any provider's. */
size_t fetch_put_objects(struct wire_writer *writer, const struct object *objects, size_t count);
/** Takes one object at a time; END after the last. Bytes borrow from the frame; all but name, etag and md5 are text. */
enum status fetch_get_object(struct wire_reader *reader, struct object *ret_object) MUST_CHECK;

void fetch_put_page_end(struct wire_writer *writer, struct bytes next, bool is_last);
enum status fetch_get_page_end(struct wire_reader *reader, struct bytes *ret_next, bool *ret_is_last) MUST_CHECK;

struct fetch_get {
	struct object object;
	uint64_t length; /* bytes wanted from the start; OBJECT_SIZE_UNKNOWN: all of it */
};
void fetch_put_get(struct wire_writer *writer, const struct fetch_get *get);
enum status fetch_get_get(struct wire_reader *reader, struct fetch_get *ret_get) MUST_CHECK;

struct fetch_got {
	uint64_t size;    /* of the object */
	uint64_t fetched; /* bytes that came over for this */
	bool is_windowed; /* no memfd: ask by RANGE */
	bool has_sha256;  /* every byte was fetched */
	unsigned char sha256[32];
	struct bytes note; /* as "its Content-MD5 does not agree"; may be empty */
	/* The object as it was when it was asked for, which need not be as it was listed. */
	struct bytes etag, md5; /* may be empty */
	int64_t modified;       /* or CLOCK_UNKNOWN */
};
void fetch_put_got(struct wire_writer *writer, const struct fetch_got *got);
enum status fetch_get_got(struct wire_reader *reader, struct fetch_got *ret_got) MUST_CHECK;

void fetch_put_range(struct wire_writer *writer, uint64_t offset);
enum status fetch_get_range(struct wire_reader *reader, uint64_t *ret_offset) MUST_CHECK;
void fetch_put_window(struct wire_writer *writer, uint64_t offset, uint32_t length);
enum status fetch_get_window(struct wire_reader *reader, uint64_t *ret_offset, uint32_t *ret_length) MUST_CHECK;

/** Names of objects that evidence tells of, to be asked for beside one that cannot exist. */
struct fetch_probe {
	struct bytes names[FETCH_PROBE_NAMES_MAX];
	size_t count;
};
void fetch_put_probe(struct wire_writer *writer, const struct fetch_probe *probe);
/** Bytes borrow from the frame. */
enum status fetch_get_probe(struct wire_reader *reader, struct fetch_probe *ret_probe) MUST_CHECK;

void fetch_put_verdict(struct wire_writer *writer, const struct verdict *verdict);
/** Copied into arena. */
enum status fetch_get_verdict(struct wire_reader *reader, struct arena *arena, struct verdict *ret_verdict) MUST_CHECK;

struct fetch_failed {
	enum status status;
	uint64_t fetched;
	struct bytes where, why;
};
void fetch_put_failed(struct wire_writer *writer, const struct fetch_failed *failed);
/** MALFORMED also where the status is none that asking a provider or a disk can come to. */
enum status fetch_get_failed(struct wire_reader *reader, struct fetch_failed *ret_failed) MUST_CHECK;

/** received: bytes of what is being asked for, so far. */
void fetch_put_progress(struct wire_writer *writer, uint64_t received);
enum status fetch_get_progress(struct wire_reader *reader, uint64_t *ret_received) MUST_CHECK;

void fetch_put_empty(struct wire_writer *writer, enum fetch_message type);

#endif
