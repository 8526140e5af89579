/* SPDX-License-Identifier: Apache-2.0 */
/* Azure Blob Storage: wording its requests. Names of parameters and headers as its REST reference has them. */
#include "provider/azure.h"

#include "base/percent.h"
#include "provider/http.h"

static enum status ask_page(const struct target *target, const struct terms *terms, const struct page_options *options,
                            struct bytes cursor, struct arena *arena, struct request *ret_request);
static enum status ask_object(const struct target *target, const struct terms *terms, const struct object *object,
                              const struct object_part *part, struct arena *arena, struct request *ret_request);
static enum status read_object(const struct reply *reply, struct arena *arena, struct object *object);
static enum status ask_site(const struct target *target, const struct terms *terms, unsigned nth, struct arena *arena,
                            struct request *ret_request);
static enum status ask_container(const struct target *target, const struct terms *terms, enum question question,
                                 struct arena *arena, struct request *ret_request);
static bool is_acl(struct bytes body);

extern const struct provider provider_azure;
const struct provider provider_azure = {
	.name = "azure",
	.kind = PROVIDER_AZURE,
	.public_level_header = "x-ms-blob-public-access",
	.is_never_writable = true,
	.ask_page = ask_page,
	.read_page = azure_read_page,
	.ask_object = ask_object,
	.read_object = read_object,
	.ask_site = ask_site,
	.site_container = "$web",
	.secondary_suffix = "-secondary",
	.is_log_container = azure_is_log_container,
	.is_inventory = azure_is_inventory,
	.ask_container = ask_container,
	.is_acl = is_acl,
	.read_refusal = azure_read_refusal,
	.credentials = &credentials_azure,
	.sign = azure_sign,
};

enum { ZONES = 50 };

/* Newest first: known in every region of 2024, then where an answer's form changed. Without any, a stranger's request runs
 * as 2009-09-19, which cannot list containers that hold append blobs. */
static const char *const versions[] = {
	"2023-11-03", "2021-12-02", "2020-10-02", "2019-12-12", "2019-02-02", "2017-11-09", "2015-02-21",
};

const char *azure_version(const struct terms *terms)
{
	return terms->dialect < sizeof versions / sizeof *versions ? versions[terms->dialect] : NULL;
}

void azure_append_account(struct buffer *url, const struct target *target)
{
	http_append_host(url, target);
	if (target->is_path_style) {
		buffer_append_byte(url, '/');
		buffer_append(url, target->account_name);
	}
	buffer_append_byte(url, '/');
}

void azure_append_container(struct buffer *url, const struct target *target)
{
	azure_append_account(url, target);
	buffer_append(url, target->container.name);
}

enum status azure_finish(struct buffer *url, const char *method, const struct terms *terms, struct arena *arena,
                         struct request *ret_request)
{
	struct request request;
	const char *version = azure_version(terms);
	enum status status = http_request(url, method, arena, &request);
	if (status == STATUS_OK && version == NULL)
		status = STATUS_UNSUPPORTED;
	if (status != STATUS_OK)
		return status;
	request_add_header(&request, "x-ms-version", bytes_of_string(version));
	*ret_request = request;
	return STATUS_OK;
}

static void append_include(struct buffer *url, unsigned include)
{
	static const struct {
		unsigned bit;
		const char *word;
	} words[] = {{PAGE_SNAPSHOTS, "snapshots"}, {PAGE_VERSIONS, "versions"}, {PAGE_DELETED, "deleted"}};
	const char *separator = "&include=";
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (include & words[i].bit) {
			buffer_append_format(url, "%s%s", separator, words[i].word);
			separator = "%2C";
		}
	}
}

static enum status ask_page(const struct target *target, const struct terms *terms, const struct page_options *options,
                            struct bytes cursor, struct arena *arena, struct request *ret_request)
{
	struct buffer url = buffer_with_ceiling(HTTP_URL_MAX);
	azure_append_container(&url, target);
	buffer_append_string(&url, "?restype=container&comp=list");
	if (target->prefix.len > 0)
		http_append_parameter(&url, "prefix", target->prefix);
	append_include(&url, options->include);
	if (options->size > 0)
		buffer_append_format(&url, "&maxresults=%u", options->size);
	if (cursor.len > 0)
		http_append_parameter(&url, "marker", cursor);
	return azure_finish(&url, "GET", terms, arena, ret_request);
}

bool azure_append_object(struct buffer *url, const struct target *target, const struct object *object)
{
	if (object->name.len == 0 || object->name.len > PROVIDER_NAME_MAX || http_has_dot_segment(object->name))
		return false;
	azure_append_container(url, target);
	buffer_append_byte(url, '/');
	percent_append_encoded(url, object->name, true);
	if (object->version.len > 0) {
		buffer_append_string(url, object->is_snapshot ? "?snapshot=" : "?versionid=");
		percent_append_encoded(url, object->version, false);
	}
	return true;
}

static enum status ask_object(const struct target *target, const struct terms *terms, const struct object *object,
                              const struct object_part *part, struct arena *arena, struct request *ret_request)
{
	struct request request;
	struct buffer url = buffer_with_ceiling(HTTP_URL_MAX);
	if (!azure_append_object(&url, target, object))
		return STATUS_UNSUPPORTED;
	enum status status = azure_finish(&url, part->is_head ? "HEAD" : "GET", terms, arena, &request);
	if (status == STATUS_OK)
		status = http_add_range(&request, part, arena);
	if (status == STATUS_OK)
		status = http_add_condition(&request, part->etag, arena);
	if (status == STATUS_OK)
		*ret_request = request;
	return status;
}

/* Content-MD5 is of what was sent; that of the whole blob has a header of its own where a range was sent. */
static enum status read_object(const struct reply *reply, struct arena *arena, struct object *object)
{
	const char *md5 = reply->status == 206 ? "x-ms-blob-content-md5" : "content-md5";
	enum status status = http_read_head(reply, arena, object);
	return status == STATUS_OK ? http_read_md5(reply_header(reply, md5), arena, &object->md5) : status;
}

static enum status ask_container(const struct target *target, const struct terms *terms, enum question question,
                                 struct arena *arena, struct request *ret_request)
{
	struct buffer url = buffer_with_ceiling(HTTP_URL_MAX);
	azure_append_container(&url, target);
	buffer_append_string(&url, question == QUESTION_ACL ? "?restype=container&comp=acl" : "?restype=container");
	return azure_finish(&url, question == QUESTION_ACL ? "GET" : "HEAD", terms, arena, ret_request);
}

static bool is_acl(struct bytes body)
{
	return bytes_find(body, BYTES_LITERAL("<SignedIdentifiers")) != BYTES_NOT_FOUND;
}

/* ACCOUNT.zN.web.core.windows.net, where N is not told to strangers; of an account in a DNS zone the zone's; path style:
 * beside the account, as its secondary is. */
static enum status ask_site(const struct target *target, const struct terms *terms, unsigned nth, struct arena *arena,
                            struct request *ret_request)
{
	struct buffer url = buffer_with_ceiling(HTTP_URL_MAX);
	size_t blob = bytes_find(target->host, BYTES_LITERAL(".blob."));
	struct bytes zone = bytes_from(bytes_slice(target->host, 0, blob), target->account_name.len);
	bool has_zone = bytes_find(zone, BYTES_LITERAL(".z")) != BYTES_NOT_FOUND;
	if (nth >= (target->is_path_style || has_zone ? 1 : ZONES))
		return STATUS_END;
	if (target->is_path_style) {
		http_append_host(&url, target);
		buffer_append_format(&url, "/%.*s-web/", (int)target->account_name.len, (const char *)target->account_name.at);
		return azure_finish(&url, "HEAD", terms, arena, ret_request);
	}
	buffer_append_format(&url, "https://%.*s", (int)target->account_name.len, (const char *)target->account_name.at);
	if (has_zone)
		buffer_append(&url, bytes_from(zone, bytes_find(zone, BYTES_LITERAL(".z"))));
	else
		buffer_append_format(&url, ".z%u", nth + 1);
	buffer_append_string(&url, ".web.");
	buffer_append(&url, bytes_from(target->host, blob + strlen(".blob.")));
	buffer_append_byte(&url, '/');
	return azure_finish(&url, "HEAD", terms, arena, ret_request);
}
