/* SPDX-License-Identifier: Apache-2.0 */
/* Character references of HTML: by name ("&eacute;") and by number ("&#233;", "&#xE9;"). */
#ifndef TIDEMARK_FORMAT_TEXT_HTML_ENTITIES_H
#define TIDEMARK_FORMAT_TEXT_HTML_ENTITIES_H

#include "base/buffer.h"

/* The longest reference that is looked for, ampersand and semicolon included. */
#define HTML_REFERENCE_MAX 24

/** Reads the reference at the start of text, an ampersand. Returns its length, 0 if it is none; *ret_code_point is what
 *  it stands for. In an attribute "&copy=1" is none. */
size_t html_reference_read(struct bytes text, bool in_attribute, uint32_t *ret_code_point);

/** Appends text with its references resolved. */
void html_append_resolved(struct buffer *into, struct bytes text, bool in_attribute);

#endif
