/* SPDX-License-Identifier: Apache-2.0 */
/* One incident of a catalog, as members of an object: an item of the answer of tidemark incidents. */
#ifndef TIDEMARK_ANSWER_INCIDENTS_H
#define TIDEMARK_ANSWER_INCIDENTS_H

#include "base/json.h"
#include "catalog/catalog.h"

void incidents_write(const struct incident_summary *summary, struct json_writer *json);

#endif
