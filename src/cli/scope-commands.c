/* SPDX-License-Identifier: Apache-2.0 */
/* Manifests of two parties: the key that both count with, whether one holds, and how far two agree. */
#define _GNU_SOURCE
#include "cli/scope-commands.h"

#include "answer/manifest-file.h"
#include "catalog/ledger-keys.h"
#include "cli/session.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static enum status handle_key(struct session *session, struct failure *reterr);
static enum status verify(struct session *session, struct failure *reterr);
static enum status compare(struct session *session, struct failure *reterr);

/* clang-format off */
static const struct option verify_options[] = {
	{.name = "public-key", .kind = OPTION_TEXT, .value = "HEX", .is_not_configured = true,
	 .help = "fail unless this key has signed: the signer's, learned from the signer and not from the file"},
	{.name = NULL},
};
/* clang-format on */

static const struct command command_key = {
	.name = "key",
	.summary = "hand over the key that two parties count with, or take the other's",
	.description =
		"Two manifests can be compared only where both were made with one scope key: one party exports its own, the other "
		"imports it, and makes its manifest anew. The file is a secret: whoever has it and a manifest can test guesses, "
		"whether an address they think of is among the leaves. Give it to the party you compare with and to nobody else; "
		"it opens nothing of the catalog.",
	.operands = "export|import FILE",
	.operands_min = 2,
	.operands_max = 2,
	.catalog = COMMAND_WRITES_CATALOG,
	.opens_incident = true,
	.journal = "scope key",
	.execute = handle_key,
};

static const struct command command_verify = {
	.name = "verify",
	.summary = "recompute a manifest",
	.description =
		"Recomputes the root from the leaves, or from the trees of one without leaves, and checks the signature; needs no "
		"catalog. Where there is one, the incident is counted too, and the leaves must be the same: of an incident that "
		"is counted with another scope key that cannot be told. Exits with 1 when anything does not hold.\n\n"
		"A signature tells that whoever holds the key has signed. Whose key that is, the file cannot say: compare "
		"public_key with what its owner told you by another way, or name it with --public-key.",
	.operands = "FILE",
	.operands_min = 1,
	.operands_max = 1,
	.options = verify_options,
	.catalog = COMMAND_WITHOUT_CATALOG,
	.execute = verify,
};

static const struct command command_compare = {
	.name = "compare",
	.summary = "tell how far two manifests agree",
	.description =
		"Counts for each measure what stands in both, only in the first, and only in the second. Both must hold, have "
		"leaves, and be made with one scope key (scope key). same_rules false: a part of the difference may be the "
		"rules', not the data's; the earlier party sweeps again with the later version. Needs no catalog.",
	.operands = "A B",
	.operands_min = 2,
	.operands_max = 2,
	.catalog = COMMAND_WITHOUT_CATALOG,
	.execute = compare,
};

const struct command *const scope_subcommands[] = {&command_key, &command_verify, &command_compare, NULL};

/* ---- key ---- */

static enum status export_key(struct session *session, const char *path, struct vault_key *key, struct failure *reterr)
{
	enum status status = incident_scope_key(session->incident, key, reterr);
	return status == STATUS_OK ? scope_key_file_create(path, key, reterr) : status;
}

static enum status import_key(struct session *session, const char *path, struct vault_key *key, struct failure *reterr)
{
	enum status status = scope_key_file_read(path, key, reterr);
	return status == STATUS_OK ? incident_take_scope_key(session->incident, key, reterr) : status;
}

static void put_hex(struct output *output, const char *name, const char *label, const unsigned char *at, size_t size)
{
	struct buffer hex = buffer_with_ceiling(256);
	digest_append_hex(&hex, bytes_of(at, size));
	json_key(output_members(output), name);
	json_bytes(output_members(output), buffer_bytes(&hex));
	if (label != NULL)
		output_field(output, name, label, cell_text(buffer_bytes(&hex)));
	buffer_free(&hex);
}

static enum status handle_key(struct session *session, struct failure *reterr)
{
	const char *verb = settings_operand(session->settings, 0), *path = settings_operand(session->settings, 1);
	bool is_export = strcmp(verb, "export") == 0;
	struct vault_key key;
	unsigned char id[SCOPE_KEY_ID_SIZE];
	if (!is_export && strcmp(verb, "import") != 0)
		return fail(reterr, STATUS_USAGE, verb, "write 'scope key export FILE' or 'scope key import FILE'");
	enum status status = is_export ? export_key(session, path, &key, reterr) : import_key(session, path, &key, reterr);
	if (status != STATUS_OK)
		return status;
	scope_key_id(&key, id);
	vault_key_wipe(&key);
	output_begin_page(session->output, BYTES_NONE);
	json_member_string(output_members(session->output), is_export ? "exported" : "imported", path);
	output_field(session->output, is_export ? "exported" : "imported", is_export ? "Exported to" : "Imported from",
	             cell_string(path));
	put_hex(session->output, "scope_key", "Scope key", id, sizeof id);
	output_note(session->output,
	            is_export ? "Whoever has this file can test guesses against manifests made with it: give it only to the "
	                        "party you compare with."
	                      : "Manifests of this incident are made with this key from now on; 'tidemark "
	                        "scope --manifest FILE' makes one.");
	return STATUS_OK;
}

/* ---- files ---- */

static enum status read_descriptor_at(void *context, uint64_t offset, unsigned char *into, size_t room, size_t *ret_got)
{
	const int *descriptor = context;
	ssize_t got;
	do
		got = pread(*descriptor, into, room, (off_t)offset);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return STATUS_BROKEN;
	*ret_got = (size_t)got;
	return STATUS_OK;
}

struct opened {
	int descriptor;
	struct manifest_source source;
	struct manifest_file file;
};

static enum status open_manifest(const char *path, struct opened *opened, struct failure *reterr)
{
	struct stat about;
	*opened = (struct opened){.descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)};
	if (opened->descriptor < 0)
		return fail(reterr, errno == ENOENT ? STATUS_ABSENT : STATUS_DENIED, path, "cannot be opened: %s",
		            strerror(errno));
	if (fstat(opened->descriptor, &about) != 0 || !S_ISREG(about.st_mode))
		return fail(reterr, STATUS_DENIED, path, "a manifest is a regular file; this is not one");
	opened->source = (struct manifest_source){path, read_descriptor_at, &opened->descriptor};
	return manifest_file_read(&opened->source, &opened->file, reterr);
}

static void close_manifest(struct opened *opened)
{
	if (opened->descriptor >= 0)
		close(opened->descriptor);
}

/* ---- verify ---- */

enum answer { NO, YES, UNKNOWN };

struct verdict {
	enum answer root, signature, signer, leaves;
	bool names_measures; /* differs[] was looked at */
	bool differs[MEASURE_COUNT];
};

static enum answer answer_of(bool is_so)
{
	return is_so ? YES : NO;
}

static enum status check_signer(struct session *session, const struct manifest *told, enum answer *ret_signer,
                                struct failure *reterr)
{
	const char *given = settings_text(session->settings, "public-key");
	unsigned char key[VAULT_PUBLIC_KEY_SIZE];
	*ret_signer = UNKNOWN;
	if (given == NULL)
		return STATUS_OK;
	if (digest_parse_hex(bytes_of_string(given), key, sizeof key) != STATUS_OK)
		return fail(reterr, STATUS_USAGE, "--public-key", "a public key has %d hexadecimal digits",
		            2 * VAULT_PUBLIC_KEY_SIZE);
	*ret_signer = answer_of(memcmp(key, told->public_key, sizeof key) == 0);
	return STATUS_OK;
}

/* A catalog that was named must be there; at the usual place there may be none. */
static enum status find_catalog(struct session *session, bool *ret_is_there, struct failure *reterr)
{
	bool is_named = settings_has(session->settings, "catalog");
	if (session->place.directory == NULL || (!is_named && access(session->place.directory, F_OK) != 0))
		return STATUS_OK;
	enum status status = session_open_catalog(session, CATALOG_APPEND, reterr);
	if (status == STATUS_DENIED)
		status = session_open_catalog(session, CATALOG_READ, reterr);
	if (status == STATUS_OK)
		status = session_open_incident(session, INCIDENT_READ, reterr);
	if (status == STATUS_OK)
		status = session_journal(session, "scope verify", BYTES_LITERAL("{}"), reterr);
	*ret_is_there = status == STATUS_OK;
	return status;
}

static enum status check_leaves(struct session *session, const struct manifest_file *file, struct verdict *verdict,
                                struct failure *reterr)
{
	struct manifest own;
	bool is_there = false;
	verdict->leaves = UNKNOWN;
	enum status status = find_catalog(session, &is_there, reterr);
	if (status != STATUS_OK || !is_there)
		return status;
	status = manifest_make(session->incident, NULL, MANIFEST_WHOLE, &own, reterr);
	if (status != STATUS_OK || memcmp(own.scope_key, file->told.scope_key, sizeof own.scope_key) != 0)
		return status;
	verdict->leaves = answer_of(memcmp(own.root, file->told.root, sizeof own.root) == 0);
	verdict->names_measures = file->has_leaves || file->has_trees;
	for (unsigned measure = 0; measure < MEASURE_COUNT; measure++) {
		const struct manifest_tree *here = &own.trees[measure], *there = &file->counted[measure];
		verdict->differs[measure] = here->is_counted != there->is_counted ||
		                            (here->is_counted && memcmp(here->root, there->root, sizeof here->root) != 0);
	}
	return STATUS_OK;
}

static void put_answer(struct output *output, const char *name, const char *label, enum answer answer)
{
	static const char *const words[] = {[NO] = "no", [YES] = "yes", [UNKNOWN] = "not told"};
	static const enum tone tones[] = {[NO] = TONE_BAD, [YES] = TONE_GOOD, [UNKNOWN] = TONE_DOUBT};
	struct json_writer *json = output_members(output);
	json_key(json, name);
	answer == UNKNOWN ? json_null(json) : json_boolean(json, answer == YES);
	output_field(output, name, label, cell_toned(cell_string(words[answer]), tones[answer]));
}

static void put_differences(struct session *session, const struct verdict *verdict)
{
	struct json_writer *json = output_members(session->output);
	json_key(json, "differing");
	if (verdict->leaves != NO || !verdict->names_measures) {
		verdict->leaves == YES ? (json_begin_array(json), json_end_array(json)) : json_null(json);
		return;
	}
	json_begin_array(json);
	for (unsigned measure = 0; measure < MEASURE_COUNT; measure++)
		if (verdict->differs[measure])
			json_string(json, measure_name(measure));
	json_end_array(json);
	for (unsigned measure = 0; measure < MEASURE_COUNT; measure++)
		if (verdict->differs[measure])
			output_note(session->output, "This catalog counts other %s.", measure_name(measure));
}

static void put_verdict(struct session *session, const struct manifest_file *file, const struct verdict *verdict)
{
	struct output *output = session->output;
	struct json_writer *json = output_members(output);
	json_member_string(json, "file", settings_operand(session->settings, 0));
	json_member_string(json, "rules_version", file->told.rules_version);
	json_key(json, "manifest");
	manifest_write_summary(&file->told, json);
	output_begin_page(output, BYTES_NONE);
	output_field(output, "rules_version", "Rules", cell_string(file->told.rules_version));
	put_hex(output, "scope_key", "Scope key", file->told.scope_key, sizeof file->told.scope_key);
	put_hex(output, "public_key", "Signed by", file->told.public_key, sizeof file->told.public_key);
	put_answer(output, "root", "Root follows from what it has", verdict->root);
	put_answer(output, "signature", "Signature holds", verdict->signature);
	put_answer(output, "signer", "Signed by the key named", verdict->signer);
	put_answer(output, "leaves", "This catalog counts the same", verdict->leaves);
	put_differences(session, verdict);
	bool holds = verdict->root != NO && verdict->signature != NO && verdict->signer != NO && verdict->leaves != NO;
	json = output_members(output);
	json_key(json, "holds");
	json_boolean(json, holds);
	session->exit_code = holds ? EXIT_DONE : EXIT_FAILED;
}

static enum status verify(struct session *session, struct failure *reterr)
{
	struct opened opened;
	struct verdict verdict = {.root = UNKNOWN};
	enum status status = open_manifest(settings_operand(session->settings, 0), &opened, reterr);
	const struct manifest_file *file = &opened.file;
	if (status == STATUS_OK)
		status = check_signer(session, &file->told, &verdict.signer, reterr);
	if (status == STATUS_OK) {
		if (file->has_leaves || file->has_trees)
			verdict.root = answer_of(manifest_file_holds(file));
		verdict.signature = answer_of(manifest_is_signed(&file->told));
		status = check_leaves(session, file, &verdict, reterr);
	}
	if (status == STATUS_OK)
		put_verdict(session, file, &verdict);
	close_manifest(&opened);
	return status;
}

/* ---- compare ---- */

static enum status check_comparable(const struct opened *opened, struct failure *reterr)
{
	const struct manifest_file *file = &opened->file;
	if (!file->has_leaves)
		return fail(reterr, STATUS_UNSUPPORTED, opened->source.name,
		            "it has no leaves, as what is published has none; ask its maker for the whole one");
	if (!manifest_file_holds(file) || !manifest_is_signed(&file->told))
		return fail(reterr, STATUS_MALFORMED, opened->source.name,
		            "it does not hold, so nothing can be told by it; 'tidemark scope verify' says more");
	return STATUS_OK;
}

static enum status check_common_key(const struct opened *a, const struct opened *b, struct failure *reterr)
{
	if (memcmp(a->file.told.scope_key, b->file.told.scope_key, SCOPE_KEY_ID_SIZE) == 0)
		return STATUS_OK;
	return fail(
		reterr, STATUS_DENIED, b->source.name,
		"it has no scope key in common with the other, so nothing can be told; one party hands its key over ('tidemark scope "
		"key export FILE', 'import FILE') and both make their manifests by it");
}

static void put_overlap(struct json_writer *json, const struct manifest_overlap *overlap)
{
	json_begin_object(json);
	json_member_unsigned(json, "both", overlap->both);
	json_member_unsigned(json, "only_a", overlap->only_a);
	json_member_unsigned(json, "only_b", overlap->only_b);
	json_end_object(json);
}

static void put_members(struct session *session, const struct manifest_overlap overlaps[MEASURE_COUNT],
                        const struct opened files[2])
{
	static const char *const sides[] = {"a", "b"};
	struct json_writer *json = output_members(session->output);
	json_key(json, "measures");
	json_begin_object(json);
	for (enum measure_kind measure = 0; measure < MEASURE_COUNT; measure++) {
		if (!files[0].file.counted[measure].is_counted && !files[1].file.counted[measure].is_counted)
			continue;
		json_key(json, measure_name(measure));
		overlaps[measure].is_known ? put_overlap(json, &overlaps[measure]) : json_null(json);
	}
	json_end_object(json);
	json_key(json, "same_rules");
	json_boolean(json, strcmp(files[0].file.told.rules_version, files[1].file.told.rules_version) == 0);
	for (size_t i = 0; i < 2; i++) {
		json_key(json, sides[i]);
		manifest_write_summary(&files[i].file.told, json);
	}
}

static void show_overlaps(struct output *output, const struct manifest_overlap overlaps[MEASURE_COUNT])
{
	static const struct column columns[] = {
		{.name = "measure"},
		{.name = "both", .align = COLUMN_RIGHT},
		{.name = "only_a", .align = COLUMN_RIGHT},
		{.name = "only_b", .align = COLUMN_RIGHT},
	};
	static const struct output_list list = {.columns = columns, .column_count = 4};
	output_begin_list(output, &list);
	for (enum measure_kind measure = 0; measure < MEASURE_COUNT; measure++) {
		if (!overlaps[measure].is_known)
			continue;
		const struct cell cells[] = {
			cell_string(measure_name(measure)),
			cell_toned(cell_unsigned(overlaps[measure].both), TONE_STRONG),
			cell_unsigned(overlaps[measure].only_a),
			cell_unsigned(overlaps[measure].only_b),
		};
		output_begin_item(output);
		enum status status = output_end_item(output, cells);
		(void)status; /* output_finish tells */
	}
	output_end_list(output);
}

static void put_comparison(struct session *session, const struct manifest_overlap overlaps[MEASURE_COUNT],
                           const struct opened files[2])
{
	struct output *output = session->output;
	bool has_same_rules = strcmp(files[0].file.told.rules_version, files[1].file.told.rules_version) == 0;
	put_members(session, overlaps, files);
	output_begin_page(output, BYTES_NONE);
	output_field(output, "same_rules", "Same rules",
	             cell_toned(cell_boolean(has_same_rules), has_same_rules ? TONE_GOOD : TONE_DOUBT));
	show_overlaps(output, overlaps);
	if (!has_same_rules)
		output_note(output,
		            "The two were counted by different rules: a part of what differs may be theirs, not the data's.");
}

static enum status compare(struct session *session, struct failure *reterr)
{
	struct opened files[2] = {{.descriptor = -1}, {.descriptor = -1}};
	struct manifest_overlap overlaps[MEASURE_COUNT];
	enum status status = STATUS_OK;
	for (unsigned i = 0; i < 2 && status == STATUS_OK; i++) {
		status = open_manifest(settings_operand(session->settings, i), &files[i], reterr);
		if (status == STATUS_OK)
			status = check_comparable(&files[i], reterr);
	}
	if (status == STATUS_OK)
		status = check_common_key(&files[0], &files[1], reterr);
	if (status == STATUS_OK)
		status = manifest_file_compare(&files[0].source, &files[0].file, &files[1].source, &files[1].file, overlaps,
		                               reterr);
	if (status == STATUS_OK)
		put_comparison(session, overlaps, files);
	for (unsigned i = 0; i < 2; i++)
		close_manifest(&files[i]);
	return status;
}
