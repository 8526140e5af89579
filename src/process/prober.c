/* SPDX-License-Identifier: Apache-2.0 */
/* A probe's fetch program gets no credentials and no lanes. */
#include "process/prober.h"

#include "process/fetcher.h"

enum status prober_probe(const struct prober_plan *plan, struct arena *arena, struct verdict *ret_verdict, struct failure *reterr)
{
	struct fetcher *fetcher;
	enum status status = fetcher_start(
		&(struct fetcher_plan){
			.target = bytes_of_string(plan->written),
			.directory = -1,
			.scope_yaml = plan->scope_yaml,
			.setup = plan->setup,
		},
		&fetcher, reterr);
	if (status != STATUS_OK)
		return status;
	status = fetcher_probe(fetcher, &plan->known, plan->wait, arena, ret_verdict, reterr);
	fetcher_free(fetcher);
	return status;
}
