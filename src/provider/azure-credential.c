/* SPDX-License-Identifier: Apache-2.0 */
/* An account's key or a shared access signature, from the variables that az users set. A key wins. */
#include "provider/credential.h"

#include "base/digest.h"
#include "base/percent.h"

#define ACCOUNT "AZURE_STORAGE_ACCOUNT"
#define KEY "AZURE_STORAGE_KEY"
#define SIGNATURE "AZURE_STORAGE_SAS_TOKEN"

static enum status read(const struct secrets *secrets, struct arena *arena, struct credential *ret_credential,
                        struct failure *reterr);

static const char *const names[] = {ACCOUNT, KEY, SIGNATURE, NULL};
/* What changes something asks more of who asks; names as Azure's SDKs have them (azure-identity.h). */
static const char *const acting_names[] = {ACCOUNT,
                                           KEY,
                                           SIGNATURE,
                                           "AZURE_TENANT_ID",
                                           "AZURE_CLIENT_ID",
                                           "AZURE_CLIENT_SECRET",
                                           "AZURE_SUBSCRIPTION_ID",
                                           "AZURE_AUTHORITY_HOST",
                                           "AZURE_RESOURCE_MANAGER",
                                           "AZURE_TOKEN_CREDENTIALS",
                                           "IDENTITY_ENDPOINT",
                                           "IDENTITY_HEADER",
                                           NULL};
static const char *const later_names[] = {"AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET", NULL};

extern const struct credentials credentials_azure;
const struct credentials credentials_azure = {
	.provider = PROVIDER_AZURE,
	.names = names,
	.later_names = later_names,
	.acting_names = acting_names,
	.read = read,
};

enum { KEY_MAX = 1024 };

static bool is_query_text(struct bytes text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.at[i] <= 0x20 || text.at[i] > 0x7e || text.at[i] == '#' || text.at[i] == '?')
			return false;
	return text.len <= SECRET_VALUE_MAX;
}

static enum status read_key(struct bytes text, struct arena *arena, struct credential *credential, struct failure *reterr)
{
	struct buffer raw = buffer_with_ceiling(KEY_MAX);
	enum status status = digest_parse_base64(text, &raw);
	if (status == STATUS_NO_MEMORY)
		return status;
	if (status != STATUS_OK || raw.len == 0) {
		buffer_free(&raw);
		return fail(reterr, STATUS_USAGE, KEY, "not the base64 that an account's key is written in");
	}
	credential->kind = CREDENTIAL_SHARED_KEY;
	credential->source = KEY;
	credential->key = arena_copy(arena, buffer_bytes(&raw));
	explicit_bzero(raw.at, raw.len);
	buffer_free(&raw);
	return credential->key.at != NULL ? STATUS_OK : STATUS_NO_MEMORY;
}

static enum status read_signature(struct bytes text, struct arena *arena, struct credential *credential, struct failure *reterr)
{
	struct bytes value;
	if (bytes_start_with(text, BYTES_LITERAL("?")))
		text = bytes_from(text, 1);
	if (!is_query_text(text) || !percent_find_parameter(text, "sig", &value) || value.len == 0)
		return fail(reterr, STATUS_USAGE, SIGNATURE, "not a shared access signature (sv=...&sig=...)");
	credential->kind = CREDENTIAL_SIGNATURE;
	credential->source = SIGNATURE;
	credential->query = arena_copy(arena, text);
	return credential->query.at != NULL ? STATUS_OK : STATUS_NO_MEMORY;
}

static enum status read(const struct secrets *secrets, struct arena *arena, struct credential *ret_credential,
                        struct failure *reterr)
{
	struct credential credential = {.provider = PROVIDER_AZURE};
	struct bytes account = secrets_find(secrets, ACCOUNT), key = secrets_find(secrets, KEY);
	struct bytes signature = secrets_find(secrets, SIGNATURE);
	if (key.len == 0 && signature.len == 0) {
		*ret_credential = credential;
		return STATUS_OK;
	}
	if (account.len == 0)
		return fail(reterr, STATUS_USAGE, ACCOUNT,
		            "is not set, so that the key or signature has no account to go to; set it, or ask as a stranger");
	credential.account = arena_copy(arena, account);
	if (credential.account.at == NULL)
		return STATUS_NO_MEMORY;
	enum status status = key.len > 0 ? read_key(key, arena, &credential, reterr)
	                                 : read_signature(signature, arena, &credential, reterr);
	if (status == STATUS_OK)
		*ret_credential = credential;
	return status;
}
