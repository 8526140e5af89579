/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A change that watching found, in the words of each way it is told. Text that is kept to be told later lacks only its
 * end, which says whether it may have been told before: watched_end.
 *
 * Alerts name containers, never objects: requests that show an object's name are left out of their evidence.
 */
#ifndef TIDEMARK_ANSWER_WATCHED_H
#define TIDEMARK_ANSWER_WATCHED_H

#include "base/json.h"
#include "model/watch.h"

/** Members of an item of "changes", with all of the evidence. */
void watched_write(const struct watch_change *change, struct json_writer *json);

/** What a webhook or a command is given; a finding of OCSF 1.3.0; a mail: its id, its subject and then its lines. */
enum status watched_append(const struct watch_change *change, enum watch_channel channel, struct buffer *into) MUST_CHECK;
/** Appends what was kept, with its end. Not of mails. */
void watched_end(struct bytes kept, enum watch_channel channel, bool is_repeated, struct buffer *into);

/** A JSON object: what was seen, by whom, from where, and the requests that prove it; what is signed. */
void watched_append_statement(const struct watch_change *seen, const struct watch_state *state, struct bytes operator_name,
                              struct buffer *into);

#endif
