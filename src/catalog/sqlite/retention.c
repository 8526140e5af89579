/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Objects are passed in the order of their rows. How far each goes is put into
 * a temporary table (of objects that go at all), from that the level of each
 * content follows, and from that the level of whatever stands in contents: the
 * least of its places'. SQLite groups and sorts in its temporary files, which
 * lie sealed in the catalog's directory.
 */
#include "catalog/sqlite/retention.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "base/sum.h"
#include "catalog/sqlite/document.h"
#include "catalog/sqlite/numbers.h"
#include "catalog/sqlite/parties.h"
#include "model/person.h"

struct retention {
	struct database *database;
	unsigned facts;
	retained_visitor *each;
	void *context;
	struct arena arena; /* of one document */
};

/* ---- one document ---- */

static enum status read_elements(struct retention *retention, int64_t content, unsigned *elements)
{
	sqlite3_stmt *rows = database_take(retention->database,
	                                   "SELECT value FROM fact WHERE content = ?1 AND kind = " SQL_PERSON);
	enum status status;
	bind_integer(rows, 1, content);
	while ((status = database_step(retention->database, rows)) == STATUS_OK) {
		struct bytes rest = column_bytes(rows, 0);
		struct person_record record;
		while (person_take(&rest, &record))
			*elements |= record.elements;
	}
	database_give(retention->database, rows);
	return status == STATUS_END ? STATUS_OK : status;
}

/* Parties by the content, and where it names none by the place, as answers have them. */
static const char list_parties[] =
	"SELECT g.domain, coalesce(r.relationship, 0) FROM (SELECT organisation FROM attribution WHERE content = ?1 AND role = " SQL_PARTY
	" UNION SELECT organisation FROM placement WHERE document = ?2) a JOIN organisation g ON g.number = a.organisation"
	" LEFT JOIN register_domain d ON d.domain = g.domain LEFT JOIN register r ON r.number = d.registered";

static enum status read_parties(struct retention *retention, int64_t content, int64_t number, struct retained_document *document)
{
	struct buffer parties = buffer_with_ceiling(64u << 20);
	sqlite3_stmt *rows = database_take(retention->database, list_parties);
	enum status status;
	bind_integer(rows, 1, content);
	bind_integer(rows, 2, number);
	while ((status = database_step(retention->database, rows)) == STATUS_OK) {
		struct bytes domain = arena_copy(&retention->arena, column_bytes(rows, 0));
		buffer_append(&parties, bytes_of(&domain, sizeof domain));
		document->relationships |= RELATIONSHIP_BIT((unsigned)sqlite3_column_int(rows, 1) % RELATIONSHIP_COUNT);
		if (domain.at == NULL || buffer_status(&parties) != STATUS_OK) {
			status = STATUS_NO_MEMORY;
			break;
		}
	}
	database_give(retention->database, rows);
	if (status == STATUS_END && parties.len > 0) {
		struct bytes copy = arena_copy(&retention->arena, buffer_bytes(&parties));
		document->organisations = (const struct bytes *)(const void *)copy.at;
		document->organisation_count = copy.len / sizeof(struct bytes);
		status = copy.at != NULL ? STATUS_END : STATUS_NO_MEMORY;
	}
	buffer_free(&parties);
	return status == STATUS_END ? STATUS_OK : status;
}

/* A part that bears no date of its own is as old as the nearest that it is part of, in the end the object. */
#define DATED \
	"coalesce(c.created, d.modified, (WITH RECURSIVE up (nth, dated, depth) AS (SELECT d.parent, NULL, 0 UNION ALL" \
	" SELECT iif(p.ordinal = 0, -1, p.parent), coalesce(pc.created, p.modified), up.depth + 1 FROM up JOIN document p" \
	" ON p.number = CASE WHEN up.nth = 0 THEN d.object ELSE (SELECT q.number FROM document q WHERE q.object = d.object" \
	" AND q.ordinal > 0 AND q.ordinal = up.nth AND q.state = " SQL_LIVE \
	") END LEFT JOIN content pc ON pc.number = p.content" \
	" WHERE up.dated IS NULL AND up.nth >= 0 AND up.depth < 64)" \
	" SELECT dated FROM up WHERE dated IS NOT NULL ORDER BY depth LIMIT 1))"
/* Whether one has parts is asked of archives alone: a policy asks it of no other. */
#define OF_DOCUMENTS(condition) \
	"SELECT d.number, d.content, " DOCUMENT_SHOWN ", d.outcome = " SQL_READ " AND coalesce(c.is_expired, 0) = 0, l.text," \
	" " DATED "," \
	" l.text = 'archive' AND EXISTS (SELECT 1 FROM document p WHERE p.object = d.object AND p.ordinal > 0" \
	" AND p.parent = d.ordinal) FROM document d LEFT JOIN content c ON c.number = d.content" \
	" LEFT JOIN label l ON l.number = c.class WHERE " condition
static const char list_own[] = OF_DOCUMENTS("d.number = ?1");
static const char list_parts[] = OF_DOCUMENTS("d.object = ?1 AND d.ordinal > 0 AND d.state = " SQL_LIVE " ORDER BY d.ordinal");

static enum document_class class_of(struct bytes name)
{
	enum document_class class = name.len > 0 ? document_class_from_name(name) : CLASS_NONE;
	return class < CLASS_COUNT ? class : CLASS_NONE;
}

static enum status pass_document(struct retention *retention, const struct retained_object *object, sqlite3_stmt *row)
{
	int64_t number = sqlite3_column_int64(row, 0), content = sqlite3_column_int64(row, 1);
	struct retained_document document = {
		.path = column_bytes(row, 2),
		.was_read = sqlite3_column_int(row, 3) != 0,
		.class = class_of(column_bytes(row, 4)),
		.dated = column_time(row, 5),
		.has_parts = sqlite3_column_int(row, 6) != 0,
	};
	enum status status = STATUS_OK;
	arena_reset(&retention->arena);
	if (content != 0 && (retention->facts & RETAINED_ELEMENTS) != 0)
		status = read_elements(retention, content, &document.elements);
	if (status == STATUS_OK && (retention->facts & RETAINED_ORGANISATIONS) != 0)
		status = read_parties(retention, content, number, &document);
	return status == STATUS_OK ? retention->each(retention->context, object, &document) : status;
}

static enum status pass_documents(struct retention *retention, const struct retained_object *object, int64_t number,
                                  const char *sql)
{
	sqlite3_stmt *rows = database_take(retention->database, sql);
	enum status status;
	bind_integer(rows, 1, number);
	while ((status = database_step(retention->database, rows)) == STATUS_OK) {
		status = pass_document(retention, object, rows);
		if (status != STATUS_OK)
			break;
	}
	database_give(retention->database, rows);
	return status == STATUS_END ? STATUS_OK : status;
}

/* ---- objects ---- */

#define OF_OBJECTS(condition) \
	"SELECT o.number, o.id, o.path, o.object_length, o.version, o.flags, o.size, o.modified, o.created, o.etag, o.gone_at," \
	" k.provider, k.account, k.name, k.url FROM document o JOIN container k ON k.number = o.container" \
	" WHERE o.state = " SQL_LIVE " AND o.ordinal = 0" condition
static const char list_objects[] = OF_OBJECTS(" ORDER BY o.number");
static const char find_object[] = OF_OBJECTS(" AND o.id = ?1");

static bool read_object(sqlite3_stmt *row, struct retained_object *object)
{
	uint64_t flags = column_unsigned(row, 5);
	*object = (struct retained_object){
		.object =
			{
				.name = bytes_slice(column_bytes(row, 2), 0, (size_t)column_unsigned(row, 3)),
				.version = column_bytes(row, 4),
				.is_snapshot = (flags & OBJECT_SNAPSHOT) != 0,
				.is_deleted = (flags & OBJECT_DELETED) != 0,
				.is_archived = (flags & OBJECT_ARCHIVED) != 0,
				.size = column_is_null(row, 6) ? OBJECT_SIZE_UNKNOWN : column_unsigned(row, 6),
				.modified = column_time(row, 7),
				.created = column_time(row, 8),
				.etag = column_bytes(row, 9),
			},
		.last_read = CLOCK_UNKNOWN,
		.is_gone = !column_is_null(row, 10),
		.container =
			{
				.provider = (enum provider_kind)sqlite3_column_int(row, 11),
				.account = column_bytes(row, 12),
				.name = column_bytes(row, 13),
				.url = column_bytes(row, 14),
			},
	};
	return column_id(row, 1, &object->id);
}

/* Passes the object of a row with all that is in it; *ret_number: of its row. */
static enum status pass_object(struct retention *retention, sqlite3_stmt *row, struct retained_object *object,
                               int64_t *ret_number)
{
	int64_t number = sqlite3_column_int64(row, 0);
	if (!read_object(row, object))
		return STATUS_MALFORMED;
	enum status status = retention->each(retention->context, object, NULL);
	if (status == STATUS_OK)
		status = pass_documents(retention, object, number, list_own);
	if (status == STATUS_OK)
		status = pass_documents(retention, object, number, list_parts);
	*ret_number = number;
	return status;
}

enum status retention_pass(struct store *store, const struct id *id, unsigned facts, retained_visitor *each, void *context,
                           struct failure *reterr)
{
	struct database *database = &store->database;
	struct retention retention = {database, facts, each, context, arena_with_ceiling(256u << 20)};
	struct retained_object object;
	bool is_there = id == NULL;
	int64_t number;
	enum status status = database_begin_reading(database);
	if (status != STATUS_OK)
		return database_tell(database, status, reterr);
	sqlite3_stmt *rows = database_take(database, id != NULL ? find_object : list_objects);
	if (id != NULL)
		bind_id(rows, 1, id);
	while ((status = database_step(database, rows)) == STATUS_OK) {
		is_there = true;
		status = pass_object(&retention, rows, &object, &number);
		if (status != STATUS_OK)
			break;
	}
	database_give(database, rows);
	database_end_reading(database);
	arena_free(&retention.arena);
	if (status == STATUS_END && !is_there)
		return STATUS_ABSENT;
	return database_tell(database, status, reterr);
}

/* ---- what goes ---- */

static const char make_tables[] = "DROP TABLE IF EXISTS temp.going; DROP TABLE IF EXISTS temp.content_going;"
				  "CREATE TEMP TABLE going (object INTEGER PRIMARY KEY, level INTEGER NOT NULL);"
				  "CREATE TEMP TABLE content_going (content INTEGER PRIMARY KEY, level INTEGER NOT NULL);";
static const char drop_tables[] = "DROP TABLE IF EXISTS temp.going; DROP TABLE IF EXISTS temp.content_going;";
static const char put_going[] = "INSERT INTO temp.going (object, level) VALUES (?1, ?2)";
static const char put_contents[] =
	"INSERT INTO temp.content_going (content, level) SELECT d.content, min(coalesce(g.level, 0)) FROM document d"
	" LEFT JOIN temp.going g ON g.object = d.object WHERE d.content IS NOT NULL AND d.state = " SQL_LIVE
	" GROUP BY d.content";

/* Levels of things, as rows of a level each. */
#define BY_LEVEL(levels) "SELECT level, count(*) FROM (" levels ") GROUP BY level"
#define OF_ENTITIES \
	BY_LEVEL("SELECT min(c.level) AS level FROM entity e CROSS JOIN occurrence o ON o.entity = e.number" \
	         " AND o.mentions > o.carved CROSS JOIN temp.content_going c ON c.content = o.content" \
	         " WHERE e.kind = ?1 GROUP BY e.number")

static const struct {
	const char *sql;
	enum finding_kind kind; /* ?1; 0: none */
} levels[MEASURE_COUNT] = {
	[MEASURE_OBJECTS] = {.sql = BY_LEVEL("SELECT min(coalesce(g.level, 0)) AS level FROM document d"
                                             " LEFT JOIN temp.going g ON g.object = d.number WHERE d.state = " SQL_LIVE
                                             " AND d.ordinal = 0 GROUP BY coalesce(d.sha256, d.number)")},
	[MEASURE_DOCUMENTS] = {.sql = "SELECT level, count(*) FROM temp.content_going GROUP BY level"},
	[MEASURE_PAGES] = {.sql = "SELECT c.level, tm_total(CAST(f.value AS INTEGER)) FROM temp.content_going c"
                                  " CROSS JOIN fact f ON f.content = c.content WHERE f.kind = " SQL_SEEN
                                  " AND f.name = (SELECT number FROM label WHERE text = 'pages') GROUP BY c.level"},
	[MEASURE_EMAILS] = {OF_ENTITIES, FINDING_EMAIL},
	[MEASURE_PEOPLE] = {.sql = BY_LEVEL("SELECT min(coalesce(c.level, 0)) AS level FROM person_record r"
                                            " LEFT JOIN temp.content_going c ON c.content = r.content GROUP BY r.person")},
	[MEASURE_PHONES] = {OF_ENTITIES, FINDING_PHONE},
	[MEASURE_ORGANISATIONS] =
		{.sql = BY_LEVEL(
			 "SELECT min(c.level) AS level FROM organisation g CROSS JOIN attribution a ON a.organisation = g.number"
			 " AND a.role = " SQL_PARTY " CROSS JOIN temp.content_going c ON c.content = a.content"
			 " WHERE g.domain NOT GLOB '" ORGANISATION_BY_NAME "*' GROUP BY g.number")},
	[MEASURE_PROJECTS] = {OF_ENTITIES, FINDING_PROJECT},
	[MEASURE_INVOICES] = {OF_ENTITIES, FINDING_INVOICE},
	[MEASURE_ORDERS] = {OF_ENTITIES, FINDING_ORDER},
	[MEASURE_CONTRACTS] = {OF_ENTITIES, FINDING_CONTRACT},
	[MEASURE_SIGNED_DOCUMENTS] =
		{.sql = "SELECT g.level, count(*) FROM temp.content_going g"
                        " CROSS JOIN content c ON c.number = g.content"
                        " WHERE c.signing = (SELECT number FROM label WHERE text = 'true') GROUP BY g.level"},
	/* Which country an organisation is of follows from all that is there, and stays when some of it goes. */
	[MEASURE_COUNTRIES] = {.sql = PARTIES
                               "SELECT level, count(*) FROM (SELECT min(c.level) AS level FROM known k"
                               " CROSS JOIN attribution a ON a.organisation = k.organisation AND a.role = " SQL_PARTY
                               " CROSS JOIN temp.content_going c ON c.content = a.content"
                               " WHERE k.country IS NOT NULL GROUP BY k.country) GROUP BY level"},
};

static enum status put_level(struct database *database, int64_t object, unsigned level)
{
	sqlite3_stmt *put = database_take(database, put_going);
	bind_integer(put, 1, object);
	bind_integer(put, 2, level);
	return database_run(database, put);
}

static enum status judge_objects(struct retention *retention, whatif_judge *judge)
{
	struct retained_object object;
	int64_t number = 0;
	sqlite3_stmt *rows = database_take(retention->database, list_objects);
	enum status status;
	while ((status = database_step(retention->database, rows)) == STATUS_OK) {
		status = pass_object(retention, rows, &object, &number);
		unsigned level = status == STATUS_OK ? judge(retention->context, &object) : 0;
		if (level > 0)
			status = put_level(retention->database, number, level < WHATIF_LEVELS ? level : WHATIF_LEVELS);
		if (status != STATUS_OK)
			break;
	}
	database_give(retention->database, rows);
	return status == STATUS_END ? STATUS_OK : status;
}

static enum status count_levels(struct database *database, enum measure_kind measure, struct whatif_measure *counts)
{
	sqlite3_stmt *rows = database_take(database, levels[measure].sql);
	enum status status;
	if (levels[measure].kind != 0)
		bind_integer(rows, 1, levels[measure].kind);
	while ((status = database_step(database, rows)) == STATUS_OK)
		sum_add(&counts->things[column_unsigned(rows, 0) % (WHATIF_LEVELS + 1)], column_unsigned(rows, 1));
	database_give(database, rows);
	counts->is_counted = true;
	return status == STATUS_END ? STATUS_OK : status;
}

/* Until a sweep has ended nobody was told apart. */
static enum status note_people(struct database *database, struct whatif_measure *people)
{
	int64_t is_there = 0;
	enum status status = database_read_integer(database, database_take(database, "SELECT EXISTS (SELECT 1 FROM people)"), 0,
	                                           &is_there);
	people->is_counted = is_there != 0;
	return status;
}

enum status retention_measure(struct store *store, unsigned facts, retained_visitor *each, whatif_judge *judge, void *context,
                              struct whatif_measure ret_measures[MEASURE_COUNT], struct failure *reterr)
{
	struct database *database = &store->database;
	struct retention retention = {database, facts, each, context, arena_with_ceiling(256u << 20)};
	struct whatif_measure counts[MEASURE_COUNT] = {{.is_counted = false}};
	enum status status = database_execute(database, make_tables);
	if (status == STATUS_OK)
		status = database_begin_reading(database);
	if (status != STATUS_OK)
		return database_tell(database, status, reterr);
	status = judge_objects(&retention, judge);
	if (status == STATUS_OK)
		status = database_run(database, database_take(database, put_contents));
	for (enum measure_kind measure = 0; measure < MEASURE_COUNT && status == STATUS_OK; measure++)
		status = count_levels(database, measure, &counts[measure]);
	if (status == STATUS_OK)
		status = note_people(database, &counts[MEASURE_PEOPLE]);
	database_end_reading(database);
	arena_free(&retention.arena);
	enum status dropped = database_execute(database, drop_tables);
	status = status == STATUS_OK ? dropped : status;
	if (status == STATUS_OK)
		memcpy(ret_measures, counts, sizeof counts);
	return database_tell(database, status, reterr);
}
