/* SPDX-License-Identifier: Apache-2.0 */
/* Credentials as bytes: made from what the environment held, and the one rule of whom they may be shown to. */
#include "provider/provider.h"

#include "base/digest.h"
#include "base/percent.h"

enum { KEY_MAX = 1024, QUERY_MAX = 8192 };

/* HOST:PORT/ACCOUNT names an endpoint as well as an account. */
static bool names_endpoint(struct bytes account)
{
	return bytes_find_byte(account, '/') != BYTES_NOT_FOUND;
}

bool credential_fits(const struct credential *credential, const struct target *target)
{
	if (credential == NULL || credential->kind == CREDENTIAL_NONE || credential->account.len == 0 ||
	    credential->provider != target->container.provider)
		return false;
	if (target->is_custom && (names_endpoint(credential->account) || !target->is_loopback))
		return bytes_equal_nocase(credential->account, target->container.account);
	return bytes_equal_nocase(credential->account, target->account_name);
}

static bool is_query_text(struct bytes text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.at[i] <= 0x20 || text.at[i] > 0x7e || text.at[i] == '#' || text.at[i] == '?')
			return false;
	return text.len <= QUERY_MAX;
}

static enum status read_key(struct bytes text, struct arena *arena, struct credential *credential,
                            struct failure *reterr)
{
	struct buffer raw = buffer_with_ceiling(KEY_MAX);
	enum status status = digest_parse_base64(text, &raw);
	if (status == STATUS_NO_MEMORY)
		return status;
	if (status != STATUS_OK || raw.len == 0) {
		buffer_free(&raw);
		return fail(reterr, STATUS_USAGE, "AZURE_STORAGE_KEY", "not the base64 that an account's key is written in");
	}
	credential->kind = CREDENTIAL_SHARED_KEY;
	credential->key = arena_copy(arena, buffer_bytes(&raw));
	explicit_bzero(raw.at, raw.len);
	buffer_free(&raw);
	return credential->key.at != NULL ? STATUS_OK : STATUS_NO_MEMORY;
}

static enum status read_signature(struct bytes text, struct arena *arena, struct credential *credential,
                                  struct failure *reterr)
{
	struct bytes value;
	if (bytes_start_with(text, BYTES_LITERAL("?")))
		text = bytes_from(text, 1);
	if (!is_query_text(text) || !percent_find_parameter(text, "sig", &value) || value.len == 0)
		return fail(reterr, STATUS_USAGE, "AZURE_STORAGE_SAS_TOKEN",
		            "not a shared access signature (sv=...&sig=...)");
	credential->kind = CREDENTIAL_SIGNATURE;
	credential->query = arena_copy(arena, text);
	return credential->query.at != NULL ? STATUS_OK : STATUS_NO_MEMORY;
}

enum status credential_of_azure(struct bytes account, struct bytes key, struct bytes sas_token, struct arena *arena,
                                struct credential *ret_credential, struct failure *reterr)
{
	struct credential credential = {.provider = PROVIDER_AZURE};
	account = bytes_trim(account);
	key = bytes_trim(key);
	sas_token = bytes_trim(sas_token);
	if (key.len == 0 && sas_token.len == 0) {
		*ret_credential = credential;
		return STATUS_OK;
	}
	if (account.len == 0)
		return fail(reterr, STATUS_USAGE, "AZURE_STORAGE_ACCOUNT",
		            "is not set, so that the key or signature has no account to go to; set it, or ask as a stranger");
	credential.account = arena_copy(arena, account);
	if (credential.account.at == NULL)
		return STATUS_NO_MEMORY;
	enum status status = key.len > 0 ? read_key(key, arena, &credential, reterr)
	                                 : read_signature(sas_token, arena, &credential, reterr);
	if (status == STATUS_OK)
		*ret_credential = credential;
	return status;
}
