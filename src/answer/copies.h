/* SPDX-License-Identifier: Apache-2.0 */
/* Copies elsewhere, as members of an object, and the letter that asks for one to be deleted. */
#ifndef TIDEMARK_ANSWER_COPIES_H
#define TIDEMARK_ANSWER_COPIES_H

#include "base/json.h"
#include "catalog/copies.h"

/** held; requested: its holder was asked to delete it; attested: somebody says that it is gone. */
const char *copies_state(const struct copy_holding *copy);
void copies_write(const struct copy_holding *copy, struct json_writer *json);

/** In that language (en, de); USAGE where there is no letter in it. */
enum status copies_write_request(const struct copy_holding *copy, struct bytes language, struct buffer *into,
                                 struct failure *reterr) MUST_CHECK;

/** seen_by_others: {"first_at","last_at","entries","copies"}, or null where no index has it. */
void copies_write_seen(const struct seen_by_others *seen, struct json_writer *json);

/* Made of answer/copies/. */
extern const char copies_en[], copies_de[];

#endif
