/* SPDX-License-Identifier: Apache-2.0 */
/* A log of any bytes: each record passes the wire, whole and as it was, and nothing else happens. */
#include "logs/logs.h"

#include "wire/extract-messages.h"

#include <stdlib.h>

enum { LOG_MAX = 256 * 1024 };

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static void require(bool condition)
{
	if (!condition)
		abort();
}

struct carrying {
	struct wire_writer writer;
	uint64_t records;
};

static void hold(const struct access_record *told, const struct access_record *got)
{
	require(memcmp(told->identity, got->identity, sizeof told->identity) == 0);
	require(told->log == got->log && told->caller == got->caller && told->verb == got->verb && told->time == got->time);
	require(told->status == got->status && told->bytes == got->bytes && told->names_itself_so == got->names_itself_so);
	require(bytes_equal(told->account, got->account) && bytes_equal(told->container, got->container));
	require(bytes_equal(told->object, got->object) && bytes_equal(told->version, got->version));
	require(bytes_equal(told->network, got->network) && bytes_equal(told->operation, got->operation));
}

static enum status carry(void *context, const struct access_record *record)
{
	struct carrying *carrying = context;
	struct access_record got;
	extract_begin_accesses(&carrying->writer, 7);
	require(extract_put_access(&carrying->writer, record));
	struct wire_reader reader = {.type = EXTRACT_ACCESSES,
	                             .rest = bytes_from(bytes_of(carrying->writer.frame, carrying->writer.len), 2),
	                             .descriptor = -1};
	require(extract_is_of_job(&reader, 7));
	require(extract_get_access(&reader, &got) == STATUS_OK);
	hold(record, &got);
	require(extract_get_access(&reader, &got) == STATUS_END);
	carrying->records++;
	return STATUS_OK;
}

static enum status go_on(void *context)
{
	(void)context;
	return STATUS_OK;
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	static struct carrying carrying;
	const struct log_sink sink = {carry, go_on, &carrying};
	struct log_figures figures;
	if (size > LOG_MAX)
		return 0;
	carrying.records = 0;
	enum status status = log_read(bytes_of(data, size), &sink, &figures);
	require(status == STATUS_OK || status == STATUS_UNSUPPORTED);
	if (status == STATUS_OK)
		require(figures.records == carrying.records && figures.records > 0 && figures.records <= size / ACCESS_LINE_MIN);
	return 0;
}
