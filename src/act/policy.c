/* SPDX-License-Identifier: Apache-2.0 */
/* A condition is a function of one answer and one reason; a match is all of them, the least sure counts. */
#include "act/policy.h"

#include "model/person.h"
#include "scope/glob.h"

#include <stdio.h>

enum { WHY_SIZE = 400 };

struct asking {
	const struct policy_match *match;
	int64_t at;
	const struct retained_object *object;
	const struct retained_document *document;
	char *why; /* WHY_SIZE bytes; NULL: nobody wants to know */
};

#define SAY(asking, ...) ((asking)->why != NULL ? (void)snprintf((asking)->why, WHY_SIZE, __VA_ARGS__) : (void)0)
#define TEXT(bytes) (int)((bytes).len < 120 ? (bytes).len : 120), (bytes).len > 0 ? (const char *)(bytes).at : ""

static enum policy_answer answer_of(bool is_so)
{
	return is_so ? POLICY_YES : POLICY_NO;
}

/* ---- of the object ---- */

static bool fits(struct bytes glob, struct bytes name)
{
	if (bytes_find_byte(glob, '/') == BYTES_NOT_FOUND && bytes_find(glob, BYTES_LITERAL("**")) == BYTES_NOT_FOUND) {
		size_t slash = bytes_find_last_byte(name, '/');
		return glob_match(glob, slash == BYTES_NOT_FOUND ? name : bytes_from(name, slash + 1), '/');
	}
	if (bytes_start_with(glob, BYTES_LITERAL("**/")) && glob_match(bytes_from(glob, 3), name, '/'))
		return true;
	return glob_match(glob, name, '/');
}

static const struct bytes *first_that_fits(const struct bytes *globs, size_t count, struct bytes name)
{
	for (size_t i = 0; i < count; i++)
		if (fits(globs[i], name))
			return &globs[i];
	return NULL;
}

static enum policy_answer ask_container(const struct asking *asking)
{
	struct bytes glob = asking->match->container, name = asking->object->container.name;
	bool is_so = glob_match(glob, name, '/');
	SAY(asking, "container %.*s %s %.*s", TEXT(name), is_so ? "is of" : "is not of", TEXT(glob));
	return answer_of(is_so);
}

static enum policy_answer ask_path(const struct asking *asking)
{
	const struct bytes *glob = first_that_fits(asking->match->paths, asking->match->path_count, asking->object->object.name);
	if (glob == NULL)
		SAY(asking, "its name fits %s",
		    asking->match->path_count == 1 ? "another pattern than this" : "none of the patterns");
	else
		SAY(asking, "its name fits %.*s", TEXT(*glob));
	return answer_of(glob != NULL);
}

static enum policy_answer ask_except(const struct asking *asking)
{
	const struct bytes *glob = first_that_fits(asking->match->exceptions, asking->match->exception_count,
	                                           asking->object->object.name);
	if (glob != NULL)
		SAY(asking, "its name is excepted by %.*s", TEXT(*glob));
	else
		SAY(asking, "no exception names it");
	return answer_of(glob == NULL);
}

static enum policy_answer ask_size(const struct asking *asking)
{
	uint64_t size = asking->object->object.size;
	if (size == OBJECT_SIZE_UNKNOWN) {
		SAY(asking, "its size is not known");
		return POLICY_UNKNOWN;
	}
	bool is_so = size <= INT64_MAX && (int64_t)size >= asking->match->low && (int64_t)size <= asking->match->high;
	SAY(asking, "it has %llu bytes", (unsigned long long)size);
	return answer_of(is_so);
}

static bool has_tag(const struct retained_object *object, const struct retained_tag *wanted)
{
	for (size_t i = 0; i < object->tag_count; i++)
		if (bytes_equal(object->tags[i].key, wanted->key) && bytes_equal(object->tags[i].value, wanted->value))
			return true;
	return false;
}

static enum policy_answer ask_tag(const struct asking *asking)
{
	if (!asking->object->has_tags) {
		SAY(asking, "its tags were not read");
		return POLICY_UNKNOWN;
	}
	for (size_t i = 0; i < asking->match->tag_count; i++) {
		const struct retained_tag *tag = &asking->match->tags[i];
		if (has_tag(asking->object, tag))
			continue;
		SAY(asking, "it has no tag %.*s with %.*s", TEXT(tag->key), TEXT(tag->value));
		return POLICY_NO;
	}
	SAY(asking, "it has %s", asking->match->tag_count == 1 ? "that tag" : "those tags");
	return POLICY_YES;
}

/* ---- of the document ---- */

/* Whether something of a list was found: what was not read may hold it all the same. */
static enum policy_answer ask_found(const struct asking *asking, bool is_found, const char *what)
{
	if (is_found) {
		SAY(asking, "it has %s asked for", what);
		return POLICY_YES;
	}
	if (!asking->document->was_read) {
		SAY(asking, "it was not wholly read, so what it has is not known");
		return POLICY_UNKNOWN;
	}
	SAY(asking, "it has no %s asked for", what);
	return POLICY_NO;
}

static enum policy_answer ask_class(const struct asking *asking)
{
	enum document_class class = asking->document->class;
	if (class == CLASS_NONE) {
		SAY(asking, "its class is not known: it was not read");
		return POLICY_UNKNOWN;
	}
	if ((asking->match->classes & (UINT64_C(1) << class)) != 0) {
		SAY(asking, "it is of class %s", document_class_name(class));
		return POLICY_YES;
	}
	if (class == CLASS_ARCHIVE && !asking->document->was_read) {
		SAY(asking, "an archive, of which not everything was read");
		return POLICY_UNKNOWN;
	}
	SAY(asking, "it is of class %s", document_class_name(class));
	return POLICY_NO;
}

static enum policy_answer ask_element(const struct asking *asking)
{
	return ask_found(asking, (asking->document->elements & asking->match->elements) != 0, "element of personal data");
}

static bool is_party(const struct retained_document *document, struct bytes domain)
{
	for (size_t i = 0; i < document->organisation_count; i++)
		if (bytes_equal_nocase(document->organisations[i], domain))
			return true;
	return false;
}

static enum policy_answer ask_organisation(const struct asking *asking)
{
	bool is_found = false;
	for (size_t i = 0; i < asking->match->organisation_count && !is_found; i++)
		is_found = is_party(asking->document, asking->match->organisations[i]);
	return ask_found(asking, is_found, "party");
}

static enum policy_answer ask_relationship(const struct asking *asking)
{
	return ask_found(asking, (asking->document->relationships & asking->match->relationships) != 0,
	                 "party of the relationship");
}

/* ---- age ---- */

static int days_of_month(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	return days[month - 1] + (month == 2 && is_leap);
}

/* The same day and hour so many months before, or the last day of that month where it has no such day. */
static int64_t months_before(int64_t at, uint32_t months)
{
	char text[CLOCK_TEXT_SIZE];
	int year, month, day, hour, minute, second;
	if (sscanf(clock_format(at, text), "%d-%d-%dT%d:%d:%d", &year, &month, &day, &hour, &minute, &second) != 6)
		return CLOCK_UNKNOWN;
	int64_t count = (int64_t)year * 12 + month - 1 - (int64_t)months;
	if (count < 0)
		return clock_from_civil(0, 1, 1, 0, 0, 0);
	year = (int)(count / 12);
	month = (int)(count % 12) + 1;
	if (day > days_of_month(year, month))
		day = days_of_month(year, month);
	return clock_from_civil(year, month, day, hour, minute, second);
}

int64_t policy_cutoff(const struct policy_match *match, int64_t at)
{
	return match->unit == POLICY_MONTHS ? months_before(at, match->over) : at - (int64_t)match->over * 86400;
}

static int64_t time_of(const struct asking *asking)
{
	switch (asking->match->by) {
	case POLICY_DATED: return asking->document->dated;
	case POLICY_CREATED: return asking->object->object.created;
	case POLICY_MODIFIED: return asking->object->object.modified;
	default: return asking->object->last_read;
	}
}

static enum policy_answer ask_age(const struct asking *asking)
{
	static const char *const words[] = {"dated", "created", "modified", "last read"};
	char text[CLOCK_TEXT_SIZE], cut[CLOCK_TEXT_SIZE];
	int64_t time = time_of(asking), cutoff = policy_cutoff(asking->match, asking->at);
	if (time == CLOCK_UNKNOWN || cutoff == CLOCK_UNKNOWN) {
		SAY(asking, "when it was %s is not known", words[asking->match->by]);
		return POLICY_UNKNOWN;
	}
	SAY(asking, "%s %.10s, %s %.10s", words[asking->match->by], clock_format(time, text),
	    time < cutoff ? "before" : "not before", clock_format(cutoff, cut));
	return answer_of(time < cutoff);
}

/* ---- a match ---- */

static unsigned given(const struct policy_match *match, unsigned condition)
{
	switch (condition) {
	case 0: return match->container.len > 0;
	case 1: return match->path_count > 0;
	case 2: return match->exception_count > 0;
	case 3: return match->has_size;
	case 4: return match->tag_count > 0;
	case 5: return match->has_age;
	case 6: return match->classes != 0;
	case 7: return match->elements != 0;
	case 8: return match->organisation_count > 0;
	default: return match->relationships != 0;
	}
}

static const struct {
	const char *name;
	enum policy_answer (*ask)(const struct asking *asking);
} conditions[] = {
	{"container", ask_container},
	{"path", ask_path},
	{"except", ask_except},
	{"size", ask_size},
	{"tag", ask_tag},
	{"age", ask_age},
	{"class", ask_class},
	{"element", ask_element},
	{"organisation", ask_organisation},
	{"relationship", ask_relationship},
};

enum policy_answer policy_match_document(const struct policy_match *match, int64_t at, const struct retained_object *object,
                                         const struct retained_document *document, policy_condition_visitor *each, void *context)
{
	char why[WHY_SIZE] = "";
	const struct asking asking = {match, at, object, document, each != NULL ? why : NULL};
	enum policy_answer least = POLICY_YES;
	for (unsigned i = 0; i < sizeof conditions / sizeof *conditions; i++) {
		if (!given(match, i))
			continue;
		enum policy_answer answer = conditions[i].ask(&asking);
		if (each != NULL)
			each(context, conditions[i].name, answer, why);
		else if (answer == POLICY_NO)
			return POLICY_NO;
		if (answer < least)
			least = answer;
	}
	return least;
}

unsigned policy_facts(const struct policy *policy)
{
	unsigned facts = 0;
	for (size_t i = 0; i < policy->rule_count + policy->hold_count; i++) {
		const struct policy_match *match = i < policy->rule_count ? &policy->rules[i].match
		                                                          : &policy->holds[i - policy->rule_count].match;
		facts |= match->elements != 0 ? RETAINED_ELEMENTS : 0;
		facts |= match->organisation_count > 0 || match->relationships != 0 ? RETAINED_ORGANISATIONS : 0;
	}
	return facts;
}

/* ---- decisions ---- */

static bool find_hold(const struct policy *policy, int64_t at, const struct retained_object *object,
                      const struct retained_document *document, struct policy_decision *ret_decision)
{
	enum policy_answer best = POLICY_NO;
	for (size_t i = 0; i < policy->hold_count && best != POLICY_YES; i++) {
		const struct policy_hold *hold = &policy->holds[i];
		if (hold->until != CLOCK_UNKNOWN && at >= hold->until)
			continue;
		enum policy_answer answer = policy_match_document(&hold->match, at, object, document, NULL, NULL);
		if (answer > best) {
			best = answer;
			*ret_decision = (struct policy_decision){
				.verdict = POLICY_HELD, .hold = hold, .is_certain = answer == POLICY_YES};
		}
	}
	return best != POLICY_NO;
}

static bool does_the_same(const struct policy_rule *a, const struct policy_rule *b)
{
	return a->action == b->action && (a->action != POLICY_TIER || bytes_equal(a->tier, b->tier));
}

static struct policy_decision decide_by_rule(const struct policy_rule *rule)
{
	static const enum policy_verdict verdicts[] = {
		[POLICY_DELETE] = POLICY_GOES, [POLICY_TIER] = POLICY_MOVES, [POLICY_REPORT] = POLICY_REPORTED};
	return (struct policy_decision){.verdict = verdicts[rule->action], .rule = rule, .is_certain = true};
}

struct policy_decision policy_decide(const struct policy *policy, int64_t at, const struct retained_object *object,
                                     const struct retained_document *document)
{
	struct policy_decision decision = {.verdict = POLICY_STAYS};
	const struct policy_rule *doubtful = NULL; /* the first that may match, unless those after it do the same */
	if (find_hold(policy, at, object, document, &decision))
		return decision;
	for (size_t i = 0; i < policy->rule_count; i++) {
		const struct policy_rule *rule = &policy->rules[i];
		enum policy_answer answer = policy_match_document(&rule->match, at, object, document, NULL, NULL);
		if (answer == POLICY_NO)
			continue;
		if (doubtful != NULL && !does_the_same(doubtful, rule))
			return (struct policy_decision){.verdict = POLICY_UNDECIDED, .rule = doubtful};
		if (answer == POLICY_YES)
			return decide_by_rule(rule);
		doubtful = doubtful != NULL ? doubtful : rule;
	}
	return doubtful != NULL ? (struct policy_decision){.verdict = POLICY_UNDECIDED, .rule = doubtful} : decision;
}

bool policy_abstains(const struct retained_document *document)
{
	return document->class == CLASS_ARCHIVE && document->has_parts && document->was_read;
}

void policy_vote_add(struct policy_vote *vote, const struct policy_decision *decision)
{
	struct policy_decision *held = &vote->decision;
	bool is_divided = vote->documents > 0 && held->verdict == POLICY_MOVES && decision->verdict == POLICY_MOVES &&
	                  !does_the_same(held->rule, decision->rule);
	if (vote->documents++ == 0 || decision->verdict > held->verdict)
		*held = *decision;
	if (is_divided)
		held->verdict = POLICY_DIVIDED;
}

struct policy_decision policy_vote_end(const struct policy_vote *vote)
{
	return vote->documents > 0 ? vote->decision : (struct policy_decision){.verdict = POLICY_STAYS};
}

/* ---- words ---- */

const char *policy_verdict_name(enum policy_verdict verdict)
{
	static const char *const names[] = {
		[POLICY_GOES] = "delete", [POLICY_MOVES] = "tier",      [POLICY_REPORTED] = "report",
		[POLICY_STAYS] = "keep",  [POLICY_DIVIDED] = "divided", [POLICY_UNDECIDED] = "undecided",
		[POLICY_HELD] = "held",
	};
	return names[verdict];
}

static void append_hold(const struct policy_decision *decision, struct buffer *into)
{
	char until[CLOCK_TEXT_SIZE];
	buffer_append_format(into, "hold '%.*s'%s", TEXT(decision->hold->name),
	                     decision->is_certain ? "" : " cannot be ruled out: it was not wholly read");
	if (decision->hold->until != CLOCK_UNKNOWN)
		buffer_append_format(into, ", until %s", clock_format(decision->hold->until, until));
}

void policy_append_reason(const struct policy_decision *decision, struct buffer *into)
{
	switch (decision->verdict) {
	case POLICY_HELD: append_hold(decision, into); return;
	case POLICY_STAYS: buffer_append_string(into, "no rule matches"); return;
	case POLICY_UNDECIDED:
		buffer_append_format(into, "rule '%.*s' might match: what it asks is not known", TEXT(decision->rule->name));
		return;
	case POLICY_DIVIDED:
		buffer_append_format(into, "its documents would go to several tiers, one by rule '%.*s'",
		                     TEXT(decision->rule->name));
		return;
	default: buffer_append_format(into, "rule '%.*s'", TEXT(decision->rule->name)); return;
	}
}
