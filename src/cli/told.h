/* SPDX-License-Identifier: Apache-2.0 */
/* A subject's answer as the terminal and files show it, for all commands that give one. */
#ifndef TIDEMARK_CLI_TOLD_H
#define TIDEMARK_CLI_TOLD_H

#include "cli/output.h"
#include "gate/gate.h"

extern const struct output_list told_list;
/** An item of it. A gate_visitor, whose context is the output. */
enum status told_document(void *output, const struct minimised *document) MUST_CHECK;
void told_note_sums(struct output *output, const struct lookup *lookup);

#endif
