/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of proofs.h share: a transaction, the incident's key for digests and seals, and the record. Nobody outside of
 * catalog/ includes it.
 *
 *     proving_begin ──> rows, proving_record ──> proving_end
 *
 * A verdict (BUSY, ABSENT, DENIED) is not a failure of the transaction: what was counted on the way to it is kept.
 */
#ifndef TIDEMARK_CATALOG_PROVING_H
#define TIDEMARK_CATALOG_PROVING_H

#include "catalog/inside.h"
#include "catalog/proofs.h"

enum { SECRET_SIZE = 20, KEYED_SIZE = 32 };

struct proving {
	struct incident *incident;
	struct database *database;
	struct vault_key key; /* for digests */
};

enum status proving_begin(struct proving *proving, struct incident *incident, struct failure *reterr) MUST_CHECK;
/** Commits if status is OK, else rolls back; tells of it, and wipes. */
enum status proving_end(struct proving *proving, enum status status, struct failure *reterr) MUST_CHECK;
/** The same for questions that change nothing: no transaction. */
void proving_open(struct proving *proving, struct incident *incident);
void proving_shut(struct proving *proving);

/** A digest under the incident's key. purpose parts what is alike. */
void proving_digest(const struct proving *proving, const char *purpose, struct bytes of, unsigned char into[KEYED_SIZE]);
/** Binds a subject's or an asker's digest to a statement, as long as the statement is not given back. */
void proving_asker(const struct proving *proving, struct bytes peer, unsigned char into[KEYED_SIZE]);
/** SECRET_SIZE random bytes. */
void proving_draw(unsigned char into[SECRET_SIZE]);
/** Compares in a time that tells nothing. */
bool proving_is_equal(const unsigned char *a, const unsigned char *b, size_t len);

/** Texts, a NUL behind each but the last, sealed for the nth row of a table; plain is emptied first. */
enum status proving_seal(const struct proving *proving, const char *table, int64_t number, const struct bytes *texts,
                         size_t count, struct buffer *into) MUST_CHECK;
/** The same back, in arena. MALFORMED if they are not so many. */
enum status proving_unseal(const struct proving *proving, const char *table, int64_t number, struct bytes sealed,
                           struct arena *arena, struct bytes *texts, size_t count) MUST_CHECK;
/** One more than the last number of a table; select is "SELECT max(number) FROM ...". */
enum status proving_next(struct proving *proving, const char *select, int64_t *ret_number) MUST_CHECK;

/* What goes on record. */
struct occurrence {
	const char *verb;
	struct bytes subject, peer, operator_name;
	enum proof_method method; /* 0: none */
	enum asked_result result; /* 0: the subject does not see it */
	int64_t now;
	struct bytes ticket, why, door;
	struct bytes members; /* further ones, written: "\"a\":1,\"b\":2"; may be empty */
};
enum status proving_record(struct proving *proving, const struct occurrence *occurrence) MUST_CHECK;

/* What an address may do within an hour. */
enum attempt_kind { ATTEMPT_START = 1, ATTEMPT_CHECK, ATTEMPT_TOKEN };
/** BUSY, counted, with *ret_retry_after, when it was done max times; else it is noted. */
enum status proving_attempt(struct proving *proving, struct bytes peer, enum attempt_kind kind, unsigned max, int64_t now,
                            uint32_t *ret_retry_after) MUST_CHECK;
/** Counts what was refused by the hour; what earlier hours counted goes into the journal. */
enum status proving_refuse(struct proving *proving, enum attempt_kind kind, int64_t now) MUST_CHECK;

/** What somebody typed of a code: no spaces, no dashes, small letters; false if it is not of that many letters of base32. */
bool proving_read_code(struct bytes written, unsigned char *into, size_t size);

/** The invitation whose code that is; *ret_number 0 if it is none. Of a wrong one that begins as one does the try is counted. */
enum status invitation_try(struct proving *proving, struct bytes code, struct bytes subject, int64_t now,
                           int64_t *ret_number) MUST_CHECK;
/** OK once; CHANGED when it was used meanwhile. */
enum status invitation_use(struct proving *proving, int64_t number, int64_t now) MUST_CHECK;
/** Makes a token. */
enum status proof_make(struct proving *proving, struct bytes subject, enum proof_method method, int64_t now,
                       char ret_token[PROOF_SECRET_TEXT_SIZE]) MUST_CHECK;

#endif
