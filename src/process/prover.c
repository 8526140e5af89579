/* SPDX-License-Identifier: Apache-2.0 */
#include "process/prover.h"

#include "process/errand.h"

#include <stdlib.h>

enum { START_MS = 2000 };

static enum status say_pieces(struct errand *errand, enum prove_message type, struct bytes text)
{
	enum status status = STATUS_OK;
	while (text.len > 0 && status == STATUS_OK) {
		prove_put_piece(&errand->writer, type, bytes_slice(text, 0, WIRE_CHUNK));
		status = errand_say(errand);
		text = bytes_from(text, WIRE_CHUNK);
	}
	return status;
}

static enum status say(struct errand *errand, const struct prover_plan *plan)
{
	prove_put_setup(&errand->writer, &plan->setup);
	enum status status = errand_say(errand);
	if (status == STATUS_OK)
		status = say_pieces(errand, PROVE_ANCHOR, plan->trust_anchor);
	if (status == STATUS_OK)
		status = say_pieces(errand, PROVE_AUTHORITY, plan->authorities);
	if (status == STATUS_OK) {
		prove_put_question(&errand->writer, &plan->question);
		status = errand_say(errand);
	}
	return status;
}

static bool is_ascii(struct bytes text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.at[i] == 0 || text.at[i] > 0x7e)
			return false;
	return true;
}

/* What the other side would refuse is refused here, where it can be told from a process that lies: by the reader itself. */
static enum status check(const struct prover_plan *plan, struct failure *reterr)
{
	static const char where[] = "proof";
	struct wire_writer *writer = malloc(sizeof *writer);
	struct prove_question question;
	if (writer == NULL)
		return STATUS_NO_MEMORY;
	prove_put_question(writer, &plan->question);
	struct wire_reader reader = {
		.rest = bytes_of(writer->frame + 2, writer->len - 2), .type = PROVE_QUESTION, .descriptor = -1};
	enum status status = prove_get_question(&reader, &question);
	free(writer);
	if (status != STATUS_OK)
		return fail(reterr, STATUS_USAGE, where, "is asked of a name, or with a token, that is none");
	if (plan->trust_anchor.len > PROVE_ANCHOR_MAX || !is_ascii(plan->trust_anchor))
		return fail(reterr, STATUS_USAGE, where, "its trust anchors are no records of a master file");
	if (plan->authorities.len > PROVE_AUTHORITY_MAX || !is_ascii(plan->authorities))
		return fail(reterr, STATUS_USAGE, where, "its authorities are no certificates in PEM");
	return STATUS_OK;
}

/* Nothing of what was not asked for. */
static bool is_of_method(const struct prove_answer *answer, enum prove_method method)
{
	return (answer->text_count == 0 || method == PROVE_TXT) && (answer->page.len == 0 || method == PROVE_SECURITY_TXT) &&
	       (answer->verdict != PROVE_SEEN_WRONG || method == PROVE_BY_DNS || method == PROVE_BY_HTTP);
}

static enum status take(struct wire_reader *reader, const struct prover_plan *plan, struct arena *arena,
                        struct prove_answer *ret_answer, struct failure *reterr)
{
	struct bytes why;
	if (reader->type == PROVE_FAILED) {
		if (prove_get_failed(reader, &why) != STATUS_OK)
			return errand_disbelieve(reterr);
		return fail(reterr, STATUS_USAGE, "proof", "%.*s", (int)why.len, (const char *)why.at);
	}
	struct prove_answer answer;
	enum status status = prove_get_answer(reader, arena, &answer);
	if (status == STATUS_NO_MEMORY)
		return status;
	if (status != STATUS_OK || !is_of_method(&answer, plan->question.method))
		return errand_disbelieve(reterr);
	*ret_answer = answer;
	return STATUS_OK;
}

enum status prover_ask(const struct prover_plan *plan, struct arena *arena, struct prove_answer *ret_answer,
                       struct failure *reterr)
{
	struct errand *errand;
	struct wire_reader reader;
	int64_t milliseconds = plan->setup.milliseconds > 0 ? plan->setup.milliseconds : PROVE_MILLISECONDS;
	enum status status = check(plan, reterr);
	if (status == STATUS_OK)
		status = errand_start("prove", milliseconds + START_MS, &errand, reterr);
	if (status != STATUS_OK)
		return status;
	/* What it refuses half-way closes the socket on us; its word then still waits to be heard. */
	status = say(errand, plan);
	if (status == STATUS_OK || status == STATUS_CRASHED)
		status = errand_hear(errand, &prove_permits, PROVE_AWAITS_ANSWER, plan->wait, &reader, reterr);
	if (status == STATUS_OK)
		status = take(&reader, plan, arena, ret_answer, reterr);
	errand_dismiss(errand);
	return status;
}

/* clang-format off */
const char *prove_verdict_name(enum prove_verdict verdict)
{
	static const char *const names[] = {
		[PROVE_NOT_SEEN] = "not_seen", [PROVE_SEEN] = "seen", [PROVE_SEEN_WRONG] = "seen_wrong", [PROVE_REFUSED] = "refused",
		[PROVE_UNREACHABLE] = "unreachable",
	};
	return verdict <= PROVE_UNREACHABLE ? names[verdict] : "unreachable";
}

const char *prove_reason_name(enum prove_reason reason)
{
	static const char *const names[PROVE_REASON_COUNT] = {
		[PROVE_NO_REASON] = "", [PROVE_BOGUS] = "bogus", [PROVE_DISAGREEMENT] = "disagreement", [PROVE_LEAVES] = "leaves",
		[PROVE_WILDCARD] = "wildcard", [PROVE_CLOSED_ADDRESS] = "closed_address", [PROVE_CERTIFICATE] = "certificate",
		[PROVE_TOO_LARGE] = "too_large", [PROVE_REDIRECTS] = "redirects", [PROVE_NO_NAME_SERVICE] = "no_name_service",
		[PROVE_NO_ADDRESS] = "no_address", [PROVE_NO_CONNECTION] = "no_connection", [PROVE_NO_SENSE] = "no_sense",
		[PROVE_NOT_AVAILABLE] = "not_available", [PROVE_TIMED_OUT] = "timed_out",
	};
	return reason < PROVE_REASON_COUNT ? names[reason] : "";
}
/* clang-format on */
