/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What reading leaves for the catalog. A document record is one document with
 * what was found in it; an object record says how the reading of one listed
 * object ended. All bytes are valid UTF-8 without NUL unless they are named
 * raw, and are borrowed until the call they are passed to returns.
 */
#ifndef TIDEMARK_MODEL_RECORD_H
#define TIDEMARK_MODEL_RECORD_H

#include "base/clock.h"
#include "model/fact.h"
#include "model/field.h"
#include "model/finding.h"
#include "model/id.h"
#include "model/object.h"
#include "model/outcome.h"
#include "model/table.h"

#define RECORD_TEXT_MAX (64u << 20) /* bytes of text kept of one document */
#define RECORD_PARTS_MAX 250000u    /* parts of one object, all levels */
#define RECORD_FINDINGS_MAX 500000u /* of one document */
#define RECORD_FACTS_MAX 100000u    /* of one document */

struct document_record {
	uint32_t ordinal;        /* 0: the object itself; its parts count from 1, in the order they were met */
	uint32_t parent;         /* ordinal; 0 for the object itself */
	struct bytes inner_path; /* raw bytes below the object, parts joined by !/; empty for the object itself */
	bool has_sha256;
	unsigned char sha256[32];
	unsigned char content_key[32]; /* equal for documents that read alike: see reading/emitter.c */
	enum outcome outcome;
	DOCUMENT_FIELDS;
	struct bytes text;
	const struct table_span *tables; /* within text, in order; in the cell alone, for understanding/ */
	size_t table_count;
	const struct finding *findings;
	size_t finding_count;
	const struct attribution *organisations;
	size_t organisation_count;
	const struct fact *facts;
	size_t fact_count;
};

struct object_record {
	enum outcome outcome;
	uint64_t fetched_bytes, unseen_bytes;
	struct bytes note;
	uint32_t documents; /* rows that belong to it, its own included */
	bool has_sha256;
	unsigned char sha256[32];
};

#endif
