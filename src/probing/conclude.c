/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The verdict: what was granted comes first, then what says more than "no",
 * then the plain no, and last silence. A no is never taken for safety.
 */
#include "probing/conclude.h"

#include "base/buffer.h"

/* ---- single answers ---- */

/* Reasons that are a no to this very question, on whatever grounds. */
static bool is_no(enum refusal_reason reason)
{
	switch (reason) {
	case REFUSAL_PRIVATE_OR_ABSENT:
	case REFUSAL_DENIED:
	case REFUSAL_CONTAINER_ABSENT:
	case REFUSAL_ACCOUNT_OFF:
	case REFUSAL_FIREWALL:
	case REFUSAL_SUSPENDED:
	case REFUSAL_CREDENTIAL:
	case REFUSAL_UNSUPPORTED: return true;
	default: return false;
	}
}

static enum answer answer_of(struct reaction reaction)
{
	if (reaction.out == OUT_GRANTED)
		return ANSWER_YES;
	return reaction.out == OUT_REFUSED && is_no(reaction.reason) ? ANSWER_NO : ANSWER_NOT_ESTABLISHED;
}

/* Listing, reading and access lists are there everywhere: who does not know of them only does not understand how we ask. */
static enum answer plain_answer(struct reaction reaction)
{
	bool is_misunderstood = reaction.out == OUT_REFUSED && reaction.reason == REFUSAL_UNSUPPORTED;
	return is_misunderstood ? ANSWER_NOT_ESTABLISHED : answer_of(reaction);
}

/* "No such object" is said only to those who may read: to others the container is not there either. */
static enum answer read_answer(const struct reactions *seen)
{
	if (seen->object.out == OUT_REFUSED &&
	    (seen->object.reason == REFUSAL_OBJECT_ABSENT || seen->object.reason == REFUSAL_ARCHIVED))
		return ANSWER_YES;
	enum answer answer = plain_answer(seen->object);
	return answer == ANSWER_NOT_ESTABLISHED && seen->told_level != LEVEL_UNKNOWN ? ANSWER_YES : answer;
}

static enum answer list_answer(const struct reactions *seen)
{
	enum answer answer = plain_answer(seen->list);
	return answer == ANSWER_NOT_ESTABLISHED && seen->told_level == LEVEL_CONTAINER ? ANSWER_YES : answer;
}

/* These are parts of a listing: who may not list may not list them. */
static enum answer included_answer(struct reaction reaction, enum answer list)
{
	return reaction.out == OUT_NOT_ASKED && list == ANSWER_NO ? ANSWER_NO : answer_of(reaction);
}

/* ---- all of them ---- */

struct verdict_tally {
	unsigned asked, silent, busy, redirected, firewall, told;
	bool has[REFUSAL_UNSUPPORTED + 1];
};

static void count(struct verdict_tally *tally, struct reaction reaction)
{
	tally->asked += reaction.out != OUT_NOT_ASKED;
	tally->silent += reaction.out == OUT_SILENT;
	tally->busy += reaction.out == OUT_BUSY;
	tally->redirected += reaction.out == OUT_REDIRECTED;
	if (reaction.out == OUT_REFUSED) {
		tally->has[reaction.reason] = true;
		tally->firewall += reaction.reason == REFUSAL_FIREWALL;
	}
	tally->told += reaction.out == OUT_GRANTED || (reaction.out == OUT_REFUSED && reaction.reason != REFUSAL_FIREWALL);
}

static struct verdict_tally tally_of(const struct reactions *seen)
{
	struct verdict_tally tally = {0};
	const struct reaction all[] = {
		seen->list, seen->properties, seen->object, seen->versions, seen->snapshots, seen->deleted, seen->acl,
	};
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		count(&tally, all[i]);
	return tally;
}

static enum verdict_kind draw(const struct reactions *seen, const struct verdict *verdict, const struct verdict_tally *tally)
{
	if (seen->has_no_name)
		return VERDICT_ABSENT;
	if (verdict->anonymous.list == ANSWER_YES)
		return VERDICT_LISTABLE;
	if (verdict->anonymous.read == ANSWER_YES)
		return VERDICT_READABLE;
	if (tally->has[REFUSAL_ACCOUNT_OFF])
		return VERDICT_ACCOUNT_OFF;
	if (tally->busy > 0)
		return VERDICT_THROTTLED;
	/* What it says to lesser questions closes nothing while the one that matters hangs. */
	if (seen->list.out == OUT_SILENT)
		return VERDICT_UNREACHABLE;
	if (tally->has[REFUSAL_SUSPENDED] || tally->has[REFUSAL_INSECURE] || tally->redirected > 0)
		return VERDICT_UNKNOWN;
	if (tally->has[REFUSAL_CONTAINER_ABSENT])
		return VERDICT_ABSENT;
	if (tally->has[REFUSAL_PRIVATE_OR_ABSENT] || tally->has[REFUSAL_DENIED] || tally->has[REFUSAL_CREDENTIAL] ||
	    (tally->firewall > 0 && tally->told > 0))
		return VERDICT_PRIVATE_OR_ABSENT;
	if (tally->asked > 0 && tally->told == 0 && (tally->firewall > 0 || tally->silent > 0))
		return VERDICT_UNREACHABLE;
	return VERDICT_UNKNOWN;
}

static const char *advise(const struct reactions *seen, const struct verdict *verdict, const struct verdict_tally *tally)
{
	switch (verdict->kind) {
	case VERDICT_LISTABLE:
		return verdict->anonymous.read == ANSWER_YES
		               ? "Anyone can list and read it. Set its public access level to private, then sweep it to learn what was exposed."
		               : "Anyone can list the names in it. Set its public access level to private, then sweep it to learn what was exposed.";
	case VERDICT_READABLE:
		return "Anyone who knows or guesses a name can read it, though not list it. Set its public access level to private; "
		       "look for its names in web pages, mails and logs.";
	case VERDICT_PRIVATE_OR_ABSENT:
		return tally->firewall > 0
		               ? VERDICT_WALLED_ADVICE
		               : "A stranger here is refused, but a private, a missing and a protected container answer alike: this is no proof "
		                 "of safety. Ask its owner, or probe with the account's own view.";
	case VERDICT_ABSENT:
		return seen->has_no_name
		               ? "There is no such name, and so no such account. Check how it is written; where a name of yours still points "
		                 "to it, somebody else may take it."
		               : "The account says that it has no such container.";
	case VERDICT_ACCOUNT_OFF:
		return "Public access is switched off for the whole account. A static site ($web) of the account would stay open all "
		       "the same.";
	case VERDICT_UNREACHABLE:
		if (tally->told > 0)
			return "It answers, but held back what decides for longer than patience lasts: nothing is established. Probe "
			       "again later, or with a longer --patience.";
		return tally->firewall > 0
		               ? "The account answers only with refusals of its firewall: probe from another place."
		               : "Nothing answered: the account may not exist, or the way to it is closed from here. Check the name, the "
		                 "name service and the network, then probe again.";
	case VERDICT_THROTTLED: return "The account was too busy to answer, again and again. Probe again later, at a lower rate.";
	default: break;
	}
	if (tally->has[REFUSAL_SUSPENDED])
		return "The account or the container is disabled or being deleted. Probe again in some days: it may come back.";
	if (tally->has[REFUSAL_INSECURE])
		return "The account wants https. Write the target with https.";
	if (tally->redirected > 0)
		return "It answered with a place out of scope, which was not followed. See the evidence.";
	return "The answers fit no rule. See the evidence, and probe again.";
}

/* Public access that is off for the account is off for each of these, by documentation; so is all of one that is not. */
static void close_all(struct verdict *verdict)
{
	enum answer *const answers[] = {
		&verdict->anonymous.list,      &verdict->anonymous.read,    &verdict->anonymous.versions,
		&verdict->anonymous.snapshots, &verdict->anonymous.deleted, &verdict->anonymous.acl,
	};
	for (size_t i = 0; i < sizeof answers / sizeof *answers; i++)
		if (*answers[i] == ANSWER_NOT_ESTABLISHED)
			*answers[i] = ANSWER_NO;
}

void conclude_verdict(const struct reactions *seen, struct verdict *verdict)
{
	struct verdict_tally tally = tally_of(seen);
	verdict->anonymous.list = list_answer(seen);
	verdict->anonymous.read = read_answer(seen);
	verdict->anonymous.versions = included_answer(seen->versions, verdict->anonymous.list);
	verdict->anonymous.snapshots = included_answer(seen->snapshots, verdict->anonymous.list);
	verdict->anonymous.deleted = included_answer(seen->deleted, verdict->anonymous.list);
	verdict->anonymous.acl = plain_answer(seen->acl);
	/* Never tried. */
	verdict->anonymous.write = seen->is_never_writable ? ANSWER_NO : ANSWER_NOT_ESTABLISHED;
	verdict->kind = draw(seen, verdict, &tally);
	if (verdict->kind == VERDICT_ACCOUNT_OFF || seen->has_no_name)
		close_all(verdict);
	verdict->is_walled = tally.firewall > 0;
	verdict->advice = bytes_of_string(advise(seen, verdict, &tally));
}

/* ---- the second region ---- */

void conclude_secondary(enum secondary_state state, struct reaction reaction, const struct reactions *seen,
                        struct verdict *verdict)
{
	const char *why = "nothing of the account answered";
	verdict->secondary = ANSWER_NOT_ESTABLISHED;
	switch (state) {
	case SECONDARY_NOT_ASKED:
		if (seen->has_no_name) {
			verdict->secondary = ANSWER_NO;
			why = "there is no such account";
		}
		break;
	case SECONDARY_NONE: why = "there is no host of a second region to be asked besides"; break;
	case SECONDARY_NOT_IN_SCOPE:
		why = "a second region has a host of its own, which is not in scope: an allow entry for the container at "
		      "ACCOUNT-secondary in --scope lets it be asked";
		break;
	case SECONDARY_NAMELESS:
		verdict->secondary = ANSWER_NO;
		why = "the account has no host of a second region";
		break;
	case SECONDARY_UNRESOLVED: why = "the name service did not answer for the second region's host"; break;
	case SECONDARY_ASKED:
		verdict->secondary = plain_answer(reaction);
		why = verdict->secondary == ANSWER_YES  ? "the second region's host lists it to a stranger"
		      : verdict->secondary == ANSWER_NO ? "the second region's host refuses to list it to a stranger here"
		                                        : "the second region's host did not answer so that it can be told";
		break;
	}
	verdict->secondary_why = bytes_of_string(why);
}

/* ---- inventories ---- */

static enum status say_example(struct bytes example, struct arena *arena, struct bytes *ret_why)
{
	struct buffer why = buffer_with_ceiling(16 << 10);
	buffer_append_string(&why, "it holds what lists other containers, as ");
	buffer_append(&why, example);
	struct bytes kept = arena_copy(arena, buffer_bytes(&why));
	buffer_free(&why);
	if (kept.at == NULL)
		return STATUS_NO_MEMORY;
	*ret_why = kept;
	return STATUS_OK;
}

enum status conclude_inventories(const struct inventories *seen, struct arena *arena, struct verdict *verdict)
{
	bool is_open = verdict->anonymous.list == ANSWER_YES || verdict->anonymous.read == ANSWER_YES;
	const char *why = "its names were not all looked through";
	verdict->inventories = ANSWER_NOT_ESTABLISHED;
	if (seen->example.len > 0) {
		verdict->inventories = ANSWER_YES;
		return say_example(seen->example, arena, &verdict->inventories_why);
	}
	if (is_open && seen->is_log_container) {
		verdict->inventories = ANSWER_YES;
		why = "the provider writes its logs there: they name what lies in other containers";
	} else if (verdict->anonymous.list == ANSWER_NO) {
		why = "a stranger cannot list it: what it holds is not known here";
	} else if (seen->is_whole) {
		verdict->inventories = ANSWER_NO;
		why = "none of its names is an inventory's or a log's";
	}
	verdict->inventories_why = bytes_of_string(why);
	return STATUS_OK;
}

/* ---- static sites ---- */

static const char *explain_answer(const struct site *site, enum answer *ret_answer)
{
	*ret_answer = ANSWER_NOT_ESTABLISHED;
	if (site->answer.out == OUT_GRANTED) {
		*ret_answer = ANSWER_YES;
		return "the front page of the account's static site is served to a stranger";
	}
	if (site->answer.out != OUT_REFUSED)
		return "the static site's address did not answer";
	if (site->status == 404)
		return "the static site's address answers, but has no front page: there may be no site, or one without it";
	if (site->status == 401 || site->status == 403) {
		*ret_answer = ANSWER_NO;
		return "the static site's address refuses a stranger here";
	}
	return "the static site's address answers with what fits no rule; see the evidence";
}

void conclude_site(const struct site *site, const struct reactions *seen, struct verdict *verdict)
{
	const char *why = "nothing of the account answered";
	verdict->static_site = ANSWER_NOT_ESTABLISHED;
	switch (site->state) {
	case SITE_NOT_ASKED:
		if (seen->has_no_name) {
			verdict->static_site = ANSWER_NO;
			why = "there is no such account";
		}
		break;
	case SITE_NONE: why = "this provider has no static sites of accounts"; break;
	case SITE_NOT_IN_SCOPE:
		why = "a static site has an address of its own, which is not in scope: an allow entry for the account's $web in "
		      "--scope lets it be asked";
		break;
	case SITE_NAMELESS:
		verdict->static_site = ANSWER_NO;
		why = "no name that its static site could have exists";
		break;
	case SITE_UNRESOLVED: why = "the name service did not answer for the static site's address"; break;
	case SITE_ASKED:
		why = explain_answer(site, &verdict->static_site);
		verdict->is_walled |= site->answer.out == OUT_REFUSED && site->answer.reason == REFUSAL_FIREWALL;
		break;
	}
	verdict->static_site_why = bytes_of_string(why);
	if (verdict->static_site == ANSWER_YES && verdict->kind != VERDICT_LISTABLE && verdict->kind != VERDICT_READABLE)
		verdict->advice = BYTES_LITERAL(
			"The account's static site is open to anyone, whatever its containers' access levels "
			"say: what lies in $web is public. If that is not meant, switch the site off.");
}
