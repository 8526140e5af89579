/* SPDX-License-Identifier: Apache-2.0 */
/* Which of the objects a sweep was to read: a share of them, or so many of each target, by their ids. */
#ifndef TIDEMARK_MODEL_SAMPLE_H
#define TIDEMARK_MODEL_SAMPLE_H

#include <stdbool.h>
#include <stdint.h>

struct sample {
	bool is_drawn;  /* else all were to be read */
	uint64_t count; /* of each target; 0: a share */
	double share;   /* of all possible ids, 0..1 */
};

#endif
