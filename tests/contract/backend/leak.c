/* SPDX-License-Identifier: Apache-2.0 */
/* The small leak, put and asked for through the contract alone. */
#define _GNU_SOURCE /* nftw */
#include "contract/backend/leak.h"

#include "base/digest.h"
#include "sweep/plan.h"
#include "understanding/attribute.h"

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

const struct container leak_container = {
	.provider = PROVIDER_AZURE,
	.account = {(const unsigned char *)"acme", 4},
	.name = {(const unsigned char *)"files", 5},
	.url = {(const unsigned char *)"https://acme.blob.core.windows.net/files", 40},
};

const char *leak_backend = NULL;
enum outcome leak_redo = OUTCOME_COUNT;
uint64_t leak_kinds = 0;

char *leak_directory(void)
{
	const char *base = getenv("TMPDIR");
	char path[512];
	leak_redo = OUTCOME_COUNT;
	leak_kinds = 0;
	snprintf(path, sizeof path, "%s/tidemark-test-XXXXXX", base != NULL ? base : "/tmp");
	assert_non_null(mkdtemp(path));
	return strdup(path);
}

static int remove_entry(const char *path, const struct stat *info, int kind, struct FTW *at)
{
	(void)info;
	(void)kind;
	(void)at;
	return remove(path);
}

void leak_remove(char *directory)
{
	nftw(directory, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
	free(directory);
}

struct catalog_place leak_place(const char *directory)
{
	static char catalog[600], key[600];
	snprintf(catalog, sizeof catalog, "%s/catalog", directory);
	snprintf(key, sizeof key, "%s/catalog.key", directory);
	return (struct catalog_place){.directory = catalog, .key_file = key, .backend = leak_backend};
}

struct sweep_target leak_target(void)
{
	return (struct sweep_target){.container = leak_container, .written = BYTES_LITERAL("az://acme/files")};
}

struct sweep_plan leak_plan(const struct sweep_target *target)
{
	return (struct sweep_plan){
		.targets = target,
		.target_count = 1,
		.settings = BYTES_LITERAL("depth=full"),
		.rules_version = BYTES_LITERAL("1"),
		.kinds = leak_kinds != 0 ? leak_kinds : finding_kinds_looked_for(),
		.authority = BYTES_LITERAL("a test"),
		.is_anonymous = true,
		.owners_of_place = attribute_place,
		.keep_until = clock_now() + 86400,
	};
}

static void must(enum status status, const struct failure *failure)
{
	if (status != STATUS_OK)
		fail_msg("%s: %s: %s", status_name(status), failure->where, failure->why);
}

static struct object object_of(const struct leak_object *object)
{
	return (struct object){
		.name = bytes_of_string(object->name),
		.size = object->text != NULL ? strlen(object->text) : 1000,
		.modified = object->modified != 0 ? object->modified : 1600000000,
		.created = CLOCK_UNKNOWN,
		.etag = bytes_of_string(object->etag != NULL ? object->etag : "e1"),
		.media_type = BYTES_LITERAL("application/octet-stream"),
	};
}

enum status leak_put_page(struct incident *incident, size_t target, const struct listed_object *objects, size_t count,
                          struct bytes cursor, bool is_last, struct failure *reterr)
{
	const struct sweep_settings settings = {.redo_outcome = leak_redo};
	struct listed_object *listed = calloc(count + 1, sizeof *listed);
	if (listed == NULL) {
		*reterr = (struct failure){.why = "memory is used up"};
		return STATUS_NO_MEMORY;
	}
	for (size_t i = 0; i < count; i++) {
		listed[i] = objects[i];
		listed[i].id = object_id(&leak_container, &objects[i].object);
	}
	enum status status = sweep_find_known(incident, listed, count, reterr);
	for (size_t i = 0; i < count; i++)
		listed[i].fate = plan_fate(&settings, &listed[i]);
	if (status == STATUS_OK)
		status = sweep_put_page(incident, target, listed, count, cursor, is_last, reterr);
	free(listed);
	return status;
}

enum status leak_put_document(struct incident *incident, const struct id *id, const struct document_record *record,
                              struct failure *reterr)
{
	struct sweep_entry entry = {.kind = ENTRY_DOCUMENT, .object = *id, .document = record};
	return sweep_put(incident, &entry, 1, reterr);
}

enum status leak_end_object(struct incident *incident, const struct id *id, const struct object_record *end,
                            struct failure *reterr)
{
	struct sweep_entry entry = {.kind = ENTRY_END, .object = *id, .end = end};
	return sweep_put(incident, &entry, 1, reterr);
}

enum status leak_note_version(struct incident *incident, const struct id *id, const struct object *fetched,
                              struct failure *reterr)
{
	struct sweep_entry entry = {.kind = ENTRY_VERSION, .object = *id, .fetched = fetched};
	return sweep_put(incident, &entry, 1, reterr);
}

enum status leak_restart_object(struct incident *incident, const struct id *id, struct failure *reterr)
{
	struct sweep_entry entry = {.kind = ENTRY_RESTART, .object = *id};
	return sweep_put(incident, &entry, 1, reterr);
}

void leak_list(struct incident *incident, const struct leak_object *objects, size_t count, bool is_last)
{
	struct failure failure = {{0}, {0}};
	struct listed_object *listed = calloc(count + 1, sizeof *listed);
	assert_non_null(listed);
	for (size_t i = 0; i < count; i++) {
		listed[i].object = object_of(&objects[i]);
		listed[i].outcome = objects[i].text != NULL ? OUTCOME_PENDING : objects[i].outcome;
	}
	must(leak_put_page(incident, 0, listed, count, BYTES_LITERAL("next"), is_last, &failure), &failure);
	free(listed);
}

struct id leak_id(const char *object, const char *inner_path)
{
	return id_of(&(struct id_parts){
		.provider = "azure",
		.account = leak_container.account,
		.container = leak_container.name,
		.object = bytes_of_string(object),
		.inner_path = bytes_of_string(inner_path),
	});
}

void leak_content_key(const char *text, unsigned char into[32])
{
	digest_sha256(bytes_of_string(text), into);
}

/* ---- documents ---- */

enum { FINDINGS_MAX = 16 };

struct made {
	struct finding findings[FINDINGS_MAX];
	struct attribution owners[FINDINGS_MAX];
	size_t count;
};

static bool is_address(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
}

static void find_addresses(struct made *made, const char *text)
{
	for (const char *at = strchr(text, '@'); at != NULL && made->count < FINDINGS_MAX; at = strchr(at + 1, '@')) {
		const char *from = at, *to = at + 1;
		while (from > text && is_address(from[-1]))
			from--;
		while (is_address(*to))
			to++;
		struct bytes value = bytes_of(from, (size_t)(to - from));
		made->findings[made->count] = (struct finding){
			.kind = FINDING_EMAIL,
			.value = value,
			.raw = value,
			.from = (uint64_t)(from - text),
			.to = (uint64_t)(to - text),
			.confidence = 1,
			.rule = BYTES_LITERAL("email/1"),
		};
		made->owners[made->count++] = (struct attribution){
			.domain = bytes_of(at + 1, (size_t)(to - at - 1)),
			.role = ORGANISATION_PARTY,
			.confidence = 0.9f,
			.why = BYTES_LITERAL("an address"),
		};
	}
}

/* What stands behind a ! is but mentioned. */
static size_t find_mention(struct made *made, const char *text)
{
	const char *at = strchr(text, '!');
	if (at == NULL || made->count == FINDINGS_MAX)
		return 0;
	made->owners[made->count] = (struct attribution){
		.domain = bytes_of_string(at + 1),
		.role = ORGANISATION_MENTION,
		.confidence = 0.1f,
		.why = BYTES_LITERAL("a link"),
	};
	return 1;
}

static struct document_record record_of(struct made *made, const char *text, uint32_t ordinal, uint32_t parent,
                                        const char *inner_path)
{
	made->count = 0;
	find_addresses(made, text);
	size_t mentions = find_mention(made, text);
	struct document_record record = {
		.ordinal = ordinal,
		.parent = parent,
		.inner_path = bytes_of_string(inner_path),
		.size = strlen(text),
		.modified = CLOCK_UNKNOWN,
		.created = CLOCK_UNKNOWN,
		.has_sha256 = true,
		.outcome = OUTCOME_READ,
		.media_type = BYTES_LITERAL("text/plain"),
		.text = bytes_of_string(text),
		.findings = made->findings,
		.finding_count = made->count,
		.organisations = made->owners,
		.organisation_count = made->count + mentions,
	};
	digest_sha256(record.text, record.sha256);
	memcpy(record.content_key, record.sha256, sizeof record.content_key);
	return record;
}

void leak_read(struct incident *incident, const struct leak_object *object)
{
	struct failure failure = {{0}, {0}};
	struct id id = leak_id(object->name, NULL);
	struct made made;
	struct document_record record;
	uint32_t parts = 0;
	for (const struct leak_part *part = object->parts; part != NULL && part->inner_path != NULL; part++) {
		record = record_of(&made, part->text, ++parts, part->parent, part->inner_path);
		must(leak_put_document(incident, &id, &record, &failure), &failure);
	}
	record = record_of(&made, object->text, 0, 0, NULL);
	must(leak_put_document(incident, &id, &record, &failure), &failure);
	struct object_record end = {
		.outcome = OUTCOME_READ, .fetched_bytes = record.size, .documents = parts + 1, .has_sha256 = true};
	memcpy(end.sha256, record.sha256, sizeof end.sha256);
	must(leak_end_object(incident, &id, &end, &failure), &failure);
}

static const struct leak_object *object_named(const struct leak_object *objects, size_t count, struct bytes name)
{
	for (size_t i = 0; i < count; i++)
		if (bytes_equal_string(name, objects[i].name))
			return &objects[i];
	return NULL;
}

static void read_all(struct incident *incident, const struct leak_object *objects, size_t count)
{
	struct arena arena = arena_with_ceiling(1u << 24);
	struct pending_object pending[16];
	struct buffer position = buffer_with_ceiling(64);
	size_t got;
	do {
		arena_reset(&arena);
		assert_int_equal(sweep_pending(incident, &position, 16, &arena, pending, &got), STATUS_OK);
		for (size_t i = 0; i < got; i++)
			leak_read(incident, object_named(objects, count, pending[i].object.name));
	} while (got > 0);
	arena_free(&arena);
	buffer_free(&position);
}

void leak_sweep(struct incident *incident, const struct leak_object *objects, size_t count, struct sweep_summary *ret_summary)
{
	struct failure failure = {{0}, {0}};
	struct sweep_target target = leak_target();
	struct sweep_plan plan = leak_plan(&target);
	struct sweep_state state;
	struct sweep_summary summary;
	struct buffer cursor = buffer_with_ceiling(1024);
	bool is_done = false;
	must(sweep_begin(incident, &plan, &state, &failure), &failure);
	assert_int_equal(sweep_cursor(incident, 0, &cursor, &is_done), STATUS_OK);
	buffer_free(&cursor);
	if (!is_done)
		leak_list(incident, objects, count, true);
	read_all(incident, objects, count);
	must(sweep_end(incident, true, &failure), &failure);
	must(sweep_summarise(incident, &summary, &failure), &failure);
	if (ret_summary != NULL)
		*ret_summary = summary;
}

/* ---- searching ---- */

static enum status note_path(void *context, const struct document_view *view)
{
	struct buffer *paths = context;
	if (paths->len > 0)
		buffer_append_byte(paths, ' ');
	buffer_append(paths, view->path);
	return STATUS_OK;
}

const char *leak_search(struct incident *incident, const struct query *query, struct search_totals *ret_totals)
{
	static char text[4096];
	struct failure failure = {{0}, {0}};
	struct search_totals totals;
	struct buffer paths = buffer_with_ceiling(sizeof text - 1), cursor = buffer_with_ceiling(1u << 16);
	must(incident_search(incident, query, &totals, note_path, &paths, &cursor, &failure), &failure);
	snprintf(text, sizeof text, "%s", buffer_string(&paths));
	buffer_free(&paths);
	buffer_free(&cursor);
	if (ret_totals != NULL)
		*ret_totals = totals;
	return text;
}

const char *leak_find(struct incident *incident, enum query_field field, const char *text)
{
	struct query_node node = {.operation = QUERY_TERM, .field = field, .text = bytes_of_string(text), .kind = FINDING_EMAIL};
	if (field == QUERY_OUTCOME)
		node.outcomes = UINT64_C(1) << outcome_from_name(node.text);
	if (node.outcomes == UINT64_C(1) << OUTCOME_LISTED_ONLY)
		node.outcomes |= UINT64_C(1) << OUTCOME_PENDING;
	struct query query = {.root = &node, .sort = QUERY_SORT_NAME};
	return leak_search(incident, &query, NULL);
}
