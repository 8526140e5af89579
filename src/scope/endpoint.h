/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which provider and which account a host name stands for. Names of Azure's
 * clouds and of S3's and Google's kin are a table in endpoint.c.
 */
#ifndef TIDEMARK_SCOPE_ENDPOINT_H
#define TIDEMARK_SCOPE_ENDPOINT_H

#include "model/object.h"

#define ENDPOINT_AZURE_SUFFIX ".blob.core.windows.net"

enum endpoint_kind {
	ENDPOINT_UNKNOWN,         /* some host: path style, if anything */
	ENDPOINT_AZURE_BLOB,
	ENDPOINT_AZURE_DFS,       /* the same containers; asked for at the blob host */
	ENDPOINT_AZURE_WEB,       /* a static site */
	ENDPOINT_AZURE_OTHER,     /* queues, tables, files */
	ENDPOINT_S3,
	ENDPOINT_GCS
};

struct endpoint {
	enum endpoint_kind kind;
	struct bytes label;       /* Azure: the account's label, -secondary cut; points into host */
	bool is_secondary;
	struct bytes tail;        /* what follows the label: .z12.blob.storage.azure.net; points into host */
	bool is_public;           /* Azure's public cloud outside of DNS zones: the label alone names the account */
};

/** host in lower case. In patterns the label may hold *. */
struct endpoint endpoint_of_host(const char *host);

/** 3..24 of a-z and 0-9; with wild also *. */
bool endpoint_is_account_label(struct bytes label, bool wild);

#endif
