/* SPDX-License-Identifier: Apache-2.0 */
/* By which doors a document could be reached, when, and what proves it: a value of the answer of tidemark show. */
#ifndef TIDEMARK_ANSWER_EXPOSURE_H
#define TIDEMARK_ANSWER_EXPOSURE_H

#include "base/json.h"
#include "catalog/questions.h"

/** An array, empty where no stranger was seen to reach it. */
enum status exposure_write(struct incident *incident, const struct id *id, struct json_writer *json,
                           struct failure *reterr) MUST_CHECK;

#endif
