/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/register-effect.h"

#include "catalog/questions.h"
#include "cli/interrupt.h"
#include "cli/progress.h"
#include "cli/sweep-report.h"
#include "register/register.h"
#include "understanding/attribute.h"

#include <unistd.h>

enum { OBJECT_SECONDS = 40 };

static bool is_interrupted(void *context)
{
	(void)context;
	return interrupt_is_asked();
}

static unsigned count_jobs(void)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	return processors < 1 ? 1 : processors > 16 ? 16 : (unsigned)processors;
}

/* Own rules are kept nowhere: whoever looks through texts without them takes their findings away. *ret_documents: what is not looked
 * through for that reason. */
static enum status find_own_rules(struct session *session, bool *ret_has_own, uint64_t *ret_documents, struct failure *reterr)
{
	struct arena arena = arena_with_ceiling(64 << 20);
	struct ledger ledger;
	enum status status = incident_ledger(session->incident, &arena, &ledger, reterr);
	if (status == STATUS_OK) {
		*ret_has_own = bytes_find_byte(ledger.rules_version, '+') != BYTES_NOT_FOUND;
		*ret_documents = ledger.documents.references;
	}
	arena_free(&arena);
	return status;
}

enum status register_effect_make(struct session *session, struct renew_counts *ret_counts, struct failure *reterr)
{
	struct register_seeking seeking = {.lexicon = {.len = 0}};
	struct buffer detection = buffer_with_ceiling(256);
	bool has_own = false;
	*ret_counts = (struct renew_counts){.documents = 0};
	enum status status = find_own_rules(session, &has_own, &ret_counts->left, reterr);
	if (status != STATUS_OK || has_own) {
		if (has_own)
			session_warn(
				session, "register",
				"the last sweep had rules of its own, which are not kept: tidemark sweep TARGET --rules FILE --redo "
				"all looks for the register, too");
		return status;
	}
	ret_counts->left = 0;
	status = register_load(session->incident, &seeking, reterr);
	sweep_report_detection_version(&(struct custom_rules){.rule_count = 0}, &detection);
	buffer_append(&detection, buffer_bytes(&seeking.tag));
	const struct renewal_plan plan = {
		.detection = buffer_bytes(&detection),
		.kinds = finding_kinds_looked_for(),
		.class = CLASS_NONE,
		.owners_of_place = attribute_place,
	};
	if (status == STATUS_OK)
		status = renew_texts(
			&(struct renew_run){
				.incident = session->incident,
				.plan = &plan,
				.lexicon = buffer_bytes(&seeking.lexicon),
				.jobs = count_jobs(),
				.object_seconds = OBJECT_SECONDS,
				.is_interrupted = is_interrupted,
			},
			ret_counts, reterr);
	register_seeking_free(&seeking);
	buffer_free(&detection);
	return status;
}

void register_effect_write(const struct renew_counts *counts, struct json_writer *json)
{
	json_member_unsigned(json, "documents_looked_through", counts->documents);
	json_member_unsigned(json, "documents_changed", counts->altered);
	json_member_unsigned(json, "documents_left", counts->left);
}

void register_effect_tell(struct session *session, const struct renew_counts *counts)
{
	output_note(session->output, "%llu documents looked through again: %llu of them changed",
	            (unsigned long long)counts->documents, (unsigned long long)counts->altered);
	if (counts->left > 0)
		output_note(session->output, "%llu documents could not be looked through, and are as they were",
		            (unsigned long long)counts->left);
}
