/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Azure Storage Analytics, log formats 1.0 and 2.0: a line a request, 30 fields
 * and 38, parted by semicolons; those that may hold one stand in quotes, and
 * what could end the quotes is written as a character reference.
 */
#include "logs/line.h"

enum { FIELDS_MAX = 40, FIELDS_MIN = 30 };

/* The fields that are read, counted from 0. */
enum {
	VERSION,
	START,
	OPERATION,
	STATE,
	STATUS,
	AUTHENTICATION = 7,
	OWNER = 9,
	SERVICE,
	URL,
	KEY,
	REQUEST,
	PART,
	ADDRESS,
	RESPONSE = 20,
	AGENT = 27
};

static size_t end_of_quoted(struct bytes line)
{
	for (size_t i = 1; i < line.len; i++)
		if (line.at[i] == '"' && (i + 1 == line.len || line.at[i + 1] == ';'))
			return i;
	return line.len;
}

static size_t split(struct bytes line, struct bytes fields[FIELDS_MAX])
{
	size_t count = 0;
	while (count < FIELDS_MAX) {
		bool is_quoted = line.len > 0 && line.at[0] == '"';
		size_t end = is_quoted ? end_of_quoted(line) + 1 : bytes_find_byte(line, ';');
		fields[count++] = is_quoted ? bytes_slice(line, 1, end < 2 ? 0 : end - 2) : bytes_slice(line, 0, end);
		if (end >= line.len)
			break;
		line = bytes_from(line, end + 1);
	}
	return count;
}

/* "&amp;" and its few kin; whatever else begins with & stays as it is. */
static struct bytes unescape(struct bytes text, struct arena *arena)
{
	static const struct {
		struct bytes written;
		unsigned char means;
	} references[] = {{{(const unsigned char *)"&amp;", 5}, '&'},
	                  {{(const unsigned char *)"&quot;", 6}, '"'},
	                  {{(const unsigned char *)"&#39;", 5}, '\''},
	                  {{(const unsigned char *)"&lt;", 4}, '<'},
	                  {{(const unsigned char *)"&gt;", 4}, '>'}};
	if (bytes_find_byte(text, '&') == BYTES_NOT_FOUND)
		return text;
	unsigned char *into = arena_allocate(arena, text.len);
	size_t length = 0;
	for (size_t i = 0; into != NULL && i < text.len; i++) {
		into[length] = text.at[i];
		for (size_t k = 0; text.at[i] == '&' && k < sizeof references / sizeof *references; k++)
			if (bytes_start_with(bytes_from(text, i), references[k].written)) {
				into[length] = references[k].means;
				i += references[k].written.len - 1;
				break;
			}
		length++;
	}
	return bytes_of(into, into != NULL ? length : 0);
}

static enum access_caller caller_of(struct bytes authentication, struct bytes state)
{
	if (bytes_equal_nocase(authentication, BYTES_LITERAL("anonymous")))
		return CALLER_ANONYMOUS;
	if (bytes_equal_nocase(authentication, BYTES_LITERAL("sas")))
		return CALLER_SIGNED_LINK;
	if (authentication.len > 0)
		return CALLER_AUTHORISED;
	if (bytes_start_with(state, BYTES_LITERAL("Anonymous")))
		return CALLER_ANONYMOUS;
	return bytes_start_with(state, BYTES_LITERAL("SAS")) ? CALLER_SIGNED_LINK : CALLER_UNKNOWN;
}

bool azure_log_line(struct bytes line, struct bytes head, struct arena *arena, struct access_record *ret_record)
{
	(void)head;
	struct bytes fields[FIELDS_MAX];
	struct access_record record = {.log = LOG_AZURE};
	uint64_t status = 0;
	if (split(line, fields) < FIELDS_MIN ||
	    !(bytes_equal_string(fields[VERSION], "1.0") || bytes_equal_string(fields[VERSION], "2.0")) ||
	    !bytes_equal_nocase(fields[SERVICE], BYTES_LITERAL("blob")))
		return false;
	record.time = clock_parse_rfc3339(fields[START]);
	record.operation = fields[OPERATION];
	record.account = fields[OWNER];
	if (record.time == CLOCK_UNKNOWN || !log_is_word(record.operation, ACCESS_OPERATION_MAX) ||
	    !log_is_word(record.account, ACCESS_ACCOUNT_MAX) || fields[REQUEST].len == 0)
		return false;
	record.verb = log_azure_verb(record.operation);
	record.caller = caller_of(fields[AUTHENTICATION], fields[STATE]);
	if (bytes_parse_u64(fields[STATUS], &status) && status < 1000)
		record.status = (unsigned)status;
	if (!bytes_parse_u64(fields[RESPONSE], &record.bytes) || record.bytes > OBJECT_SIZE_MAX)
		record.bytes = 0;
	struct bytes url = unescape(fields[URL].len > 0 ? fields[URL] : fields[KEY], arena);
	if (!log_take_url(url, record.account, arena, &record))
		return false;
	log_take_address(fields[ADDRESS], arena, &record);
	log_take_identity(fields[REQUEST], &record);
	record.names_itself_so = log_names_itself_so(fields[AGENT]);
	*ret_record = record;
	return true;
}
