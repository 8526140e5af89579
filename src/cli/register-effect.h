/* SPDX-License-Identifier: Apache-2.0 */
/* A register takes effect at once: what the catalog holds is looked through by it, as far as its text was kept. */
#ifndef TIDEMARK_CLI_REGISTER_EFFECT_H
#define TIDEMARK_CLI_REGISTER_EFFECT_H

#include "cli/session.h"
#include "sweep/renew.h"

/** Of the session's incident, opened by INCIDENT_SWEEP. INTERRUPTED where the person asked: the same goes on with it. */
enum status register_effect_make(struct session *session, struct renew_counts *ret_counts, struct failure *reterr) MUST_CHECK;
void register_effect_write(const struct renew_counts *counts, struct json_writer *json);
void register_effect_tell(struct session *session, const struct renew_counts *counts);

#endif
