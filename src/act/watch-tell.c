/* SPDX-License-Identifier: Apache-2.0 */
/* What waits goes out, the oldest first, each way by itself: one that fails keeps no other waiting. */
#include "act/watch.h"

#include "act/notice-mail.h"
#include "answer/watched.h"
#include "base/digest.h"
#include "process/runner.h"
#include "process/sender.h"
#include "process/syslog.h"

#include <stdio.h>
#include <time.h>

enum { BODY_MAX = 4 << 20, WHY_SIZE = 300 };

struct telling {
	const struct watch_ways *ways;
	struct bytes text;
	bool is_repeated;
	enum watch_arrival arrival;
	char why[WHY_SIZE];
};

/* ---- webhook ---- */

/* What could not even be said, nobody has got. */
static enum status excuse(struct telling *telling, enum status status, const struct failure *failure, struct failure *reterr)
{
	if (status != STATUS_USAGE && status != STATUS_CRASHED) {
		if (status != STATUS_OK && reterr != NULL)
			*reterr = *failure;
		return status;
	}
	telling->arrival = WATCH_NOT_ARRIVED;
	snprintf(telling->why, sizeof telling->why, "%s", failure->why);
	return STATUS_OK;
}

static void conclude(struct telling *telling, const struct sender_result *result)
{
	switch (result->verdict) {
	case SEND_ACCEPTED: telling->arrival = WATCH_ARRIVED; return;
	case SEND_UNKNOWN: telling->arrival = WATCH_MAY_HAVE_ARRIVED; break;
	default: telling->arrival = WATCH_NOT_ARRIVED; break;
	}
	if (result->code != 0)
		snprintf(telling->why, sizeof telling->why, "%s: %u %.200s", send_verdict_name(result->verdict), result->code,
		         result->words);
	else
		snprintf(telling->why, sizeof telling->why, "%s: %.200s", send_verdict_name(result->verdict), result->words);
}

static enum status post(struct telling *telling, struct failure *reterr)
{
	const struct watch_ways *ways = telling->ways;
	struct buffer body = buffer_with_ceiling(BODY_MAX), signature = buffer_with_ceiling(256);
	unsigned char mac[DIGEST_SHA256_SIZE];
	struct failure failure = {.why = ""};
	struct sender_result result;
	watched_end(telling->text, WATCH_WEBHOOK, telling->is_repeated, &body);
	digest_hmac_sha256(ways->webhook_secret, buffer_bytes(&body), mac);
	buffer_append_string(&signature, "sha256=");
	digest_append_hex(&signature, bytes_of(mac, sizeof mac));
	const struct send_header header = {BYTES_LITERAL("Tidemark-Signature"), buffer_bytes(&signature)};
	enum status status = buffer_status(&body);
	if (status == STATUS_OK)
		status = sender_post(&(struct sender_post){.url = bytes_of_string(ways->webhook),
		                                           .headers = &header,
		                                           .header_count = ways->webhook_secret.len > 0,
		                                           .body = buffer_bytes(&body),
		                                           .authorities = ways->authorities,
		                                           .milliseconds = ways->milliseconds,
		                                           .wait = ways->wait},
		                     &result, &failure);
	if (status == STATUS_OK)
		conclude(telling, &result);
	buffer_free(&body);
	buffer_free(&signature);
	return excuse(telling, status, &failure, reterr);
}

/* ---- mail ---- */

static struct bytes take_line(struct bytes *text)
{
	size_t end = bytes_find_byte(*text, '\n');
	struct bytes line = bytes_slice(*text, 0, end);
	*text = end == BYTES_NOT_FOUND ? BYTES_NONE : bytes_from(*text, end + 1);
	return line;
}

static void append_field(struct buffer *into, const char *name, struct bytes value)
{
	buffer_append_format(into, "%s: ", name);
	buffer_append(into, value);
	buffer_append_string(into, "\r\n");
}

static void append_date(struct buffer *into, int64_t now)
{
	static const char *const days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
	static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	struct tm parts;
	time_t time = (time_t)now;
	if (gmtime_r(&time, &parts) != NULL)
		buffer_append_format(into, "Date: %s, %d %s %d %02d:%02d:%02d +0000\r\n", days[parts.tm_wday], parts.tm_mday,
		                     months[parts.tm_mon], parts.tm_year + 1900, parts.tm_hour, parts.tm_min, parts.tm_sec);
}

/* Its Message-ID is the alert's, so that whoever gets it twice sees one. */
static void append_message(const struct telling *telling, struct buffer *into)
{
	struct bytes rest = telling->text, id = take_line(&rest), subject = take_line(&rest);
	append_field(into, "From", telling->ways->mail_from);
	append_field(into, "To", bytes_of_string(telling->ways->mail));
	append_field(into, "Subject", subject);
	append_date(into, clock_now());
	buffer_append_string(into, "Message-ID: <");
	buffer_append(into, id);
	buffer_append_byte(into, '@');
	buffer_append(into, notice_domain_of(telling->ways->mail_from));
	buffer_append_string(into, ">\r\n");
	append_field(into, "Auto-Submitted", BYTES_LITERAL("auto-generated"));
	append_field(into, "Tidemark-Alert", id);
	append_field(into, "Tidemark-Repeated", telling->is_repeated ? BYTES_LITERAL("true") : BYTES_LITERAL("false"));
	append_field(into, "MIME-Version", BYTES_LITERAL("1.0"));
	append_field(into, "Content-Type", BYTES_LITERAL("text/plain; charset=us-ascii"));
	buffer_append_string(into, "\r\n");
	if (telling->is_repeated)
		buffer_append_string(into, "(It may have been told before.)\r\n\r\n");
	while (rest.len > 0) {
		buffer_append(into, take_line(&rest));
		buffer_append_string(into, "\r\n");
	}
}

static enum status mail(struct telling *telling, struct failure *reterr)
{
	const struct watch_ways *ways = telling->ways;
	struct buffer message = buffer_with_ceiling(BODY_MAX);
	struct failure failure = {.why = ""};
	struct sender_result result;
	append_message(telling, &message);
	enum status status = buffer_status(&message);
	if (status == STATUS_OK)
		status = sender_mail(&(struct sender_mail){.relay = ways->relay,
		                                           .password = ways->mail_password,
		                                           .from = ways->mail_from,
		                                           .to = bytes_of_string(ways->mail),
		                                           .message = buffer_bytes(&message),
		                                           .authorities = ways->authorities,
		                                           .milliseconds = ways->milliseconds,
		                                           .wait = ways->wait},
		                     &result, &failure);
	if (status == STATUS_OK)
		conclude(telling, &result);
	buffer_free(&message);
	return excuse(telling, status, &failure, reterr);
}

/* ---- syslog, command ---- */

static enum status log_it(struct telling *telling, struct failure *reterr)
{
	struct buffer text = buffer_with_ceiling(BODY_MAX);
	struct failure failure = {.why = ""};
	watched_end(telling->text, WATCH_SYSLOG, telling->is_repeated, &text);
	enum status status = buffer_status(&text);
	if (status == STATUS_OK)
		status = syslog_send(telling->ways->syslog, SYSLOG_WARNING, buffer_bytes(&text), &failure);
	buffer_free(&text);
	telling->arrival = status == STATUS_OK ? WATCH_ARRIVED : WATCH_NOT_ARRIVED;
	snprintf(telling->why, sizeof telling->why, "%s", failure.why);
	if (status == STATUS_NO_MEMORY)
		return fail(reterr, status, "syslog", "memory is used up");
	return STATUS_OK;
}

static enum status run(struct telling *telling, struct failure *reterr)
{
	struct buffer text = buffer_with_ceiling(BODY_MAX);
	struct failure failure = {.why = ""};
	watched_end(telling->text, WATCH_COMMAND, telling->is_repeated, &text);
	buffer_append_byte(&text, '\n');
	enum status status = buffer_status(&text);
	if (status == STATUS_OK)
		status = runner_run(telling->ways->command, buffer_bytes(&text), telling->ways->milliseconds, telling->ways->wait,
		                    &failure);
	buffer_free(&text);
	telling->arrival = status == STATUS_OK       ? WATCH_ARRIVED
	                   : status == STATUS_ABSENT ? WATCH_NOT_ARRIVED
	                                             : WATCH_MAY_HAVE_ARRIVED;
	snprintf(telling->why, sizeof telling->why, "%s", failure.why);
	if (status == STATUS_NO_MEMORY)
		return fail(reterr, status, "--run", "memory is used up");
	return STATUS_OK;
}

/* ---- all of them ---- */

static bool is_set(const struct watch_ways *ways, enum watch_channel channel)
{
	switch (channel) {
	case WATCH_WEBHOOK: return ways->webhook != NULL;
	case WATCH_MAIL: return ways->mail != NULL;
	case WATCH_SYSLOG: return ways->syslog != NULL;
	case WATCH_COMMAND: return ways->command != NULL;
	default: return false;
	}
}

static enum status tell_by(struct telling *telling, enum watch_channel channel, struct failure *reterr)
{
	switch (channel) {
	case WATCH_WEBHOOK: return post(telling, reterr);
	case WATCH_MAIL: return mail(telling, reterr);
	case WATCH_SYSLOG: return log_it(telling, reterr);
	default: return run(telling, reterr);
	}
}

/* Marked first: from here on it may have arrived, whoever is killed when. */
static enum status tell_one(struct watching *watching, struct watch_ways *ways, enum watch_channel channel,
                            const struct watch_alert *alert, struct failure *reterr)
{
	struct telling telling = {ways, alert->text, alert->may_have_arrived, WATCH_MAY_HAVE_ARRIVED, ""};
	enum status status = watching_go(watching, alert->number, reterr);
	if (status == STATUS_OK)
		status = tell_by(&telling, channel, reterr);
	if (status == STATUS_OK)
		status = watching_tell(watching, alert->number, telling.arrival, alert->may_have_arrived, reterr);
	if (status != STATUS_OK)
		return status;
	if (telling.arrival == WATCH_ARRIVED) {
		ways->sent++;
		ways->backoff[channel] = (struct watch_backoff){.failures = 0};
		return STATUS_OK;
	}
	ways->failed++;
	if (ways->warn != NULL)
		ways->warn(ways->context, channel, telling.why);
	return STATUS_END;
}

static enum status tell_all(struct watching *watching, struct watch_ways *ways, enum watch_channel channel, struct arena *arena,
                            struct failure *reterr)
{
	struct watch_alert alert = {.number = 0};
	enum status status = STATUS_OK;
	while (status == STATUS_OK && (ways->wait == NULL || !ways->wait->is_interrupted(ways->wait->context))) {
		arena_reset(arena);
		status = watching_next(watching, channel, alert.number, arena, &alert, reterr);
		if (status != STATUS_OK)
			return status == STATUS_END ? STATUS_OK : status;
		status = tell_one(watching, ways, channel, &alert, reterr);
		if (status == STATUS_END)
			watch_backoff_fail(&ways->backoff[channel], clock_monotonic(), (uint64_t)clock_monotonic() * 2654435761u);
	}
	return status == STATUS_END ? STATUS_OK : status;
}

enum status watch_tell(struct watching *watching, struct watch_ways *ways, struct failure *reterr)
{
	struct arena arena = arena_with_ceiling(4 * BODY_MAX);
	enum status status = STATUS_OK;
	for (unsigned channel = 1; channel < WATCH_CHANNEL_COUNT && status == STATUS_OK; channel++)
		if (is_set(ways, (enum watch_channel)channel) && watch_backoff_is_due(&ways->backoff[channel], clock_monotonic()))
			status = tell_all(watching, ways, (enum watch_channel)channel, &arena, reterr);
	arena_free(&arena);
	return status;
}

int64_t watch_tell_due(const struct watch_ways *ways, const uint64_t waiting[WATCH_CHANNEL_COUNT])
{
	int64_t due = INT64_MAX;
	for (unsigned channel = 1; channel < WATCH_CHANNEL_COUNT; channel++)
		if (waiting[channel] > 0 && is_set(ways, (enum watch_channel)channel) && ways->backoff[channel].due < due)
			due = ways->backoff[channel].due;
	return due;
}
