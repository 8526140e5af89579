/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The counts of an incident over its live rows. references: every mention in
 * every place; distinct: values, contents, objects by their bytes (by their
 * place where the bytes were not seen).
 */
#include "catalog/sqlite/ledger.h"

#include "base/sum.h"
#include "catalog/sqlite/document.h"
#include "catalog/sqlite/families.h"
#include "catalog/sqlite/numbers.h"
#include "catalog/sqlite/parties.h"

static const char count_objects[] = "SELECT count(*), sum(sha256 IS NULL) + (SELECT count(DISTINCT sha256) FROM document"
				    " WHERE sha256 IS NOT NULL AND state = " SQL_LIVE " AND ordinal = 0)"
				    " FROM document WHERE state = " SQL_LIVE " AND ordinal = 0";
static const char count_documents[] = LIVE_CONTENTS "SELECT tm_total(copies), count(*) FROM place";
/* How often a content stands somewhere: asked by its index, for places made up by a query have none. */
#define COPIES_OF(content) "(SELECT count(*) FROM document d WHERE d.content = " content " AND d.state = " SQL_LIVE ")"
/* An address e.value without the tag that stands behind a plus sign of its local part, if anything stands before it. */
#define MAILBOX \
	"CASE WHEN instr(e.value, '+') BETWEEN 2 AND instr(e.value, '@')" \
	" THEN substr(e.value, 1, instr(e.value, '+') - 1) || substr(e.value, instr(e.value, '@')) ELSE e.value END"
static const char count_emails[] =
	"SELECT tm_total(mentions - carved, copies), count(DISTINCT CASE WHEN mentions > carved THEN number END),"
	" tm_total(carved, copies), count(DISTINCT number), count(DISTINCT CASE WHEN mentions > carved THEN mailbox END)"
	" FROM (SELECT e.number AS number, o.mentions AS mentions, o.carved AS carved, " MAILBOX
	" AS mailbox, " COPIES_OF("o.content") " AS copies FROM entity e CROSS JOIN occurrence o ON o.entity = e.number"
					       " WHERE e.kind = " SQL_EMAIL ") WHERE copies > 0";
/* Parties by what a document says. One that the path alone names is not counted: a folder's name is a guess, good enough to
 * show to who can look at it, but these counts are told to others, and added up nobody sees which of them were guessed. */
static const char count_organisations[] = LIVE_CONTENTS "SELECT tm_total(place.copies), count(DISTINCT a.organisation)"
							" FROM " EACH_PARTY " AND g.domain NOT GLOB '" ORGANISATION_BY_NAME "*'";
static const char count_by_name[] = LIVE_CONTENTS "SELECT tm_total(place.copies), count(DISTINCT a.organisation)"
						  " FROM " EACH_PARTY " AND g.domain GLOB '" ORGANISATION_BY_NAME "*'";
static const char count_signed[] = LIVE_CONTENTS "SELECT tm_total(place.copies), count(*) FROM place"
						 " CROSS JOIN content c ON c.number = place.content"
						 " WHERE c.signing = (SELECT number FROM label WHERE text = 'true')";
_Static_assert(FINDING_EMAIL == 1 && ORGANISATION_PARTY == 2, "stored by number");

/* As far as a format tells them: which those are, docs/counting.md says. */
static const char count_pages[] = LIVE_CONTENTS "SELECT tm_total(CAST(f.value AS INTEGER), place.copies),"
						" tm_total(CAST(f.value AS INTEGER)) FROM place"
						" CROSS JOIN fact f ON f.content = place.content WHERE f.kind = " SQL_SEEN
						" AND f.name = (SELECT number FROM label WHERE text = 'pages')";
/* How many organisations are a party of how many documents. */
static const char count_sizes[] = LIVE_CONTENTS
	"SELECT min(length(CAST(documents AS TEXT)), 4) + (documents > 1) AS size, count(*)"
	" FROM (SELECT tm_total(place.copies) AS documents FROM " EACH_PARTY " GROUP BY a.organisation) GROUP BY size";

static enum status count(struct database *database, const char *sql, struct measure *ret_measure)
{
	sqlite3_stmt *row = database_take(database, sql);
	enum status status = database_step(database, row);
	if (status == STATUS_OK)
		*ret_measure = (struct measure){.references = column_unsigned(row, 0), .distinct = column_unsigned(row, 1)};
	database_give(database, row);
	return status;
}

/* Of what stands for nothing but itself: bytes, numbers. */
static void resolve_as_distinct(struct measure *measure)
{
	measure->resolved = measure->distinct;
	measure->is_resolved = true;
}

static enum status resolve_documents(struct database *database, struct measure *measure)
{
	enum status status = families_count(database, &measure->resolved);
	measure->is_resolved = status == STATUS_OK;
	return status == STATUS_ABSENT ? STATUS_OK : status;
}

/* Carved ones apart, and of those the distinct that stand nowhere else. */
static enum status count_addresses(struct database *database, struct ledger *ledger)
{
	sqlite3_stmt *row = database_take(database, count_emails);
	enum status status = database_step(database, row);
	if (status == STATUS_OK) {
		ledger->emails = (struct measure){.references = column_unsigned(row, 0),
		                                  .distinct = column_unsigned(row, 1),
		                                  .resolved = column_unsigned(row, 4),
		                                  .is_resolved = true};
		ledger->carved_emails = (struct measure){.references = column_unsigned(row, 2),
		                                         .distinct = column_unsigned(row, 3) - ledger->emails.distinct};
	}
	database_give(database, row);
	return status;
}

/* What was read; what was carved may never have stood there. */
static const char count_kind[] =
	"SELECT tm_total(mentions, copies), count(DISTINCT number) FROM (SELECT e.number AS number,"
	" o.mentions - o.carved AS mentions, " COPIES_OF(
		"o.content") " AS copies FROM entity e"
			     " CROSS JOIN occurrence o ON o.entity = e.number WHERE e.kind = ?1 AND o.mentions > o.carved) WHERE copies > 0";

static enum status count_entities(struct database *database, enum finding_kind kind, struct measure *ret_measure)
{
	sqlite3_stmt *row = database_take(database, count_kind);
	bind_integer(row, 1, kind);
	enum status status = database_step(database, row);
	if (status == STATUS_OK) {
		*ret_measure = (struct measure){.references = column_unsigned(row, 0), .distinct = column_unsigned(row, 1)};
		resolve_as_distinct(ret_measure);
	}
	database_give(database, row);
	return status;
}

static enum status count_numbers(struct database *database, struct ledger *ledger)
{
	const struct {
		enum finding_kind kind;
		struct measure *measure;
	} numbers[] = {
		{FINDING_PHONE, &ledger->phones}, {FINDING_PROJECT, &ledger->projects},   {FINDING_INVOICE, &ledger->invoices},
		{FINDING_ORDER, &ledger->orders}, {FINDING_CONTRACT, &ledger->contracts},
	};
	enum status status = STATUS_OK;
	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0] && status == STATUS_OK; i++)
		status = count_entities(database, numbers[i].kind, numbers[i].measure);
	return status;
}

/* From 1: a document, 2 to 9, and so on. */
static enum status count_organisation_sizes(struct database *database, struct ledger *ledger)
{
	sqlite3_stmt *rows = database_take(database, count_sizes);
	enum status status;
	while ((status = database_step(database, rows)) == STATUS_OK) {
		uint64_t size = column_unsigned(rows, 0);
		if (size >= 1 && size <= ORGANISATION_SIZES)
			ledger->organisation_sizes[size - 1] = column_unsigned(rows, 1);
	}
	database_give(database, rows);
	return status == STATUS_END ? STATUS_OK : status;
}

/* ---- people ---- */

/* People, each once for every kind of data that was found of them. */
static enum status count_elements(struct database *database, struct arena *arena, struct breakdown *ret_breakdown)
{
	uint64_t counts[ELEMENT_COUNT] = {0};
	struct breakdown breakdown = {.is_known = true, .rows = arena_allocate(arena, ELEMENT_COUNT * sizeof *breakdown.rows)};
	sqlite3_stmt *rows = database_take(database, "SELECT elements, count(*) FROM person GROUP BY elements");
	enum status status = breakdown.rows != NULL ? STATUS_OK : STATUS_NO_MEMORY;
	while (status == STATUS_OK && (status = database_step(database, rows)) == STATUS_OK)
		for (enum person_element element = 0; element < ELEMENT_COUNT; element++)
			if (column_unsigned(rows, 0) & ELEMENT_BIT(element))
				sum_add(&counts[element], column_unsigned(rows, 1));
	database_give(database, rows);
	if (status != STATUS_END)
		return status;
	for (enum person_element element = 0; element < ELEMENT_COUNT; element++)
		if (counts[element] > 0)
			breakdown.rows[breakdown.count++] = (struct breakdown_row){bytes_of_string(person_element_name(element)),
			                                                           counts[element]};
	*ret_breakdown = breakdown;
	return STATUS_OK;
}

/* As of the last sweep's end: until then nobody was told apart. */
static enum status count_people(struct database *database, struct arena *arena, struct ledger *ledger)
{
	sqlite3_stmt *row = database_take(database, "SELECT EXISTS (SELECT 1 FROM people), tm_total(mentions), count(*)"
	                                            " FROM person");
	enum status status = database_step(database, row);
	if (status == STATUS_OK) {
		ledger->has_people = sqlite3_column_int(row, 0) != 0;
		ledger->people = (struct measure){.references = column_unsigned(row, 1), .distinct = column_unsigned(row, 2)};
		resolve_as_distinct(&ledger->people);
	}
	database_give(database, row);
	return status == STATUS_OK && ledger->has_people ? count_elements(database, arena, &ledger->by_element) : status;
}

static enum status count_unseen(struct database *database, struct ledger *ledger)
{
	sqlite3_stmt *rows = database_take(database, "SELECT outcome, unseen, ordinal FROM document WHERE state = " SQL_LIVE
	                                             " AND outcome <> " SQL_READ);
	enum status status;
	while ((status = database_step(database, rows)) == STATUS_OK) {
		unsigned outcome = (unsigned)sqlite3_column_int(rows, 0);
		uint64_t bytes = column_unsigned(rows, 1);
		if (outcome == OUTCOME_PENDING)
			outcome = OUTCOME_LISTED_ONLY;
		if (outcome >= OUTCOME_COUNT)
			continue;
		if (sqlite3_column_int64(rows, 2) > 0) {
			ledger->unseen_parts[outcome].documents++;
			sum_add(&ledger->unseen_parts[outcome].bytes, bytes);
			continue;
		}
		ledger->unseen_by_outcome[outcome].objects++;
		sum_add(&ledger->unseen_by_outcome[outcome].bytes, bytes);
		ledger->unseen.objects++;
		sum_add(&ledger->unseen.bytes, bytes);
	}
	database_give(database, rows);
	return status == STATUS_END ? STATUS_OK : status;
}

enum { YEARS_MAX = 10000 };

static enum status count_years(struct database *database, struct arena *arena, struct ledger *ledger)
{
	sqlite3_stmt *rows = database_take(
		database,
		"SELECT CAST(strftime('%Y', coalesce(c.created, d.modified, o.modified), 'unixepoch') AS INTEGER) AS year, count(*)"
		" FROM document d JOIN document o ON o.number = d.object JOIN content c ON c.number = d.content"
		" WHERE d.state = " SQL_LIVE " GROUP BY 1 HAVING year IS NOT NULL ORDER BY 1 LIMIT 10000");
	struct buffer years = buffer_with_ceiling(YEARS_MAX * sizeof(struct year_measure));
	enum status status;
	while ((status = database_step(database, rows)) == STATUS_OK) {
		struct year_measure year = {sqlite3_column_int(rows, 0), column_unsigned(rows, 1)};
		buffer_append(&years, bytes_of(&year, sizeof year));
	}
	database_give(database, rows);
	ledger->year_count = years.len / sizeof *ledger->years;
	if (status == STATUS_END)
		status = buffer_status(&years);
	if (status == STATUS_OK && ledger->year_count > 0) {
		ledger->years = arena_allocate(arena, years.len);
		if (ledger->years == NULL)
			status = STATUS_NO_MEMORY;
		else
			memcpy(ledger->years, years.at, years.len);
	}
	buffer_free(&years);
	return status;
}

static enum status count_classes(struct database *database, struct ledger *ledger)
{
	sqlite3_stmt *rows = database_take(database, LIVE_CONTENTS "SELECT l.text, tm_total(place.copies) FROM place"
	                                                           " CROSS JOIN content c ON c.number = place.content"
	                                                           " JOIN label l ON l.number = c.class"
	                                                           " WHERE c.class > 0 GROUP BY c.class");
	enum status status;
	while ((status = database_step(database, rows)) == STATUS_OK) {
		enum document_class class = document_class_from_name(column_bytes(rows, 0));
		if (class != CLASS_COUNT)
			ledger->classes[class] = column_unsigned(rows, 1);
	}
	database_give(database, rows);
	return status == STATUS_END ? STATUS_OK : status;
}

/* ---- parties, as the register has them ---- */

static const char count_resolved[] = PARTIES
	"SELECT count(DISTINCT coalesce(-registered, organisation)), (SELECT count(*) FROM register_import) FROM known";
static const char count_relationships[] = PARTIES "SELECT nullif(relationship, 0) AS key, count(*) AS organisations FROM known"
						  " GROUP BY key ORDER BY key IS NULL, organisations DESC, key";
static const char count_sectors[] = PARTIES "SELECT nullif(sector, 'unknown') AS key, count(*) AS organisations FROM known"
					    " GROUP BY key ORDER BY key IS NULL, organisations DESC, key LIMIT 10000";
static const char count_countries[] = PARTIES "SELECT country AS key, count(*) AS organisations FROM known"
					      " GROUP BY key ORDER BY key IS NULL, organisations DESC, key LIMIT 10000";

enum { PARTY_KEYS_MAX = 10000 };

/* The key of a relationship is its name. */
static struct bytes read_key(sqlite3_stmt *row, bool is_relationship)
{
	unsigned number = is_relationship ? (unsigned)sqlite3_column_int(row, 0) : 0;
	if (column_is_null(row, 0))
		return BYTES_LITERAL("unknown");
	if (!is_relationship)
		return column_bytes(row, 0);
	return number < RELATIONSHIP_COUNT ? bytes_of_string(relationship_name(number)) : BYTES_LITERAL("unknown");
}

static enum status count_parties(struct database *database, const char *sql, bool is_relationship, struct arena *arena,
                                 struct breakdown *ret_breakdown)
{
	sqlite3_stmt *rows = database_take(database, sql);
	struct buffer kept = buffer_with_ceiling(PARTY_KEYS_MAX * sizeof(struct breakdown_row));
	enum status status;
	while ((status = database_step(database, rows)) == STATUS_OK) {
		struct breakdown_row row = {arena_copy(arena, read_key(rows, is_relationship)), column_unsigned(rows, 1)};
		buffer_append(&kept, bytes_of(&row, sizeof row));
		if (row.name.at == NULL || buffer_status(&kept) != STATUS_OK) {
			status = STATUS_NO_MEMORY;
			break;
		}
	}
	database_give(database, rows);
	struct bytes copy = kept.len > 0 ? arena_copy(arena, buffer_bytes(&kept)) : BYTES_NONE;
	bool is_whole = copy.len == kept.len;
	buffer_free(&kept);
	if (status != STATUS_END)
		return status;
	*ret_breakdown = (struct breakdown){true, (void *)(uintptr_t)copy.at, copy.len / sizeof(struct breakdown_row)};
	return is_whole ? STATUS_OK : STATUS_NO_MEMORY;
}

/* An organisation is a reference to its country; where none is known it is none. */
static void measure_countries(struct ledger *ledger)
{
	ledger->has_countries = true;
	for (size_t i = 0; i < ledger->by_country.count; i++) {
		if (bytes_equal_string(ledger->by_country.rows[i].name, "unknown"))
			continue;
		ledger->countries.references += ledger->by_country.rows[i].count;
		ledger->countries.distinct++;
	}
	resolve_as_distinct(&ledger->countries);
}

/* Of those that the register says nothing of, and of all where there is none, what they are is unknown. */
static enum status count_registered(struct database *database, struct arena *arena, struct ledger *ledger)
{
	struct measure resolved = {.references = 0};
	enum status status = count(database, count_resolved, &resolved);
	bool has_register = resolved.distinct > 0;
	if (has_register) {
		ledger->organisations.resolved = resolved.references;
		ledger->organisations.is_resolved = true;
	}
	if (status == STATUS_OK)
		status = count_parties(database, count_relationships, true, arena, &ledger->by_relationship);
	if (status == STATUS_OK)
		status = count_parties(database, count_sectors, false, arena, &ledger->by_sector);
	if (status == STATUS_OK)
		status = count_parties(database, count_countries, false, arena, &ledger->by_country);
	if (status == STATUS_OK)
		measure_countries(ledger);
	return status;
}

/* ---- types ---- */

enum { TYPES_MAX = 10000 };

static enum status add_type(sqlite3_stmt *row, struct arena *arena, struct buffer *types)
{
	struct type_measure type = {arena_copy(arena, column_bytes(row, 0)), column_unsigned(row, 1), column_unsigned(row, 2),
	                            column_unsigned(row, 3)};
	if (type.media_type.at == NULL && !column_is_null(row, 0))
		return STATUS_NO_MEMORY;
	buffer_append(types, bytes_of(&type, sizeof type));
	return buffer_status(types);
}

static enum status count_types(struct database *database, struct arena *arena, struct ledger *ledger)
{
	sqlite3_stmt *rows = database_take(
		database,
		"SELECT (SELECT text FROM label WHERE number = coalesce(nullif(c.media_type, 0), nullif(d.media_type, 0))) AS type,"
		" count(*) AS documents, sum(d.outcome = ?1), sum(d.content IS NOT NULL)"
		" FROM document d LEFT JOIN content c ON c.number = d.content WHERE d.state = " SQL_LIVE
		" GROUP BY type ORDER BY documents DESC, type LIMIT 10000");
	struct buffer types = buffer_with_ceiling(TYPES_MAX * sizeof(struct type_measure));
	enum status status;
	bind_integer(rows, 1, OUTCOME_READ);
	while ((status = database_step(database, rows)) == STATUS_OK)
		if ((status = add_type(rows, arena, &types)) != STATUS_OK)
			break;
	database_give(database, rows);
	ledger->type_count = types.len / sizeof *ledger->types;
	if (status == STATUS_END)
		status = STATUS_OK;
	if (status == STATUS_OK && ledger->type_count > 0) {
		ledger->types = arena_allocate(arena, types.len);
		if (ledger->types == NULL)
			status = STATUS_NO_MEMORY;
		else
			memcpy(ledger->types, types.at, types.len);
	}
	buffer_free(&types);
	return status;
}

static const char count_groups[] =
	"SELECT s.sample_count, s.sample_share, max(s.number), d.outcome, d.fetched IS NOT NULL, (d.flags & ?1) <> 0,"
	" count(*), tm_total(d.size) FROM document d"
	" JOIN sweep s ON s.number = d.decided AND coalesce(s.sample_count, s.sample_share) IS NOT NULL"
	" WHERE d.state = " SQL_LIVE " AND d.ordinal = 0 GROUP BY 1, 2, 4, 5, 6"
	" LIMIT 10000";

static struct sample column_sample(sqlite3_stmt *row, int count, int share)
{
	return (struct sample){
		.is_drawn = !column_is_null(row, count) || !column_is_null(row, share),
		.count = column_unsigned(row, count),
		.share = sqlite3_column_double(row, share),
	};
}

static enum status add_group(sqlite3_stmt *row, struct buffer *groups)
{
	struct ledger_group group = {
		.sample = column_sample(row, 0, 1),
		.sweep = column_unsigned(row, 2),
		.outcome = (enum outcome)sqlite3_column_int(row, 3),
		.was_fetched = sqlite3_column_int(row, 4) != 0,
		.is_left_out = sqlite3_column_int(row, 5) != 0,
		.objects = column_unsigned(row, 6),
		.bytes = column_unsigned(row, 7),
	};
	buffer_append(groups, bytes_of(&group, sizeof group));
	return buffer_status(groups);
}

static enum status group_objects(struct database *database, struct arena *arena, struct ledger *ledger)
{
	sqlite3_stmt *rows = database_take(database, count_groups);
	struct buffer groups = buffer_with_ceiling(16 << 20);
	enum status status;
	bind_integer(rows, 1, OBJECT_LEFT_OUT);
	while ((status = database_step(database, rows)) == STATUS_OK) {
		status = add_group(rows, &groups);
		if (status != STATUS_OK)
			break;
	}
	database_give(database, rows);
	ledger->group_count = groups.len / sizeof *ledger->groups;
	if (status == STATUS_END && ledger->group_count > 0) {
		ledger->groups = arena_allocate(arena, groups.len);
		if (ledger->groups != NULL)
			memcpy(ledger->groups, groups.at, groups.len);
		else
			status = STATUS_NO_MEMORY;
	}
	buffer_free(&groups);
	return status == STATUS_END ? STATUS_OK : status;
}

static enum status read_latest(struct database *database, struct arena *arena, struct ledger *ledger)
{
	sqlite3_stmt *row = database_take(database, "SELECT r.text, s.number, s.sample_count, s.sample_share FROM sweep s"
	                                            " JOIN label r ON r.number = s.rules ORDER BY s.number DESC"
	                                            " LIMIT 1");
	enum status status = database_step(database, row);
	if (status == STATUS_OK) {
		ledger->rules_version = arena_copy(arena, column_bytes(row, 0));
		ledger->latest_sweep = column_unsigned(row, 1);
		ledger->sample = column_sample(row, 2, 3);
		if (ledger->rules_version.at == NULL)
			status = STATUS_NO_MEMORY;
	}
	database_give(database, row);
	return status == STATUS_END ? STATUS_OK : status;
}

enum status ledger_read(struct store *store, struct arena *arena, struct ledger *ret_ledger, struct failure *reterr)
{
	struct database *database = &store->database;
	struct ledger ledger = {.years = NULL};
	enum status status = database_begin_reading(database);
	if (status != STATUS_OK)
		return database_tell(database, status, reterr);
	status = count(database, count_objects, &ledger.objects);
	resolve_as_distinct(&ledger.objects);
	if (status == STATUS_OK)
		status = count(database, count_documents, &ledger.documents);
	if (status == STATUS_OK)
		status = count(database, count_pages, &ledger.pages);
	if (status == STATUS_OK)
		status = resolve_documents(database, &ledger.documents);
	if (status == STATUS_OK)
		status = count_addresses(database, &ledger);
	if (status == STATUS_OK)
		status = count_numbers(database, &ledger);
	if (status == STATUS_OK)
		status = count(database, count_organisations, &ledger.organisations);
	if (status == STATUS_OK)
		status = count_organisation_sizes(database, &ledger);
	if (status == STATUS_OK)
		status = count_registered(database, arena, &ledger);
	if (status == STATUS_OK)
		status = count(database, count_by_name, &ledger.organisations_by_name);
	if (status == STATUS_OK)
		status = count(database, count_signed, &ledger.signed_documents);
	if (status == STATUS_OK)
		status = count_people(database, arena, &ledger);
	if (status == STATUS_OK)
		status = count_classes(database, &ledger);
	if (status == STATUS_OK)
		status = count_unseen(database, &ledger);
	if (status == STATUS_OK)
		status = count_years(database, arena, &ledger);
	if (status == STATUS_OK)
		status = count_types(database, arena, &ledger);
	if (status == STATUS_OK)
		status = group_objects(database, arena, &ledger);
	if (status == STATUS_OK)
		status = read_latest(database, arena, &ledger);
	database_end_reading(database);
	if (status == STATUS_OK)
		*ret_ledger = ledger;
	return database_tell(database, status, reterr);
}
