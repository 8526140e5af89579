/* SPDX-License-Identifier: Apache-2.0 */
/* Labels are few and come again and again: those met last are kept in the writer. */
#include "catalog/sqlite/label.h"

#include "base/hash.h"
#include "catalog/sqlite/writer.h"

static size_t label_place(struct bytes text)
{
	return hash_of(0, text) % LABELS_CACHED;
}

static enum status find_or_make_label(struct database *database, struct bytes text, int64_t *ret_number)
{
	sqlite3_stmt *find = database_take(database, "SELECT number FROM label WHERE text = ?1");
	bind_text(find, 1, text);
	int64_t number = 0;
	enum status status = database_read_integer(database, find, 0, &number);
	if (status == STATUS_OK && number == 0) {
		sqlite3_stmt *insert = database_take(database, "INSERT INTO label (text) VALUES (?1)");
		bind_text(insert, 1, text);
		status = database_run(database, insert);
		number = sqlite3_last_insert_rowid(database->handle);
	}
	if (status == STATUS_OK)
		*ret_number = number;
	return status;
}

enum status label_number(struct store *store, struct bytes text, int64_t *ret_number)
{
	struct writer *writer = store->writer;
	size_t place = label_place(text);
	if (text.len == 0) {
		*ret_number = 0;
		return STATUS_OK;
	}
	if (writer->labels[place].number > 0 && bytes_equal(buffer_bytes(&writer->labels[place].text), text)) {
		*ret_number = writer->labels[place].number;
		return STATUS_OK;
	}
	enum status status = find_or_make_label(&store->database, text, ret_number);
	if (status == STATUS_OK) {
		buffer_reset(&writer->labels[place].text);
		buffer_append(&writer->labels[place].text, text);
		bool fits = buffer_status(&writer->labels[place].text) == STATUS_OK;
		writer->labels[place].number = fits ? *ret_number : 0;
	}
	return status;
}
