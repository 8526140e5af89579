/* SPDX-License-Identifier: Apache-2.0 */
/* Classes that a document's structure tells: by its media type, and of plain text by the shape of its lines. */
#ifndef TIDEMARK_UNDERSTANDING_CLASS_SHAPE_H
#define TIDEMARK_UNDERSTANDING_CLASS_SHAPE_H

#include "base/bytes.h"
#include "model/document-class.h"

struct class_shape {
	enum document_class class; /* CLASS_NONE: open */
	bool is_final;             /* whatever its words say */
	const char *says;          /* of what kind it is; a %.*s stands for the media type */
	float confidence;
};

/** By its media type. */
struct class_shape class_shape_of_type(struct bytes media_type);
/** By the lines of a plain text's beginning: code, settings, a log. */
struct class_shape class_shape_of_lines(struct bytes text);
/** By the fields of a mail's header within other data, as an export of a mailbox has them. */
struct class_shape class_shape_of_fields(struct bytes text);

#endif
