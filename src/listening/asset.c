/* SPDX-License-Identifier: Apache-2.0 */
#include "listening/asset.h"

const struct portal_asset *asset_find(struct bytes path)
{
	for (size_t i = 0; i < portal_asset_count; i++)
		if (bytes_equal_string(path, portal_assets[i].path))
			return &portal_assets[i];
	return NULL;
}

bool asset_matches(const struct portal_asset *asset, struct bytes if_none_match)
{
	return bytes_equal_string(bytes_trim(if_none_match), "*") ||
	       bytes_find(if_none_match, bytes_of_string(asset->etag)) != BYTES_NOT_FOUND;
}
