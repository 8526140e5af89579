/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/acting-secrets.h"

#include "provider/credential.h"

#include <stdlib.h>

struct secrets acting_secrets(enum provider_kind provider)
{
	struct secrets secrets = {.count = 0};
	for (const struct credentials *const *credentials = credentials_registry; *credentials != NULL; credentials++) {
		if ((*credentials)->provider != provider || (*credentials)->acting_names == NULL)
			continue;
		for (const char *const *name = (*credentials)->acting_names; *name != NULL && secrets.count < SECRETS_MAX;
		     name++) {
			struct bytes value = bytes_of_string(getenv(*name));
			if (value.len > 0)
				secrets.at[secrets.count++] = (struct named_secret){bytes_of_string(*name), value};
		}
	}
	return secrets;
}
