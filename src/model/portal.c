/* SPDX-License-Identifier: Apache-2.0 */
#include "model/portal.h"

struct bytes portal_field(const struct portal_request *request, const char *name)
{
	for (size_t i = 0; i < request->field_count; i++)
		if (bytes_equal_string(request->fields[i].name, name))
			return request->fields[i].value;
	return BYTES_NONE;
}
