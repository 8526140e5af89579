/* SPDX-License-Identifier: Apache-2.0 */
/* Two series that shrink; a request that would have a sixty-fourth or less is not worth sending. */
#include "base/patience.h"

int64_t patience_for_request(int64_t patience, int64_t left)
{
	int64_t half = left / 2;
	if (half <= patience / 64)
		return 0;
	return half < patience ? half : patience;
}

int64_t patience_for_target(int64_t patience, int64_t held)
{
	int64_t left = (patience / 2 * 5 - held) / 5 * 4;
	return patience_for_request(patience, left) > 0 ? left : 0;
}
