/* SPDX-License-Identifier: Apache-2.0 */
#include "model/sending.h"

const char *send_verdict_name(enum send_verdict verdict)
{
	static const char *const names[SEND_VERDICT_COUNT] = {"accepted", "refused", "later", "unreachable", "unknown"};
	return verdict < SEND_VERDICT_COUNT ? names[verdict] : "unknown";
}

const char *send_stage_name(enum send_stage stage)
{
	static const char *const names[SEND_STAGE_COUNT] = {"name",   "connection", "tls",  "greeting", "login",
	                                                    "sender", "recipient",  "body", "end"};
	return stage < SEND_STAGE_COUNT ? names[stage] : "";
}
