/* SPDX-License-Identifier: Apache-2.0 */
/* A probe's fetch program gets no credentials and no lanes. */
#include "process/prober.h"

#include "process/fetcher.h"

enum status prober_probe(const char *written, struct bytes scope_yaml, const char *operator_name, double rate,
                         bool (*is_interrupted)(void), struct arena *arena, struct verdict *ret_verdict, struct failure *reterr)
{
	struct fetcher *fetcher;
	const struct fetcher_plan plan = {
		.target = bytes_of_string(written), .directory = -1, .scope_yaml = scope_yaml,
		.setup = {.rate = rate, .operator_name = bytes_of_string(operator_name)},
	};
	enum status status = fetcher_start(&plan, &fetcher, reterr);
	if (status != STATUS_OK)
		return status;
	status = fetcher_probe(fetcher, is_interrupted, arena, ret_verdict, reterr);
	fetcher_free(fetcher);
	return status;
}
