/* SPDX-License-Identifier: Apache-2.0 */
#include "proving/boundary.h"

#include <libpsl.h>
#include <string.h>

bool boundary_holds(const char *subject, const char *host)
{
	size_t of_subject = strlen(subject), of_host = strlen(host);
	if (of_host < of_subject || strcmp(host + (of_host - of_subject), subject) != 0)
		return false;
	const char *own = host + (of_host - of_subject);
	if (own > host && own[-1] != '.')
		return false;
	if (own == host)
		return true;
	for (const char *name = host; name <= own; name = strchr(name, '.') + 1)
		if (psl_is_public_suffix2(psl_builtin(), name, PSL_TYPE_ANY | PSL_TYPE_NO_STAR_RULE) == 1)
			return false;
	return true;
}
