/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The numbers of enums as SQL writes them: "WHERE state = " SQL_LIVE. What is
 * not constant is bound.
 */
#ifndef TIDEMARK_CATALOG_SQLITE_NUMBERS_H
#define TIDEMARK_CATALOG_SQLITE_NUMBERS_H

#include "catalog/sqlite/document.h"
#include "model/exposure.h"
#include "model/fact.h"
#include "model/finding.h"
#include "model/outcome.h"
#include "model/sweep.h"

#define SQL_ARRIVING "0"
#define SQL_LIVE "1"
#define SQL_SUPERSEDED "2"
_Static_assert(DOCUMENT_ARRIVING == 0 && DOCUMENT_LIVE == 1 && DOCUMENT_SUPERSEDED == 2, "document.state");

#define SQL_PENDING "0"
#define SQL_READ "1"
_Static_assert(OUTCOME_PENDING == 0 && OUTCOME_READ == 1, "document.outcome");

#define SQL_MENTION "1"
#define SQL_PARTY "2"
_Static_assert(ORGANISATION_MENTION == 1 && ORGANISATION_PARTY == 2, "attribution.role");

#define SQL_EMAIL "1"
_Static_assert(FINDING_EMAIL == 1, "entity.kind");

#define SQL_SEEN "2"
#define SQL_PERSON "7"
_Static_assert(FACT_SEEN == 2 && FACT_PERSON == 7, "fact.kind");

#define SQL_BY_LIST "1"
#define SQL_BY_READ "2"
#define SQL_BY_VERSION "3"
#define SQL_BY_SNAPSHOT "4"
_Static_assert(DOOR_LIST == 1 && DOOR_READ == 2 && DOOR_VERSION == 3 && DOOR_SNAPSHOT == 4, "exposure.door");

#define SQL_OPEN "1"
#define SQL_REFUSED "2"
_Static_assert(FOUND_OPEN == 1 && FOUND_REFUSED == 2, "observation.found");

#define SQL_UNKNOWN "0"
#define SQL_COMPLETE "1"
#define SQL_PARTIAL "2"
_Static_assert(LISTING_UNKNOWN == 0 && LISTING_COMPLETE == 1 && LISTING_PARTIAL == 2, "target.listing");

#endif
