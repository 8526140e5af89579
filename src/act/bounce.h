/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What came back: messages as a worker has read them, each told apart as a
 * report of delivery (RFC 3464), a plain bounce, an automatic answer or a
 * person's, and which notice it is about. A message is about the notice whose
 * Message-ID or code stands in it or in what it returns.
 *
 * Nobody signs a bounce: whoever has seen a notice can write one about it.
 */
#ifndef TIDEMARK_ACT_BOUNCE_H
#define TIDEMARK_ACT_BOUNCE_H

#include "base/arena.h"
#include "base/buffer.h"
#include "catalog/notices.h"
#include "model/record.h"

enum bounce_kind {
	BOUNCE_FAILED,    /* it came back for good */
	BOUNCE_DELAYED,   /* it is still under way */
	BOUNCE_DELIVERED, /* a server says that it lies in the mailbox, or was handed on to a system that says no more */
	BOUNCE_AUTOMATIC, /* a machine answers: an absence, a ticket */
	BOUNCE_ANSWER,    /* somebody may have written it: for a person to read */
};
const char *bounce_kind_name(enum bounce_kind kind);

struct bounce {
	enum bounce_kind kind;
	struct bytes path;    /* within the file; empty: the file itself */
	struct bytes message; /* incident_notice_message of the notice; may be empty */
	struct bytes code;    /* as written; may be empty. Neither: it is about no notice of ours */
	bool is_of_several;   /* it names more than one notice: it is said of none */
	struct bytes reason;  /* a server's words, hostile */
};

struct bounce_reading {
	struct arena arena; /* born with its ceiling */
	struct bounce_document *documents;
	size_t count, capacity;
	uint64_t unread; /* parts that could not be read */
};

/** A document of the file, in the order a worker tells them. NO_MEMORY. */
enum status bounce_take(struct bounce_reading *reading, const struct document_record *record) MUST_CHECK;
/** What was taken is void: the file is read from its beginning. */
void bounce_forget(struct bounce_reading *reading);
/** Calls each per message. */
enum status bounce_each(const struct bounce_reading *reading, enum status (*each)(void *context, const struct bounce *bounce),
                        void *context) MUST_CHECK;
void bounce_reading_free(struct bounce_reading *reading);

#endif
