/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where what was read goes. It owns all limits: whatever it returns other than
 * OK must be returned at once. Implemented by reading/emitter.c, and by the
 * recording emitter of the tests.
 */
#ifndef TIDEMARK_FORMAT_EMITTER_H
#define TIDEMARK_FORMAT_EMITTER_H

#include "base/bytes.h"
#include "base/clock.h"
#include "base/status.h"
#include "model/fact.h"

struct emitter;
struct source;

/** Appends to the document's text. Any bytes: invalid UTF-8 and NULs become U+FFFD. Findings are looked for in it. */
enum status emit_text(struct emitter *emitter, struct bytes utf8) MUST_CHECK;
/** Ends the line unless the text is empty or ends in a newline already. */
enum status emit_line_end(struct emitter *emitter) MUST_CHECK;

/** Appends text cut out of bytes that nobody read. What is found in it is marked (model/finding.h), unsure, and makes nobody
 *  a party. */
enum status emit_carved(struct emitter *emitter, struct bytes utf8) MUST_CHECK;

enum metadata { METADATA_TITLE, METADATA_AUTHOR, METADATA_LANGUAGE, METADATA_OTHER };
/** Metadata (UTF-8). The first title, author and language are kept as such. Every value is also searched for
 *  findings: it is appended to the text at the document's end as a line "NAME: VALUE". name: as the format calls it;
 *  NULL where the text has it already. */
enum status emit_metadata(struct emitter *emitter, enum metadata kind, const char *name, struct bytes value) MUST_CHECK;
enum status emit_created(struct emitter *emitter, int64_t seconds) MUST_CHECK;
/** A better media type than the format's own. */
enum status emit_media_type(struct emitter *emitter, const char *media_type) MUST_CHECK;
/** Why something was not read, in a few words; the first one is kept. */
void emit_note(struct emitter *emitter, const char *format, ...) PRINTF_LIKE(2, 3);
/** Bytes of this document that were not understood. */
void emit_unseen(struct emitter *emitter, uint64_t bytes);

/* A signature over parts of a source, or over what its message encloses itself. */
#define SIGNED_RANGES_MAX 8
struct signed_part {
	const char *kind;     /* as in model/signature.h */
	struct bytes message; /* of the Cryptographic Message Syntax (RFC 5652); empty: it is of another form and not checked */
	struct bytes certificate; /* of the signer, DER, where there is no such message; empty: none was found */
	struct source *source;    /* what the ranges are of; NULL: what was signed is enclosed, or not at hand */
	struct {
		uint64_t from, to;
	} ranges[SIGNED_RANGES_MAX];
	size_t range_count;
	bool has_lines; /* signed with its lines ended as on the way (CR LF), however they end in the source (RFC 8551 3.1.1) */
	bool is_sha1_enclosed; /* the message is over the SHA-1 of the ranges, and encloses that */
	/* What lies outside of the source and is covered, too: is known to be another now; was not, or could not be, looked at. */
	bool is_altered, is_unchecked;
	int64_t claimed;    /* when, where the message does not say; CLOCK_UNKNOWN */
	const char *covers; /* in words */
};

/** Checks it, and tells whose it is and what it covers as facts of this document. */
enum status emit_signature(struct emitter *emitter, const struct signed_part *part) MUST_CHECK;

/** Something known of this document beside its text (model/fact.h); copied. Kept also where reading was stopped already: what
 *  was seen until then is worth most there. */
enum status emit_fact(struct emitter *emitter, const struct fact *fact) MUST_CHECK;
/** A fact whose value is a number. */
enum status emit_count(struct emitter *emitter, enum fact_kind kind, const char *name, uint64_t number) MUST_CHECK;

struct child {
	struct bytes name;       /* raw: may hold / (an archive member), never trusted */
	struct bytes shown_name; /* the same as UTF-8, where the name is none and its charset was told; else empty */
	int64_t modified;        /* CLOCK_UNKNOWN if not known */
	struct bytes declared_charset;
	uint64_t expected_size; /* as declared, 0 if unknown */
};

/** Begins a part of this document; its bytes follow by emit_child_bytes, and emit_child_end reads it (recursively,
 *  before it returns). Parts do not overlap: the emitter passed is the parent's. */
enum status emit_child_begin(struct emitter *emitter, const struct child *child) MUST_CHECK;
enum status emit_child_bytes(struct emitter *emitter, struct bytes bytes) MUST_CHECK;
/** how: OK when all its bytes came; otherwise what became of it (ENCRYPTED, MALFORMED, TRUNCATED, UNSUPPORTED, ...),
 *  recorded as the part's outcome. A child's own failure is not returned: only budgets and our own faults are. */
enum status emit_child_end(struct emitter *emitter, enum status how) MUST_CHECK;
/** A child whose bytes lie in memory already. */
enum status emit_child(struct emitter *emitter, const struct child *child, struct bytes bytes) MUST_CHECK;

/* A part that this same format reads, as a table of a database: it has text and parts, but no bytes of its own. */
struct part {
	struct bytes name; /* raw, as of a child */
	const char *media_type;
};

/** Begins such a part: until its end all that is emitted is the part's. *ret_is_wanted false: it has its outcome already;
 *  nothing is emitted for it, and it is not ended. */
enum status emit_part_begin(struct emitter *emitter, const struct part *part, bool *ret_is_wanted) MUST_CHECK;
/** size: bytes of the document that the part takes. how: as of a child, read as far as it was. */
enum status emit_part_end(struct emitter *emitter, uint64_t size, enum status how) MUST_CHECK;

/** From here on, to the end, the text is a table: see format/table.h for its form. delimiter: between its cells. */
enum status emit_table_begin(struct emitter *emitter, unsigned char delimiter, bool has_header) MUST_CHECK;
enum status emit_table_end(struct emitter *emitter) MUST_CHECK;

/** Says that work goes on though nothing was emitted; returns the status to stop with, if any. Call it in long loops. */
enum status emit_progress(struct emitter *emitter) MUST_CHECK;

#endif
