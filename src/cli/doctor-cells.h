/* SPDX-License-Identifier: Apache-2.0 */
/* doctor --cells: what each cell may, told from what seals it. */
#ifndef TIDEMARK_CLI_DOCTOR_CELLS_H
#define TIDEMARK_CLI_DOCTOR_CELLS_H

#include "cli/session.h"

/** The whole answer, in place of the checks. */
void doctor_tell_cells(struct session *session);

#endif
