/* SPDX-License-Identifier: Apache-2.0 */
/* One organisation of an incident, as members of an object: an item of the answer of tidemark organisations. */
#ifndef TIDEMARK_ANSWER_ORGANISATIONS_H
#define TIDEMARK_ANSWER_ORGANISATIONS_H

#include "base/json.h"
#include "catalog/questions.h"

void organisations_write(const struct organisation_summary *summary, struct json_writer *json);

#endif
