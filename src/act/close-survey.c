/* SPDX-License-Identifier: Apache-2.0 */
/* What stands open, told by the owner's view; what a stranger makes of it, by a probe. */
#include "act/close.h"

#include "catalog/questions.h"
#include "catalog/reads.h"
#include "process/prober.h"
#include "scope/target.h"

#include <stdarg.h>
#include <stdio.h>

const char *close_door_name(enum close_door door)
{
	static const char *const names[] = {
		[CLOSE_CONTAINER] = "container", [CLOSE_SITE] = "static_site", [CLOSE_ACCOUNT] = "account"};
	return names[door];
}

/* One target while it is looked at. */
struct look {
	const struct close_setting *setting;
	struct close_survey *survey;
	struct target target;
	struct bytes written;
	struct actor *actor;
	struct act_answer container;
	struct verdict verdict;
	bool has_verdict;
};

static struct bytes keep_format(struct arena *arena, const char *format, ...) PRINTF_LIKE(2, 3);

static struct bytes keep_format(struct arena *arena, const char *format, ...)
{
	char text[1024];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	return arena_copy(arena, bytes_of_string(text));
}

/* ---- looking ---- */

static enum status ask(struct look *look, enum act_verb verb, struct act_answer *ret_answer, struct failure *reterr)
{
	const struct act_step step = {.number = 1, .verb = verb};
	return actor_do(look->actor, &step, 1, look->setting->wait, look->setting->arena, ret_answer, reterr);
}

/* Of a look: what is said of changes does not fit it. */
static struct bytes refusal_of(struct look *look, const struct act_answer *answer)
{
	if (answer->result == ACT_UNSUPPORTED && answer->why.len > 0)
		return answer->why;
	const char *says = answer->result == ACT_ABSENT        ? "there is no such thing"
	                   : answer->result == ACT_DENIED      ? "the credential may not look at it"
	                   : answer->result == ACT_BUSY        ? "throttled; try again later"
	                   : answer->result == ACT_UNREACHABLE ? "nothing that makes sense answered"
	                                                       : act_result_says(answer->result);
	return keep_format(look->setting->arena, "%s%s%.*s%s%.*s", says, answer->code.len > 0 ? ": " : "", (int)answer->code.len,
	                   (const char *)answer->code.at, answer->why.len > 0 ? "; " : "", (int)answer->why.len,
	                   (const char *)answer->why.at);
}

static struct close_finding *add(struct look *look, enum close_door door)
{
	struct close_survey *survey = look->survey;
	struct close_finding *finding = &survey->findings[survey->count++];
	*finding = (struct close_finding){.target = look->written, .door = door};
	return finding;
}

static void plan_step(struct look *look, struct close_finding *finding, const char *action, struct bytes etag,
                      struct bytes before)
{
	finding->is_planned = true;
	finding->step = (struct plan_step){
		.target = look->written,
		.etag = etag,
		.action = bytes_of_string(action),
		.why = finding->how,
		.before = before,
		.size = OBJECT_SIZE_UNKNOWN,
	};
}

#define PROBED "; a stranger's probe: "

bool close_saw_stranger(struct bytes why)
{
	static const char *const words[] = {PROBED "listable", PROBED "readable", PROBED "open"};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (bytes_end_with(why, bytes_of_string(words[i])))
			return true;
	return false;
}

static struct bytes say_level(struct look *look)
{
	bool lists = bytes_equal_string(look->container.found.level, "container");
	const char *right = lists ? "its level lets anyone list and read it" : "its level lets anyone read it who knows a name";
	if (!look->has_verdict)
		return bytes_of_string(right);
	return keep_format(look->setting->arena, "%s" PROBED "%s", right, verdict_name(look->verdict.kind));
}

static void judge_container(struct look *look)
{
	struct close_finding *finding = add(look, CLOSE_CONTAINER);
	if (!look->container.found.is_looked) {
		finding->how = refusal_of(look, &look->container);
		look->survey->unknown++;
		return;
	}
	bool is_open = look->container.found.level.len > 0;
	finding->is_open = is_open ? ANSWER_YES : ANSWER_NO;
	finding->how = is_open ? say_level(look) : BYTES_LITERAL("its level is private");
	if (is_open)
		plan_step(look, finding, act_verb_name(ACT_CLOSE_CONTAINER), look->container.etag, look->container.found.level);
}

/* The site shows one container; of the others it is a neighbour's door, which closing them does not need. */
static enum status judge_site(struct look *look, struct failure *reterr)
{
	struct act_answer answer;
	bool is_its_container = bytes_equal_string(look->target.container.name, "$web");
	enum status status = ask(look, ACT_LOOK_SERVICE, &answer, reterr);
	if (status != STATUS_OK)
		return status;
	struct close_finding *finding = add(look, CLOSE_SITE);
	finding->is_open = answer.result == ACT_DONE ? answer.found.has_site : ANSWER_NOT_ESTABLISHED;
	if (answer.result != ACT_DONE)
		finding->how = refusal_of(look, &answer);
	else if (finding->is_open != ANSWER_YES)
		finding->how = BYTES_LITERAL("the account's static site is off");
	else if (!is_its_container)
		finding->how = BYTES_LITERAL(
			"the account's static site is on; it shows $web and not this container: name $web to shut it");
	else {
		finding->how = look->has_verdict && look->verdict.static_site == ANSWER_YES
		                       ? BYTES_LITERAL("the account's static site shows it to anyone, whatever its level" PROBED
		                                       "open")
		                       : BYTES_LITERAL("the account's static site shows it to anyone, whatever its level");
		plan_step(look, finding, act_verb_name(ACT_CLOSE_SITE), BYTES_NONE, answer.before);
	}
	return STATUS_OK;
}

static enum status judge_account(struct look *look, struct failure *reterr)
{
	struct act_answer answer;
	enum status status = ask(look, ACT_LOOK_ACCOUNT, &answer, reterr);
	if (status != STATUS_OK)
		return status;
	struct close_finding *finding = add(look, CLOSE_ACCOUNT);
	finding->is_open = answer.result == ACT_DONE ? answer.found.account_allows : ANSWER_NOT_ESTABLISHED;
	if (answer.result != ACT_DONE)
		finding->how = refusal_of(look, &answer);
	else if (finding->is_open != ANSWER_YES)
		finding->how = BYTES_LITERAL("the account lets no container be public");
	else if (!look->setting->with_account)
		finding->how = BYTES_LITERAL(
			"the account lets its containers be public; shutting them one by one is the smaller change, "
			"--account shuts all of them");
	else {
		finding->how = BYTES_LITERAL("the account lets its containers be public");
		plan_step(look, finding, act_verb_name(ACT_CLOSE_ACCOUNT), BYTES_NONE, BYTES_LITERAL("allowed"));
	}
	return STATUS_OK;
}

static enum status probe(struct look *look, struct failure *reterr)
{
	const struct close_setting *setting = look->setting;
	const char *written = arena_copy_string(setting->arena, look->written);
	struct failure ignored = {.why = ""};
	if (written == NULL)
		return fail(reterr, STATUS_NO_MEMORY, "probe", "memory is used up");
	enum status status = prober_probe(
		&(struct prober_plan){
			.written = written,
			.scope_yaml = setting->scope_yaml,
			.setup = {.rate = setting->rate, .operator_name = setting->operator_name, .patience = setting->patience},
			.wait = setting->wait,
		},
		setting->arena, &look->verdict, &ignored);
	look->has_verdict = status == STATUS_OK;
	if (status_is_ours(status) && reterr != NULL)
		*reterr = ignored;
	return status_is_ours(status) ? status : STATUS_OK;
}

/* ---- one target, all targets ---- */

static bool has_judged_account(const struct look *look, size_t first)
{
	for (size_t i = 0; i < first; i++) {
		struct target other;
		const struct close_finding *finding = &look->survey->findings[i];
		if (finding->door == CLOSE_ACCOUNT &&
		    target_parse(finding->target, look->setting->arena, &other, NULL) == STATUS_OK &&
		    bytes_equal(other.container.account, look->target.container.account))
			return true;
	}
	return false;
}

static enum status judge_all(struct look *look, struct failure *reterr)
{
	size_t first = look->survey->count;
	enum status status = ask(look, ACT_LOOK_CONTAINER, &look->container, reterr);
	if (status == STATUS_OK)
		status = probe(look, reterr);
	if (status != STATUS_OK)
		return status;
	judge_container(look);
	bool is_new_account = !has_judged_account(look, first);
	if (is_new_account || bytes_equal_string(look->target.container.name, "$web"))
		status = judge_site(look, reterr);
	if (status == STATUS_OK && is_new_account)
		status = judge_account(look, reterr);
	return status;
}

static enum status append_canonical(struct look *look)
{
	struct buffer text = buffer_with_ceiling(16 << 10);
	target_append_container(&look->target.container, &text);
	enum status status = buffer_status(&text);
	look->written = arena_copy(look->setting->arena, buffer_bytes(&text));
	buffer_free(&text);
	return status == STATUS_OK && look->written.at == NULL ? STATUS_NO_MEMORY : status;
}

static enum status look_at(const struct close_setting *setting, const char *written, struct close_survey *survey,
                           struct failure *reterr)
{
	struct look look = {.setting = setting, .survey = survey};
	enum status status = target_parse(bytes_of_string(written), setting->arena, &look.target, reterr);
	if (status == STATUS_OK)
		status = carry_check(&setting->secrets, &look.target, reterr);
	if (status == STATUS_OK && append_canonical(&look) != STATUS_OK)
		status = fail(reterr, STATUS_NO_MEMORY, written, "memory is used up");
	if (status != STATUS_OK)
		return status;
	if (setting->say != NULL)
		setting->say(setting->context, look.written, "looking at it");
	const struct actor_plan plan = {
		.target = look.written,
		.secrets = setting->secrets,
		.operator_name = setting->operator_name,
		.rate = setting->rate,
		.patience = setting->patience,
	};
	status = actor_start(&plan, &look.actor, reterr);
	if (status == STATUS_OK)
		status = judge_all(&look, reterr);
	actor_free(look.actor);
	survey->targets++;
	return status;
}

enum status close_survey(const struct close_setting *setting, const char *const *written, size_t count,
                         struct close_survey *ret_survey, struct failure *reterr)
{
	struct close_survey survey = {.count = 0};
	survey.findings = arena_allocate(setting->arena, count * CLOSE_DOOR_COUNT * sizeof *survey.findings + 1);
	enum status status = survey.findings != NULL ? STATUS_OK : fail(reterr, STATUS_NO_MEMORY, "targets", "memory is used up");
	for (size_t i = 0; i < count && status == STATUS_OK; i++)
		status = look_at(setting, written[i], &survey, reterr);
	for (size_t i = 0; i < survey.count; i++) {
		survey.open += survey.findings[i].is_open == ANSWER_YES;
		survey.planned += survey.findings[i].is_planned;
	}
	if (status == STATUS_OK)
		*ret_survey = survey;
	return status;
}

/* ---- the plan ---- */

struct blast {
	const struct close_survey *survey;
	struct json_writer *json;
};

static bool is_named(const struct close_survey *survey, const struct container *container)
{
	struct buffer text = buffer_with_ceiling(16 << 10);
	bool is_one = false;
	target_append_container(container, &text);
	for (size_t i = 0; i < survey->count && !is_one; i++)
		is_one = survey->findings[i].is_planned && bytes_equal(survey->findings[i].target, buffer_bytes(&text));
	buffer_free(&text);
	return is_one;
}

static enum status put_container(void *context, const struct container_summary *summary)
{
	struct blast *blast = context;
	struct json_writer *json = blast->json;
	struct buffer text = buffer_with_ceiling(16 << 10);
	if (!is_named(blast->survey, &summary->container))
		return STATUS_OK;
	target_append_container(&summary->container, &text);
	json_begin_object(json);
	json_member_text(json, "target", buffer_bytes(&text));
	json_member_unsigned(json, "objects", summary->objects);
	json_member_unsigned(json, "documents", summary->documents);
	json_member_unsigned(json, "bytes", summary->bytes);
	json_key(json, "exposed");
	json_begin_object(json);
	json_member_time(json, "first_seen", summary->exposed.first_seen);
	json_member_time(json, "last_seen", summary->exposed.last_seen);
	json_member_time(json, "closed_at", summary->exposed.closed_at);
	json_end_object(json);
	json_end_object(json);
	buffer_free(&text);
	return STATUS_OK;
}

static void put_answer(struct json_writer *json, const char *name, enum answer answer)
{
	json_key(json, name);
	if (answer == ANSWER_NOT_ESTABLISHED)
		json_null(json);
	else
		json_boolean(json, answer == ANSWER_YES);
}

static void put_doors(const struct close_survey *survey, struct json_writer *json)
{
	json_key(json, "doors");
	json_begin_array(json);
	for (size_t i = 0; i < survey->count; i++) {
		const struct close_finding *finding = &survey->findings[i];
		json_begin_object(json);
		json_member_text(json, "target", finding->target);
		json_member_string(json, "door", close_door_name(finding->door));
		put_answer(json, "open", finding->is_open);
		json_key(json, "planned");
		json_boolean(json, finding->is_planned);
		json_member_text(json, "how", finding->how);
		json_end_object(json);
	}
	json_end_array(json);
}

/* Who reads there, logs alone tell. */
struct cut_off {
	const struct close_setting *setting;
	const struct close_survey *survey;
	struct reads_seen all;
	uint64_t covered, named;
	struct failure failure;
};

static enum status add_reads(void *context, const struct container_summary *summary)
{
	struct cut_off *cut_off = context;
	struct reads_seen seen;
	if (!is_named(cut_off->survey, &summary->container))
		return STATUS_OK;
	enum status status = incident_reads_of_container(cut_off->setting->incident, &summary->container, &seen,
	                                                 &cut_off->failure);
	if (status != STATUS_OK)
		return status;
	cut_off->named++;
	cut_off->covered += seen.is_covered;
	cut_off->all.requests += seen.requests;
	/* A network may read in several of them: at least so many. */
	cut_off->all.networks = seen.networks > cut_off->all.networks ? seen.networks : cut_off->all.networks;
	if (seen.last != CLOCK_UNKNOWN && (cut_off->all.last == CLOCK_UNKNOWN || seen.last > cut_off->all.last))
		cut_off->all.last = seen.last;
	return STATUS_OK;
}

static const char *why_cut_off(const struct cut_off *cut_off)
{
	if (cut_off->covered == 0)
		return "no access logs were imported: who reads there without credentials is unknown";
	return cut_off->covered < cut_off->named
	               ? "as far as the access logs that were imported reach, which are not of all of these containers; beyond "
	                 "them it is unknown"
	               : "as far as the access logs that were imported reach; beyond them it is unknown";
}

static enum status put_cut_off(const struct close_setting *setting, const struct close_survey *survey, struct json_writer *json)
{
	struct cut_off cut_off = {.setting = setting, .survey = survey, .all = {.last = CLOCK_UNKNOWN}};
	enum status status = incident_containers(setting->incident, add_reads, &cut_off, &cut_off.failure);
	bool is_known = cut_off.covered > 0;
	json_key(json, "cut_off");
	json_begin_object(json);
	json_key(json, "anonymous_reads");
	is_known ? json_unsigned(json, cut_off.all.requests) : json_null(json);
	json_key(json, "networks");
	is_known ? json_unsigned(json, cut_off.all.networks) : json_null(json);
	json_member_time(json, "last", cut_off.all.last);
	json_member_string(json, "why", why_cut_off(&cut_off));
	json_end_object(json);
	return status;
}

void close_put_blast(const struct close_setting *setting, const struct close_survey *survey, struct json_writer *json)
{
	struct blast blast = {survey, json};
	struct failure ignored;
	put_doors(survey, json);
	json_key(json, "containers");
	json_begin_array(json);
	if (incident_containers(setting->incident, put_container, &blast, &ignored) != STATUS_OK)
		json->into->failed = STATUS_BROKEN;
	json_end_array(json);
	if (put_cut_off(setting, survey, json) != STATUS_OK)
		json->into->failed = STATUS_BROKEN;
}

struct blast_members {
	const struct close_setting *setting;
	const struct close_survey *survey;
};

static void put_blast(void *context, struct json_writer *json)
{
	const struct blast_members *members = context;
	close_put_blast(members->setting, members->survey, json);
}

enum status close_write(const struct close_setting *setting, const struct close_survey *survey, const struct plan_sink *sink,
                        int64_t now, struct plan_head *ret_head, struct failure *reterr)
{
	struct plan_head head = plan_new_head(PLAN_CLOSE, setting->incident_name, now);
	struct blast_members members = {setting, survey};
	struct plan_writer *writer;
	enum status status = plan_begin(&head, setting->incident, sink, NULL, NULL, &writer, reterr);
	if (status != STATUS_OK)
		return status;
	for (size_t i = 0; i < survey->count && status == STATUS_OK; i++)
		if (survey->findings[i].is_planned)
			status = plan_put_step(writer, &survey->findings[i].step, NULL, NULL, reterr);
	if (status != STATUS_OK) {
		plan_abandon(writer);
		return status;
	}
	return plan_end(writer, put_blast, &members, ret_head, reterr);
}
