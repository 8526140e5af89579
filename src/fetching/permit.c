/* SPDX-License-Identifier: Apache-2.0 */
/* What may be sent: scope decides, before every request and every redirect; and one question that no scope names. */
#include "fetching/lane.h"

bool permit_site(const struct fetching *fetching)
{
	const char *container = fetching->provider != NULL ? fetching->provider->site_container : NULL;
	return container != NULL && scope_allows_site(&fetching->scope, &fetching->target, container);
}

/* Its front page, at one of the places where it may lie. */
static bool is_site(const struct fetching *fetching, struct bytes url)
{
	struct arena arena = arena_with_ceiling(1 << 20);
	struct request request;
	bool is_one = false;
	for (unsigned nth = 0; !is_one; nth++) {
		if (fetching->provider->ask_site(&fetching->target, &fetching->terms, nth, &arena, &request) != STATUS_OK)
			break;
		is_one = bytes_equal(request.url, url);
	}
	arena_free(&arena);
	return is_one;
}

bool permit_request(void *context, const char *method, struct bytes url)
{
	const struct fetching *fetching = context;
	return scope_allows_url(&fetching->scope, method, url) ||
	       (strcmp(method, "HEAD") == 0 && permit_site(fetching) && is_site(fetching, url));
}
