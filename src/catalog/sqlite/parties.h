/* SPDX-License-Identifier: Apache-2.0 */
/* Organisations as parties of live contents, for statements that count them: a WITH clause, and whom its tables have. */
#ifndef TIDEMARK_CATALOG_SQLITE_PARTIES_H
#define TIDEMARK_CATALOG_SQLITE_PARTIES_H

#include "catalog/sqlite/numbers.h"

#define LIVE_CONTENTS \
	"WITH place AS MATERIALIZED (SELECT content, count(*) AS copies FROM document WHERE state = " SQL_LIVE " AND " \
	"content IS NOT NULL" \
	" GROUP BY content) "

/* In this order: the other way round each content would be sought among all places, which have no index. */
#define EACH_PARTY \
	"place CROSS JOIN attribution a ON a.content = place.content AND a.role = " SQL_PARTY \
	" CROSS JOIN organisation g ON g.number = a.organisation"
/* By their domains; each with the country that its surest evidence names, unless as sure evidence names
 * several; with the register's sector, else the one that the end of the domain is kept for. */
#define PARTIES \
	LIVE_CONTENTS \
	", stated AS (SELECT a.organisation AS organisation, a.country AS country, a.country_by AS by" \
	" FROM " EACH_PARTY " AND g.domain NOT GLOB '" ORGANISATION_BY_NAME "*' GROUP BY 1, 2, 3)," \
	" party AS MATERIALIZED (SELECT organisation, iif(count(DISTINCT country) = 1, min(country), NULL) AS country" \
	" FROM (SELECT organisation, country, rank() OVER (PARTITION BY organisation ORDER BY by DESC) AS place FROM stated)" \
	" WHERE place = 1 GROUP BY organisation)," \
	" known AS MATERIALIZED (SELECT p.organisation AS organisation, r.number AS registered," \
	" r.relationship AS relationship, coalesce(r.sector, tm_sector_of(g.domain)) AS sector," \
	" coalesce(r.country, p.country) AS country FROM party p" \
	" JOIN organisation g ON g.number = p.organisation" \
	" LEFT JOIN register_domain d ON d.domain = g.domain LEFT JOIN register r ON r.number = d.registered) "

#endif
