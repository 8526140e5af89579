/* SPDX-License-Identifier: Apache-2.0 */
/* Containers, the blob service, single objects: docs "Set Container ACL", "Set Blob Service Properties", "Delete Blob", "Set Blob
 * Tier", "Undelete Blob". */
#include "provider/azure-act.h"

#include "base/percent.h"
#include "base/xml.h"
#include "provider/azure.h"
#include "provider/http.h"

#define XML_HEAD "<?xml version=\"1.0\" encoding=\"utf-8\"?>"
#define BYTE_ORDER_MARK "\xEF\xBB\xBF"

/* ---- meanings ---- */

static const struct {
	const char *code;
	enum act_result result;
} meanings[] = {
	{"LeaseIdMissing", ACT_LEASED},
	{"LeaseIdMismatchWithBlobOperation", ACT_LEASED},
	{"LeaseIdMismatchWithContainerOperation", ACT_LEASED},
	{"LeaseNotPresentWithContainerOperation", ACT_LEASED},
	{"LeaseAlreadyPresent", ACT_LEASED},
	{"LeaseLost", ACT_LEASED},
	{"BlobImmutableDueToPolicy", ACT_HELD},
	{"BlobImmutableDueToLegalHold", ACT_HELD},
	{"SnapshotsPresent", ACT_HAS_SNAPSHOTS},
	{"ConditionNotMet", ACT_CHANGED},
	{"BlobNotFound", ACT_ABSENT},
	{"ContainerNotFound", ACT_ABSENT},
	{"ContainerBeingDeleted", ACT_ABSENT},
	{"ResourceNotFound", ACT_ABSENT},
	{"PublicAccessNotPermitted", ACT_DENIED},
	{"ServerBusy", ACT_BUSY},
	{"OperationTimedOut", ACT_UNREACHABLE},
	{"InternalError", ACT_UNREACHABLE},
	{"FeatureNotSupported", ACT_UNSUPPORTED},
	{"OperationNotAllowedOnRootBlob", ACT_UNSUPPORTED},
	{"PermanentDeleteNotEnabled", ACT_UNSUPPORTED},
};

static enum act_result mean_by_status(unsigned status)
{
	switch (status) {
	case 400:
	case 405:
	case 501: return ACT_UNSUPPORTED;
	case 404: return ACT_ABSENT;
	case 412: return ACT_CHANGED;
	case 429:
	case 503: return ACT_BUSY;
	default: return status >= 400 && status < 500 ? ACT_DENIED : ACT_UNREACHABLE;
	}
}

enum act_result azure_mean_refusal(unsigned status, struct bytes code)
{
	for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++)
		if (bytes_equal_string(code, meanings[i].code))
			return meanings[i].result;
	return mean_by_status(status);
}

/* ---- containers ---- */

static bool is_level(struct bytes level)
{
	return level.len == 0 || bytes_equal_string(level, "container") || bytes_equal_string(level, "blob");
}

static struct bytes keep(struct bytes bytes, struct arena *arena, enum status *status)
{
	struct bytes kept = bytes.len > 0 ? arena_copy(arena, bytes) : BYTES_NONE;
	if (bytes.len > 0 && kept.at == NULL)
		*status = STATUS_NO_MEMORY;
	return kept;
}

enum status azure_read_acl(const struct reply *reply, struct arena *arena, struct azure_acl *ret_acl)
{
	static const struct xml_events none = {.start = NULL};
	struct bytes body = reply->body, level = reply_header(reply, "x-ms-blob-public-access");
	if (bytes_start_with(body, BYTES_LITERAL(BYTE_ORDER_MARK)))
		body = bytes_from(body, strlen(BYTE_ORDER_MARK));
	if (!is_level(level) || bytes_find(body, BYTES_LITERAL("<SignedIdentifiers")) == BYTES_NOT_FOUND ||
	    xml_parse(body, &none, NULL) != STATUS_OK)
		return STATUS_MALFORMED;
	enum status status = STATUS_OK;
	struct azure_acl acl = {
		.level = keep(level, arena, &status),
		.policies = keep(body, arena, &status),
		.etag = keep(http_without_quotes(reply_header(reply, "etag")), arena, &status),
		.last_modified = keep(reply_header(reply, "last-modified"), arena, &status),
	};
	if (status == STATUS_OK)
		*ret_acl = acl;
	return status;
}

enum status azure_ask_set_acl(const struct target *target, const struct terms *terms, const struct azure_acl *acl,
                              struct arena *arena, struct request *ret_request)
{
	struct request request;
	struct buffer url = buffer_with_ceiling(HTTP_URL_MAX);
	azure_append_container(&url, target);
	buffer_append_string(&url, "?restype=container&comp=acl");
	enum status status = azure_finish(&url, "PUT", terms, arena, &request);
	if (status != STATUS_OK)
		return status;
	if (acl->level.len > 0)
		request_add_header(&request, "x-ms-blob-public-access", acl->level);
	if (acl->last_modified.len > 0)
		request_add_header(&request, "If-Unmodified-Since", acl->last_modified);
	request_add_header(&request, "Content-Type", BYTES_LITERAL("application/xml"));
	request.body = acl->policies;
	*ret_request = request;
	return STATUS_OK;
}

static enum answer answer_of(struct bytes header, const char *yes, const char *no)
{
	return bytes_equal_nocase(header, bytes_of_string(yes))  ? ANSWER_YES
	       : bytes_equal_nocase(header, bytes_of_string(no)) ? ANSWER_NO
	                                                         : ANSWER_NOT_ESTABLISHED;
}

void azure_read_holds(const struct reply *reply, struct act_found *found)
{
	enum answer lease = answer_of(reply_header(reply, "x-ms-lease-status"), "locked", "unlocked");
	enum answer legal = answer_of(reply_header(reply, "x-ms-has-legal-hold"), "true", "false");
	enum answer policy = answer_of(reply_header(reply, "x-ms-has-immutability-policy"), "true", "false");
	enum answer blob = answer_of(reply_header(reply, "x-ms-legal-hold"), "true", "false");
	int64_t until = clock_parse_rfc5322(reply_header(reply, "x-ms-immutability-policy-until-date"));
	found->is_leased = lease;
	found->is_held = legal == ANSWER_YES || policy == ANSWER_YES || blob == ANSWER_YES || until != CLOCK_UNKNOWN ? ANSWER_YES
	                 : legal == ANSWER_NO && policy == ANSWER_NO                                                 ? ANSWER_NO
	                                                                                                             : blob;
}

/* ---- the account's blob service ---- */

static enum status ask_service(const struct target *target, const struct terms *terms, const char *method, struct arena *arena,
                               struct request *ret_request)
{
	struct buffer url = buffer_with_ceiling(HTTP_URL_MAX);
	azure_append_account(&url, target);
	buffer_append_string(&url, "?restype=service&comp=properties");
	return azure_finish(&url, method, terms, arena, ret_request);
}

enum status azure_ask_service(const struct target *target, const struct terms *terms, struct arena *arena,
                              struct request *ret_request)
{
	return ask_service(target, terms, "GET", arena, ret_request);
}

enum { SERVICE_DEPTH = 3 };

struct service_reading {
	unsigned depth;
	char names[SERVICE_DEPTH][32]; /* of the elements that are open, from the first on */
	struct azure_service service;
};

static enum status on_start(void *context, const char *name, const char *const *attributes)
{
	struct service_reading *reading = context;
	(void)attributes;
	if (reading->depth < SERVICE_DEPTH) {
		size_t length = strlen(xml_local_name(name));
		bool fits = length < sizeof reading->names[0];
		memcpy(reading->names[reading->depth], fits ? xml_local_name(name) : "", fits ? length + 1 : 1);
	}
	reading->depth++;
	return STATUS_OK;
}

static enum status on_end(void *context, const char *name)
{
	(void)name;
	((struct service_reading *)context)->depth--;
	return STATUS_OK;
}

static bool is_in(const struct service_reading *reading, const char *outer, const char *inner)
{
	return reading->depth == SERVICE_DEPTH && strcmp(reading->names[1], outer) == 0 && strcmp(reading->names[2], inner) == 0;
}

/* Each value is a word, and comes in one piece. */
static enum status on_text(void *context, struct bytes text)
{
	struct service_reading *reading = context;
	struct azure_service *service = &reading->service;
	uint64_t days;
	enum answer answer = answer_of(bytes_trim(text), "true", "false");
	if (is_in(reading, "StaticWebsite", "Enabled"))
		service->has_site = answer;
	else if (is_in(reading, "DeleteRetentionPolicy", "Enabled"))
		service->has_soft_delete = answer;
	else if (is_in(reading, "DeleteRetentionPolicy", "AllowPermanentDelete"))
		service->may_delete_permanently = answer;
	else if (is_in(reading, "DeleteRetentionPolicy", "Days") && bytes_parse_u64(bytes_trim(text), &days) && days <= 36500)
		service->retention_days = (uint32_t)days;
	return STATUS_OK;
}

/* <StaticWebsite>...</StaticWebsite>; empty where there is none. */
static struct bytes find_site(struct bytes body)
{
	struct bytes begins = BYTES_LITERAL("<StaticWebsite>"), ends = BYTES_LITERAL("</StaticWebsite>");
	size_t from = bytes_find(body, begins);
	struct bytes rest = from == BYTES_NOT_FOUND ? BYTES_NONE : bytes_from(body, from);
	size_t length = bytes_find(rest, ends);
	return length == BYTES_NOT_FOUND ? BYTES_NONE : bytes_slice(rest, 0, length + ends.len);
}

enum status azure_read_service(struct bytes body, struct arena *arena, struct azure_service *ret_service)
{
	static const struct xml_events events = {.start = on_start, .end = on_end, .text = on_text};
	struct service_reading reading = {.depth = 0};
	if (bytes_start_with(body, BYTES_LITERAL(BYTE_ORDER_MARK)))
		body = bytes_from(body, strlen(BYTE_ORDER_MARK));
	enum status status = xml_parse(body, &events, &reading);
	if (status == STATUS_OK && strcmp(reading.names[0], "StorageServiceProperties") != 0)
		status = STATUS_MALFORMED;
	struct azure_service service = reading.service;
	if (status == STATUS_OK)
		service.site = keep(find_site(body), arena, &status);
	if (service.has_site == ANSWER_NOT_ESTABLISHED && service.site.len == 0)
		service.has_site = ANSWER_NO;
	if (status == STATUS_OK)
		*ret_service = service;
	return status;
}

enum status azure_ask_set_site(const struct target *target, const struct terms *terms, struct bytes site, struct arena *arena,
                               struct request *ret_request)
{
	static const struct xml_events none = {.start = NULL};
	struct request request;
	struct buffer body = buffer_with_ceiling(64 << 10);
	if (site.len == 0)
		site = BYTES_LITERAL("<StaticWebsite><Enabled>false</Enabled></StaticWebsite>");
	if (!bytes_start_with(site, BYTES_LITERAL("<StaticWebsite>")) || xml_parse(site, &none, NULL) != STATUS_OK)
		return STATUS_MALFORMED;
	buffer_append_string(&body, XML_HEAD "<StorageServiceProperties>");
	buffer_append(&body, site);
	buffer_append_string(&body, "</StorageServiceProperties>");
	enum status status = ask_service(target, terms, "PUT", arena, &request);
	if (status == STATUS_OK)
		status = buffer_status(&body);
	if (status == STATUS_OK) {
		request.body = keep(buffer_bytes(&body), arena, &status);
		request_add_header(&request, "Content-Type", BYTES_LITERAL("application/xml"));
	}
	buffer_free(&body);
	if (status == STATUS_OK)
		*ret_request = request;
	return status;
}

/* ---- objects ---- */

static const char *method_of(enum act_verb verb)
{
	return verb == ACT_DELETE || verb == ACT_DELETE_PERMANENTLY ? "DELETE" : "PUT";
}

static void append_verb(struct buffer *url, const struct act_step *step)
{
	const char *question = step->version.len > 0 ? "&" : "?";
	if (step->verb == ACT_DELETE_PERMANENTLY)
		buffer_append_format(url, "%sdeletetype=permanent", question);
	else if (step->verb == ACT_UNDELETE)
		buffer_append_format(url, "%scomp=undelete", question);
	else if (step->verb == ACT_SET_TIER)
		buffer_append_format(url, "%scomp=tier", question);
}

enum status azure_ask_step(const struct target *target, const struct terms *terms, const struct act_step *step,
                           struct arena *arena, struct request *ret_request)
{
	struct request request;
	struct buffer url = buffer_with_ceiling(HTTP_URL_MAX);
	const struct object object = {.name = step->object, .version = step->version, .is_snapshot = step->is_snapshot};
	if (!azure_append_object(&url, target, &object))
		return STATUS_UNSUPPORTED;
	append_verb(&url, step);
	enum status status = azure_finish(&url, method_of(step->verb), terms, arena, &request);
	if (status == STATUS_OK && step->verb == ACT_DELETE && step->version.len == 0)
		status = http_add_condition(&request, step->etag, arena);
	if (status != STATUS_OK)
		return status;
	if (step->verb == ACT_SET_TIER)
		request_add_header(&request, "x-ms-access-tier", step->value);
	*ret_request = request;
	return STATUS_OK;
}
