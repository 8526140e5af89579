/* SPDX-License-Identifier: Apache-2.0 */
/* Names of statuses, and the one way to fill a failure. */
#include "base/status.h"

#include <stdarg.h>
#include <stdio.h>

/* clang-format off */
static const char *const names[STATUS_COUNT] = {
	[STATUS_OK] = "ok", [STATUS_END] = "end", [STATUS_BUSY] = "busy",
	[STATUS_TIMED_OUT] = "timed_out", [STATUS_UNREACHABLE] = "unreachable",
	[STATUS_TRUNCATED] = "truncated", [STATUS_ABSENT] = "absent", [STATUS_DENIED] = "denied",
	[STATUS_REDIRECTED] = "redirected", [STATUS_CHANGED] = "changed",
	[STATUS_MALFORMED] = "malformed", [STATUS_UNSUPPORTED] = "unsupported",
	[STATUS_ENCRYPTED] = "encrypted", [STATUS_ARCHIVED] = "archived",
	[STATUS_TOO_LARGE] = "too_large", [STATUS_BOMB] = "bomb", [STATUS_CRASHED] = "crashed",
	[STATUS_NEEDS_OCR] = "needs_ocr", [STATUS_INTERRUPTED] = "interrupted",
	[STATUS_NO_MEMORY] = "no_memory", [STATUS_NO_SPACE] = "no_space",
	[STATUS_USAGE] = "usage", [STATUS_BROKEN] = "broken",
};
/* clang-format on */

const char *status_name(enum status status)
{
	return (unsigned)status < STATUS_COUNT ? names[status] : "unknown";
}

_Bool status_is_passing(enum status status)
{
	return status >= STATUS_BUSY && status <= STATUS_TRUNCATED;
}

_Bool status_is_ours(enum status status)
{
	return status >= STATUS_INTERRUPTED;
}

enum status fail(struct failure *reterr, enum status status, const char *where, const char *why, ...)
{
	if (reterr == NULL)
		return status;
	va_list args;
	va_start(args, why);
	snprintf(reterr->where, sizeof reterr->where, "%s", where ? where : "");
	vsnprintf(reterr->why, sizeof reterr->why, why, args);
	va_end(args);
	return status;
}
