/* SPDX-License-Identifier: Apache-2.0 */
#include "process/account.h"

/* A worker that ends by itself sends what lies open, which costs a little more. */
#define OUTPUT_GRACE (UINT64_C(4) << 20)
enum { LOOK_EVERY_MS = 250, PROCESSOR_GRACE_SHARE = 8, PROCESSOR_GRACE_MS = 500 };

void account_open(struct account *account, struct allowance allowed)
{
	account->allowed = allowed;
	budget_begin(&account->budget, allowed.output + OUTPUT_GRACE);
	account->processor_before = account->processor_at_first = account->processor_now = 0;
}

void account_free(struct account *account)
{
	budget_free(&account->budget);
}

static int64_t processor_used(const struct account *account)
{
	return account->processor_before + account->processor_now - account->processor_at_first;
}

static uint64_t left(uint64_t allowed, uint64_t spent)
{
	return allowed > spent ? allowed - spent : 0;
}

struct allowance account_begin(struct account *account, int64_t processor, int64_t now)
{
	account->processor_before = processor_used(account);
	account->processor_at_first = account->processor_now = processor;
	account->output_before = account->budget.spent;
	account->looked_at = now;
	return (struct allowance){
		.output = left(account->allowed.output, account->budget.spent),
		.processor_ms = left(account->allowed.processor_ms, (uint64_t)account->processor_before),
	};
}

enum status account_pay(struct account *account, const struct document_record *record)
{
	return budget_pay_record(&account->budget, record) ? STATUS_OK : STATUS_BOMB;
}

bool account_is_due(const struct account *account, int64_t now)
{
	return now - account->looked_at >= LOOK_EVERY_MS;
}

void account_look(struct account *account, int64_t processor, int64_t now)
{
	account->looked_at = now;
	/* One that is gone has no clock any more. */
	if (processor > account->processor_now)
		account->processor_now = processor;
}

bool account_is_overdue(const struct account *account)
{
	uint64_t allowed = account->allowed.processor_ms;
	return (uint64_t)processor_used(account) > allowed + allowed / PROCESSOR_GRACE_SHARE + PROCESSOR_GRACE_MS;
}

bool account_affords_another(const struct account *account)
{
	uint64_t output = account->budget.spent - account->output_before;
	int64_t processor = account->processor_now - account->processor_at_first;
	return left(account->allowed.output, account->budget.spent) >= output &&
	       left(account->allowed.processor_ms, (uint64_t)processor_used(account)) >= (uint64_t)processor;
}
