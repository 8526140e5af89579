/* SPDX-License-Identifier: Apache-2.0 */
/* From records to people: numbering, sorting by key, joining, and writing down what each person's records say together. */
#include "base/arena.h"
#include "base/digest.h"
#include "base/sum.h"
#include "catalog/sqlite/numbers.h"
#include "catalog/sqlite/people.h"
#include "model/person.h"
#include "words/person-name.h"

#include <stdlib.h>

enum {
	LINK_VERSION = 1,
	RECORDS_MAX = INT32_MAX - 1,
	/* Clearly different names at one key: beyond these it is a mailbox of many, and joins nobody but equal names. */
	NAMES_MAX = 32,
	NAME_ROOM = 8 * PERSON_NAME_LENGTH_MAX,
	PHONE_LEAST = 7,
	ARENA_MAX = 1 << 20,
};

struct run {
	unsigned char name[NAME_ROOM];
	size_t len;
	uint32_t record; /* its first */
};

struct linker {
	struct store *store;
	struct database *database;
	unsigned char salt[PERSON_SALT_SIZE];
	uint32_t *parents; /* by record, from 1 */
	size_t count, room;
	struct buffer name, other;
	/* The key that is at hand, and the names beside it. */
	struct id key;
	struct run *runs; /* NAMES_MAX of them */
	size_t run_count;
	bool has_key, has_many;
};

struct id people_key(const unsigned char salt[PERSON_SALT_SIZE], char kind, struct bytes a, struct bytes b)
{
	unsigned char digest[DIGEST_SHA256_SIZE], length[8];
	struct id id;
	store_le64(length, a.len);
	digest_sha256_of((struct bytes[]){BYTES_LITERAL("tidemark-person-1"), bytes_of(salt, PERSON_SALT_SIZE),
	                                  bytes_of(&kind, 1), bytes_of(length, sizeof length), a, b},
	                 6, digest);
	memcpy(id.bytes, digest, ID_SIZE);
	return id;
}

/* ---- whether there is anything to do ---- */

struct basis {
	int64_t contents, numbers, squares, places;
};

static const char find_basis[] =
	"SELECT count(*), coalesce(sum(c), 0), coalesce(sum(c % 2147483647 * (c % 2147483647) % 2147483647), 0), coalesce(sum(n), 0)"
	" FROM (SELECT f.content AS c, (SELECT count(*) FROM document d WHERE d.content = f.content AND d.state = " SQL_LIVE
	") AS n FROM (SELECT DISTINCT content FROM fact WHERE kind = 7) f) WHERE n > 0";
_Static_assert(FACT_PERSON == 7, "stored by number");

static enum status read_basis(struct database *database, struct basis *ret_basis)
{
	sqlite3_stmt *row = database_take(database, find_basis);
	enum status status = database_step(database, row);
	if (status == STATUS_OK)
		*ret_basis = (struct basis){sqlite3_column_int64(row, 0), sqlite3_column_int64(row, 1),
		                            sqlite3_column_int64(row, 2), sqlite3_column_int64(row, 3)};
	database_give(database, row);
	return status;
}

static enum status is_made(struct database *database, const struct basis *basis, bool *ret_is_made)
{
	int64_t found = 0;
	sqlite3_stmt *find = database_take(database, "SELECT 1 FROM people WHERE version = ?1 AND contents = ?2 AND numbers = ?3"
	                                             " AND squares = ?4 AND places = ?5");
	bind_integer(find, 1, LINK_VERSION);
	bind_integer(find, 2, basis->contents);
	bind_integer(find, 3, basis->numbers);
	bind_integer(find, 4, basis->squares);
	bind_integer(find, 5, basis->places);
	enum status status = database_read_integer(database, find, 0, &found);
	*ret_is_made = found != 0;
	return status;
}

static enum status note_basis(struct database *database, const struct basis *basis, int64_t now)
{
	sqlite3_stmt *insert = database_take(database, "INSERT INTO people (version, contents, numbers, squares, places, made)"
	                                               " VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
	bind_integer(insert, 1, LINK_VERSION);
	bind_integer(insert, 2, basis->contents);
	bind_integer(insert, 3, basis->numbers);
	bind_integer(insert, 4, basis->squares);
	bind_integer(insert, 5, basis->places);
	bind_integer(insert, 6, now);
	return database_run(database, insert);
}

/* ---- numbering ---- */

static enum status number_record(struct linker *linker, uint32_t *ret_record)
{
	if (linker->count == RECORDS_MAX)
		return STATUS_TOO_LARGE;
	if (linker->count + 1 >= linker->room) {
		size_t room = linker->room ? linker->room + linker->room / 2 : 4096;
		uint32_t *grown = realloc(linker->parents, room * sizeof *grown);
		if (grown == NULL)
			return STATUS_NO_MEMORY;
		linker->parents = grown;
		linker->room = room;
	}
	*ret_record = (uint32_t)++linker->count;
	linker->parents[*ret_record] = *ret_record;
	return STATUS_OK;
}

/* Marks the name of whom an address itself names. */
#define BORNE_OUT '+'

/* name: folded, and BORNE_OUT before it where that is so. */
static enum status insert_key(struct linker *linker, const struct id *id, struct bytes name, uint32_t record)
{
	sqlite3_stmt *insert = database_take(linker->database, "INSERT INTO link_key (id, name, record) VALUES (?1, ?2, ?3)");
	bind_id(insert, 1, id);
	bind_text(insert, 2, name);
	bind_integer(insert, 3, record);
	return database_run(linker->database, insert);
}

/* The mailbox an address is of: what stands behind a plus sign is its owner's own. */
static struct id key_of_address(const struct linker *linker, struct bytes address)
{
	size_t at = bytes_find_last_byte(address, '@');
	struct bytes local = bytes_slice(address, 0, at == BYTES_NOT_FOUND ? address.len : at);
	size_t plus = bytes_find_byte(local, '+');
	if (plus != BYTES_NOT_FOUND && plus > 0)
		local = bytes_slice(local, 0, plus);
	return people_key(linker->salt, 'e', local, at == BYTES_NOT_FOUND ? BYTES_NONE : bytes_from(address, at));
}

static struct id key_of_identifier(const struct linker *linker, const struct person_identifier *identifier)
{
	unsigned char kind = (unsigned char)identifier->kind;
	return people_key(linker->salt, 'i', bytes_of(&kind, 1), identifier->value);
}

static enum status insert_address(struct linker *linker, struct bytes address, uint32_t record)
{
	struct bytes name = buffer_bytes(&linker->name);
	size_t at = bytes_find_last_byte(address, '@');
	struct id id = key_of_address(linker, address);
	if (at == BYTES_NOT_FOUND || !person_name_backs(name, bytes_slice(address, 0, at)))
		return insert_key(linker, &id, name, record);
	buffer_reset(&linker->other);
	buffer_append_byte(&linker->other, BORNE_OUT);
	buffer_append(&linker->other, name);
	enum status status = buffer_status(&linker->other);
	return status == STATUS_OK ? insert_key(linker, &id, buffer_bytes(&linker->other), record) : status;
}

/* A whole name and a telephone number: together they are one person's, each alone need not be. */
static enum status insert_names(struct linker *linker, const struct person_record *record, uint32_t number)
{
	enum status status = STATUS_OK;
	buffer_reset(&linker->other);
	if (person_name_sort(buffer_bytes(&linker->name), &linker->other) < 2)
		return STATUS_OK;
	for (size_t i = 0; i < record->phone_count && status == STATUS_OK; i++) {
		struct id id = people_key(linker->salt, 'n', buffer_bytes(&linker->other), record->phones[i]);
		if (record->phones[i].len >= PHONE_LEAST)
			status = insert_key(linker, &id, buffer_bytes(&linker->name), number);
	}
	return status;
}

static struct id id_of_record(const struct linker *linker, int64_t content, int64_t fact, int64_t piece)
{
	unsigned char place[24];
	store_le64(place, (uint64_t)content);
	store_le64(place + 8, (uint64_t)fact);
	store_le64(place + 16, (uint64_t)piece);
	return people_key(linker->salt, 'r', bytes_of(place, sizeof place), BYTES_NONE);
}

static enum status insert_record(struct linker *linker, uint32_t number, int64_t content, int64_t fact, int64_t piece)
{
	/* The place of a number as long as it will have. */
	sqlite3_stmt *insert = database_take(linker->database, "INSERT INTO person_record (number, person, content, fact, piece)"
	                                                       " VALUES (?1, 2147483647, ?2, ?3, ?4)");
	bind_integer(insert, 1, number);
	bind_integer(insert, 2, content);
	bind_integer(insert, 3, fact);
	bind_integer(insert, 4, piece);
	return database_run(linker->database, insert);
}

static enum status take_record(struct linker *linker, const struct person_record *record, int64_t content, int64_t fact,
                               int64_t piece)
{
	uint32_t number = 0;
	enum status status = number_record(linker, &number);
	if (status == STATUS_OK)
		status = insert_record(linker, number, content, fact, piece);
	buffer_reset(&linker->name);
	person_name_fold(linker->store->fold, record->name, &linker->name);
	if (status == STATUS_OK)
		status = buffer_status(&linker->name);
	for (size_t i = 0; i < record->email_count && status == STATUS_OK; i++) {
		status = insert_address(linker, record->emails[i], number);
	}
	for (size_t i = 0; i < record->identifier_count && status == STATUS_OK; i++) {
		struct id id = key_of_identifier(linker, &record->identifiers[i]);
		status = insert_key(linker, &id, buffer_bytes(&linker->name), number);
	}
	if (status == STATUS_OK)
		status = insert_names(linker, record, number);
	if (status != STATUS_OK || record->email_count + record->identifier_count > 0)
		return status;
	struct id id = id_of_record(linker, content, fact, piece);
	return insert_key(linker, &id, buffer_bytes(&linker->name), number);
}

static const char list_facts[] = "SELECT f.content, f.nth, f.value FROM fact f WHERE f.kind = 7 AND EXISTS"
				 " (SELECT 1 FROM document d WHERE d.content = f.content AND d.state = " SQL_LIVE ")"
				 " ORDER BY f.content, f.nth";

static enum status take_records(struct linker *linker)
{
	struct database *database = linker->database;
	struct person_record record;
	sqlite3_stmt *rows = database_take(database, list_facts);
	enum status status;
	while ((status = database_step(database, rows)) == STATUS_OK) {
		struct bytes value = column_bytes(rows, 2), rest = value;
		while (rest.len > 0 && status == STATUS_OK) {
			int64_t piece = (int64_t)(value.len - rest.len);
			if (!person_take(&rest, &record))
				break;
			status = take_record(linker, &record, sqlite3_column_int64(rows, 0), sqlite3_column_int64(rows, 1),
			                     piece);
		}
		if (status != STATUS_OK)
			break;
	}
	database_give(database, rows);
	return status == STATUS_END ? STATUS_OK : status;
}

/* ---- joining ---- */

static uint32_t root_of(struct linker *linker, uint32_t record)
{
	uint32_t *parents = linker->parents;
	while (parents[record] != record) {
		parents[record] = parents[parents[record]];
		record = parents[record];
	}
	return record;
}

/* The first record of a person is their root. */
static void join(struct linker *linker, uint32_t a, uint32_t b)
{
	a = root_of(linker, a);
	b = root_of(linker, b);
	if (a < b)
		linker->parents[b] = a;
	else
		linker->parents[a] = b;
}

static bool is_borne_out(const struct run *run)
{
	return run->len > 0 && run->name[0] == BORNE_OUT;
}

static struct bytes run_text(const struct run *run)
{
	return bytes_of(run->name, run->len);
}

static struct bytes run_name(const struct run *run)
{
	return bytes_from(run_text(run), is_borne_out(run));
}

static size_t count_words(const struct run *run)
{
	size_t words = run->len > 0;
	for (size_t i = 0; i < run->len; i++)
		words += run->name[i] == ' ';
	return words;
}

/* Those whom the address itself names first, then names of more words: "Anna" alone then finds out whether there is one Anna, or
 * two. */
static int compare_runs(const void *left, const void *right)
{
	const struct run *a = left, *b = right;
	if (is_borne_out(a) != is_borne_out(b))
		return is_borne_out(a) ? -1 : 1;
	size_t a_words = count_words(a), b_words = count_words(b);
	if (a_words != b_words)
		return a_words > b_words ? -1 : 1;
	return bytes_compare(run_name(a), run_name(b));
}

static enum status note_contested(struct linker *linker)
{
	sqlite3_stmt *insert = database_take(linker->database, "INSERT OR IGNORE INTO link_contested (id) VALUES (?1)");
	bind_id(insert, 1, &linker->key);
	return database_run(linker->database, insert);
}

/* The names beside one key: each joins the one person it may be of. One that may be of two is nobody's; no name at all is of whom
 * the address names, else of the only one there is. */
static enum status finish_key(struct linker *linker)
{
	size_t people[NAMES_MAX], count = 0, named = 0;
	if (!linker->has_key)
		return STATUS_OK;
	if (linker->has_many)
		return note_contested(linker);
	qsort(linker->runs, linker->run_count, sizeof *linker->runs, compare_runs);
	for (size_t i = 0; i < linker->run_count; i++) {
		size_t found = 0, last = 0;
		bool is_nameless = run_name(&linker->runs[i]).len == 0;
		for (size_t k = 0; k < (is_nameless && named == 1 ? 1 : count); k++)
			if (person_names_agree(run_name(&linker->runs[people[k]]), run_name(&linker->runs[i]))) {
				found++;
				last = people[k];
			}
		if (found == 1)
			join(linker, linker->runs[last].record, linker->runs[i].record);
		else {
			named += is_borne_out(&linker->runs[i]);
			people[count++] = i;
		}
	}
	return count > 1 ? note_contested(linker) : STATUS_OK;
}

static void begin_run(struct linker *linker, struct bytes name, uint32_t record)
{
	if (linker->run_count == NAMES_MAX) {
		/* The latest still tells equal names. */
		linker->has_many = true;
		linker->run_count--;
	}
	struct run *run = &linker->runs[linker->run_count++];
	run->len = name.len < NAME_ROOM ? name.len : NAME_ROOM;
	memcpy(run->name, name.at != NULL ? name.at : (const unsigned char *)"", run->len);
	run->record = record;
}

static const char list_keys[] = "SELECT id, name, record FROM link_key ORDER BY id, name, record";

static enum status join_records(struct linker *linker)
{
	struct database *database = linker->database;
	sqlite3_stmt *rows = database_take(database, list_keys);
	enum status status;
	while ((status = database_step(database, rows)) == STATUS_OK) {
		struct id id;
		struct bytes name = column_bytes(rows, 1);
		uint32_t record = (uint32_t)sqlite3_column_int64(rows, 2);
		if (!column_id(rows, 0, &id)) {
			status = STATUS_MALFORMED;
			break;
		}
		if (!linker->has_key || !id_equal(id, linker->key)) {
			status = finish_key(linker);
			if (status != STATUS_OK)
				break;
			linker->key = id;
			linker->has_key = true;
			linker->has_many = false;
			linker->run_count = 0;
		}
		const struct run *last = linker->run_count > 0 ? &linker->runs[linker->run_count - 1] : NULL;
		if (last != NULL && bytes_equal(run_text(last), bytes_slice(name, 0, NAME_ROOM)))
			join(linker, last->record, record);
		else
			begin_run(linker, name, record);
	}
	database_give(database, rows);
	return status == STATUS_END ? finish_key(linker) : status;
}

static enum status write_roots(struct linker *linker)
{
	enum status status = STATUS_OK;
	for (uint32_t record = 1; record <= linker->count && status == STATUS_OK; record++) {
		sqlite3_stmt *update = database_take(linker->database, "UPDATE person_record SET person = ?2 WHERE number = ?1");
		bind_integer(update, 1, record);
		bind_integer(update, 2, root_of(linker, record));
		status = database_run(linker->database, update);
	}
	return status;
}

/* ---- writing people ---- */

struct writing {
	struct linker *linker;
	struct arena arena;
	struct person_summary person;
	bool has_id, has_address; /* of residence */
	bool is_torn;             /* addresses in two countries */
	int64_t content, copies;
	struct id last_id; /* of its first record, where no key of theirs is theirs alone */
	struct buffer value;
	int64_t value_content, value_fact;
};

static enum status copy_text(struct writing *writing, struct bytes *into, struct bytes text)
{
	if (text.len == 0)
		return STATUS_OK;
	*into = arena_copy(&writing->arena, text);
	return into->at != NULL ? STATUS_OK : STATUS_NO_MEMORY;
}

static enum status take_id(struct writing *writing, const struct id *id)
{
	int64_t contested = 0;
	if (writing->has_id)
		return STATUS_OK;
	sqlite3_stmt *find = database_take(writing->linker->database, "SELECT 1 FROM link_contested WHERE id = ?1");
	bind_id(find, 1, id);
	enum status status = database_read_integer(writing->linker->database, find, 0, &contested);
	if (status == STATUS_OK && contested == 0) {
		writing->person.id = *id;
		writing->has_id = true;
	}
	return status;
}

static void take_residence(struct writing *writing, const struct person_record *record)
{
	struct person_record *all = &writing->person.record;
	bool is_other = memcmp(all->residence, record->residence, sizeof all->residence) != 0;
	if (record->residence[0] == '\0' || (record->is_residence_by_number && all->residence[0] != '\0'))
		return;
	if (!record->is_residence_by_number && writing->has_address && is_other)
		writing->is_torn = true;
	memcpy(all->residence, record->residence, sizeof all->residence);
	all->is_residence_by_number = record->is_residence_by_number;
	writing->has_address |= !record->is_residence_by_number;
}

static bool is_whole_name(struct bytes name)
{
	return bytes_find_byte(name, ' ') != BYTES_NOT_FOUND;
}

static enum status merge_lists(struct writing *writing, const struct person_record *record)
{
	struct person_record *all = &writing->person.record;
	enum status status = STATUS_OK;
	struct bytes copy = BYTES_NONE;
	for (size_t i = 0; i < record->email_count && status == STATUS_OK && all->email_count < PERSON_VALUES_MAX; i++) {
		status = copy_text(writing, &copy, record->emails[i]);
		person_add_email(all, copy);
	}
	for (size_t i = 0; i < record->phone_count && status == STATUS_OK && all->phone_count < PERSON_VALUES_MAX; i++) {
		status = copy_text(writing, &copy, record->phones[i]);
		person_add_phone(all, copy);
	}
	for (size_t i = 0; i < record->identifier_count && status == STATUS_OK && all->identifier_count < PERSON_VALUES_MAX;
	     i++) {
		struct person_identifier identifier = record->identifiers[i];
		status = copy_text(writing, &identifier.value, record->identifiers[i].value);
		if (status == STATUS_OK)
			status = copy_text(writing, &identifier.subkind, record->identifiers[i].subkind);
		person_add_identifier(all, &identifier);
	}
	return status;
}

static enum status merge(struct writing *writing, const struct person_record *record)
{
	struct person_record *all = &writing->person.record;
	enum status status = merge_lists(writing, record);
	if (status == STATUS_OK && (all->name.len == 0 || (!is_whole_name(all->name) && is_whole_name(record->name))))
		status = copy_text(writing, &all->name, record->name);
	if (status == STATUS_OK && all->organisation.len == 0)
		status = copy_text(writing, &all->organisation, record->organisation);
	if (status == STATUS_OK && all->domain.len == 0)
		status = copy_text(writing, &all->domain, record->domain);
	if (status == STATUS_OK && all->role.len == 0)
		status = copy_text(writing, &all->role, record->role);
	take_residence(writing, record);
	all->elements |= record->elements;
	if (record->confidence > all->confidence)
		all->confidence = record->confidence;
	if (all->source == 0)
		all->source = record->source;
	return status;
}

static enum status take_ids(struct writing *writing, const struct person_record *record)
{
	enum status status = STATUS_OK;
	for (size_t i = 0; i < record->email_count && status == STATUS_OK; i++) {
		struct id id = key_of_address(writing->linker, record->emails[i]);
		status = take_id(writing, &id);
	}
	for (size_t i = 0; i < record->identifier_count && status == STATUS_OK; i++) {
		struct id id = key_of_identifier(writing->linker, &record->identifiers[i]);
		status = take_id(writing, &id);
	}
	return status;
}

static enum status count_place(struct writing *writing, int64_t content)
{
	enum status status = STATUS_OK;
	if (content != writing->content) {
		sqlite3_stmt *find = database_take(writing->linker->database,
		                                   "SELECT count(*) FROM document WHERE content = ?1 AND state = " SQL_LIVE);
		bind_integer(find, 1, content);
		status = database_read_integer(writing->linker->database, find, 0, &writing->copies);
		writing->content = content;
		sum_add(&writing->person.documents, (uint64_t)writing->copies);
	} else if (writing->person.records == 0) {
		sum_add(&writing->person.documents, (uint64_t)writing->copies);
	}
	writing->person.records++;
	sum_add(&writing->person.mentions, (uint64_t)writing->copies);
	return status;
}

static enum status read_value(struct writing *writing, int64_t content, int64_t fact)
{
	struct database *database = writing->linker->database;
	if (content == writing->value_content && fact == writing->value_fact)
		return STATUS_OK;
	sqlite3_stmt *find = database_take(database, "SELECT value FROM fact WHERE content = ?1 AND nth = ?2");
	bind_integer(find, 1, content);
	bind_integer(find, 2, fact);
	enum status status = database_step(database, find);
	buffer_reset(&writing->value);
	if (status == STATUS_OK)
		buffer_append(&writing->value, column_bytes(find, 0));
	database_give(database, find);
	writing->value_content = content;
	writing->value_fact = fact;
	return status == STATUS_OK ? buffer_status(&writing->value) : status;
}

static enum status insert_person(struct writing *writing)
{
	struct database *database = writing->linker->database;
	struct person_summary *person = &writing->person;
	struct buffer data = buffer_with_ceiling(2 * FACT_VALUE_MAX);
	if (person->records == 0)
		return STATUS_OK;
	if (writing->is_torn)
		person->record.residence[0] = '\0';
	person_append(&data, &person->record);
	enum status status = buffer_status(&data);
	if (status == STATUS_OK && !writing->has_id) {
		person->id = writing->last_id;
		sqlite3_stmt *key = database_take(database, "INSERT OR IGNORE INTO person_key (id, person) VALUES (?1, ?2)");
		bind_id(key, 1, &person->id);
		bind_integer(key, 2, person->number);
		status = database_run(database, key);
	}
	if (status == STATUS_OK) {
		sqlite3_stmt *insert = database_take(
			database, "INSERT INTO person (number, id, rank, documents, records, mentions, elements, data)"
				  " VALUES (?1, ?2, -?3, ?3, ?4, ?5, ?6, ?7)");
		bind_integer(insert, 1, person->number);
		bind_id(insert, 2, &person->id);
		bind_unsigned(insert, 3, person->documents);
		bind_unsigned(insert, 4, person->records);
		bind_unsigned(insert, 5, person->mentions);
		bind_integer(insert, 6, person->record.elements);
		bind_text(insert, 7, buffer_bytes(&data));
		status = database_run(database, insert);
	}
	buffer_free(&data);
	return status;
}

static void begin_person(struct writing *writing, int64_t number)
{
	arena_reset(&writing->arena);
	writing->person = (struct person_summary){.number = number};
	writing->has_id = writing->has_address = writing->is_torn = false;
}

static enum status write_record(struct writing *writing, int64_t content, int64_t fact, int64_t piece)
{
	struct person_record record;
	enum status status = read_value(writing, content, fact);
	struct bytes rest = bytes_from(buffer_bytes(&writing->value), (size_t)piece);
	if (status != STATUS_OK)
		return status;
	if (!person_take(&rest, &record))
		return STATUS_MALFORMED;
	if (writing->person.records == 0)
		writing->last_id = id_of_record(writing->linker, content, fact, piece);
	status = take_ids(writing, &record);
	if (status == STATUS_OK)
		status = count_place(writing, content);
	return status == STATUS_OK ? merge(writing, &record) : status;
}

static enum status write_people(struct linker *linker)
{
	struct database *database = linker->database;
	struct writing writing = {
		.linker = linker,
		.arena = arena_with_ceiling(ARENA_MAX),
		.value = buffer_with_ceiling(2 * FACT_VALUE_MAX),
		.value_content = -1,
		.content = -1,
	};
	sqlite3_stmt *rows = database_take(database,
	                                   "SELECT person, content, fact, piece FROM person_record ORDER BY person, number");
	enum status status;
	while ((status = database_step(database, rows)) == STATUS_OK) {
		int64_t number = sqlite3_column_int64(rows, 0);
		if (number != writing.person.number) {
			status = insert_person(&writing);
			begin_person(&writing, number);
		}
		if (status == STATUS_OK)
			status = write_record(&writing, sqlite3_column_int64(rows, 1), sqlite3_column_int64(rows, 2),
			                      sqlite3_column_int64(rows, 3));
		if (status != STATUS_OK)
			break;
	}
	database_give(database, rows);
	if (status == STATUS_END)
		status = insert_person(&writing);
	arena_free(&writing.arena);
	buffer_free(&writing.value);
	return status;
}

/* In their order, so that pages are filled one after the other. */
static enum status write_keys(struct linker *linker)
{
	struct database *database = linker->database;
	sqlite3_stmt *rows = database_take(database, list_keys);
	enum status status;
	while ((status = database_step(database, rows)) == STATUS_OK) {
		struct id id;
		if (!column_id(rows, 0, &id)) {
			status = STATUS_MALFORMED;
			break;
		}
		sqlite3_stmt *insert = database_take(database, "INSERT OR IGNORE INTO person_key (id, person) VALUES (?1, ?2)");
		bind_id(insert, 1, &id);
		bind_integer(insert, 2, root_of(linker, (uint32_t)sqlite3_column_int64(rows, 2)));
		status = database_run(database, insert);
		if (status != STATUS_OK)
			break;
	}
	database_give(database, rows);
	return status == STATUS_END ? STATUS_OK : status;
}

/* ---- all of it ---- */

static const char clear[] =
	"DROP INDEX IF EXISTS person_record_person;"
	"DROP INDEX IF EXISTS person_record_content;"
	"DROP INDEX IF EXISTS person_rank;"
	"DELETE FROM people;"
	"DELETE FROM person;"
	"DELETE FROM person_record;"
	"DELETE FROM person_key;"
	"CREATE TEMP TABLE IF NOT EXISTS link_key (id BLOB NOT NULL, name TEXT NOT NULL, record INTEGER NOT NULL);"
	"CREATE TEMP TABLE IF NOT EXISTS link_contested (id BLOB PRIMARY KEY) WITHOUT ROWID;"
	"DELETE FROM link_key;"
	"DELETE FROM link_contested";
static const char sort_keys[] = "CREATE INDEX temp.link_order ON link_key (id, name, record)";
static const char order_records[] = "CREATE INDEX person_record_person ON person_record (person, number);"
				    "CREATE INDEX person_record_content ON person_record (content)";
static const char order_people[] = "CREATE INDEX person_rank ON person (rank, id)";
static const char drop[] = "DROP TABLE link_key; DROP TABLE link_contested";

static enum status read_salt(struct linker *linker)
{
	sqlite3_stmt *row = database_take(linker->database, "SELECT salt FROM person_salt");
	enum status status = database_step(linker->database, row);
	struct bytes salt = status == STATUS_OK ? column_bytes(row, 0) : BYTES_NONE;
	if (salt.len == sizeof linker->salt)
		memcpy(linker->salt, salt.at, sizeof linker->salt);
	else
		status = status == STATUS_OK || status == STATUS_END ? STATUS_MALFORMED : status;
	database_give(linker->database, row);
	return status;
}

static enum status make(struct linker *linker)
{
	struct database *database = linker->database;
	enum status status = read_salt(linker);
	if (status == STATUS_OK)
		status = database_execute(database, clear);
	if (status == STATUS_OK)
		status = take_records(linker);
	if (status == STATUS_OK)
		status = database_execute(database, sort_keys);
	if (status == STATUS_OK)
		status = join_records(linker);
	if (status == STATUS_OK)
		status = write_roots(linker);
	if (status == STATUS_OK)
		status = database_execute(database, order_records);
	if (status == STATUS_OK)
		status = write_keys(linker);
	if (status == STATUS_OK)
		status = write_people(linker);
	if (status == STATUS_OK)
		status = database_execute(database, order_people);
	if (status == STATUS_OK)
		status = database_execute(database, drop);
	return status;
}

enum status people_link(struct store *store, int64_t now)
{
	struct linker linker = {
		.store = store,
		.database = &store->database,
		.name = buffer_with_ceiling(2 * NAME_ROOM),
		.other = buffer_with_ceiling(2 * NAME_ROOM),
	};
	struct basis basis = {0};
	bool is_up_to_date = false;
	enum status status = read_basis(&store->database, &basis);
	if (status == STATUS_OK)
		status = is_made(&store->database, &basis, &is_up_to_date);
	if (status != STATUS_OK || is_up_to_date)
		return status;
	linker.runs = malloc(NAMES_MAX * sizeof *linker.runs);
	status = linker.runs != NULL ? make(&linker) : STATUS_NO_MEMORY;
	if (status == STATUS_OK)
		status = note_basis(&store->database, &basis, now);
	free(linker.runs);
	free(linker.parents);
	buffer_free(&linker.name);
	buffer_free(&linker.other);
	return status;
}
