/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the readers of logs share. A reader is given one record's bytes and fills
 * in what it says; false: it is no such record.
 */
#ifndef TIDEMARK_LOGS_LINE_H
#define TIDEMARK_LOGS_LINE_H

#include "base/arena.h"
#include "logs/logs.h"

/** head: the first line of the file. */
typedef bool log_line_reader(struct bytes line, struct bytes head, struct arena *arena, struct access_record *ret_record);

log_line_reader azure_log_line, blob_json_line, s3_log_line, cdx_line, index_csv_line;

/** Where a URL or an object's key leads, into the record: below an account where host and first segment say so. */
bool log_take_url(struct bytes url, struct bytes account, struct arena *arena, struct access_record *record);
/** "203.0.113.9:4362", "[2001:db8::1]:80", or without a port; cut to its network. */
void log_take_address(struct bytes address, struct arena *arena, struct access_record *record);
/** Of the provider's own number for a request, and what was asked for. */
void log_take_identity(struct bytes request, struct access_record *record);
/** What the operations of Azure's blob service do. */
enum access_verb log_azure_verb(struct bytes operation);
bool log_is_word(struct bytes text, size_t most);
bool log_names_itself_so(struct bytes agent);

#endif
