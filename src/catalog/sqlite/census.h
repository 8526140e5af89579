/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How many live rows there are, and of how many the text could not be searched.
 * Kept between sweeps only: who writes takes the figures away first, and while
 * there are none they are counted.
 */
#ifndef TIDEMARK_CATALOG_SQLITE_CENSUS_H
#define TIDEMARK_CATALOG_SQLITE_CENSUS_H

#include "catalog/sqlite/database.h"

struct census {
	uint64_t live;               /* rows: objects and parts */
	uint64_t objects, documents; /* documents: what was read, whatever came of it */
	uint64_t unsearchable;
	uint64_t gone; /* rows of objects that a complete listing no longer had; among live */
};

/** The figures kept, or else counted now. */
enum status census_read(struct database *database, struct census *ret_census) MUST_CHECK;
/** In the writer's transaction. */
enum status census_forget(struct database *database) MUST_CHECK;
enum status census_keep(struct database *database) MUST_CHECK;
/** Counted, whatever is kept; *ret_kept_differs if something is kept and is not this. */
enum status census_check(struct database *database, bool *ret_kept_differs) MUST_CHECK;

#endif
