/* SPDX-License-Identifier: Apache-2.0 */
/* Finding a provider. */
#include "provider/provider.h"

const struct provider *provider_of(enum provider_kind kind)
{
	for (const struct provider *const *provider = provider_registry; *provider != NULL; provider++)
		if ((*provider)->kind == kind)
			return *provider;
	return NULL;
}
