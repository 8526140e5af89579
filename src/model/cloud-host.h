/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hosts of clouds that keep objects: the rows of cloud-hosts.txt, which says
 * what each form means. Embedded by tools/embed-cloud-hosts.
 */
#ifndef TIDEMARK_MODEL_CLOUD_HOST_H
#define TIDEMARK_MODEL_CLOUD_HOST_H

#include "model/object.h"

enum cloud_form { CLOUD_ACCOUNT, CLOUD_ZONE, CLOUD_LABELS, CLOUD_MARKER, CLOUD_PATH, CLOUD_API, CLOUD_BELOW, CLOUD_NONE };

struct cloud_host {
	const char *suffix;          /* NULL ends the table */
	enum provider_kind provider; /* 0: storage of another kind */
	enum cloud_form form;
	unsigned labels;      /* CLOUD_LABELS: so many */
	const char *word;     /* CLOUD_MARKER: the label; CLOUD_BELOW: likewise, or NULL */
	const char *path;     /* CLOUD_API, CLOUD_BELOW: what the path begins with */
	const char *endpoint; /* stands for those of all regions, or NULL */
};

/** host: in lower case. The first row of the longest suffix that it is, or lies below; NULL: nobody's. */
const struct cloud_host *cloud_host_find(struct bytes host);
/** The next row of that suffix, or NULL. */
const struct cloud_host *cloud_host_next(const struct cloud_host *row);

/** What stands before the suffix and its dot; empty if nothing does. */
struct bytes cloud_host_front(struct bytes host, const struct cloud_host *row);

/** Generated, as is the digest of its rows, for rules_version. */
extern const struct cloud_host cloud_hosts[];
extern const char cloud_hosts_sha256[];

#endif
