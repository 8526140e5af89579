/* SPDX-License-Identifier: Apache-2.0 */
#include "answer/watched.h"

#include "answer/ocsf.h"
#include "base/clock.h"
#include "base/text.h"

enum { LINE_SHOWN = 900 };

/* ---- members ---- */

static void put_doors(struct json_writer *json, const char *key, unsigned doors)
{
	json_key(json, key);
	json_begin_array(json);
	for (enum door door = DOOR_LIST; door < DOOR_COUNT; door++)
		if ((doors & DOOR_BIT(door)) != 0)
			json_string(json, door_name(door));
	json_end_array(json);
}

static bool names_an_object(const struct evidence *evidence, const struct container *container)
{
	struct bytes url = evidence->url;
	if (strcmp(evidence->method, "DNS") == 0)
		return false;
	if (!bytes_start_with(url, container->url))
		return true;
	struct bytes rest = bytes_from(url, container->url.len);
	return rest.len > 0 && rest.at[0] != '?';
}

static void put_evidence(struct json_writer *json, const struct watch_change *change, bool is_whole)
{
	const struct verdict *verdict = change->verdict;
	json_key(json, "evidence");
	json_begin_array(json);
	for (size_t i = 0; i < verdict->evidence_count; i++) {
		const struct evidence *evidence = &verdict->evidence[i];
		if (!is_whole && names_an_object(evidence, change->container))
			continue;
		json_begin_object(json);
		json_member_string(json, "method", evidence->method);
		json_member_text(json, "url", evidence->url);
		json_key(json, "status");
		evidence->status != 0 ? json_unsigned(json, evidence->status) : json_null(json);
		json_member_text(json, "code", evidence->code);
		json_member_time(json, "at", evidence->at);
		json_end_object(json);
	}
	json_end_array(json);
}

static void put_names(struct json_writer *json, const struct watch_names *names)
{
	json_key(json, "names");
	if (!names->is_compared) {
		json_null(json);
		return;
	}
	json_begin_object(json);
	json_member_unsigned(json, "listed", names->count);
	json_member_unsigned(json, "new", names->fresh);
	json_member_unsigned(json, "gone", names->gone);
	json_end_object(json);
}

static void put_change(struct json_writer *json, const struct watch_change *change)
{
	json_member_string(json, "target", change->target);
	json_member_string(json, "event", watch_event_name(change->event));
	json_member_string(json, "from", change->from);
	json_member_string(json, "to", change->to);
	json_member_time(json, "at", change->at);
	json_key(json, "doors");
	json_begin_object(json);
	put_doors(json, "opened", change->opened);
	put_doors(json, "closed", change->closed);
	json_end_object(json);
	put_names(json, &change->names);
}

void watched_write(const struct watch_change *change, struct json_writer *json)
{
	put_change(json, change);
	put_evidence(json, change, true);
	json_member_string(json, "alert", change->id[0] != '\0' ? change->id : NULL);
}

/* ---- webhook and command ---- */

static void append_alert(const struct watch_change *change, struct buffer *into)
{
	struct json_writer json = json_writer_into(into);
	json_begin_object(&json);
	json_member_string(&json, "alert", change->id);
	json_member_text(&json, "incident", change->incident);
	put_change(&json, change);
	put_evidence(&json, change, false);
	json_member_text(&json, "vantage", change->verdict->vantage);
	json_member_text(&json, "advice", change->event != WATCH_CLOSED ? change->verdict->advice : BYTES_NONE);
}

/* ---- OCSF ---- */

struct watched_wording {
	const char *title, *severity, *status, *activity;
	unsigned severity_id, status_id, activity_id;
};

static const struct watched_wording *wording_of(enum watch_event event)
{
	static const struct watched_wording wordings[WATCH_EVENT_COUNT] = {
		[WATCH_NONE] = {"Nothing changed.", "Unknown", "Unknown", "Unknown", 0, 0, 0},
		[WATCH_OPENED] = {"A container opened to strangers.", "Critical", "New", "Create", 5, 1, 1},
		[WATCH_NARROWED] = {"A container shut a door to strangers, and another stands open.", "High", "In Progress",
	                            "Update", 4, 2, 2},
		[WATCH_CLOSED] = {"A container closed to strangers.", "Informational", "Resolved", "Close", 1, 4, 3},
		[WATCH_CONTENTS] = {"What an open container holds changed.", "High", "In Progress", "Update", 4, 2, 2},
	};
	return &wordings[(unsigned)event < WATCH_EVENT_COUNT ? event : WATCH_NONE];
}

static void put_resource(struct json_writer *json, const struct container *container)
{
	json_key(json, "resources");
	json_begin_array(json);
	json_begin_object(json);
	json_member_text(json, "uid", container->url);
	json_member_text(json, "name", container->name);
	json_member_string(json, "type", "Storage Container");
	json_end_object(json);
	json_end_array(json);
}

static void put_finding(struct json_writer *json, const struct watch_change *change, const struct watched_wording *wording)
{
	json_key(json, "finding_info");
	json_begin_object(json);
	json_member_string(json, "uid", change->id);
	json_member_string(json, "title", wording->title);
	json_key(json, "types");
	json_begin_array(json);
	json_string(json, "Data Exposure");
	json_end_array(json);
	json_end_object(json);
}

static void append_ocsf(const struct watch_change *change, struct buffer *into)
{
	const struct watched_wording *wording = wording_of(change->event);
	struct json_writer json = json_writer_into(into);
	json_begin_object(&json);
	json_member_unsigned(&json, "category_uid", 2);
	json_member_string(&json, "category_name", "Findings");
	json_member_unsigned(&json, "class_uid", 2004);
	json_member_string(&json, "class_name", "Detection Finding");
	json_member_unsigned(&json, "activity_id", wording->activity_id);
	json_member_string(&json, "activity_name", wording->activity);
	json_member_unsigned(&json, "type_uid", 200400 + wording->activity_id);
	json_member_unsigned(&json, "severity_id", wording->severity_id);
	json_member_string(&json, "severity", wording->severity);
	json_member_unsigned(&json, "status_id", wording->status_id);
	json_member_string(&json, "status", wording->status);
	json_key(&json, "time");
	json_integer(&json, change->at * 1000);
	json_member_string(&json, "message", wording->title);
	ocsf_write_metadata(&json);
	ocsf_write_cloud(change->container, &json);
	put_resource(&json, change->container);
	put_finding(&json, change, wording);
	json_key(&json, "unmapped");
	json_begin_object(&json);
	json_member_string(&json, "alert", change->id);
	json_member_text(&json, "incident", change->incident);
	json_member_string(&json, "event", watch_event_name(change->event));
	json_member_string(&json, "from", change->from);
	json_member_string(&json, "to", change->to);
	put_names(&json, &change->names);
}

/* ---- mail ---- */

/* Letters that any server carries; a line of them. */
static void append_plain(struct buffer *into, struct bytes text)
{
	struct buffer safe = buffer_with_ceiling(1 << 20);
	text_append_escaped(&safe, text);
	struct bytes shown = bytes_slice(buffer_bytes(&safe), 0, LINE_SHOWN);
	for (size_t i = 0; i < shown.len; i++)
		buffer_append_byte(into, shown.at[i] >= ' ' && shown.at[i] <= '~' ? shown.at[i] : '?');
	buffer_free(&safe);
}

static void append_line(struct buffer *into, const char *label, struct bytes text)
{
	buffer_append_string(into, label);
	append_plain(into, text);
	buffer_append_byte(into, '\n');
}

static void append_mail(const struct watch_change *change, struct buffer *into)
{
	const struct watched_wording *wording = wording_of(change->event);
	char at[CLOCK_TEXT_SIZE];
	buffer_append_format(into, "%s\n", change->id);
	buffer_append_format(into, "Tidemark: container ");
	append_plain(into, bytes_slice(change->container->name, 0, 63));
	buffer_append_format(into, ": %s\n", watch_event_name(change->event));
	buffer_append_format(into, "%s\n\n", wording->title);
	append_line(into, "Container: ", change->container->url);
	append_line(into, "Before:    ", bytes_of_string(change->from != NULL ? change->from : "nobody had looked"));
	append_line(into, "Now:       ", bytes_of_string(change->to));
	append_line(into, "Seen at:   ", bytes_of_string(clock_format(change->at, at)));
	append_line(into, "Incident:  ", change->incident);
	if (change->names.is_compared)
		buffer_append_format(into, "Names:     %llu listed, %llu new, %llu gone\n",
		                     (unsigned long long)change->names.count, (unsigned long long)change->names.fresh,
		                     (unsigned long long)change->names.gone);
	if (change->event != WATCH_CLOSED && change->verdict->advice.len > 0) {
		buffer_append_byte(into, '\n');
		append_line(into, "", change->verdict->advice);
	}
	append_line(into, "\nAlert ", bytes_of_string(change->id));
}

enum status watched_append(const struct watch_change *change, enum watch_channel channel, struct buffer *into)
{
	if (channel == WATCH_MAIL)
		append_mail(change, into);
	else if (channel == WATCH_SYSLOG)
		append_ocsf(change, into);
	else
		append_alert(change, into);
	return buffer_status(into);
}

void watched_end(struct bytes kept, enum watch_channel channel, bool is_repeated, struct buffer *into)
{
	buffer_append(into, kept);
	buffer_append_format(into, ",\"repeated\":%s}%s", is_repeated ? "true" : "false", channel == WATCH_SYSLOG ? "}" : "");
}

/* ---- what is signed ---- */

void watched_append_statement(const struct watch_change *seen, const struct watch_state *state, struct bytes operator_name,
                              struct buffer *into)
{
	struct json_writer json = json_writer_into(into);
	json_begin_object(&json);
	json_member_text(&json, "incident", seen->incident);
	json_member_string(&json, "target", seen->target);
	json_member_text(&json, "url", seen->container->url);
	json_member_string(&json, "verdict", verdict_name(seen->verdict->kind));
	put_doors(&json, "open", state->doors);
	json_member_time(&json, "observed_at", seen->at);
	json_member_text(&json, "operator", operator_name);
	json_member_text(&json, "vantage", seen->verdict->vantage);
	put_evidence(&json, seen, true);
	json_end_object(&json);
}
