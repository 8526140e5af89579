/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One mail message (RFC 5322, MIME) into an emitter: its fields and its plain
 * text bodies are its text; HTML bodies, attachments and attached messages are
 * its parts.
 */
#ifndef TIDEMARK_FORMAT_MAIL_MESSAGE_H
#define TIDEMARK_FORMAT_MAIL_MESSAGE_H

#include "base/status.h"
#include "format/format.h"

#include <stdint.h>

/** Reads the message that lies in source from from to to (at most the source's end). OK also where the
 * message is cut short or odd; BOMB when multiparts nest deeper than anybody's mail; otherwise what the
 * emitter returned. */
enum status mail_message_read(struct source *source, uint64_t from, uint64_t to,
                              struct emitter *emitter) MUST_CHECK;

#endif
