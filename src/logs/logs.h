/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Access logs as storage services write them, read into records: Azure Storage
 * Analytics ($logs), StorageBlobLogs as JSON, S3 server access logs; and listings
 * of what a web archive or another index has. Which one it is the bytes say. The log is a stranger's: what he asked for stands in it.
 */
#ifndef TIDEMARK_LOGS_LOGS_H
#define TIDEMARK_LOGS_LOGS_H

#include "base/status.h"
#include "model/access.h"

struct log_sink {
	/* A record, borrowed until it returns. */
	enum status (*each)(void *context, const struct access_record *record);
	/* Between records, often. */
	enum status (*progress)(void *context);
	void *context;
};

struct log_figures {
	enum log_kind kind;
	uint64_t records;
	uint64_t unread, unread_bytes; /* lines that say nothing as this kind of log would */
};

/** Reads all of it. UNSUPPORTED: it is none of these logs. What the sink returns other than OK ends it, and is returned. */
enum status log_read(struct bytes log, const struct log_sink *sink, struct log_figures *ret_figures) MUST_CHECK;

#endif
