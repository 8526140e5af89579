/* SPDX-License-Identifier: Apache-2.0 */
/* URLs that documents name, held against the container's; what stands behind their question mark is read as a signature's. */
#include "answer/known.h"

#include "answer/remedy.h"
#include "base/clock.h"
#include "base/percent.h"
#include "model/query.h"

enum { URLS_MAX = 1000, FROM_CATALOG = 2 };

struct url_entity {
	enum finding_kind kind;
	struct bytes value;
};

struct knowing {
	struct incident *incident;
	const struct target *target;
	int64_t now;
	struct arena *arena;
	struct known known;
	struct bytes account; /* URL of the account, with its last slash */
	struct url_entity *urls;
	size_t url_count;
	const struct url_entity *url; /* whose documents are looked through */
	const struct document_view *view;
	enum status trouble;
};

static struct bytes keep(struct knowing *knowing, struct bytes bytes)
{
	struct bytes kept = bytes.len > 0 ? arena_copy(knowing->arena, bytes) : BYTES_NONE;
	if (bytes.len > 0 && kept.at == NULL)
		knowing->trouble = STATUS_NO_MEMORY;
	return kept;
}

/* ---- names ---- */

static void add_name(struct knowing *knowing, struct bytes name)
{
	struct known *known = &knowing->known;
	if (name.len == 0 || !bytes_start_with(name, knowing->target->prefix))
		return;
	for (size_t i = 0; i < known->name_count; i++)
		if (bytes_equal(known->names[i], name))
			return;
	known->names[known->name_count++] = keep(knowing, name);
}

static enum status take_document(void *context, const struct document_view *view)
{
	struct knowing *knowing = context;
	if (!view->has_parent && bytes_equal(view->container.url, knowing->target->container.url))
		add_name(knowing, view->object_name);
	return knowing->known.name_count >= FROM_CATALOG ? STATUS_END : knowing->trouble;
}

static enum status find_names(struct knowing *knowing, struct failure *reterr)
{
	const struct query_node root = {
		.operation = QUERY_TERM,
		.field = QUERY_CONTAINER,
		.text = knowing->target->container.url,
	};
	const struct query query = {.root = &root, .sort = QUERY_SORT_NAME};
	struct search_totals totals;
	struct buffer cursor = buffer_with_ceiling(1 << 20);
	enum status status = incident_search(knowing->incident, &query, &totals, take_document, knowing, &cursor, reterr);
	buffer_free(&cursor);
	return status == STATUS_OK ? knowing->trouble : status;
}

/* Of a URL in the container, the object's name. */
static void take_name(struct knowing *knowing, struct bytes url)
{
	struct bytes name, container = knowing->target->container.url;
	if (knowing->known.name_count >= KNOWN_NAMES_MAX || !bytes_start_with(url, container) ||
	    bytes_from(url, container.len).len < 2 || url.at[container.len] != '/')
		return;
	struct bytes rest = bytes_from(url, container.len + 1);
	rest = bytes_slice(rest, 0, bytes_find_byte(rest, '?'));
	knowing->trouble = percent_decode(bytes_slice(rest, 0, bytes_find_byte(rest, '#')), knowing->arena, &name);
	if (knowing->trouble == STATUS_OK)
		add_name(knowing, name);
}

static enum status take_url(void *context, const struct entity_summary *summary)
{
	struct knowing *knowing = context;
	/* The account's own has perhaps no slash. */
	struct bytes account = bytes_slice(knowing->account, 0, knowing->account.len - 1);
	if (!bytes_start_with(summary->value, account) ||
	    (summary->value.len > account.len && summary->value.at[account.len] != '/' && summary->value.at[account.len] != '?'))
		return STATUS_OK;
	take_name(knowing, summary->value);
	if (knowing->url_count == URLS_MAX) {
		knowing->known.has_more = true;
		return STATUS_END;
	}
	knowing->urls[knowing->url_count++] = (struct url_entity){summary->kind, keep(knowing, summary->value)};
	return knowing->trouble;
}

static enum status find_urls(struct knowing *knowing, struct failure *reterr)
{
	static const enum finding_kind kinds[] = {FINDING_STORAGE_URL, FINDING_URL};
	const struct target *target = knowing->target;
	enum status status = STATUS_OK;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds && status == STATUS_OK; i++) {
		struct buffer cursor = buffer_with_ceiling(1 << 20);
		struct bytes domain = target->is_custom ? BYTES_NONE : target->host;
		status = incident_entities(knowing->incident, kinds[i], domain, BYTES_NONE, take_url, knowing, &cursor, reterr);
		buffer_free(&cursor);
	}
	return status == STATUS_OK ? knowing->trouble : status;
}

/* ---- signatures ---- */

static bool has_expired(struct bytes expires, int64_t now)
{
	struct buffer text = buffer_with_ceiling(256);
	buffer_append(&text, expires);
	if (expires.len == sizeof "2026-11-30" - 1)
		buffer_append_string(&text, "T00:00:00Z");
	if (expires.len == sizeof "2026-11-30T12:00Z" - 1) {
		buffer_reset(&text);
		buffer_append(&text, bytes_slice(expires, 0, expires.len - 1));
		buffer_append_string(&text, ":00Z");
	}
	int64_t time = clock_parse_rfc3339(buffer_bytes(&text));
	buffer_free(&text);
	return time != CLOCK_UNKNOWN && time <= now;
}

static void read_signature(struct knowing *knowing, struct bytes query, struct known_signature *signature)
{
	struct bytes name, value, types = BYTES_NONE;
	const struct {
		const char *name;
		struct bytes *into;
	} members[] = {{"sp", &signature->permissions}, {"sr", &signature->resource}, {"srt", &types},
	               {"ss", &signature->services},    {"si", &signature->policy},   {"st", &signature->starts},
	               {"se", &signature->expires}};
	while (percent_next_parameter(&query, &name, &value)) {
		for (size_t i = 0; i < sizeof members / sizeof *members; i++)
			if (bytes_equal_string(name, members[i].name) && value.len <= 200 &&
			    percent_decode(value, knowing->arena, members[i].into) != STATUS_OK)
				knowing->trouble = STATUS_NO_MEMORY;
		signature->is_by_user |= bytes_equal_string(name, "skoid");
	}
	signature->is_of_account = signature->services.len > 0 || types.len > 0;
	if (types.len > 0)
		signature->resource = types;
	signature->is_expired = has_expired(signature->expires, knowing->now);
}

/* One of a service opens the container or the object it stands behind; one of an account all of it. */
static bool concerns(const struct knowing *knowing, const struct known_signature *signature)
{
	struct bytes url = signature->url, container = knowing->target->container.url;
	if (signature->is_of_account)
		return signature->services.len == 0 || bytes_find_byte(signature->services, 'b') != BYTES_NOT_FOUND;
	return bytes_start_with(url, container) && (url.len == container.len || url.at[container.len] == '/');
}

static bool is_told(const struct known *known, const struct known_signature *signature)
{
	for (size_t i = 0; i < known->signature_count; i++) {
		const struct known_signature *other = &known->signatures[i];
		if (bytes_equal(other->url, signature->url) && bytes_equal(other->permissions, signature->permissions) &&
		    bytes_equal(other->expires, signature->expires) && id_equal(other->document, signature->document))
			return true;
	}
	return false;
}

static enum status take_finding(void *context, const struct finding *finding)
{
	struct knowing *knowing = context;
	struct known *known = &knowing->known;
	size_t mark = bytes_find_byte(finding->raw, '?');
	if (finding->kind != knowing->url->kind || !bytes_equal(finding->value, knowing->url->value) || mark == BYTES_NOT_FOUND)
		return STATUS_OK;
	struct bytes query = bytes_from(finding->raw, mark + 1), ignored;
	struct bytes url = finding->value;
	if (!percent_find_parameter(query, "sig", &ignored))
		return STATUS_OK;
	struct known_signature signature = {
		.url = keep(knowing, bytes_slice(url, 0, bytes_find_byte(url, '?'))),
		.document = knowing->view->id,
		.path = keep(knowing, document_view_path(knowing->view)),
	};
	read_signature(knowing, query, &signature);
	if (knowing->trouble != STATUS_OK || !concerns(knowing, &signature) || is_told(known, &signature))
		return knowing->trouble;
	if (known->signature_count == KNOWN_SIGNATURES_MAX) {
		known->has_more = true;
		return STATUS_END;
	}
	known->signatures[known->signature_count++] = signature;
	return STATUS_OK;
}

struct url_documents {
	struct knowing *knowing;
	struct failure *reterr;
};

static enum status take_holder(void *context, const struct document_view *view)
{
	struct url_documents *documents = context;
	struct knowing *knowing = documents->knowing;
	if (!view->has_content || knowing->known.has_more)
		return knowing->known.has_more ? STATUS_END : STATUS_OK;
	knowing->view = view;
	return incident_findings(knowing->incident, view->content_key, take_finding, knowing, documents->reterr);
}

static enum status find_signatures(struct knowing *knowing, struct failure *reterr)
{
	struct url_documents documents = {knowing, reterr};
	enum status status = STATUS_OK;
	for (size_t i = 0; i < knowing->url_count && status == STATUS_OK; i++) {
		knowing->url = &knowing->urls[i];
		status = incident_documents_with(knowing->incident, knowing->url->kind, knowing->url->value, take_holder,
		                                 &documents, reterr);
	}
	return status == STATUS_OK ? knowing->trouble : status;
}

enum status known_find(struct incident *incident, const struct target *target, int64_t now, struct arena *arena,
                       struct known *ret_known, struct failure *reterr)
{
	struct bytes url = target->container.url;
	struct knowing knowing = {
		.incident = incident,
		.target = target,
		.now = now,
		.arena = arena,
		.account = bytes_slice(url, 0, bytes_find_last_byte(url, '/') + 1),
		.urls = arena_allocate(arena, URLS_MAX * sizeof *knowing.urls),
		.known = {.signatures = arena_allocate(arena, KNOWN_SIGNATURES_MAX * sizeof *knowing.known.signatures)},
	};
	if (knowing.urls == NULL || knowing.known.signatures == NULL)
		return fail(reterr, STATUS_NO_MEMORY, "evidence", "memory is used up");
	enum status status = find_names(&knowing, reterr);
	if (status == STATUS_OK)
		status = find_urls(&knowing, reterr);
	if (status == STATUS_OK)
		status = find_signatures(&knowing, reterr);
	if (status == STATUS_OK)
		*ret_known = knowing.known;
	else if (knowing.trouble != STATUS_OK)
		return fail(reterr, STATUS_NO_MEMORY, "evidence", "memory is used up");
	return status;
}

/* ---- telling ---- */

static void write_signature(const struct known_signature *signature, const struct target *target, struct json_writer *json)
{
	struct buffer command = buffer_with_ceiling(16 << 10);
	char id[ID_TEXT_SIZE];
	remedy_append_for_signature(&command, target, signature->policy, signature->is_by_user);
	json_begin_object(json);
	json_member_text(json, "url", signature->url);
	json_member_string(json, "of", signature->is_of_account ? "account" : "service");
	json_member_text(json, "resource", signature->resource);
	json_member_text(json, "permissions", signature->permissions);
	json_member_text(json, "policy", signature->policy);
	json_member_text(json, "starts", signature->starts);
	json_member_text(json, "expires", signature->expires);
	json_key(json, "expired");
	json_boolean(json, signature->is_expired);
	json_member_string(json, "document", id_format(signature->document, id));
	json_member_text(json, "path", signature->path);
	json_member_text(json, "command", signature->is_expired ? BYTES_NONE : buffer_bytes(&command));
	json_end_object(json);
	buffer_free(&command);
}

void known_write_signatures(const struct known *known, const struct target *target, struct json_writer *json)
{
	json_key(json, "signatures");
	if (known == NULL) {
		json_null(json);
		return;
	}
	json_begin_array(json);
	for (size_t i = 0; i < known->signature_count; i++)
		write_signature(&known->signatures[i], target, json);
	json_end_array(json);
}

void known_append_advice(const struct known *known, struct buffer *into)
{
	size_t alive = 0;
	for (size_t i = 0; i < known->signature_count; i++)
		alive += !known->signatures[i].is_expired;
	if (alive == 0)
		return;
	buffer_append_format(
		into,
		" %s%zu shared access signature%s that documents hold may open it to whoever has read them, whatever its "
		"level: revoke what signed %s. None was tried.",
		known->has_more ? "At least " : "", alive, alive == 1 ? "" : "s", alive == 1 ? "it" : "them");
}
