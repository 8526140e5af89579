/* SPDX-License-Identifier: Apache-2.0 */
/* Tokens and Resource Manager. Names of variables as Azure's SDKs read them. */
#include "provider/azure-identity.h"

#include "base/json-value.h"
#include "base/percent.h"
#include "provider/http.h"

#define ACCOUNTS "Microsoft.Storage/storageAccounts"
enum { PLACE_MAX = 1024, TOKEN_MAX = 16 << 10 };

/* ---- reading the environment ---- */

/* https, or plain http to this very machine. */
static bool is_endpoint(struct bytes url)
{
	static const char *const loopback[] = {"http://127.0.0.1", "http://localhost", "http://[::1]"};
	for (size_t i = 0; i < url.len; i++)
		if (url.at[i] <= 0x20 || url.at[i] > 0x7e || url.at[i] == '@' || url.at[i] == '#')
			return false;
	if (bytes_start_with(url, BYTES_LITERAL("https://")))
		return url.len > strlen("https://");
	for (size_t i = 0; i < sizeof loopback / sizeof *loopback; i++) {
		struct bytes rest = bytes_from(url, strlen(loopback[i]));
		if (bytes_start_with(url, bytes_of_string(loopback[i])) &&
		    (rest.len == 0 || rest.at[0] == ':' || rest.at[0] == '/'))
			return true;
	}
	return false;
}

static enum status read_endpoint(const struct secrets *secrets, const char *name, const char *usual, struct bytes *endpoint,
                                 struct failure *reterr)
{
	*endpoint = secrets_find(secrets, name);
	while (endpoint->len > 0 && endpoint->at[endpoint->len - 1] == '/')
		endpoint->len--;
	if (endpoint->len == 0)
		*endpoint = bytes_of_string(usual);
	return endpoint->len == 0 || is_endpoint(*endpoint)
	               ? STATUS_OK
	               : fail(reterr, STATUS_USAGE, name, "is no https address (plain http is for the loopback alone)");
}

static bool is_plain(struct bytes name)
{
	for (size_t i = 0; i < name.len; i++) {
		unsigned char c = name.at[i];
		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') && c != '-' && c != '.' &&
		    c != '_')
			return false;
	}
	return true;
}

static enum azure_identity_kind kind_of(const struct azure_identity *identity, const struct secrets *secrets)
{
	if (identity->tenant.len > 0 && identity->client.len > 0 && identity->secret.len > 0)
		return AZURE_IDENTITY_CLIENT;
	bool is_managed = secrets_find(secrets, "IDENTITY_ENDPOINT").len > 0 ||
	                  bytes_equal_nocase(secrets_find(secrets, "AZURE_TOKEN_CREDENTIALS"),
	                                     BYTES_LITERAL("ManagedIdentityCredential"));
	return is_managed ? AZURE_IDENTITY_MANAGED : AZURE_IDENTITY_NONE;
}

static enum status keep_all(struct azure_identity *identity, struct arena *arena)
{
	struct bytes *const members[] = {&identity->tenant, &identity->client, &identity->secret,  &identity->endpoint,
	                                 &identity->header, &identity->login,  &identity->manager, &identity->subscription};
	for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
		if (members[i]->len == 0)
			continue;
		*members[i] = arena_copy(arena, *members[i]);
		if (members[i]->at == NULL)
			return STATUS_NO_MEMORY;
	}
	return STATUS_OK;
}

enum status azure_identity_read(const struct secrets *secrets, struct arena *arena, struct azure_identity *ret_identity,
                                struct failure *reterr)
{
	struct azure_identity identity = {
		.tenant = secrets_find(secrets, "AZURE_TENANT_ID"),
		.client = secrets_find(secrets, "AZURE_CLIENT_ID"),
		.secret = secrets_find(secrets, "AZURE_CLIENT_SECRET"),
		.header = secrets_find(secrets, "IDENTITY_HEADER"),
		.subscription = secrets_find(secrets, "AZURE_SUBSCRIPTION_ID"),
	};
	if (!is_plain(identity.tenant) || !is_plain(identity.client) || !is_plain(identity.subscription))
		return fail(reterr, STATUS_USAGE, "AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_SUBSCRIPTION_ID",
		            "one of them is no id");
	enum status status = read_endpoint(secrets, "AZURE_AUTHORITY_HOST", "https://login.microsoftonline.com", &identity.login,
	                                   reterr);
	if (status == STATUS_OK)
		status = read_endpoint(secrets, "AZURE_RESOURCE_MANAGER", "https://management.azure.com", &identity.manager,
		                       reterr);
	/* The machine's own endpoint is plain http, and nowhere but on the machine. */
	identity.endpoint = secrets_find(secrets, "IDENTITY_ENDPOINT");
	if (status == STATUS_OK && identity.endpoint.len > 0 && !is_endpoint(identity.endpoint))
		status = fail(reterr, STATUS_USAGE, "IDENTITY_ENDPOINT", "is neither https nor on the loopback");
	identity.kind = kind_of(&identity, secrets);
	if (status == STATUS_OK)
		status = keep_all(&identity, arena);
	if (status == STATUS_OK)
		*ret_identity = identity;
	return status;
}

/* ---- tokens ---- */

static const char *audience_name(enum azure_audience audience)
{
	return audience == AZURE_FOR_STORAGE ? "https://storage.azure.com" : "https://management.azure.com";
}

/* name=value of a form, behind an ampersand but for the first. */
static void append_field(struct buffer *form, const char *name, struct bytes value)
{
	buffer_append_format(form, "%s%s=", form->len > 0 ? "&" : "", name);
	percent_append_encoded(form, value, false);
}

static enum status ask_client_token(const struct azure_identity *identity, enum azure_audience audience, struct arena *arena,
                                    struct request *ret_request)
{
	struct buffer url = buffer_with_ceiling(HTTP_URL_MAX), form = buffer_with_ceiling(HTTP_URL_MAX);
	struct buffer scope = buffer_with_ceiling(256);
	struct request request;
	buffer_append(&url, identity->login);
	buffer_append_byte(&url, '/');
	buffer_append(&url, identity->tenant);
	buffer_append_string(&url, "/oauth2/v2.0/token");
	buffer_append_format(&scope, "%s/.default", audience_name(audience));
	append_field(&form, "grant_type", BYTES_LITERAL("client_credentials"));
	append_field(&form, "client_id", identity->client);
	append_field(&form, "client_secret", identity->secret);
	append_field(&form, "scope", buffer_bytes(&scope));
	enum status status = http_request(&url, "POST", arena, &request);
	if (status == STATUS_OK)
		status = buffer_status(&form);
	request.body = arena_copy(arena, buffer_bytes(&form));
	buffer_free(&form);
	buffer_free(&scope);
	if (status == STATUS_OK && request.body.at == NULL)
		status = STATUS_NO_MEMORY;
	if (status != STATUS_OK)
		return status;
	request_add_header(&request, "Content-Type", BYTES_LITERAL("application/x-www-form-urlencoded"));
	*ret_request = request;
	return STATUS_OK;
}

/* Of a host of App Service, where there is one, else of a virtual machine: both answer on a link of the machine alone. */
static enum status ask_managed_token(const struct azure_identity *identity, enum azure_audience audience, struct arena *arena,
                                     struct request *ret_request)
{
	struct buffer url = buffer_with_ceiling(HTTP_URL_MAX);
	struct request request;
	bool is_hosted = identity->endpoint.len > 0;
	if (is_hosted)
		buffer_append(&url, identity->endpoint);
	else
		buffer_append_string(&url, "http://169.254.169.254/metadata/identity/oauth2/token");
	buffer_append_format(&url, "?api-version=%s", is_hosted ? "2019-08-01" : "2018-02-01");
	http_append_parameter(&url, "resource", bytes_of_string(audience_name(audience)));
	if (identity->client.len > 0)
		http_append_parameter(&url, "client_id", identity->client);
	enum status status = http_request(&url, "GET", arena, &request);
	if (status != STATUS_OK)
		return status;
	if (is_hosted)
		request_add_header(&request, "X-IDENTITY-HEADER", identity->header);
	else
		request_add_header(&request, "Metadata", BYTES_LITERAL("true"));
	*ret_request = request;
	return STATUS_OK;
}

enum status azure_ask_token(const struct azure_identity *identity, enum azure_audience audience, struct arena *arena,
                            struct request *ret_request)
{
	switch (identity->kind) {
	case AZURE_IDENTITY_CLIENT: return ask_client_token(identity, audience, arena, ret_request);
	case AZURE_IDENTITY_MANAGED: return ask_managed_token(identity, audience, arena, ret_request);
	default: return STATUS_UNSUPPORTED;
	}
}

static bool is_token(struct bytes token)
{
	for (size_t i = 0; i < token.len; i++)
		if (token.at[i] <= 0x20 || token.at[i] > 0x7e)
			return false;
	return token.len > 0 && token.len <= TOKEN_MAX;
}

enum status azure_read_token(struct bytes body, struct arena *arena, struct bytes *ret_bearer)
{
	const struct json_value *reply;
	struct buffer bearer = buffer_with_ceiling(TOKEN_MAX + 16);
	enum status status = json_parse(body, arena, &reply);
	if (status != STATUS_OK)
		return status;
	struct bytes token = json_text_of(reply, "access_token");
	if (!is_token(token))
		return STATUS_MALFORMED;
	buffer_append_string(&bearer, "Bearer ");
	buffer_append(&bearer, token);
	struct bytes kept = arena_copy(arena, buffer_bytes(&bearer));
	buffer_free(&bearer);
	if (kept.at == NULL)
		return STATUS_NO_MEMORY;
	*ret_bearer = kept;
	return STATUS_OK;
}

struct bytes azure_read_token_refusal(struct bytes body, struct arena *arena)
{
	const struct json_value *reply;
	struct bytes code = json_parse(body, arena, &reply) == STATUS_OK ? json_text_of(reply, "error") : BYTES_NONE;
	return is_plain(code) && code.len <= 96 ? code : BYTES_NONE;
}

/* ---- Resource Manager ---- */

static enum status finish(struct buffer *url, const char *method, struct arena *arena, struct request *ret_request)
{
	return http_request(url, method, arena, ret_request);
}

enum status azure_ask_account_place(const struct azure_identity *identity, struct bytes account, struct arena *arena,
                                    struct request *ret_request)
{
	struct buffer url = buffer_with_ceiling(HTTP_URL_MAX), filter = buffer_with_ceiling(1024);
	buffer_append_format(&filter, "resourceType eq '" ACCOUNTS "' and name eq '%.*s'", (int)account.len,
	                     (const char *)account.at);
	buffer_append(&url, identity->manager);
	buffer_append_string(&url, "/subscriptions/");
	buffer_append(&url, identity->subscription);
	buffer_append_string(&url, "/resources?api-version=2021-04-01");
	http_append_parameter(&url, "$filter", buffer_bytes(&filter));
	buffer_free(&filter);
	return finish(&url, "GET", arena, ret_request);
}

/* It becomes part of a URL. */
static bool is_place(struct bytes place, struct bytes account)
{
	for (size_t i = 0; i < place.len; i++) {
		unsigned char c = place.at[i];
		if (c <= 0x20 || c > 0x7e || c == '?' || c == '#' || c == '%' || c == '\\')
			return false;
	}
	size_t slash = bytes_find_last_byte(place, '/');
	return place.len <= PLACE_MAX && bytes_start_with_nocase(place, BYTES_LITERAL("/subscriptions/")) &&
	       !http_has_dot_segment(place) && slash != BYTES_NOT_FOUND &&
	       bytes_equal_nocase(bytes_from(place, slash + 1), account);
}

enum status azure_read_account_place(struct bytes body, struct bytes account, struct arena *arena, struct bytes *ret_place)
{
	const struct json_value *reply;
	enum status status = json_parse(body, arena, &reply);
	if (status != STATUS_OK)
		return status;
	const struct json_value *found = json_find(reply, "value");
	if (found == NULL || found->kind != JSON_ARRAY)
		return STATUS_MALFORMED;
	for (const struct json_value *one = found->first; one != NULL; one = one->next) {
		struct bytes place = json_text_of(one, "id");
		if (!bytes_equal_nocase(json_text_of(one, "type"), BYTES_LITERAL(ACCOUNTS)) || !is_place(place, account))
			continue;
		*ret_place = place;
		return STATUS_OK;
	}
	return STATUS_ABSENT;
}

static void append_account(struct buffer *url, const struct azure_identity *identity, struct bytes place)
{
	buffer_append(url, identity->manager);
	percent_append_encoded(url, place, true);
	buffer_append_string(url, "?api-version=2023-01-01");
}

enum status azure_ask_account(const struct azure_identity *identity, struct bytes place, struct arena *arena,
                              struct request *ret_request)
{
	struct buffer url = buffer_with_ceiling(HTTP_URL_MAX);
	append_account(&url, identity, place);
	return finish(&url, "GET", arena, ret_request);
}

enum status azure_ask_account_flag(const struct azure_identity *identity, struct bytes place, bool allows, struct arena *arena,
                                   struct request *ret_request)
{
	struct buffer url = buffer_with_ceiling(HTTP_URL_MAX);
	struct request request;
	append_account(&url, identity, place);
	enum status status = finish(&url, "PATCH", arena, &request);
	if (status != STATUS_OK)
		return status;
	request.body = allows ? BYTES_LITERAL("{\"properties\":{\"allowBlobPublicAccess\":true}}")
	                      : BYTES_LITERAL("{\"properties\":{\"allowBlobPublicAccess\":false}}");
	request_add_header(&request, "Content-Type", BYTES_LITERAL("application/json"));
	*ret_request = request;
	return STATUS_OK;
}

enum status azure_read_account(struct bytes body, struct arena *arena, enum answer *ret_allows)
{
	const struct json_value *reply;
	enum status status = json_parse(body, arena, &reply);
	if (status != STATUS_OK)
		return status;
	const struct json_value *properties = json_find(reply, "properties"),
				*flag = json_find(properties, "allowBlobPublicAccess");
	if (properties == NULL)
		return STATUS_MALFORMED;
	*ret_allows = flag != NULL && flag->kind == JSON_FALSE ? ANSWER_NO : ANSWER_YES;
	return STATUS_OK;
}
