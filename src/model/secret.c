/* SPDX-License-Identifier: Apache-2.0 */
/* Finding one by its name. */
#include "model/secret.h"

struct bytes secrets_find(const struct secrets *secrets, const char *name)
{
	for (size_t i = 0; i < secrets->count; i++)
		if (bytes_equal_string(secrets->at[i].name, name))
			return bytes_trim(secrets->at[i].value);
	return BYTES_NONE;
}
