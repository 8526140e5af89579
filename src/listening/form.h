/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Named fields out of a query, a form (application/x-www-form-urlencoded) or a JSON
 * object of strings. They are bounded and valid UTF-8 without NUL, no two of one
 * name, however they came.
 */
#ifndef TIDEMARK_LISTENING_FORM_H
#define TIDEMARK_LISTENING_FORM_H

#include "base/arena.h"
#include "model/portal.h"

/** Adds to the request's fields, in arena. MALFORMED; TOO_LARGE for more or longer ones than there may be; NO_MEMORY. */
enum status form_add_encoded(struct bytes text, struct arena *arena, struct portal_request *request) MUST_CHECK;
enum status form_add_json(struct bytes text, struct arena *arena, struct portal_request *request) MUST_CHECK;

#endif
