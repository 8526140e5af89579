/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The fields of a content as columns of its row: they have the fields' names, and stand in any statement in
 * the order of their rows (model/field.h). Words are labels.
 */
#ifndef TIDEMARK_CATALOG_SQLITE_FIELDS_H
#define TIDEMARK_CATALOG_SQLITE_FIELDS_H

#include "catalog/sqlite/store.h"
#include "model/field.h"

/* ", media_type, title ..." to insert into, and ", ?, ? ..." for what is inserted. */
#define FIELD_COLUMN(member, ...) ", " #member
#define FIELD_PLACEHOLDER(...) ", ?"
#define FIELD_COLUMNS FIELDS_OF_CONTENT(FIELD_COLUMN)
#define FIELD_PLACEHOLDERS FIELDS_OF_CONTENT(FIELD_PLACEHOLDER)

/* ", c.title ..." to read of content c. */
#define FIELD_SELECT_TEXT(member) ", c." #member
#define FIELD_SELECT_WORD(member) ", (SELECT text FROM label WHERE label.number = c." #member ")"
#define FIELD_SELECT_TIME(member) ", c." #member
#define FIELD_SELECT_SIZE(member) ", c." #member
#define FIELD_SELECT(member, kind, ...) FIELD_SELECT_##kind(member)
#define FIELDS_SELECTED FIELDS_OF_CONTENT(FIELD_SELECT)

/* ", title = NULL ...": what a document says of itself. Words are ours, whatever document they are of. */
#define FIELD_ERASE_TEXT(member) ", " #member " = NULL"
#define FIELD_ERASE_WORD(member)
#define FIELD_ERASE_TIME(member)
#define FIELD_ERASE_SIZE(member)
#define FIELD_ERASE(member, kind, ...) FIELD_ERASE_##kind(member)
#define FIELDS_ERASED FIELDS_OF_CONTENT(FIELD_ERASE)

/** from: the position of the first. */
enum status fields_bind(struct store *store, sqlite3_stmt *statement, int from, const struct document_fields *fields) MUST_CHECK;
/** Those of the place stay as they are. What they point to is good until the row is left. */
void fields_read(sqlite3_stmt *row, int from, struct document_fields *fields);

#endif
