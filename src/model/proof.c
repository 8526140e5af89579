/* SPDX-License-Identifier: Apache-2.0 */
#include "model/proof.h"

static const char *const methods[PROOF_METHOD_END] = {
	[PROOF_DNS] = "dns",
	[PROOF_HTTP] = "http",
	[PROOF_MAIL] = "mail",
	[PROOF_INVITATION] = "invitation",
};

static const char *const results[ASKED_RESULT_END] = {
	[ASKED_STARTED] = "started",   [ASKED_NOT_PROVED] = "not_proved", [ASKED_WRONG_CODE] = "wrong_code",
	[ASKED_WAITING] = "waiting",   [ASKED_REFUSED] = "refused",       [ASKED_PROVED] = "proved",
	[ASKED_ANSWERED] = "answered", [ASKED_READ] = "read_asked",       [ASKED_APPEALED] = "appealed",
	[ASKED_INVITED] = "invited",   [ASKED_HELPDESK] = "helpdesk",     [ASKED_REVOKED] = "revoked",
	[ASKED_GRANTED] = "granted",
};

static const char *const appeals[APPEAL_KIND_END] = {
	[APPEAL_NOT_OURS] = "not_ours",
	[APPEAL_OURS_TOO] = "ours_too",
	[APPEAL_OTHER] = "other",
};

const char *proof_method_name(enum proof_method method)
{
	return method > 0 && method < PROOF_METHOD_END ? methods[method] : NULL;
}

enum proof_method proof_method_of(struct bytes name)
{
	for (enum proof_method method = PROOF_DNS; method < PROOF_METHOD_END; method++)
		if (bytes_equal_string(name, methods[method]))
			return method;
	return PROOF_METHOD_END;
}

const char *asked_result_name(enum asked_result result)
{
	return result > 0 && result < ASKED_RESULT_END ? results[result] : NULL;
}

const char *appeal_kind_name(enum appeal_kind kind)
{
	return kind > 0 && kind < APPEAL_KIND_END ? appeals[kind] : NULL;
}

const char *appeal_state_name(enum appeal_state state)
{
	static const char *const states[] = {[APPEAL_OPEN] = "open", [APPEAL_GRANTED] = "granted", [APPEAL_REFUSED] = "refused"};
	return state >= APPEAL_OPEN && state <= APPEAL_REFUSED ? states[state] : NULL;
}

enum appeal_kind appeal_kind_of(struct bytes name)
{
	for (enum appeal_kind kind = APPEAL_NOT_OURS; kind < APPEAL_KIND_END; kind++)
		if (bytes_equal_string(name, appeals[kind]))
			return kind;
	return APPEAL_KIND_END;
}
