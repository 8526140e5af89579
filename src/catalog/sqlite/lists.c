/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lists with counts: organisations, entities, containers; and the documents of
 * an organisation or with an entity. Counts are of live rows: a content counts
 * as often as it stands somewhere.
 */
#include "catalog/sqlite/lists.h"

#include "base/digest.h"
#include "base/sum.h"
#include "catalog/sqlite/copies.h"
#include "catalog/sqlite/document.h"
#include "catalog/sqlite/host.h"
#include "catalog/sqlite/numbers.h"
#include "catalog/sqlite/reads.h"
#include "catalog/sqlite/register.h"
#include "catalog/sqlite/view.h"
#include "model/sector.h"

#include <stdlib.h>

/* ---- cursors: base32 of a count and a text ---- */

struct list_cursor {
	bool is_set;
	uint64_t count;
	struct buffer text;
};

static enum status parse_cursor(struct bytes text, struct list_cursor *ret, struct failure *reterr)
{
	*ret = (struct list_cursor){.is_set = text.len > 0, .text = buffer_with_ceiling(1u << 20)};
	if (text.len == 0)
		return STATUS_OK;
	size_t size = text.len * 5 / 8;
	unsigned char *raw = buffer_extend(&ret->text, size);
	if (buffer_status(&ret->text) == STATUS_NO_MEMORY)
		return fail(reterr, STATUS_NO_MEMORY, "cursor", "memory is used up");
	if (raw == NULL || size < 8 || digest_parse_base32(text, raw, size) != STATUS_OK) {
		buffer_free(&ret->text);
		return fail(reterr, STATUS_USAGE, "cursor", "is none of ours; take it from an answer's 'next'");
	}
	ret->count = load_le64(raw);
	buffer_consume(&ret->text, 8);
	return STATUS_OK;
}

static enum status write_cursor(struct buffer *into, uint64_t count, struct bytes text)
{
	struct buffer raw = buffer_with_ceiling(1u << 20);
	unsigned char number[8];
	store_le64(number, count);
	buffer_append(&raw, bytes_of(number, sizeof number));
	buffer_append(&raw, text);
	buffer_reset(into);
	digest_append_base32(into, buffer_bytes(&raw));
	enum status status = buffer_status(&raw) != STATUS_OK ? buffer_status(&raw) : buffer_status(into);
	buffer_free(&raw);
	return status;
}

static void bind_cursor(sqlite3_stmt *rows, int at, const struct list_cursor *cursor)
{
	if (!cursor->is_set)
		return;
	bind_unsigned(rows, at, cursor->count);
	bind_text(rows, at + 1, buffer_bytes(&cursor->text));
}

/* [com.contoso. ... com.contoso/): a host and all below it. */
static enum status append_host_bounds(struct bytes domain, struct buffer *low, struct buffer *high)
{
	host_append_reversed(low, domain);
	host_append_reversed(high, domain);
	if (buffer_status(low) != STATUS_OK || buffer_status(high) != STATUS_OK)
		return STATUS_NO_MEMORY;
	if (high->len > 0)
		high->at[high->len - 1]++;
	return STATUS_OK;
}

/* ---- organisations ---- */

/* place: what they are ordered by: documents, and before that, where it is asked for, the rank of the register's sector.
 * raised: documents that mention an organisation which is a party of theirs by the place. */
static const char list_organisations[] =
	"WITH place AS MATERIALIZED (SELECT d.content AS content, count(*) AS copies,"
	" min(coalesce(c.created, d.modified, o.modified)) AS first, max(coalesce(c.created, d.modified, o.modified)) AS last"
	" FROM document d JOIN document o ON o.number = d.object JOIN content c ON c.number = d.content WHERE d.state = " SQL_LIVE
	" GROUP BY d.content), owner AS (SELECT a.organisation AS organisation, place.copies AS copies,"
	" place.first AS first, place.last AS last, max(a.role) AS role, max(a.confidence) AS confidence FROM place"
	" CROSS JOIN attribution a ON a.content = place.content GROUP BY place.content, a.organisation),"
	" placed AS (SELECT p.organisation AS organisation, " DOCUMENT_DATED " AS dated,"
	" p.confidence AS confidence, EXISTS (SELECT 1 FROM attribution a WHERE a.content = d.content"
	" AND a.organisation = p.organisation) AS is_mentioned FROM placement p"
	" JOIN document d ON d.number = p.document AND d.state = " SQL_LIVE " JOIN document o ON o.number = d.object),"
	" counted AS (SELECT owner.organisation AS organisation, owner.copies AS documents,"
	" iif(owner.role = " SQL_PARTY ", owner.copies, 0) AS parties, iif(owner.role = " SQL_MENTION
	", owner.copies, 0) AS mentions,"
	" 0 AS raised, owner.first AS first, owner.last AS last, owner.confidence AS confidence FROM owner UNION ALL SELECT organisation, NOT is_mentioned, 1, 0,"
	" is_mentioned, dated, dated, confidence FROM placed),"
	" total AS (SELECT counted.organisation AS organisation, g.domain AS domain, tm_total(documents) AS documents, tm_total(parties) AS parties,"
	" tm_total(mentions) - tm_total(raised) AS mentions, min(first) AS first, max(last) AS last,"
	" max(confidence) AS confidence FROM counted CROSS JOIN organisation g ON g.number = counted.organisation"
	" GROUP BY counted.organisation),"
	" ranked AS (SELECT *, min(documents, (1 << 60) - 1) + (iif(?3, tm_sector((SELECT r.sector FROM"
	" register_domain d JOIN register r ON r.number = d.registered WHERE d.domain = total.domain), domain), 0) << 60) AS place FROM total)"
	" SELECT domain, documents, parties, mentions, first, last, confidence,"
	" (SELECT a.name FROM attribution a WHERE a.organisation = total.organisation AND a.name IS NOT NULL GROUP BY a.name"
	" ORDER BY max(a.role) DESC, max(a.confidence) DESC, count(*) DESC, a.name LIMIT 1),"
	" (SELECT iif(count(DISTINCT country) = 1, min(country), NULL) FROM (SELECT a.country AS country,"
	" rank() OVER (ORDER BY a.country_by DESC) AS place FROM attribution a WHERE a.organisation = total.organisation)"
	" WHERE place = 1), place"
	" FROM ranked total"
	" WHERE ?1 IS NULL OR place < ?1 OR (place = ?1 AND domain > ?2)"
	" ORDER BY place DESC, domain";

/* By the index of hosts: with "+" the kind offers no other, by which all addresses there are would be looked at each time. */
static const char count_addresses[] =
	"SELECT count(*) FROM entity e"
	" WHERE +e.kind = " SQL_EMAIL " AND e.host >= ?1 AND e.host < ?2"
	" AND EXISTS (SELECT 1 FROM occurrence o JOIN document d ON d.content = o.content AND d.state = " SQL_LIVE
	" WHERE o.entity = e.number)";
_Static_assert(FINDING_EMAIL == 1 && ORGANISATION_PARTY == 2 && ORGANISATION_MENTION == 1, "stored by number");

static enum status add_addresses(struct database *database, struct organisation_summary *summary)
{
	struct buffer low = buffer_with_ceiling(SIZE_MAX / 2), high = buffer_with_ceiling(SIZE_MAX / 2);
	int64_t count = 0;
	enum status status = append_host_bounds(summary->domain, &low, &high);
	if (status == STATUS_OK) {
		sqlite3_stmt *find = database_take(database, count_addresses);
		bind_text(find, 1, buffer_bytes(&low));
		bind_text(find, 2, buffer_bytes(&high));
		status = database_read_integer(database, find, 0, &count);
	}
	summary->addresses = (uint64_t)count;
	buffer_free(&low);
	buffer_free(&high);
	return status;
}

static enum status read_organisation(struct database *database, sqlite3_stmt *row, struct organisation_summary *summary)
{
	*summary = (struct organisation_summary){
		.domain = column_bytes(row, 0),
		.documents = column_unsigned(row, 1),
		.as_party = column_unsigned(row, 2),
		.mentions = column_unsigned(row, 3),
		.first_date = column_time(row, 4),
		.last_date = column_time(row, 5),
		.confidence = sqlite3_column_double(row, 6),
		.name = column_bytes(row, 7),
		.country = column_bytes(row, 8),
	};
	return add_addresses(database, summary);
}

/* With what the register says of it. */
static enum status pass_organisation(struct database *database, struct organisation_summary *summary, organisation_visitor *each,
                                     void *context)
{
	struct register_row fields;
	sqlite3_stmt *row = NULL;
	enum status status = register_begin_row(database, summary->domain, &row, &fields);
	if (status != STATUS_OK)
		return status;
	summary->name = fields.name.len > 0 ? fields.name : summary->name;
	summary->is_sector_registered = fields.sector.len > 0;
	summary->sector = summary->is_sector_registered ? fields.sector : sector_of_domain(organisation_domain(summary->domain));
	summary->country = fields.country.len > 0 ? fields.country : summary->country;
	summary->relationship = fields.relationship;
	status = each(context, summary);
	register_end_row(database, row);
	return status;
}

enum status lists_organisations(struct store *store, bool is_by_sector, struct bytes cursor, organisation_visitor *each,
                                void *context, struct buffer *ret_cursor, struct failure *reterr)
{
	struct database *database = &store->database;
	struct list_cursor from;
	struct organisation_summary summary;
	enum status status = parse_cursor(cursor, &from, reterr);
	if (status != STATUS_OK)
		return status;
	status = database_begin_reading(database);
	if (status == STATUS_OK) {
		sqlite3_stmt *rows = database_take(database, list_organisations);
		bind_cursor(rows, 1, &from);
		bind_integer(rows, 3, is_by_sector);
		while ((status = database_step(database, rows)) == STATUS_OK) {
			status = read_organisation(database, rows, &summary);
			if (status == STATUS_OK)
				status = write_cursor(ret_cursor, column_unsigned(rows, 9), summary.domain);
			if (status == STATUS_OK)
				status = pass_organisation(database, &summary, each, context);
			if (status != STATUS_OK)
				break;
		}
		database_give(database, rows);
		database_end_reading(database);
	}
	buffer_free(&from.text);
	return database_tell(database, status, reterr);
}

/* ---- entities ---- */

/* An occurrence counts as often as its content stands somewhere: asked by its index, for places made up by a query have none. */
#define ENTITIES(condition) \
	"WITH total AS (SELECT value, tm_total(mentions - carved, copies) AS mentions, tm_total(copies) AS documents," \
	" tm_total(carved, copies) AS carved FROM (SELECT e.number AS number, e.value AS value, o.mentions AS mentions," \
	" o.carved AS carved, (SELECT count(*) FROM document d WHERE d.content = o.content AND d.state = " SQL_LIVE \
	") AS copies" \
	" FROM entity e CROSS JOIN occurrence o ON o.entity = e.number WHERE e.kind = ?3" condition ") WHERE copies > 0" \
	" GROUP BY number) SELECT value, mentions, documents, carved FROM total WHERE ?1 IS NULL OR mentions < ?1" \
	" OR (mentions = ?1 AND value > ?2) ORDER BY mentions DESC, value"
static const char list_entities[] = ENTITIES("");
static const char list_entities_of[] = ENTITIES(" AND e.host >= ?4 AND e.host < ?5");

struct entity_list {
	struct database *database;
	enum finding_kind kind;
	entity_visitor *each;
	void *context;
	struct buffer *ret_cursor;
};

static enum status pass_entities(const struct entity_list *list, sqlite3_stmt *rows)
{
	enum status status;
	while ((status = database_step(list->database, rows)) == STATUS_OK) {
		struct entity_summary summary = {list->kind, column_bytes(rows, 0), column_unsigned(rows, 1),
		                                 column_unsigned(rows, 2), column_unsigned(rows, 3)};
		status = write_cursor(list->ret_cursor, summary.references, summary.value);
		if (status == STATUS_OK)
			status = list->each(list->context, &summary);
		if (status != STATUS_OK)
			break;
	}
	database_give(list->database, rows);
	return status;
}

enum status lists_entities(struct store *store, enum finding_kind kind, struct bytes domain, struct bytes cursor,
                           entity_visitor *each, void *context, struct buffer *ret_cursor, struct failure *reterr)
{
	struct database *database = &store->database;
	struct entity_list list = {database, kind, each, context, ret_cursor};
	struct buffer low = buffer_with_ceiling(SIZE_MAX / 2), high = buffer_with_ceiling(SIZE_MAX / 2);
	struct list_cursor from;
	enum status status = parse_cursor(cursor, &from, reterr);
	if (status != STATUS_OK)
		return status;
	status = append_host_bounds(domain, &low, &high);
	if (status == STATUS_OK)
		status = database_begin_reading(database);
	if (status == STATUS_OK) {
		sqlite3_stmt *rows = database_take(database, domain.len > 0 ? list_entities_of : list_entities);
		bind_cursor(rows, 1, &from);
		bind_integer(rows, 3, kind);
		if (domain.len > 0) {
			bind_text(rows, 4, buffer_bytes(&low));
			bind_text(rows, 5, buffer_bytes(&high));
		}
		status = pass_entities(&list, rows);
		database_end_reading(database);
	}
	buffer_free(&low);
	buffer_free(&high);
	buffer_free(&from.text);
	return database_tell(database, status, reterr);
}

/* ---- containers: few, of very many rows: one pass, added up here ---- */

struct container_counts {
	uint64_t objects, documents, bytes, unseen_objects, unseen_bytes;
	int64_t last_write;
};

static enum status add_up(struct database *database, struct container_counts *counts, size_t room)
{
	sqlite3_stmt *rows = database_take(
		database,
		"SELECT container, ordinal, content IS NOT NULL, size, unseen, outcome, modified FROM document WHERE state = " SQL_LIVE);
	enum status status;
	while ((status = database_step(database, rows)) == STATUS_OK) {
		size_t number = (size_t)column_unsigned(rows, 0);
		if (number >= room)
			continue;
		counts[number].documents += column_unsigned(rows, 2);
		if (column_unsigned(rows, 1) > 0)
			continue;
		counts[number].objects++;
		sum_add(&counts[number].bytes, column_unsigned(rows, 3));
		sum_add(&counts[number].unseen_bytes, column_unsigned(rows, 4));
		counts[number].unseen_objects += sqlite3_column_int(rows, 5) != OUTCOME_READ;
		if (column_time(rows, 6) > counts[number].last_write)
			counts[number].last_write = column_time(rows, 6);
	}
	database_give(database, rows);
	return status == STATUS_END ? STATUS_OK : status;
}

static enum status count_containers(struct database *database, struct container_counts **ret_counts, size_t *ret_room)
{
	int64_t last = 0;
	enum status status = database_read_integer(database, database_take(database, "SELECT max(number) FROM container"), 0,
	                                           &last);
	if (status != STATUS_OK)
		return status;
	size_t room = (size_t)last + 1;
	struct container_counts *counts = calloc(room, sizeof *counts);
	if (counts == NULL)
		return STATUS_NO_MEMORY;
	for (size_t i = 0; i < room; i++)
		counts[i].last_write = CLOCK_UNKNOWN;
	status = add_up(database, counts, room);
	if (status != STATUS_OK) {
		free(counts);
		return status;
	}
	*ret_counts = counts;
	*ret_room = room;
	return STATUS_OK;
}

/* Open as long as anybody could list it. */
_Static_assert(DOOR_LIST == 1, "stored by number");
static const char list_containers[] =
	"SELECT k.number, k.provider, k.account, k.name, k.url, min(x.first_seen), max(x.last_seen),"
	" (SELECT max(coalesce(s.ended, s.started)) FROM target t JOIN sweep s ON s.number = t.sweep"
	" WHERE t.container = k.number), CASE WHEN count(x.closed_at) = count(*) THEN max(x.closed_at) END,"
	" (SELECT min(iif(t.listing = " SQL_COMPLETE
	" AND length(t.prefix) > 0, 2, t.listing)) FROM target t WHERE t.container = k.number"
	" AND t.listing > " SQL_UNKNOWN " AND t.sweep = (SELECT max(l.sweep) FROM target l WHERE l.container = k.number)),"
	" (SELECT coalesce(sum(1 << d.door), 0) FROM (SELECT DISTINCT door FROM exposure WHERE container = k.number"
	" AND closed_at IS NULL) d)"
	" FROM container k"
	" LEFT JOIN exposure x ON x.container = k.number AND x.door = " SQL_BY_LIST
	" GROUP BY k.number ORDER BY k.provider, k.account, k.name";

static void read_container(sqlite3_stmt *row, const struct container_counts *counts, struct container_summary *summary)
{
	*summary = (struct container_summary){
		.container = {.provider = (enum provider_kind)sqlite3_column_int(row, 1),
	                      .account = column_bytes(row, 2),
	                      .name = column_bytes(row, 3),
	                      .url = column_bytes(row, 4)},
		.exposed = {column_time(row, 5), column_time(row, 6), column_time(row, 8)},
		.last_sweep = column_time(row, 7),
		.listing = (enum listing_end)sqlite3_column_int(row, 9),
		.open_doors = (unsigned)sqlite3_column_int(row, 10),
		.last_write = counts->last_write,
		.last_read = CLOCK_UNKNOWN,
		.last_taken = CLOCK_UNKNOWN,
		.objects = counts->objects,
		.documents = counts->documents,
		.bytes = counts->bytes,
		.unseen_objects = counts->unseen_objects,
		.unseen_bytes = counts->unseen_bytes,
	};
}

enum status lists_containers(struct store *store, container_visitor *each, void *context, struct failure *reterr)
{
	struct database *database = &store->database;
	struct container_counts *counts = NULL;
	struct container_summary summary;
	size_t room = 0;
	enum status status = database_begin_reading(database);
	if (status != STATUS_OK)
		return database_tell(database, status, reterr);
	status = count_containers(database, &counts, &room);
	if (status == STATUS_OK) {
		sqlite3_stmt *rows = database_take(database, list_containers);
		while ((status = database_step(database, rows)) == STATUS_OK) {
			struct reads_seen seen = {.last = CLOCK_UNKNOWN, .last_rightful = CLOCK_UNKNOWN};
			read_container(rows, &counts[column_unsigned(rows, 0)], &summary);
			status = reads_of_container(store, &summary.container, &seen, reterr);
			summary.last_read = seen.last_rightful;
			summary.last_taken = seen.last;
			if (status == STATUS_OK)
				status = copies_seen(store, &summary.container, NULL, &summary.others, reterr);
			if (status == STATUS_OK)
				status = each(context, &summary);
			if (status != STATUS_OK)
				break;
		}
		database_give(database, rows);
	}
	free(counts);
	database_end_reading(database);
	return database_tell(database, status, reterr);
}

/* ---- documents of, documents with ---- */

enum status lists_documents_of(struct store *store, struct bytes domain, document_visitor *each, void *context,
                               struct failure *reterr)
{
	struct database *database = &store->database;
	enum status status = database_begin_reading(database);
	if (status != STATUS_OK)
		return database_tell(database, status, reterr);
	sqlite3_stmt *numbers = database_take(
		database, "SELECT d.number AS number, " DOCUMENT_SHOWN " AS path, d.id AS id FROM organisation g"
			  " JOIN attribution a ON a.organisation = g.number AND a.role = " SQL_PARTY
			  " JOIN document d ON d.content = a.content AND d.state = " SQL_LIVE " WHERE g.domain = ?1"
			  " UNION ALL SELECT d.number, " DOCUMENT_SHOWN ", d.id FROM organisation g"
			  " JOIN placement p ON p.organisation = g.number"
			  " JOIN document d ON d.number = p.document AND d.state = " SQL_LIVE " WHERE g.domain = ?1"
			  " ORDER BY path, id");
	bind_text(numbers, 1, domain);
	status = view_pass_all(store, numbers, each, context);
	database_end_reading(database);
	return database_tell(database, status, reterr);
}

static enum status pass_dates(struct database *database, sqlite3_stmt *rows, dated_visitor *each, void *context)
{
	enum status status;
	struct id id;
	while ((status = database_step(database, rows)) == STATUS_OK) {
		status = column_id(rows, 0, &id) ? each(context, &id, column_time(rows, 1)) : STATUS_MALFORMED;
		if (status != STATUS_OK)
			break;
	}
	database_give(database, rows);
	return status;
}

enum status lists_dates_of(struct store *store, struct bytes domain, float confidence, dated_visitor *each, void *context,
                           struct failure *reterr)
{
	struct database *database = &store->database;
	enum status status = database_begin_reading(database);
	if (status != STATUS_OK)
		return database_tell(database, status, reterr);
	sqlite3_stmt *rows = database_take(database, "SELECT d.id, " DOCUMENT_DATED
	                                             " FROM organisation g CROSS JOIN attribution a ON a.organisation = g.number"
	                                             " AND a.role = " SQL_PARTY " AND a.confidence >= ?2"
	                                             " CROSS JOIN document d ON d.content = a.content AND d.state = " SQL_LIVE
	                                             " WHERE g.domain = ?1");
	bind_text(rows, 1, domain);
	sqlite3_bind_double(rows, 2, (double)confidence);
	status = pass_dates(database, rows, each, context);
	database_end_reading(database);
	return database_tell(database, status, reterr);
}

enum status lists_documents_with(struct store *store, enum finding_kind kind, struct bytes value, document_visitor *each,
                                 void *context, struct failure *reterr)
{
	struct database *database = &store->database;
	enum status status = database_begin_reading(database);
	if (status != STATUS_OK)
		return database_tell(database, status, reterr);
	sqlite3_stmt *numbers = database_take(database, "SELECT d.number FROM entity e"
	                                                " JOIN occurrence o ON o.entity = e.number"
	                                                " JOIN document d ON d.content = o.content AND d.state = " SQL_LIVE
	                                                " WHERE e.kind = ?1 AND e.value = ?2 ORDER BY " DOCUMENT_SHOWN ", d.id");
	bind_integer(numbers, 1, kind);
	bind_text(numbers, 2, value);
	status = view_pass_all(store, numbers, each, context);
	database_end_reading(database);
	return database_tell(database, status, reterr);
}
