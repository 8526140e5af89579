/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One mail message (RFC 5322, MIME) into an emitter, as a person reads it: From,
 * To, Cc, Date and Subject, then its bodies, plain ones and pages, then its other
 * fields, then what pages do not show. Attachments, attached messages and files
 * uuencoded in a body are its parts.
 */
#ifndef TIDEMARK_FORMAT_MAIL_MESSAGE_H
#define TIDEMARK_FORMAT_MAIL_MESSAGE_H

#include "base/status.h"
#include "format/format.h"

#include <stdint.h>

/** Reads the message that lies in source from from to to (at most the source's end). OK also where the
 * message is cut short or odd; BOMB when multiparts nest deeper than anybody's mail; otherwise what the
 * emitter returned. */
enum status mail_message_read(struct source *source, uint64_t from, uint64_t to, struct emitter *emitter) MUST_CHECK;

#endif
