/* SPDX-License-Identifier: Apache-2.0 */
/* A verdict as a detection finding of OCSF 1.3.0: an item of an array. */
#ifndef TIDEMARK_ANSWER_OCSF_H
#define TIDEMARK_ANSWER_OCSF_H

#include "answer/probed.h"

/* What every finding of ours begins with: which product says so, and in which cloud. */
void ocsf_write_metadata(struct json_writer *json);
void ocsf_write_cloud(const struct container *container, struct json_writer *json);

void ocsf_write(const struct probed *probed, struct json_writer *json);

#endif
