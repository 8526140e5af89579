/* SPDX-License-Identifier: Apache-2.0 */
/* A verdict as a detection finding of OCSF 1.3.0: an item of an array. */
#ifndef TIDEMARK_ANSWER_OCSF_H
#define TIDEMARK_ANSWER_OCSF_H

#include "answer/probed.h"

void ocsf_write(const struct probed *probed, struct json_writer *json);

#endif
