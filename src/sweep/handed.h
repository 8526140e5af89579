/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The objects that were laid out for lanes and are not finished: how much memory
 * they may take, and whose bytes are being read right now. The writer's own.
 */
#ifndef TIDEMARK_SWEEP_HANDED_H
#define TIDEMARK_SWEEP_HANDED_H

#include "model/object.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LANES_MAX 64
/* Of three objects a lane, one waits, one is read and one is stored: so no lane waits for the writer. */
#define HANDED_PER_LANE 3

struct handed {
	struct {
		struct id id;
		uint64_t memory;
		bool has_claim; /* it is being read, and these are its bytes */
		unsigned char claim[32];
	} objects[LANES_MAX * HANDED_PER_LANE];
	size_t count;
	uint64_t memory; /* of all */
};

/** There must be room. memory: bytes it may take while it is under way. */
void handed_add(struct handed *handed, const struct id *id, uint64_t memory);
/** It is finished, or taken back; harmless if it is not there. Its claim is over. */
void handed_forget(struct handed *handed, const struct id *id);
/** It is being read, and has these bytes. */
void handed_claim(struct handed *handed, const struct id *id, const unsigned char sha256[32]);
bool handed_is_claimed(const struct handed *handed, const unsigned char sha256[32]);

#endif
