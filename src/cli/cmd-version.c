/* SPDX-License-Identifier: Apache-2.0 */
/* version: as --version, but in any format. */
#include "cli/session.h"

static enum status show_version(struct session *session, struct failure *reterr);

const struct command command_version = {
	.name = "version",
	.group = COMMAND_HELPS,
	.summary = "print the version",
	.see_also = "doctor",
	.ignores_configuration = true,
	.execute = show_version,
};

static enum status show_version(struct session *session, struct failure *reterr)
{
	(void)reterr;
	struct json_writer *json = output_members(session->output);
	json_key(json, "version");
	json_string(json, TIDEMARK_VERSION);
	output_field(session->output, "version", "tidemark", cell_string(TIDEMARK_VERSION));
	return STATUS_OK;
}
