/* SPDX-License-Identifier: Apache-2.0 */
/* Where a URL ends, for what looks like one without its scheme. */
#ifndef TIDEMARK_DETECTOR_URL_H
#define TIDEMARK_DETECTOR_URL_H

#include "base/bytes.h"

/** The end of a path, query and fragment that begin at from. */
size_t url_rest_end(struct bytes text, size_t from);

/** The length of the path that a rest begins with: without query and fragment. */
size_t url_path_length(struct bytes rest);

#endif
