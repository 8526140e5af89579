/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Verdicts as other programs read them: our own JSON, SARIF 2.1.0 (OASIS) and
 * OCSF 1.3.0 detection findings, an array of them. One probed target at a
 * time, appended to the writer's buffer.
 */
#ifndef TIDEMARK_CLI_PROBE_REPORT_H
#define TIDEMARK_CLI_PROBE_REPORT_H

#include "base/json.h"
#include "model/verdict.h"

struct probed {
	const char *written;             /* as the person wrote it */
	const struct target *target;
	const char *url;                 /* of container and prefix, without query */
	const struct verdict *verdict;
};

/** Members of one target, into an object already begun. */
void probe_report_members(struct json_writer *json, const struct probed *probed);

void probe_report_begin_sarif(struct json_writer *json);
void probe_report_sarif(struct json_writer *json, const struct probed *probed);
void probe_report_end_sarif(struct json_writer *json);

void probe_report_ocsf(struct json_writer *json, const struct probed *probed);

/** What the verdict means, in a sentence without its full stop. */
const char *probe_report_meaning(const struct verdict *verdict);

#endif
