/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What tidemark and tidemark-extract say to each other, and in which order:
 *
 *   tidemark                         tidemark-extract, which has prepared itself (its zygote)
 *   REGISTER size (+ memfd)          REGISTERED        before the first FORK, if at all: what the owner's register lists
 *   RULES, then RULE*, ALLOWED*      nothing: the owner's own rules, before the first FORK
 *   FORK (+ socket)                  FORKED pid        0 if it could not
 *   KILL pid or FINISH pid           REAPED pid        that worker is no more; 0 if it was none of this zygote's
 *
 *   tidemark                         a worker, over its own socket
 *                                    READY             once, when sealed
 *   JOB (+ memfd, or windows)
 *                                    BEGIN             a part is about to be read
 *                                    PROGRESS          work goes on
 *                                    WANT offset       windows only
 *                                    ACCESSES          logs only
 *   WINDOW (+ memfd)
 *                                    WHOLE_DOCUMENT    or, where it does not fit into one frame:
 *                                    DOCUMENT          then TEXT*, FINDINGS*, ORGANISATIONS*, FACTS*, in this order
 *                                    DOCUMENT_END
 *                                    DONE              the job is over
 *
 * A job may be an access log: then ACCESSES tell its records, and the one document what was not read of it.
 * A job may be a document that was read before, as a memfd of its frames: then only one document is told, the same.
 *
 * A document's frames stand together, parts before the whole they are in; the
 * object's own is the last. Between JOB and DONE every frame of a worker's begins
 * with the number of its job, drawn anew for each: what was said before a job was
 * given cannot pass for what was said of it. Everything from extract is checked
 * here: bounds, UTF-8, order, known enums; no number is without a maximum.
 */
#ifndef TIDEMARK_WIRE_EXTRACT_MESSAGES_H
#define TIDEMARK_WIRE_EXTRACT_MESSAGES_H

#include "base/arena.h"
#include "model/access.h"
#include "model/budget.h"
#include "model/custom-rule.h"
#include "model/record.h"
#include "wire/permit.h"

enum extract_message {
	EXTRACT_JOB = 1,
	EXTRACT_WINDOW,
	EXTRACT_FORK,
	EXTRACT_KILL,
	EXTRACT_FINISH,
	EXTRACT_REGISTER,
	EXTRACT_RULES,
	EXTRACT_RULE,
	EXTRACT_ALLOWED,
	EXTRACT_READY = 16,
	EXTRACT_BEGIN,
	EXTRACT_PROGRESS,
	EXTRACT_WANT,
	EXTRACT_DOCUMENT,
	EXTRACT_TEXT,
	EXTRACT_FINDINGS,
	EXTRACT_ORGANISATIONS,
	EXTRACT_FACTS,
	EXTRACT_DOCUMENT_END,
	EXTRACT_WHOLE_DOCUMENT,
	EXTRACT_DONE,
	EXTRACT_FORKED,
	EXTRACT_REAPED,
	EXTRACT_REGISTERED,
	EXTRACT_ACCESSES,
};

/* What either side waits for. */
enum extract_state {
	EXTRACT_SILENT, /* nothing: nobody was asked anything */
	/* tidemark, of a worker or its zygote: */
	EXTRACT_COMES_UP, /* a worker was forked */
	EXTRACT_FORKS,
	EXTRACT_REAPS,     /* the zygote was asked for a worker, or to end one */
	EXTRACT_REGISTERS, /* it was given the register */
	EXTRACT_READS,     /* a worker has a job, and is between two documents */
	EXTRACT_TELLS,
	EXTRACT_TELLS_TEXT,
	EXTRACT_TELLS_FINDINGS,
	EXTRACT_TELLS_ORGANISATIONS,
	EXTRACT_TELLS_FACTS, /* it is within one; the kinds of frame follow each other as here */
	EXTRACT_HAS_READ,    /* the object's own document came; whoever sees that it is says so here */
	/* extract, of tidemark: */
	EXTRACT_IDLES,  /* a worker without a job */
	EXTRACT_WAITS,  /* a worker that asked for a window */
	EXTRACT_BREEDS, /* the zygote */
	EXTRACT_STATE_COUNT
};
extern const struct permit_table extract_permits;

#define EXTRACT_PATH_MAX 8192
#define EXTRACT_SKIP_MAX 8
#define EXTRACT_WINDOW_SIZE (1u << 20)
/* A worker says PROGRESS no oftener. */
#define EXTRACT_PROGRESS_MS 250

struct extract_skip {
	struct bytes inner_path;
	enum outcome outcome; /* what it is recorded as, unread */
};

struct extract_job {
	uint64_t number; /* random: nobody knows it before the frame came */
	uint64_t size;
	bool is_windowed; /* read by WANT; else the frame carries a sealed memfd of size bytes */
	bool is_peek;     /* the first bytes only: say what it is, read nothing */
	bool is_renewal; /* the memory holds a document that was read before (extract_write_document): look through its text again */
	bool is_log;     /* an access log: its records are told, and no text */
	bool has_sha256;
	unsigned char sha256[32];
	unsigned char
		identity[32]; /* equal for the same object in the same revision: names documents whose bytes were not hashed */
	unsigned char secret_key[FINDING_SECRET_KEY_SIZE]; /* the incident's, for the values of secrets; it opens nothing */
	struct allowance allowance;                        /* what it may still cost */
	struct bytes name;                                 /* raw: the object's name, evidence only */
	struct extract_skip skips[EXTRACT_SKIP_MAX];       /* parts that cost an earlier worker its life */
	size_t skip_count;
};

void extract_put_job(struct wire_writer *writer, const struct extract_job *job);
enum status extract_get_job(struct wire_reader *reader, struct extract_job *ret_job) MUST_CHECK;

/** status OK: a memfd of length bytes comes beside it; else why there is none. */
void extract_put_window(struct wire_writer *writer, uint64_t offset, uint32_t length, enum status status);
enum status extract_get_window(struct wire_reader *reader, uint64_t *ret_offset, uint32_t *ret_length,
                               enum status *ret_status) MUST_CHECK;

/** Whether a worker's frame is of that job; takes the number off, so that the getters below find the fields. */
bool extract_is_of_job(struct wire_reader *reader, uint64_t number);

void extract_put_begin(struct wire_writer *writer, uint64_t job, struct bytes inner_path);
enum status extract_get_begin(struct wire_reader *reader, struct bytes *ret_inner_path) MUST_CHECK;
void extract_put_want(struct wire_writer *writer, uint64_t job, uint64_t offset);
enum status extract_get_want(struct wire_reader *reader, uint64_t *ret_offset) MUST_CHECK;

/** Records of a log, as many as fit into a frame: put answers false where one does not, and leaves the frame as it was. */
void extract_begin_accesses(struct wire_writer *writer, uint64_t job);
bool extract_put_access(struct wire_writer *writer, const struct access_record *record);
/** The next record, borrowed from the frame. END: there are no more. MALFORMED for anything out of bounds. */
enum status extract_get_access(struct wire_reader *reader, struct access_record *ret_record) MUST_CHECK;

/** PROGRESS or DONE. */
void extract_put_sign(struct wire_writer *writer, enum extract_message type, uint64_t job);

/** Sends one whole document over fd. */
enum status extract_send_document(int fd, struct wire_writer *writer, uint64_t job,
                                  const struct document_record *record) MUST_CHECK;

/** The same into a file, for a job that is a renewal: its text as it was kept, its facts, and of its findings those that its
 *  text does not show any more. */
enum status extract_write_document(int fd, struct wire_writer *writer, const struct document_record *record) MUST_CHECK;

/* Gathers the frames of one document, each of which was permitted. */
struct extract_gathering {
	struct arena *arena; /* what the record points to lies here */
	struct document_record record;
	struct buffer text;
	struct buffer findings, organisations, facts; /* of each its structs: as many as came, whatever was announced */
	size_t finding_count, organisation_count, fact_count;
};

/** Takes a frame of type DOCUMENT .. WHOLE_DOCUMENT. *ret_record is set when the document is whole, else NULL; it is good
 *  until the next one begins. MALFORMED for anything out of bounds. */
enum status extract_gather(struct extract_gathering *gathering, struct wire_reader *reader,
                           const struct document_record **ret_record) MUST_CHECK;
/** One whole document as extract_write_document wrote it. MALFORMED for anything else. */
enum status extract_take_document(struct extract_gathering *gathering, struct bytes told,
                                  const struct document_record **ret_record) MUST_CHECK;
void extract_gathering_free(struct extract_gathering *gathering);

void extract_put_rules(struct wire_writer *writer, const struct custom_rules *rules);
void extract_put_rule(struct wire_writer *writer, const struct custom_rule *rule);
void extract_put_allowed(struct wire_writer *writer, const struct allowed *allowed);
/** Each borrows from the frame. MALFORMED for anything out of bounds. */
enum status extract_get_rules(struct wire_reader *reader, char ret_digest[CUSTOM_DIGEST_LENGTH + 1]) MUST_CHECK;
enum status extract_get_rule(struct wire_reader *reader, struct custom_rule *ret_rule) MUST_CHECK;
enum status extract_get_allowed(struct wire_reader *reader, struct allowed *ret_allowed) MUST_CHECK;

/** FORKED, KILL, FINISH or REAPED. */
void extract_put_worker(struct wire_writer *writer, enum extract_message type, uint32_t pid);
/** REGISTER: a sealed memfd of size bytes comes beside it (words/lexicon.h). */
void extract_put_register(struct wire_writer *writer, uint64_t size);
enum status extract_get_register(struct wire_reader *reader, uint64_t *ret_size) MUST_CHECK;
/** A message without fields: FORK, READY or REGISTERED. */
void extract_put_empty(struct wire_writer *writer, enum extract_message type);

#endif
