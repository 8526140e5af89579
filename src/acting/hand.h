/* SPDX-License-Identifier: Apache-2.0 */
/* Inside of acting/: what it holds, how it asks, and a function for each kind of step. */
#ifndef TIDEMARK_ACTING_HAND_H
#define TIDEMARK_ACTING_HAND_H

#include "acting/acting.h"
#include "net/net.h"
#include "provider/azure-act.h"
#include "provider/azure-identity.h"
#include "wire/act-messages.h"

#define ACTING_TRIES 4 /* looks at one thing, for a change that is not answered */
#define ACTING_PORTS_MAX 4

struct acting {
	int control;
	struct act_setup setup; /* without secrets once they are read */
	struct target target;
	struct bytes written;
	const struct provider *provider;
	struct terms terms;
	struct credential credential;
	struct azure_identity identity;
	struct bytes bearers[2]; /* by audience; empty: not asked for yet */
	struct bytes place;      /* of the account at Resource Manager */
	struct bytes places[4];  /* URLs that all requests begin with; some may be empty */
	uint16_t ports[ACTING_PORTS_MAX];
	size_t port_count;
	struct net *net;
	struct arena arena; /* as long as it lives */
	struct arena work;  /* of what is being done */
	struct arena words; /* of one attempt */
	size_t count;
	struct act_step steps[ACT_BATCH_MAX];
	struct act_answer answers[ACT_BATCH_MAX];
	unsigned char frame[WIRE_FRAME_MAX];
	struct wire_writer writer;
};

/* ---- asking.c: one request carried through to its answer ---- */

enum plane { PLANE_DATA, PLANE_MANAGER, PLANE_LOGIN };

struct saying;
struct saying {
	enum status (*word)(const struct saying *saying, const struct acting *acting, const struct occasion *occasion,
	                    struct arena *arena, struct request *ret_request);
	enum plane plane;
	bool is_write;
	/* What the wording takes: */
	const struct act_step *steps;
	size_t count;
	const struct azure_acl *acl;
	struct bytes text;
	enum question question;
	enum azure_audience audience;
	bool allows;
};

struct said {
	enum status status; /* OK: a reply came; else nothing that is one */
	bool is_unanswered; /* it was sent, and may have been carried out */
	struct reply reply; /* in work */
	struct bytes code;
	char why[160];
};

/** Sends it, with whatever proves who asks. */
struct said acting_say(struct acting *acting, const struct saying *saying, struct act_answer *answer);
static inline bool was_granted(const struct said *said)
{
	return said->status == STATUS_OK && !said->is_unanswered && said->reply.status >= 200 && said->reply.status <= 299;
}
/** The answer to a step whose request was refused, or not answered. */
void acting_conclude(struct acting *acting, const struct said *said, struct act_answer *answer);
/** Says why in words of ours. */
void acting_note(struct act_answer *answer, enum act_result result, const char *why);
bool acting_permits(void *context, const char *method, struct bytes url);

/* ---- doors.c ---- */

void acting_look_container(struct acting *acting, struct act_answer *answer);
void acting_look_service(struct acting *acting, struct act_answer *answer);
void acting_look_account(struct acting *acting, struct act_answer *answer);
void acting_set_container(struct acting *acting, const struct act_step *step, struct act_answer *answer);
void acting_set_site(struct acting *acting, const struct act_step *step, struct act_answer *answer);
void acting_set_account(struct acting *acting, const struct act_step *step, struct act_answer *answer);

/* ---- objects.c ---- */

void acting_look_object(struct acting *acting, const struct act_step *step, struct act_answer *answer);
void acting_change_object(struct acting *acting, const struct act_step *step, struct act_answer *answer);
/** All of acting->steps, of one verb that goes in batches; each is told of once it is known what came of it. */
enum status acting_change_objects(struct acting *acting) MUST_CHECK;

/* ---- acting.c ---- */

/** Sends the answer to the nth step. */
enum status acting_tell(struct acting *acting, size_t index) MUST_CHECK;

#endif
