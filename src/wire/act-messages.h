/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What tidemark and tidemark-act say to each other, over one socket, one thing
 * at a time:
 *
 *   tidemark                          tidemark-act
 *   SETUP (credential, plan's hash)
 *   TARGET                            READY or FAILED
 *   STEP * GO                         ANSWER for each, in their order
 *
 * Each step carries a permit and its answer the same one.
 */
#ifndef TIDEMARK_WIRE_ACT_MESSAGES_H
#define TIDEMARK_WIRE_ACT_MESSAGES_H

#include "base/arena.h"
#include "model/act.h"
#include "model/secret.h"
#include "wire/permit.h"

enum act_message { ACT_SETUP = 1, ACT_TARGET, ACT_STEP, ACT_GO, ACT_READY = 32, ACT_FAILED, ACT_ANSWER };

enum act_wire_state {
	/* tidemark, of act, by what was asked: */
	ACT_COMES_UP,
	ACT_ACTS,
	ACT_HAS_ANSWERED, /* nothing */
	/* act, of tidemark: */
	ACT_AWAITS_SETUP,
	ACT_AWAITS_TARGET,
	ACT_SERVES,
	ACT_IS_BUSY, /* nothing */
	ACT_WIRE_STATE_COUNT
};
extern const struct permit_table act_permits;

struct act_setup {
	double rate;
	uint32_t patience; /* milliseconds, 0: as usual */
	bool may_change;   /* else hash is nobody's, and it only looks */
	unsigned char hash[PLAN_DIGEST_SIZE];
	struct bytes operator_name;
	struct secrets secrets;
};

void act_put_setup(struct wire_writer *writer, const struct act_setup *setup);
enum status act_get_setup(struct wire_reader *reader, struct act_setup *ret_setup) MUST_CHECK;

void act_put_target(struct wire_writer *writer, struct bytes written);
enum status act_get_target(struct wire_reader *reader, struct bytes *ret_written) MUST_CHECK;

void act_put_step(struct wire_writer *writer, const struct act_step *step);
/** Bytes borrow from the frame. */
enum status act_get_step(struct wire_reader *reader, struct act_step *ret_step) MUST_CHECK;

void act_put_answer(struct wire_writer *writer, const struct act_answer *answer);
/** Bytes lie in arena. */
enum status act_get_answer(struct wire_reader *reader, struct arena *arena, struct act_answer *ret_answer) MUST_CHECK;

struct act_failed {
	enum status status;
	struct bytes where, why;
};
void act_put_failed(struct wire_writer *writer, const struct act_failed *failed);
enum status act_get_failed(struct wire_reader *reader, struct act_failed *ret_failed) MUST_CHECK;

void act_put_empty(struct wire_writer *writer, enum act_message type);

#endif
