/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What Azure's refusals mean, as a table of its error codes (docs: "Blob
 * Storage error codes"); where no code came, the status alone has to do.
 */
#include "provider/azure.h"

#include "base/xml.h"
#include "provider/http.h"

static const struct refusal_meaning {
	const char *code;
	enum refusal_reason reason;
	enum status status;
} meanings[] = {
	{"ServerBusy", REFUSAL_BUSY, STATUS_BUSY},
	{"OperationTimedOut", REFUSAL_BUSY, STATUS_BUSY},
	{"InternalError", REFUSAL_PASSING, STATUS_UNREACHABLE},
	{"ResourceNotFound", REFUSAL_PRIVATE_OR_ABSENT, STATUS_ABSENT},
	{"NoAuthenticationInformation", REFUSAL_PRIVATE_OR_ABSENT, STATUS_DENIED},
	{"ContainerNotFound", REFUSAL_CONTAINER_ABSENT, STATUS_ABSENT},
	{"BlobNotFound", REFUSAL_OBJECT_ABSENT, STATUS_ABSENT},
	{"PublicAccessNotPermitted", REFUSAL_ACCOUNT_OFF, STATUS_DENIED},
	{"AuthorizationFailure", REFUSAL_FIREWALL, STATUS_DENIED},
	{"AuthorizationSourceIPMismatch", REFUSAL_FIREWALL, STATUS_DENIED},
	{"AuthorizationPermissionMismatch", REFUSAL_DENIED, STATUS_DENIED},
	{"AuthorizationResourceTypeMismatch", REFUSAL_DENIED, STATUS_DENIED},
	{"AuthorizationServiceMismatch", REFUSAL_DENIED, STATUS_DENIED},
	{"AuthorizationProtocolMismatch", REFUSAL_INSECURE, STATUS_DENIED},
	{"InsufficientAccountPermissions", REFUSAL_DENIED, STATUS_DENIED},
	{"AuthenticationFailed", REFUSAL_CREDENTIAL, STATUS_DENIED},
	{"InvalidAuthenticationInfo", REFUSAL_CREDENTIAL, STATUS_DENIED},
	{"AccountIsDisabled", REFUSAL_SUSPENDED, STATUS_DENIED},
	{"AccountBeingCreated", REFUSAL_SUSPENDED, STATUS_DENIED},
	{"ContainerDisabled", REFUSAL_SUSPENDED, STATUS_DENIED},
	{"ContainerBeingDeleted", REFUSAL_SUSPENDED, STATUS_ABSENT},
	{"AccountRequiresHttps", REFUSAL_INSECURE, STATUS_DENIED},
	{"BlobArchived", REFUSAL_ARCHIVED, STATUS_ARCHIVED},
	{"BlobBeingRehydrated", REFUSAL_ARCHIVED, STATUS_ARCHIVED},
	{"ConditionNotMet", REFUSAL_CHANGED, STATUS_CHANGED},
	{"InvalidRange", REFUSAL_RANGE, STATUS_CHANGED},
	{"FeatureVersionMismatch", REFUSAL_UNSUPPORTED, STATUS_UNSUPPORTED},
	{"UnsupportedQueryParameter", REFUSAL_UNSUPPORTED, STATUS_UNSUPPORTED},
	{"InvalidQueryParameterValue", REFUSAL_UNSUPPORTED, STATUS_UNSUPPORTED},
	{"BlobApiNotYetSupportedForHierarchicalNamespaceAccounts", REFUSAL_UNSUPPORTED, STATUS_UNSUPPORTED},
	{"NotImplemented", REFUSAL_UNSUPPORTED, STATUS_UNSUPPORTED},
};

/* ---- the code ---- */

struct error_body {
	unsigned depth;
	bool in_code, in_header_name;
	struct buffer code, header_name;
};

static enum status on_start(void *context, const char *name, const char *const *attributes)
{
	(void)attributes;
	struct error_body *error = context;
	error->depth++;
	if (error->depth == 1 && strcmp(xml_local_name(name), "Error") != 0)
		return STATUS_END;
	error->in_code = error->depth == 2 && strcmp(xml_local_name(name), "Code") == 0;
	error->in_header_name = error->depth == 2 && strcmp(xml_local_name(name), "HeaderName") == 0;
	return STATUS_OK;
}

static enum status on_end(void *context, const char *name)
{
	(void)name;
	struct error_body *error = context;
	error->depth--;
	error->in_code = error->in_header_name = false;
	return STATUS_OK;
}

static enum status on_text(void *context, struct bytes text)
{
	struct error_body *error = context;
	if (error->in_code)
		buffer_append(&error->code, text);
	else if (error->in_header_name)
		buffer_append(&error->header_name, text);
	return STATUS_OK;
}

static void read_body(struct bytes body, struct error_body *error)
{
	static const struct xml_events events = {.start = on_start, .end = on_end, .text = on_text};
	/* Whatever is wrong with it: what came before that may still tell the code. */
	if (body.len > 0 && xml_parse(body, &events, error) != STATUS_OK && buffer_status(&error->code) != STATUS_OK)
		buffer_reset(&error->code);
}

static bool is_code(struct bytes text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = text.at[i];
		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') && c != '_' && c != '-')
			return false;
	}
	return text.len > 0 && text.len <= 96;
}

/* ---- its meaning ---- */

static struct refusal_meaning mean_by_status(unsigned status)
{
	struct http_meaning meaning = http_mean(status);
	return (struct refusal_meaning){NULL, meaning.reason, meaning.status};
}

static struct refusal_meaning mean(unsigned status, struct bytes code)
{
	if (status == 429)
		return mean_by_status(status);
	for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++)
		if (bytes_equal_string(code, meanings[i].code))
			return meanings[i];
	return mean_by_status(status);
}

/* authorization_uri=https://login.microsoftonline.com/TENANT/oauth2/authorize, sometimes in quotes. */
static struct bytes find_tenant(struct bytes challenge)
{
	size_t at = bytes_find(challenge, BYTES_LITERAL("authorization_uri="));
	struct bytes rest = at == BYTES_NOT_FOUND ? BYTES_NONE : bytes_from(challenge, at);
	at = bytes_find(rest, BYTES_LITERAL("://"));
	rest = at == BYTES_NOT_FOUND ? BYTES_NONE : bytes_from(rest, at + 3);
	at = bytes_find_byte(rest, '/');
	rest = at == BYTES_NOT_FOUND ? BYTES_NONE : bytes_from(rest, at + 1);
	struct bytes tenant = bytes_slice(rest, 0, bytes_find_byte(rest, '/'));
	for (size_t i = 0; i < tenant.len; i++) {
		unsigned char c = tenant.at[i];
		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') && c != '.' && c != '-')
			return BYTES_NONE;
	}
	return tenant.len <= 80 ? tenant : BYTES_NONE;
}

static bool wants_other_version(struct bytes code, const struct error_body *error)
{
	struct bytes header = bytes_trim(buffer_bytes(&error->header_name));
	return bytes_equal_string(code, "InvalidHeaderValue") &&
	       (header.len == 0 || bytes_equal_nocase(header, BYTES_LITERAL("x-ms-version")));
}

enum status azure_read_refusal(const struct reply *reply, struct terms *terms, struct arena *arena, struct refusal *ret_refusal)
{
	struct error_body error = {.code = buffer_with_ceiling(256), .header_name = buffer_with_ceiling(256)};
	read_body(reply->body, &error);
	struct bytes code = bytes_trim(reply_header(reply, "x-ms-error-code"));
	if (!is_code(code))
		code = bytes_trim(buffer_bytes(&error.code));
	if (!is_code(code))
		code = BYTES_NONE;
	struct refusal_meaning meaning = mean(reply->status, code);
	if (wants_other_version(code, &error)) {
		terms->dialect++;
		bool is_left = azure_version(terms) != NULL;
		meaning = (struct refusal_meaning){NULL, is_left ? REFUSAL_TERMS : REFUSAL_UNSUPPORTED, STATUS_UNSUPPORTED};
		if (!is_left)
			terms->dialect--;
	}
	struct bytes tenant = find_tenant(reply_header(reply, "www-authenticate"));
	struct refusal refusal = {.reason = meaning.reason, .status = meaning.status};
	refusal.code = arena_copy(arena, code);
	refusal.tenant = arena_copy(arena, tenant);
	buffer_free(&error.code);
	buffer_free(&error.header_name);
	if (refusal.code.at == NULL || refusal.tenant.at == NULL)
		return STATUS_NO_MEMORY;
	*ret_refusal = refusal;
	return STATUS_OK;
}
