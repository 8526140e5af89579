/* SPDX-License-Identifier: Apache-2.0 */
/* Organisations are few: each is looked up where it is named. */
#include "catalog/sqlite/organisation.h"

enum status organisation_number(struct database *database, struct bytes domain, int64_t *ret_number)
{
	sqlite3_stmt *find = database_take(database, "SELECT number FROM organisation WHERE domain = ?1");
	bind_text(find, 1, domain);
	enum status status = database_read_integer(database, find, 0, ret_number);
	if (status != STATUS_OK || *ret_number != 0)
		return status;
	sqlite3_stmt *insert = database_take(database, "INSERT INTO organisation (domain) VALUES (?1)");
	bind_text(insert, 1, domain);
	status = database_run(database, insert);
	*ret_number = sqlite3_last_insert_rowid(database->handle);
	return status;
}
