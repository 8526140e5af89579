/* SPDX-License-Identifier: Apache-2.0 */
/* Names of commands and flags as the reference of the Azure CLI has them ("az storage"). */
#include "answer/remedy.h"

/* Names have no quote in them, but for those that a document says. */
static void append_word(struct buffer *into, const char *flag, struct bytes word)
{
	buffer_append_format(into, " %s '", flag);
	for (size_t i = 0; i < word.len; i++)
		if (word.at[i] == '\'')
			buffer_append_string(into, "'\\''");
		else
			buffer_append_byte(into, word.at[i]);
	buffer_append_byte(into, '\'');
}

/* The account; and its endpoint, where the CLI would look for it elsewhere. */
static void append_account(struct buffer *into, const struct target *target)
{
	struct bytes url = target->container.url;
	append_word(into, "--account-name", target->account_name);
	if (!bytes_equal(target->container.account, target->account_name))
		append_word(into, "--blob-endpoint", bytes_slice(url, 0, bytes_find_last_byte(url, '/')));
}

bool remedy_append(struct buffer *into, const struct target *target, const struct verdict *verdict, size_t nth)
{
	bool has_level = verdict->kind == VERDICT_LISTABLE || verdict->kind == VERDICT_READABLE ||
	                 verdict->secondary == ANSWER_YES;
	bool has_site = verdict->static_site == ANSWER_YES;
	if (target->container.provider != PROVIDER_AZURE || nth >= (size_t)has_level + has_site)
		return false;
	if (has_level && nth == 0) {
		buffer_append_string(into, "az storage container set-permission");
		append_word(into, "--name", target->container.name);
		buffer_append_string(into, " --public-access off");
	} else {
		buffer_append_string(into, "az storage blob service-properties update --static-website false");
	}
	append_account(into, target);
	return true;
}

void remedy_append_for_signature(struct buffer *into, const struct target *target, struct bytes policy, bool is_by_user)
{
	if (policy.len > 0) {
		buffer_append_string(into, "az storage container policy delete");
		append_word(into, "--container-name", target->container.name);
		append_word(into, "--name", policy);
		append_account(into, target);
	} else if (is_by_user) {
		buffer_append_string(into, "az storage account revoke-delegation-keys");
		append_word(into, "--name", target->account_name);
		buffer_append_string(into, " --resource-group RESOURCE_GROUP");
	} else {
		buffer_append_string(into, "az storage account keys renew");
		append_word(into, "--account-name", target->account_name);
		buffer_append_string(into, " --key KEY_IT_WAS_SIGNED_WITH");
	}
}
