/* SPDX-License-Identifier: Apache-2.0 */
/* An Azure credential of what az users set; what is empty is not set. */
#ifndef TIDEMARK_TESTS_CREDENTIAL_KIT_H
#define TIDEMARK_TESTS_CREDENTIAL_KIT_H

#include "provider/provider.h"

static inline enum status read_credential(const char *account, const char *key, const char *sas, struct arena *arena,
                                          struct credential *ret_credential, struct failure *reterr)
{
	const struct secrets secrets = {
		.at = {{BYTES_LITERAL("AZURE_STORAGE_ACCOUNT"), bytes_of_string(account)},
	               {BYTES_LITERAL("AZURE_STORAGE_KEY"), bytes_of_string(key)},
	               {BYTES_LITERAL("AZURE_STORAGE_SAS_TOKEN"), bytes_of_string(sas)}},
		.count = 3,
	};
	return provider_of(PROVIDER_AZURE)->credentials->read(&secrets, arena, ret_credential, reterr);
}

#endif
