/* SPDX-License-Identifier: Apache-2.0 */
/* A row goes when its command comes. */
#include "cli/planned.h"

#include <stdio.h>
#include <string.h>

const struct planned_command planned_commands[] = {
	{"discover azure", "containers of an account"},
	{"discover s3", "buckets of an account"},
	{"discover gcs", "buckets of a project"},
	{"catalog export", "an incident as one file"},
	{"catalog import", "an incident out of such a file"},
	{.name = NULL},
};

bool planned_has(const char *parent, const char *name)
{
	char whole[128];
	snprintf(whole, sizeof whole, "%s%s%s", parent != NULL ? parent : "", parent != NULL ? " " : "", name);
	for (const struct planned_command *planned = planned_commands; planned->name != NULL; planned++)
		if (strcmp(planned->name, whole) == 0)
			return true;
	return false;
}
