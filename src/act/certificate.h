/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A certificate of destruction: what became of each version and snapshot that a
 * plan named, on which evidence, and what that does not prove. JSON in one
 * canonical form, the head on a line, a row a line, the tail on a line:
 *
 *   {"certificate":ID,"plan":...,"operator":...,"ticket":...,"scope":{...},"method":...,"verified_at":...,"objects":[
 *   {"target":...,"object":...,"version":...,"state":"destroyed|survives|left","until":...,"reason":...},
 *   ],"totals":{...},"does_not_prove":[...],"hash":...,"public_key":...,"signature":...}
 *
 * The hash is SHA-256 over all that stands before its member; signed is
 * "tidemark-certificate-1", a zero byte and that hash, with a key made of the
 * catalog's: whoever has the public key can check it.
 */
#ifndef TIDEMARK_ACT_CERTIFICATE_H
#define TIDEMARK_ACT_CERTIFICATE_H

#include "act/retain-verify.h"
#include "catalog/certificates.h"

struct certificate_facts {
	struct plan *plan;
	struct bytes operator_name, ticket;
	int64_t verified_at;
	uint64_t done, left, failed; /* steps */
	const char *method;          /* as retain_method says */
	struct retain_gaps gaps;
	bool has_soft_deleted; /* something survives so */
};

struct certificate_totals {
	uint64_t rows[RETAIN_STATE_COUNT];
};

/** Writes and keeps it; *ret_id names it. */
enum status certificate_make(struct incident *incident, const struct certificate_facts *facts, struct retain_verdict *verdict,
                             struct id *ret_id, struct certificate_totals *ret_totals, struct failure *reterr) MUST_CHECK;

enum certificate_line { CERTIFICATE_HEAD, CERTIFICATE_ROW, CERTIFICATE_TAIL };

/** Passes its lines in order, each without its line end but with its comma, once the whole has been held against its signature. id: its own or its
 *  plan's. MALFORMED: it is not as it was signed. */
enum status certificate_read(struct incident *incident, struct id id,
                             enum status (*each)(void *context, enum certificate_line kind, struct bytes line), void *context,
                             struct failure *reterr) MUST_CHECK;

#endif
