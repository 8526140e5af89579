/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Canonical JSON as RFC 8785 has it: members by name, no white space. So the
 * leaves come first and what follows from them last, and one pass writes it.
 */
#include "answer/manifest.h"

#include "catalog/ledger-keys.h"

enum { PIECE = 64 * 1024, SMALL = 10 };

struct making {
	const struct manifest_sink *sink;
	bool writes_leaves;
	struct buffer piece;
	struct json_writer json;
	struct merkle tree; /* of the measure that is counted now */
	enum measure_kind measure;
	bool is_counting;
	struct manifest manifest;
	enum status written; /* the first failure of the sink, which is not the catalog's */
	struct failure failure;
};

/* ---- what follows from the leaves ---- */

void manifest_root_of(const struct manifest *manifest, unsigned char into[DIGEST_SHA256_SIZE])
{
	struct merkle whole = {.count = 0};
	for (unsigned nth = 0; nth < MEASURE_COUNT; nth++) {
		enum measure_kind measure = measure_in_order(nth);
		const struct manifest_tree *tree = &manifest->trees[measure];
		unsigned char entry[64 + 8 + DIGEST_SHA256_SIZE];
		size_t length = strlen(measure_name(measure)) + 1;
		if (!tree->is_counted)
			continue;
		memcpy(entry, measure_name(measure), length);
		for (int shift = 56; shift >= 0; shift -= 8)
			entry[length++] = (unsigned char)(tree->size >> shift);
		memcpy(entry + length, tree->root, sizeof tree->root);
		merkle_add(&whole, bytes_of(entry, length + sizeof tree->root));
	}
	merkle_root(&whole, into);
}

/* Parts of fixed lengths, then the last. */
static size_t word_message(const struct manifest *manifest, unsigned char *into)
{
	static const char head[] = "tidemark-manifest-1";
	size_t rules = strlen(manifest->rules_version), length = sizeof head;
	memcpy(into, head, sizeof head);
	memcpy(into + length, manifest->root, sizeof manifest->root);
	length += sizeof manifest->root;
	memcpy(into + length, manifest->scope_key, sizeof manifest->scope_key);
	length += sizeof manifest->scope_key;
	memcpy(into + length, manifest->rules_version, rules);
	return length + rules;
}

enum { MESSAGE = 32 + DIGEST_SHA256_SIZE + SCOPE_KEY_ID_SIZE + MANIFEST_RULES_MAX };

bool manifest_is_signed(const struct manifest *manifest)
{
	unsigned char message[MESSAGE];
	size_t length = word_message(manifest, message);
	return vault_is_signed(bytes_of(message, length), manifest->public_key, manifest->signature);
}

static void sign(struct incident *incident, struct manifest *manifest)
{
	unsigned char message[MESSAGE];
	struct vault_key seed;
	size_t length = word_message(manifest, message);
	incident_signing_key(incident, &seed);
	vault_sign(&seed, bytes_of(message, length), manifest->public_key, manifest->signature);
	vault_key_wipe(&seed);
}

/* ---- writing ---- */

static bool flush(struct making *making)
{
	if (making->written == STATUS_OK)
		making->written = buffer_status(&making->piece);
	if (making->written == STATUS_OK && making->sink != NULL && making->piece.len > 0)
		making->written = making->sink->write(making->sink->context, buffer_bytes(&making->piece), &making->failure);
	buffer_reset(&making->piece);
	return making->written == STATUS_OK;
}

static void write_hex(struct json_writer *json, const unsigned char *at, size_t size)
{
	json_raw(json, BYTES_LITERAL("\""));
	digest_append_hex(json->into, bytes_of(at, size));
	buffer_append_byte(json->into, '"');
}

static void write_tree(struct json_writer *json, enum measure_kind measure, const struct manifest_tree *tree)
{
	if (!tree->is_counted)
		return;
	json_key(json, measure_name(measure));
	json_begin_object(json);
	json_key(json, "root");
	write_hex(json, tree->root, sizeof tree->root);
	json_member_unsigned(json, "size", tree->size);
	json_end_object(json);
}

/* All that stands behind "measures". */
static void write_rest(const struct manifest *manifest, struct json_writer *json)
{
	json_key(json, "public_key");
	write_hex(json, manifest->public_key, sizeof manifest->public_key);
	json_key(json, "root");
	write_hex(json, manifest->root, sizeof manifest->root);
	json_member_string(json, "rules_version", manifest->rules_version);
	json_key(json, "scope_key");
	write_hex(json, manifest->scope_key, sizeof manifest->scope_key);
	json_key(json, "signature");
	write_hex(json, manifest->signature, sizeof manifest->signature);
	json_key(json, "size");
	manifest->has_size ? json_unsigned(json, manifest->size) : json_null(json);
	json_key(json, "trees");
	if (manifest->has_size) {
		json_begin_object(json);
		for (unsigned nth = 0; nth < MEASURE_COUNT; nth++)
			write_tree(json, measure_in_order(nth), &manifest->trees[measure_in_order(nth)]);
		json_end_object(json);
	} else {
		json_null(json);
	}
	json_member_unsigned(json, "version", MANIFEST_VERSION);
	json_end_object(json);
}

void manifest_write_summary(const struct manifest *manifest, struct json_writer *json)
{
	json_begin_object(json);
	json_key(json, "root");
	write_hex(json, manifest->root, sizeof manifest->root);
	json_key(json, "size");
	manifest->has_size ? json_unsigned(json, manifest->size) : json_null(json);
	json_key(json, "signature");
	write_hex(json, manifest->signature, sizeof manifest->signature);
	json_key(json, "public_key");
	write_hex(json, manifest->public_key, sizeof manifest->public_key);
	json_end_object(json);
}

/* ---- counting ---- */

static void end_measure(struct making *making)
{
	if (!making->is_counting)
		return;
	struct manifest_tree *tree = &making->manifest.trees[making->measure];
	tree->is_counted = true;
	tree->size = making->tree.count;
	merkle_root(&making->tree, tree->root);
	making->manifest.size += tree->size;
	if (making->writes_leaves)
		json_end_array(&making->json);
	making->is_counting = false;
}

static void begin_measure(struct making *making, enum measure_kind measure)
{
	end_measure(making);
	making->measure = measure;
	making->tree.count = 0;
	making->is_counting = true;
	if (!making->writes_leaves)
		return;
	json_key(&making->json, measure_name(measure));
	json_begin_array(&making->json);
}

static enum status take_leaf(void *context, enum measure_kind measure, const unsigned char *leaf)
{
	struct making *making = context;
	if (leaf == NULL) {
		begin_measure(making, measure);
		return STATUS_OK;
	}
	merkle_add(&making->tree, bytes_of(leaf, LEAF_SIZE));
	if (!making->writes_leaves)
		return STATUS_OK;
	write_hex(&making->json, leaf, LEAF_SIZE);
	return making->piece.len < PIECE || flush(making) ? STATUS_OK : STATUS_END;
}

static bool tells_small_count(const struct manifest *manifest)
{
	for (unsigned measure = 0; measure < MEASURE_COUNT; measure++)
		if (manifest->trees[measure].is_counted && manifest->trees[measure].size < SMALL)
			return true;
	return false;
}

/* What version of which rules is our own word; it must stand in the signed message and in JSON as it is. */
static enum status take_rules(struct bytes rules, struct manifest *manifest, struct failure *reterr)
{
	bool is_plain = rules.len <= MANIFEST_RULES_MAX;
	for (size_t i = 0; is_plain && i < rules.len; i++)
		is_plain = rules.at[i] > ' ' && rules.at[i] < 0x7F && rules.at[i] != '"' && rules.at[i] != '\\';
	if (!is_plain)
		return fail(reterr, STATUS_MALFORMED, "rules version", "cannot stand in a manifest");
	memcpy(manifest->rules_version, rules.at, rules.len);
	manifest->rules_version[rules.len] = '\0';
	return STATUS_OK;
}

static enum status count(struct making *making, struct incident *incident, struct failure *reterr)
{
	struct vault_key key;
	struct buffer rules = buffer_with_ceiling(4096);
	enum status status = incident_scope_key(incident, &key, reterr);
	if (status != STATUS_OK)
		return status;
	scope_key_id(&key, making->manifest.scope_key);
	status = incident_leaves(incident, &key, take_leaf, making, &rules, reterr);
	vault_key_wipe(&key);
	end_measure(making);
	if (status == STATUS_OK && making->written != STATUS_OK)
		status = making->written;
	if (status == STATUS_OK)
		status = take_rules(buffer_bytes(&rules), &making->manifest, reterr);
	buffer_free(&rules);
	return status;
}

enum status manifest_make(struct incident *incident, const struct manifest_sink *sink, enum manifest_form form,
                          struct manifest *ret_manifest, struct failure *reterr)
{
	struct making making = {
		.sink = sink,
		.writes_leaves = sink != NULL && form == MANIFEST_WHOLE,
		.piece = buffer_with_ceiling(4 * PIECE),
	};
	making.json = json_writer_into(&making.piece);
	json_begin_object(&making.json);
	json_key(&making.json, "measures");
	making.writes_leaves ? json_begin_object(&making.json) : json_null(&making.json);
	enum status status = count(&making, incident, reterr);
	if (status == STATUS_OK) {
		if (making.writes_leaves)
			json_end_object(&making.json);
		making.manifest.has_size = form != MANIFEST_PUBLIC || !tells_small_count(&making.manifest);
		manifest_root_of(&making.manifest, making.manifest.root);
		sign(incident, &making.manifest);
		write_rest(&making.manifest, &making.json);
		buffer_append_byte(&making.piece, '\n');
		flush(&making);
		status = making.written;
	}
	if (making.written != STATUS_OK)
		*reterr = making.failure;
	buffer_free(&making.piece);
	if (status == STATUS_OK)
		*ret_manifest = making.manifest;
	return status;
}
