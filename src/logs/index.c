/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a public index has: a CDX listing (a line a capture: key, time of 14
 * digits, URL, type, status, digest; or key, time and a JSON object), and CSV
 * whose first line names its columns.
 */
#include "base/csv.h"
#include "base/json-value.h"
#include "base/text.h"
#include "logs/line.h"

enum { URL_MIN = 10 };

static bool is_fit(struct access_record *record)
{
	struct bytes url = record->object;
	if (url.len < URL_MIN || url.len > ACCESS_NAME_MAX || bytes_find(url, BYTES_LITERAL("://")) == BYTES_NOT_FOUND ||
	    !text_is_valid(url) || !bytes_are_one_line(url) || record->time == CLOCK_UNKNOWN)
		return false;
	if (record->version.len > ACCESS_VERSION_MAX || !text_is_valid(record->version) || !bytes_are_one_line(record->version))
		record->version = BYTES_NONE;
	if (record->account.len > ACCESS_ACCOUNT_MAX || !text_is_valid(record->account) || !bytes_are_one_line(record->account))
		return false;
	record->caller = CALLER_UNKNOWN;
	record->verb = ACCESS_LOOK;
	record->operation = BYTES_LITERAL("capture");
	log_take_identity(BYTES_LITERAL("index"), record);
	return true;
}

static void take_status(struct bytes written, struct access_record *record)
{
	uint64_t status = 0;
	record->status = bytes_parse_u64(bytes_trim(written), &status) && status < 1000 ? (unsigned)status : 0;
}

static int number_at(struct bytes digits, size_t at, size_t count)
{
	int number = 0;
	for (size_t i = at; i < at + count; i++)
		number = number * 10 + digits.at[i] - '0';
	return number;
}

static int64_t read_stamp(struct bytes text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.at[i] < '0' || text.at[i] > '9')
			return CLOCK_UNKNOWN;
	if (text.len != 14 || number_at(text, 4, 2) < 1 || number_at(text, 4, 2) > 12 || number_at(text, 6, 2) < 1 ||
	    number_at(text, 6, 2) > 31 || number_at(text, 8, 2) > 23 || number_at(text, 10, 2) > 59)
		return CLOCK_UNKNOWN;
	return clock_from_civil(number_at(text, 0, 4), number_at(text, 4, 2), number_at(text, 6, 2), number_at(text, 8, 2),
	                        number_at(text, 10, 2), number_at(text, 12, 2));
}

static struct bytes take_word(struct bytes *line)
{
	size_t end = bytes_find_byte(*line, ' ');
	struct bytes word = bytes_slice(*line, 0, end);
	*line = end == BYTES_NOT_FOUND ? BYTES_NONE : bytes_from(*line, end + 1);
	return word;
}

static struct bytes unless_dash(struct bytes word)
{
	return bytes_equal_string(word, "-") ? BYTES_NONE : word;
}

static bool take_json(struct bytes json, struct arena *arena, struct access_record *record)
{
	const struct json_value *value;
	uint64_t status = 0;
	if (json_parse(json, arena, &value) != STATUS_OK)
		return false;
	record->object = json_text_of(value, "url");
	record->version = json_text_of(value, "digest");
	take_status(json_text_of(value, "status"), record);
	if (record->status == 0 && json_number_of(value, "status", &status) && status < 1000)
		record->status = (unsigned)status;
	return true;
}

bool cdx_line(struct bytes line, struct bytes head, struct arena *arena, struct access_record *ret_record)
{
	(void)head;
	struct access_record record = {.log = LOG_CDX};
	struct bytes rest = line;
	take_word(&rest);
	record.time = read_stamp(take_word(&rest));
	if (record.time == CLOCK_UNKNOWN)
		return false;
	if (rest.len > 0 && rest.at[0] == '{') {
		if (!take_json(rest, arena, &record))
			return false;
	} else {
		record.object = take_word(&rest);
		take_word(&rest);
		take_status(take_word(&rest), &record);
		record.version = unless_dash(take_word(&rest));
	}
	if (!is_fit(&record))
		return false;
	*ret_record = record;
	return true;
}

static bool read_record(struct bytes line, struct arena *arena, struct csv_record *ret_record)
{
	struct csv_reader reader;
	struct failure ignored;
	return csv_start(&reader, line, arena, &ignored) == STATUS_OK && csv_next(&reader, ret_record, &ignored) == STATUS_OK;
}

static struct bytes field_of(const struct csv_record *head, const struct csv_record *record, const char *name)
{
	for (size_t i = 0; i < head->count && i < record->count; i++)
		if (bytes_equal_nocase(bytes_trim(head->fields[i]), bytes_of_string(name)))
			return bytes_trim(record->fields[i]);
	return BYTES_NONE;
}

bool index_csv_line(struct bytes line, struct bytes head, struct arena *arena, struct access_record *ret_record)
{
	struct access_record record = {.log = LOG_INDEX_CSV};
	struct csv_record names, values;
	if (!read_record(head, arena, &names) || !read_record(line, arena, &values))
		return false;
	struct bytes seen = field_of(&names, &values, "seen");
	record.time = read_stamp(seen);
	if (record.time == CLOCK_UNKNOWN)
		record.time = clock_parse_rfc3339(seen);
	record.object = field_of(&names, &values, "url");
	record.account = field_of(&names, &values, "holder");
	record.version = field_of(&names, &values, "digest");
	take_status(field_of(&names, &values, "status"), &record);
	if (!is_fit(&record))
		return false;
	*ret_record = record;
	return true;
}
