/* SPDX-License-Identifier: Apache-2.0 */
/* One container of an incident, as members of an object: an item of the answer of tidemark containers. */
#ifndef TIDEMARK_ANSWER_CONTAINERS_H
#define TIDEMARK_ANSWER_CONTAINERS_H

#include "base/json.h"
#include "catalog/questions.h"

/** "complete", ...; NULL where it is not known. */
const char *containers_listing_name(enum listing_end listing);

void containers_write(const struct container_summary *summary, struct json_writer *json);

#endif
