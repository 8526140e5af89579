/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The manifest of an incident: what is counted, as leaves that tell nothing to
 * who has no scope key, under one root that is signed. docs/counting.md says of
 * every byte where it comes from, so that another program can make it anew.
 *
 *     leaf   HMAC-SHA-256(scope key, kind 0 value)              a thing that is counted
 *     tree   RFC 6962 over a measure's leaves, ascending
 *     root   RFC 6962 over "measure" 0 size(8) tree(32), measures by name
 *     signed "tidemark-manifest-1" 0 root scope-key-id rules-version
 */
#ifndef TIDEMARK_ANSWER_MANIFEST_H
#define TIDEMARK_ANSWER_MANIFEST_H

#include "answer/merkle.h"
#include "base/json.h"
#include "catalog/questions.h"
#include "vault/scope-key.h"
#include "vault/signing.h"

#define MANIFEST_VERSION 1
#define MANIFEST_RULES_MAX 256

struct manifest {
	char rules_version[MANIFEST_RULES_MAX + 1]; /* printable ASCII without quotation marks and backslashes */
	unsigned char scope_key[SCOPE_KEY_ID_SIZE]; /* its id */
	unsigned char public_key[VAULT_PUBLIC_KEY_SIZE], signature[VAULT_SIGNATURE_SIZE];
	unsigned char root[DIGEST_SHA256_SIZE];
	bool has_size; /* and trees: false of one for publishing that would tell a small count */
	uint64_t size; /* leaves */
	struct manifest_tree {
		bool is_counted;
		uint64_t size;
		unsigned char root[DIGEST_SHA256_SIZE];
	} trees[MEASURE_COUNT];
};

enum manifest_form {
	MANIFEST_WHOLE,
	MANIFEST_WITHOUT_LEAVES, /* root, sizes and signature */
	MANIFEST_PUBLIC          /* the same, and no sizes where one is small */
};

/** Where it is written to, piece by piece. */
struct manifest_sink {
	enum status (*write)(void *context, struct bytes piece, struct failure *reterr);
	void *context;
};

/** Counts an incident, in memory that does not grow with it. sink: NULL, or where its canonical JSON goes. */
enum status manifest_make(struct incident *incident, const struct manifest_sink *sink, enum manifest_form form,
                          struct manifest *ret_manifest, struct failure *reterr) MUST_CHECK;

/** The root of the trees that are counted. */
void manifest_root_of(const struct manifest *manifest, unsigned char into[DIGEST_SHA256_SIZE]);
/** Whether the signature is of this root, scope key and rules. */
bool manifest_is_signed(const struct manifest *manifest);

/** {"root","size","signature","public_key"}, as the value of a member. */
void manifest_write_summary(const struct manifest *manifest, struct json_writer *json);

#endif
