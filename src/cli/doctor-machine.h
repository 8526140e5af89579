/* SPDX-License-Identifier: Apache-2.0 */
/* What doctor asks of the machine, apart from what it asks of our own programs and catalog. */
#ifndef TIDEMARK_CLI_DOCTOR_MACHINE_H
#define TIDEMARK_CLI_DOCTOR_MACHINE_H

#include "cli/session.h"

#define DOCTOR_ADVICE_MAX 32

struct doctor {
	struct session *session;
	unsigned failures, warnings;
	bool is_unread; /* nobody reads what is reported any more */
	const char *advice[DOCTOR_ADVICE_MAX];
	size_t advice_count; /* lines below the table */
};

enum doctor_state { DOCTOR_OK, DOCTOR_WARN, DOCTOR_FAIL };

/** Adds a row. advice is left out when all is well. */
void doctor_report(struct doctor *doctor, const char *check, enum doctor_state state, const char *found, const char *advice);

void doctor_check_kernel(struct doctor *doctor);
void doctor_check_locale(struct doctor *doctor);
void doctor_check_open_files(struct doctor *doctor);
void doctor_check_memory(struct doctor *doctor);
void doctor_check_clock(struct doctor *doctor);
void doctor_check_space(struct doctor *doctor);

#endif
