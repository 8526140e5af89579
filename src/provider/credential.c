/* SPDX-License-Identifier: Apache-2.0 */
/* The one rule of whom a credential may be shown to, whichever provider's it is. */
#include "provider/credential.h"

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
