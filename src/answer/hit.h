/* SPDX-License-Identifier: Apache-2.0 */
/* The members of one document in answers: what search, show and lookup have in common. */
#ifndef TIDEMARK_ANSWER_HIT_H
#define TIDEMARK_ANSWER_HIT_H

#include "base/json.h"
#include "catalog/questions.h"

/** The last part of a path: behind the last !/ or /; all of it where nothing stands behind that. */
struct bytes hit_name(struct bytes path);

/** id, path, name, container, target, provider, url, size, modified, media_type, class, sha256, signed, outcome, organisations and
 *  exposed, as members of the object that json stands in. */
enum status hit_write(struct incident *incident, const struct document_view *view, struct json_writer *json,
                      struct failure *reterr) MUST_CHECK;

/** {"first_seen","last_seen","closed_at"}, or null where no exposure is known. */
void hit_write_exposed(const struct document_view *view, struct json_writer *json);
void hit_write_path(const struct document_view *view, struct json_writer *json);
/** The container as it can be typed again. */
void hit_write_target(const struct container *container, struct json_writer *json);
void hit_write_url(const struct document_view *view, struct json_writer *json);
void hit_write_sha256(const struct document_view *view, struct json_writer *json);
/** Whether it carries signatures; null: nobody looked. */
void hit_write_signed(const struct document_view *view, struct json_writer *json);
void hit_write_id(struct json_writer *json, const char *key, struct id id);

#endif
