/* SPDX-License-Identifier: Apache-2.0 */
/* One container of an incident, as members of an object: an item of the answer of tidemark containers. */
#ifndef TIDEMARK_ANSWER_CONTAINERS_H
#define TIDEMARK_ANSWER_CONTAINERS_H

#include "base/json.h"
#include "catalog/questions.h"
#include "model/verdict.h"

/** "complete", ...; NULL where it is not known. */
const char *containers_listing_name(enum listing_end listing);

/** Whether nobody has used a container for 90 days: neither wrote to it nor, by who may, read it. Who reads is known of access logs
 *  alone; without any it is not established, unless it was written to. */
#define DORMANT_SECONDS (INT64_C(90) * 86400)
enum answer containers_are_dormant(int64_t last_write, int64_t last_read, int64_t now);

void containers_write(const struct container_summary *summary, struct json_writer *json);

#endif
