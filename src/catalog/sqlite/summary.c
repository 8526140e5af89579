/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The figures of a sweep, counted from rows. A sweep's objects are those whose
 * newest revision it listed. What was decided since the last finished sweep is
 * read, skipped or failed; what was looked into before it is unchanged.
 */
#include "catalog/sqlite/summary.h"

#include "base/sum.h"
#include "catalog/sqlite/document.h"
#include "catalog/sqlite/numbers.h"
#include "catalog/sqlite/writer.h"

static const char find_sweep[] = "SELECT number, follows, is_complete, started, ended FROM sweep"
				 " WHERE number = coalesce(?1, (SELECT max(number) FROM sweep))";

static const char count_objects[] =
	"SELECT outcome, coalesce(decided, ?1) > ?2, size, fetched, unseen, flags, first_sweep > ?2, revision"
	" FROM document"
	" WHERE ordinal = 0 AND state <> " SQL_SUPERSEDED " AND last_sweep = ?1";

static const char count_gone[] = "SELECT count(*) FROM document WHERE ordinal = 0 AND gone_sweep = ?1";

static const char count_parts[] = "SELECT d.outcome, count(*), tm_total(d.size) FROM document d"
				  " JOIN document o ON o.number = d.object"
				  " WHERE d.ordinal > 0 AND d.state = " SQL_LIVE " AND o.last_sweep = ?1"
				  " GROUP BY 1";

static const char count_documents[] = "SELECT count(*) FROM document d"
				      " JOIN document o ON o.number = d.object"
				      " WHERE d.content IS NOT NULL AND d.state = " SQL_LIVE " AND o.last_sweep = ?1";

static const char count_findings[] = "WITH place AS MATERIALIZED (SELECT d.content AS content, count(*) AS copies FROM document d"
				     " JOIN document o ON o.number = d.object WHERE d.content IS NOT NULL AND d.state = " SQL_LIVE
				     " AND o.last_sweep = ?1"
				     " GROUP BY 1) SELECT e.kind, tm_total(place.copies) FROM place"
				     " JOIN finding f ON f.content = place.content"
				     " JOIN entity e ON e.number = f.entity GROUP BY 1";

/* Facts that say how many, and those that are one each. */
static const char count_allowed[] = "SELECT l.text, tm_total(CASE WHEN f.finish > 0 THEN 1 ELSE CAST(f.value AS INTEGER) END)"
				    " FROM document d JOIN document o ON o.number = d.object"
				    " JOIN fact f ON f.content = d.content AND f.kind = 9 JOIN label l ON l.number = f.name"
				    " WHERE d.content IS NOT NULL AND d.state = " SQL_LIVE
				    " AND o.last_sweep = ?1 GROUP BY f.name";
_Static_assert(FACT_ALLOWED == 9, "stored by number");

static const char count_renewed[] = "SELECT count(*), coalesce(sum(c.is_altered), 0) FROM content c JOIN document d"
				    " ON d.content = c.number AND d.state = " SQL_LIVE " WHERE c.renewed = ?1";

/* What is read again though nothing changed has a new revision, too. */
static void count_change(sqlite3_stmt *row, struct sweep_summary *summary)
{
	bool is_since = sqlite3_column_int(row, 6) != 0, is_redo = (sqlite3_column_int(row, 5) & OBJECT_REDO) != 0;
	uint64_t revision = column_unsigned(row, 7);
	summary->changes.fresh += is_since && revision == 1;
	summary->changes.changed += is_since && revision > 1 && !is_redo;
}

static void add_gone(sqlite3_stmt *row, struct sweep_summary *summary)
{
	summary->changes.gone = column_unsigned(row, 0);
}

static void add_object(sqlite3_stmt *row, struct sweep_summary *summary)
{
	enum outcome outcome = (enum outcome)sqlite3_column_int(row, 0);
	bool is_fresh = sqlite3_column_int(row, 1) != 0;
	uint64_t size = column_unsigned(row, 2);
	if (outcome == OUTCOME_PENDING)
		outcome = OUTCOME_LISTED_ONLY;
	if ((unsigned)outcome >= OUTCOME_COUNT)
		return;
	enum outcome_group group = outcome_group(outcome);
	count_change(row, summary);
	summary->objects.listed++;
	sum_add(&summary->bytes.listed, size);
	sum_add(&summary->bytes.unseen, column_unsigned(row, 4));
	summary->outcomes[outcome].objects++;
	sum_add(&summary->outcomes[outcome].bytes, size);
	if (!is_fresh) {
		summary->objects.unchanged++;
		return;
	}
	sum_add(&summary->bytes.fetched, column_unsigned(row, 3));
	summary->twins += (sqlite3_column_int(row, 5) & OBJECT_TWIN) != 0;
	if (group == OUTCOME_GROUP_READ)
		summary->objects.read++;
	else if (group == OUTCOME_GROUP_FAILED)
		summary->objects.failed++;
	else
		summary->objects.skipped++;
}

static void add_parts(sqlite3_stmt *row, struct sweep_summary *summary)
{
	unsigned outcome = (unsigned)sqlite3_column_int(row, 0);
	if (outcome >= OUTCOME_COUNT)
		return;
	summary->inner[outcome].documents += column_unsigned(row, 1);
	sum_add(&summary->inner[outcome].bytes, column_unsigned(row, 2));
}

static void add_documents(sqlite3_stmt *row, struct sweep_summary *summary)
{
	summary->documents = column_unsigned(row, 0);
}

static void add_allowed(sqlite3_stmt *row, struct sweep_summary *summary)
{
	enum finding_kind kind = finding_kind_from_name(column_bytes(row, 0));
	if (kind != FINDING_KIND_COUNT)
		summary->allowed[kind] += column_unsigned(row, 1);
}

static void add_renewed(sqlite3_stmt *row, struct sweep_summary *summary)
{
	summary->renewed.documents = column_unsigned(row, 0);
	summary->renewed.altered = column_unsigned(row, 1);
}

static void add_findings(sqlite3_stmt *row, struct sweep_summary *summary)
{
	unsigned kind = (unsigned)sqlite3_column_int(row, 0);
	if (kind < FINDING_KIND_COUNT && finding_kind_is_counted(kind))
		summary->findings[kind] += column_unsigned(row, 1);
}

static enum status count(struct database *database, const char *sql, uint64_t follows, struct sweep_summary *summary,
                         void (*add)(sqlite3_stmt *, struct sweep_summary *))
{
	sqlite3_stmt *rows = database_take(database, sql);
	enum status status;
	bind_unsigned(rows, 1, summary->sweep);
	if (sqlite3_bind_parameter_count(rows) > 1)
		bind_unsigned(rows, 2, follows);
	while ((status = database_step(database, rows)) == STATUS_OK)
		add(rows, summary);
	database_give(database, rows);
	return status == STATUS_END ? STATUS_OK : status;
}

static enum status read_sweep(struct store *store, struct sweep_summary *summary, uint64_t *ret_follows)
{
	struct database *database = &store->database;
	sqlite3_stmt *find = database_take(database, find_sweep);
	if (store->writer != NULL && store->writer->sweep > 0)
		bind_unsigned(find, 1, store->writer->sweep);
	enum status status = database_step(database, find);
	if (status == STATUS_OK) {
		summary->sweep = column_unsigned(find, 0);
		*ret_follows = column_unsigned(find, 1);
		summary->is_complete = sqlite3_column_int(find, 2) != 0;
		summary->started = column_time(find, 3);
		summary->ended = column_time(find, 4);
	}
	database_give(database, find);
	return status == STATUS_END ? STATUS_ABSENT : status;
}

enum status summary_read(struct store *store, struct sweep_summary *ret_summary, struct failure *reterr)
{
	struct database *database = &store->database;
	struct sweep_summary summary = {.sweep = 0};
	uint64_t follows = 0;
	enum status status = database_begin_reading(database);
	if (status != STATUS_OK)
		return database_tell(database, status, reterr);
	status = read_sweep(store, &summary, &follows);
	if (status == STATUS_OK)
		status = count(database, count_objects, follows, &summary, add_object);
	if (status == STATUS_OK)
		status = count(database, count_gone, follows, &summary, add_gone);
	if (status == STATUS_OK)
		status = count(database, count_parts, follows, &summary, add_parts);
	if (status == STATUS_OK)
		status = count(database, count_documents, follows, &summary, add_documents);
	if (status == STATUS_OK)
		status = count(database, count_findings, follows, &summary, add_findings);
	if (status == STATUS_OK)
		status = count(database, count_allowed, follows, &summary, add_allowed);
	if (status == STATUS_OK)
		status = count(database, count_renewed, follows, &summary, add_renewed);
	database_end_reading(database);
	if (status == STATUS_ABSENT)
		return STATUS_ABSENT;
	if (status == STATUS_OK)
		*ret_summary = summary;
	return database_tell(database, status, reterr);
}
