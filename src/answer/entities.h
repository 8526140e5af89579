/* SPDX-License-Identifier: Apache-2.0 */
/* One distinct value of an incident, as members of an object: an item of the answer of tidemark entities. */
#ifndef TIDEMARK_ANSWER_ENTITIES_H
#define TIDEMARK_ANSWER_ENTITIES_H

#include "base/json.h"
#include "catalog/questions.h"

void entities_write(const struct entity_summary *summary, struct json_writer *json);

#endif
