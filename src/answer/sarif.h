/* SPDX-License-Identifier: Apache-2.0 */
/* Verdicts as SARIF 2.1.0 (OASIS), one target at a time. */
#ifndef TIDEMARK_ANSWER_SARIF_H
#define TIDEMARK_ANSWER_SARIF_H

#include "answer/probed.h"

void sarif_begin(struct json_writer *json);
void sarif_write(const struct probed *probed, struct json_writer *json);
void sarif_end(struct json_writer *json);

#endif
