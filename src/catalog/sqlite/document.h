/* SPDX-License-Identifier: Apache-2.0 */
/*
 * States and flags of a row of document.
 *
 *     put_page, new object ──> LIVE (outcome 0 until it is read)
 *     put_page, changed ─────> ARRIVING ──finish, or end of the sweep──> LIVE
 *     put_document, a part ──> ARRIVING ──finish──> LIVE
 *     LIVE ──finish of a later revision──> SUPERSEDED
 *
 * Answers read LIVE rows; gone_at marks those a complete listing no longer has.
 */
#ifndef TIDEMARK_CATALOG_SQLITE_DOCUMENT_H
#define TIDEMARK_CATALOG_SQLITE_DOCUMENT_H

enum document_state { DOCUMENT_ARRIVING = 0, DOCUMENT_LIVE = 1, DOCUMENT_SUPERSEDED = 2 };

enum {
	OBJECT_SNAPSHOT = 1,
	OBJECT_SPECIAL = 2,
	OBJECT_ARCHIVED = 4,
	OBJECT_DELETED = 8,
	OBJECT_REDO = 16,    /* to be read again though unchanged */
	OBJECT_TWIN = 32,    /* its documents are another object's, not read again */
	OBJECT_LEFT_OUT = 64 /* by the sample */
};

/* The date of a document row d: what it says of itself, else when it, or the object it is part of, was last modified. */
#define DOCUMENT_DATED \
	"coalesce((SELECT said.created FROM content said WHERE said.number = d.content), d.modified," \
	" (SELECT whole.modified FROM document whole WHERE whole.number = d.object))"

/* The path of a document row d as people read it: what names are searched by, sorted by, and owned by. */
#define DOCUMENT_SHOWN "coalesce(d.shown_path, d.path)"

#endif
