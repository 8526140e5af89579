/* SPDX-License-Identifier: Apache-2.0 */
/* What tests of formats share: golden samples, bids, and checks that fail the test which makes them. */
#ifndef TIDEMARK_TESTS_FORMAT_TEST_H
#define TIDEMARK_TESTS_FORMAT_TEST_H

#include "recording-emitter.h"

/* After ours: cmocka has a macro of the name fail. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

/** The file of that path below tests/golden, in a buffer to be freed. Tests run in the project's root, or
 *  TIDEMARK_SOURCE_ROOT says where that is. */
struct buffer load_golden(const char *path);

/** What the format bids for these bytes; name may be empty. */
int bid_for(const struct format *format, struct bytes bytes, const char *name);
/** Starts the emitter, which the caller frees, and reads the bytes into it. */
enum status read_as(struct emitter *emitter, const struct format *format, struct bytes bytes, bool is_mapped);

void assert_contains(const char *text, const char *part);
void assert_once(const char *text, const char *part);
/** All of them, each after the one before. */
void assert_in_order(const char *text, const char *const *parts, size_t count);
/** The first child of that name has these bytes and ended so. */
void assert_child(const struct emitter *emitter, const char *name, struct bytes bytes, enum status how);
void assert_child_text(const struct emitter *emitter, const char *name, const char *text, enum status how);

/** Refuses each call of the emitter in turn: the format must return that at once. */
void assert_obeys(const struct format *format, struct bytes bytes);
/** Cuts the sample and flips bits in it at every step-th byte: whatever comes of it, it is no fault of ours. */
void assert_survives(const struct format *format, struct buffer *sample, size_t step);

#endif
