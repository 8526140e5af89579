/* SPDX-License-Identifier: Apache-2.0 */
/*
 * S3 server access logs: a line a request, fields parted by blanks, the time in
 * brackets, three fields in quotes. What the browser says of itself may hold
 * quotes of its own: what stands behind it is found from the line's end.
 */
#include "base/percent.h"
#include "base/text.h"
#include "logs/line.h"

enum {
	OWNER,
	BUCKET,
	TIME,
	ADDRESS,
	REQUESTER,
	REQUEST,
	OPERATION,
	KEY,
	URI,
	STATUS,
	ERROR_CODE,
	SENT,
	SIZE,
	TOTAL,
	TURN,
	FIELDS
};
enum { TAIL_VERSION, TAIL_HOST, TAIL_SIGNATURE, TAIL_CIPHER, TAIL_AUTHENTICATION, TAIL_FIELDS };

static bool take_until(struct bytes *line, unsigned char end, size_t skip, struct bytes *ret)
{
	size_t at = bytes_find_byte(bytes_from(*line, skip), end);
	if (at == BYTES_NOT_FOUND)
		return false;
	*ret = bytes_slice(*line, skip, at);
	*line = bytes_from(*line, skip + at + 1);
	if (end != ' ' && line->len > 0 && line->at[0] == ' ')
		*line = bytes_from(*line, 1);
	return true;
}

static bool take_field(struct bytes *line, struct bytes *ret)
{
	unsigned char first = line->len > 0 ? line->at[0] : 0;
	if (first == '[' || first == '"')
		return take_until(line, first == '[' ? ']' : '"', 1, ret);
	return take_until(line, ' ', 0, ret);
}

static struct bytes or_none(struct bytes field)
{
	return bytes_equal_string(field, "-") ? BYTES_NONE : field;
}

static int two_digits(struct bytes text, size_t at)
{
	return (text.at[at] - '0') * 10 + text.at[at + 1] - '0';
}

/* "06/Feb/2019:00:00:38 +0000": always UTC, and its offset is read all the same. */
static int64_t read_time(struct bytes text)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec", shape[] = "dd/aaa/dddd:dd:dd:dd sdddd";
	if (text.len != sizeof shape - 1)
		return CLOCK_UNKNOWN;
	for (size_t i = 0; i < text.len; i++) {
		bool is_digit = text.at[i] >= '0' && text.at[i] <= '9';
		if ((shape[i] == 'd' && !is_digit) || (strchr("/: ", shape[i]) != NULL && text.at[i] != (unsigned char)shape[i]))
			return CLOCK_UNKNOWN;
	}
	int month = 0;
	while (month < 12 && memcmp(months + month * 3, text.at + 3, 3) != 0)
		month++;
	int64_t offset = (two_digits(text, 22) * 60 + two_digits(text, 24)) * 60;
	if (month == 12)
		return CLOCK_UNKNOWN;
	int64_t local = clock_from_civil(two_digits(text, 7) * 100 + two_digits(text, 9), month + 1, two_digits(text, 0),
	                                 two_digits(text, 12), two_digits(text, 15), two_digits(text, 18));
	return clock_limit(text.at[21] == '-' ? local + offset : local - offset);
}

static enum access_verb verb_of(struct bytes operation)
{
	static const char *const reads[] = {"REST.GET.OBJECT", "WEBSITE.GET.OBJECT", "SOAP.GetObject", "REST.SELECT.OBJECT",
	                                    "REST.GET.OBJECT_TORRENT"};
	static const char *const lists[] = {"REST.GET.BUCKET", "REST.GET.BUCKETVERSIONS", "REST.GET.UPLOADS", "SOAP.ListBucket"};
	for (size_t i = 0; i < sizeof reads / sizeof *reads; i++)
		if (bytes_equal_string(operation, reads[i]))
			return ACCESS_READ;
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
		if (bytes_equal_string(operation, lists[i]))
			return ACCESS_LIST;
	bool looks = bytes_start_with(operation, BYTES_LITERAL("REST.GET.")) ||
	             bytes_start_with(operation, BYTES_LITERAL("REST.HEAD.")) ||
	             bytes_start_with(operation, BYTES_LITERAL("WEBSITE.HEAD."));
	return looks ? ACCESS_LOOK : ACCESS_CHANGE;
}

/* A link's signature is told by how it authenticated; somebody who gave none has no requester either. */
static enum access_caller caller_of(struct bytes requester, struct bytes authentication)
{
	if (bytes_equal_string(authentication, "QueryString"))
		return CALLER_SIGNED_LINK;
	if (requester.len == 0)
		return authentication.len == 0 ? CALLER_ANONYMOUS : CALLER_UNKNOWN;
	return CALLER_AUTHORISED;
}

/* Behind the last quote. */
static void take_tail(struct bytes rest, struct bytes tail[TAIL_FIELDS])
{
	size_t last = bytes_find_last_byte(rest, '"');
	struct bytes behind = last == BYTES_NOT_FOUND ? BYTES_NONE : bytes_from(rest, last + 1);
	for (size_t i = 0; i < TAIL_FIELDS; i++) {
		behind = bytes_trim(behind);
		size_t end = bytes_find_byte(behind, ' ');
		tail[i] = or_none(bytes_slice(behind, 0, end));
		behind = end == BYTES_NOT_FOUND ? BYTES_NONE : bytes_from(behind, end + 1);
	}
}

static struct bytes agent_of(struct bytes rest)
{
	struct bytes referrer;
	if (!take_field(&rest, &referrer) || rest.len == 0 || rest.at[0] != '"')
		return BYTES_NONE;
	return bytes_from(rest, 1);
}

/* The path of "GET /BUCKET/KEY?QUERY HTTP/1.1" without its bucket, decoded once. */
static struct bytes path_of(struct bytes uri, struct bytes bucket, struct arena *arena)
{
	struct bytes raw = BYTES_NONE, rest = uri;
	size_t begin = bytes_find_byte(uri, '/');
	if (begin == BYTES_NOT_FOUND)
		return BYTES_NONE;
	rest = bytes_from(uri, begin + 1);
	size_t end = bytes_find_last_byte(rest, ' '), mark = bytes_find_byte(rest, '?');
	rest = bytes_slice(rest, 0, mark < end ? mark : end);
	if (bytes_start_with(rest, bucket) && rest.len > bucket.len && rest.at[bucket.len] == '/')
		rest = bytes_from(rest, bucket.len + 1);
	return rest.len > 0 && percent_decode(rest, arena, &raw) == STATUS_OK ? raw : BYTES_NONE;
}

/* A key stands there encoded, in many a log twice: what was asked for tells how often. */
static bool take_key(struct bytes key, struct bytes uri, struct arena *arena, struct access_record *record)
{
	struct bytes once, twice;
	if (key.len == 0)
		return true;
	if (percent_decode(key, arena, &once) != STATUS_OK)
		return false;
	record->object = once;
	if (bytes_find_byte(once, '%') != BYTES_NOT_FOUND && percent_decode(once, arena, &twice) == STATUS_OK &&
	    bytes_equal(twice, path_of(uri, record->container, arena)))
		record->object = twice;
	return record->object.len <= ACCESS_NAME_MAX;
}

bool s3_log_line(struct bytes line, struct bytes head, struct arena *arena, struct access_record *ret_record)
{
	(void)head;
	struct bytes fields[FIELDS], tail[TAIL_FIELDS];
	struct access_record record = {.log = LOG_S3};
	uint64_t status = 0;
	for (size_t i = 0; i < FIELDS; i++)
		if (!take_field(&line, &fields[i]))
			return false;
	take_tail(line, tail);
	record.time = read_time(fields[TIME]);
	record.container = fields[BUCKET];
	record.operation = fields[OPERATION];
	if (record.time == CLOCK_UNKNOWN || !log_is_word(record.container, ACCESS_CONTAINER_MAX) ||
	    !log_is_word(record.operation, ACCESS_OPERATION_MAX) || fields[REQUEST].len == 0)
		return false;
	record.verb = verb_of(record.operation);
	record.caller = caller_of(or_none(fields[REQUESTER]), tail[TAIL_AUTHENTICATION]);
	if (bytes_parse_u64(fields[STATUS], &status) && status < 1000)
		record.status = (unsigned)status;
	if (!bytes_parse_u64(fields[SENT], &record.bytes) || record.bytes > OBJECT_SIZE_MAX)
		record.bytes = 0;
	if (!take_key(or_none(fields[KEY]), fields[URI], arena, &record))
		return false;
	if (tail[TAIL_VERSION].len <= ACCESS_VERSION_MAX && text_is_valid(tail[TAIL_VERSION]) &&
	    bytes_are_one_line(tail[TAIL_VERSION]))
		record.version = tail[TAIL_VERSION];
	log_take_address(fields[ADDRESS], arena, &record);
	log_take_identity(fields[REQUEST], &record);
	record.names_itself_so = log_names_itself_so(agent_of(line));
	*ret_record = record;
	return true;
}
