/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names of organisations as keys: folded, so that one firm written in two ways
 * is one, and joined, so that it can be held against the label of a domain.
 * Only what is equal is one: look-alikes, parents and subsidiaries stay apart.
 */
#ifndef TIDEMARK_UNDERSTANDING_OWNER_NAME_H
#define TIDEMARK_UNDERSTANDING_OWNER_NAME_H

#include "base/buffer.h"

/** Appends the key of an organisation known by name (model/finding.h): case, marks, dots and spacing do not count, and a legal
 *  form is the same in full and short ("Limited", "Ltd."). False, nothing appended, if there is no letter in it. */
bool owner_name_append_key(struct buffer *into, struct bytes name);

/** Appends the name's words without its legal form, as one: "Muster-Handel GmbH & Co. KG" gives musterhandel. False, nothing
 *  appended, where that is too short to mean anyone, or not of ASCII letters and digits. */
bool owner_name_append_label(struct buffer *into, struct bytes name);
/** The same with its form, as one: "Litware, Inc." gives litwareinc. */
bool owner_name_append_whole_label(struct buffer *into, struct bytes name);

/** The same of a registrable domain's first label. */
bool owner_name_append_domain_label(struct buffer *into, struct bytes domain);

#endif
