/* SPDX-License-Identifier: Apache-2.0 */
/*
 * StorageBlobLogs: a JSON object a request, as diagnostic settings write it (names
 * in camel case, half of them below "properties"), or as a workspace exports its
 * table of that name (flat, each name begun with a capital).
 */
#include "base/json-value.h"
#include "logs/line.h"

static struct bytes text_of(const struct json_value *record, const char *name, const char *column)
{
	struct bytes text = json_text_of(record, name);
	if (text.len == 0)
		text = json_text_of(json_find(record, "properties"), name);
	return text.len > 0 ? text : json_text_of(record, column);
}

/* Written as a number, or as one within quotes. */
static uint64_t number_of(const struct json_value *record, const char *name, const char *column, uint64_t most)
{
	const struct json_value *at[] = {record, json_find(record, "properties"), record};
	const char *names[] = {name, name, column};
	for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
		uint64_t number;
		if (json_number_of(at[i], names[i], &number) || bytes_parse_u64(json_text_of(at[i], names[i]), &number))
			return number <= most ? number : 0;
	}
	return 0;
}

static struct bytes authentication_of(const struct json_value *record)
{
	struct bytes type = json_text_of(json_find(record, "identity"), "type");
	return type.len > 0 ? type : text_of(record, "authenticationType", "AuthenticationType");
}

static enum access_caller caller_of(const struct json_value *record)
{
	struct bytes type = authentication_of(record);
	struct bytes state = text_of(record, "metricResponseType", "MetricResponseType");
	if (bytes_equal_nocase(type, BYTES_LITERAL("Anonymous")))
		return CALLER_ANONYMOUS;
	if (bytes_start_with_nocase(type, BYTES_LITERAL("SAS")) || bytes_equal_nocase(type, BYTES_LITERAL("DelegationSas")))
		return CALLER_SIGNED_LINK;
	if (type.len > 0)
		return CALLER_AUTHORISED;
	return bytes_start_with(state, BYTES_LITERAL("Anonymous")) ? CALLER_ANONYMOUS : CALLER_UNKNOWN;
}

static int64_t time_of(const struct json_value *record)
{
	struct bytes time = json_text_of(record, "time");
	return clock_parse_rfc3339(time.len > 0 ? time : json_text_of(record, "TimeGenerated"));
}

bool blob_json_line(struct bytes line, struct bytes head, struct arena *arena, struct access_record *ret_record)
{
	(void)head;
	const struct json_value *value;
	struct access_record record = {.log = LOG_BLOB_JSON};
	if (json_parse(line, arena, &value) != STATUS_OK || value->kind != JSON_OBJECT)
		return false;
	record.time = time_of(value);
	record.operation = text_of(value, "operationName", "OperationName");
	record.account = text_of(value, "accountName", "AccountName");
	struct bytes request = text_of(value, "correlationId", "CorrelationId");
	if (record.time == CLOCK_UNKNOWN || !log_is_word(record.operation, ACCESS_OPERATION_MAX) ||
	    !log_is_word(record.account, ACCESS_ACCOUNT_MAX) || request.len == 0)
		return false;
	record.verb = log_azure_verb(record.operation);
	record.caller = caller_of(value);
	record.status = (unsigned)number_of(value, "statusCode", "StatusCode", 999);
	record.bytes = number_of(value, "responseBodySize", "ResponseBodySize", OBJECT_SIZE_MAX);
	struct bytes url = text_of(value, "uri", "Uri");
	if (url.len == 0)
		url = text_of(value, "objectKey", "ObjectKey");
	if (!log_take_url(url, record.account, arena, &record))
		return false;
	log_take_address(text_of(value, "callerIpAddress", "CallerIpAddress"), arena, &record);
	log_take_identity(request, &record);
	record.names_itself_so = log_names_itself_so(text_of(value, "userAgentHeader", "UserAgentHeader"));
	*ret_record = record;
	return true;
}
