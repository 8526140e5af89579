/* SPDX-License-Identifier: Apache-2.0 */
/* probe: what a stranger can do with containers, told one target after the other. */
#include "answer/ocsf.h"
#include "answer/sarif.h"
#include "cli/cell.h"
#include "cli/interrupt.h"
#include "cli/progress.h"
#include "cli/session.h"
#include "cli/input-file.h"
#include "cli/targets.h"

#include "base/patience.h"
#include "base/yaml.h"
#include "process/prober.h"
#include "scope/scope.h"
#include "scope/target.h"

#include <stdlib.h>

static enum status probe(struct session *session, struct failure *reterr);

/* clang-format off */
static const struct option options[] = {
	{.name = "format", .kind = OPTION_CHOICE, .choices = "table|json|jsonl|csv|sarif|ocsf", .standard = "table",
	 .help = "how verdicts are written; sarif: SARIF 2.1.0, ocsf: an array of OCSF detection findings"},
	{.name = "anonymous", .kind = OPTION_FLAG,
	 .help = "ask as a stranger even where credentials are set; probing always does"},
	{.name = "evidence", .kind = OPTION_FLAG,
	 .help = "use what the incident knows of each container: names of objects to ask for, signatures in documents"},
	{.name = "rate", .kind = OPTION_RATE, .value = "REQ/s", .high = 10000, .standard = "20",
	 .help = "most requests a second to one account"},
	{.name = NULL},
};
/* clang-format on */

static const struct command_example examples[] = {
	{"probe https://contoso.blob.core.windows.net/backup", "ask whether anyone can list or read one container"},
	{"probe @containers.txt --format jsonl", "ask about every line of a file, one JSON line each"},
	{"probe az://contoso/backup --format sarif", "hand the verdict to a code-scanning page"},
	{.line = NULL},
};

const struct command command_probe = {
	.name = "probe",
	.group = COMMAND_FINDS,
	.summary = "tell what a stranger can do with containers",
	.description =
		"Asks as a stranger, without credentials, writes nothing and reads no contents. Every verdict comes with "
		"the requests that prove it.\n\n"
		"A static site has an address of its own: it is asked only where an allow entry of --scope covers "
		"az://ACCOUNT/$web. So has the second region of an account: az://ACCOUNT-secondary/CONTAINER.\n\n"
		"No name is guessed. With --evidence up to four are asked for that the incident's catalog tells of, which tells "
		"containers apart that may be read from those that may not; and shared access signatures that its documents "
		"hold are told, with what they allow and until when. They are never used.\n\n"
		"Exits with 3 when something is open: listable, readable, its second region, or a static site; else with 1 when no target could be "
		"judged, with 4 when some could not.",
	.operands = "TARGET...",
	.operands_min = 1,
	.operands_max = COMMAND_ANY_NUMBER,
	.operand_help = "TARGET is a container's URL, az://ACCOUNT/CONTAINER, - for standard input or @FILE; both hold one "
			"target a line.",
	.options = options,
	.examples = examples,
	.see_also = "sweep, containers",
	.catches_interrupt = true,
	.execute = probe,
};

static const struct column columns[] = {
	{.name = "target", .may_shrink = true},
	{.name = "url", .rank = COLUMN_CSV_ONLY},
	{.name = "provider", .rank = 5},
	{.name = "account", .rank = COLUMN_CSV_ONLY},
	{.name = "container", .rank = COLUMN_CSV_ONLY},
	{.name = "verdict"},
	{.name = "list"},
	{.name = "read"},
	{.name = "versions", .rank = 4},
	{.name = "snapshots", .rank = 4},
	{.name = "deleted", .rank = 4},
	{.name = "acl", .rank = COLUMN_CSV_ONLY},
	{.name = "write", .rank = COLUMN_CSV_ONLY},
	{.name = "static_site", .rank = 3},
	{.name = "secondary", .rank = 5},
	{.name = "inventories", .rank = COLUMN_CSV_ONLY},
	{.name = "signatures", .rank = COLUMN_CSV_ONLY},
	{.name = "tenant", .rank = COLUMN_CSV_ONLY},
	{.name = "observed_at", .rank = COLUMN_CSV_ONLY},
	{.name = "vantage", .rank = COLUMN_CSV_ONLY},
	{.name = "advice", .rank = COLUMN_CSV_ONLY},
};

static const struct output_list list = {
	.member = "targets",
	.columns = columns,
	.column_count = sizeof columns / sizeof *columns,
};

#define ARENA_BYTES (UINT64_C(2) << 30)
enum { ADVICE_SHOWN = 10, SCOPE_BYTES = YAML_SIZE_MAX };

enum report { REPORT_LIST, REPORT_SARIF, REPORT_OCSF };

struct probing {
	struct session *session;
	enum report report;
	struct buffer scope_yaml;
	struct arena arena; /* of all targets: their verdicts are shown together, in the order given */
	struct target *targets;
	struct verdict *verdicts;
	struct bytes *accounts; /* of the targets */
	struct known *knowns;   /* likewise, with --evidence */
	struct buffer text;     /* of SARIF and OCSF */
	struct json_writer json;
	size_t asked, count, open, unjudged, passed_over;
	struct bytes current;             /* target being asked */
	int64_t answered_at;              /* when a target last said something */
	const char *advice[ADVICE_SHOWN]; /* of open ones, and why others could not be judged */
	size_t advice_count, advice_left_out;
};

/* ---- before the first request ---- */

static enum status check_target(const char *written, struct scope *scope, struct arena *arena, struct failure *reterr)
{
	struct target target;
	enum status status = target_parse(bytes_of_string(written), arena, &target, reterr);
	if (status != STATUS_OK)
		return status;
	if (target.container.provider == PROVIDER_FOLDER)
		return fail(reterr, STATUS_USAGE, written, "a local folder cannot be probed; tidemark sweep reads it");
	return scope_add_target(scope, &target, reterr);
}

static enum status read_scope(struct probing *probing, struct scope *scope, struct failure *reterr)
{
	const char *file = settings_text(probing->session->settings, "scope");
	if (file == NULL)
		return STATUS_OK;
	enum status status = input_file_read(file, SCOPE_BYTES, &probing->scope_yaml, reterr);
	return status == STATUS_OK ? scope_read(scope, buffer_bytes(&probing->scope_yaml), file, reterr) : status;
}

/* All of them are looked at first: a slip in the last line costs no request. One of a provider that cannot be asked yet is
 * passed over, if it is not the only one. */
static enum status check_targets(struct probing *probing, struct target_list *targets, struct failure *reterr)
{
	struct arena arena = arena_with_ceiling(1u << 30);
	struct scope scope = scope_new(&arena);
	struct failure failure = {.why = ""};
	const char **kept = arena_allocate(probing->session->arena, targets->count * sizeof *kept);
	size_t count = 0;
	enum status status = kept != NULL ? read_scope(probing, &scope, reterr) : STATUS_NO_MEMORY;
	for (size_t i = 0; status == STATUS_OK && i < targets->count; i++) {
		enum status checked = check_target(targets->written[i], &scope, &arena, &failure);
		if (checked == STATUS_OK)
			kept[count++] = targets->written[i];
		else if (checked == STATUS_UNSUPPORTED && targets->count > 1)
			session_warn(probing->session, failure.where, "%s; it is passed over", failure.why);
		else
			status = checked;
	}
	probing->passed_over = targets->count - count;
	if (status == STATUS_OK && count == 0)
		status = STATUS_UNSUPPORTED;
	if (status != STATUS_OK && failure.why[0] != '\0')
		*reterr = failure;
	*targets = (struct target_list){kept, count};
	arena_free(&arena);
	return status;
}

/* ---- one target ---- */

static struct cell answer_cell(enum answer answer)
{
	if (answer == ANSWER_NOT_ESTABLISHED)
		return CELL_EMPTY;
	return cell_toned(cell_boolean(answer == ANSWER_YES), answer == ANSWER_YES ? TONE_BAD : TONE_PLAIN);
}

static enum tone tone_of(const struct verdict *verdict)
{
	if (verdict_is_open(verdict))
		return TONE_BAD;
	switch (verdict->kind) {
	case VERDICT_PRIVATE_OR_ABSENT:
	case VERDICT_ABSENT:
	case VERDICT_ACCOUNT_OFF: return TONE_GOOD;
	default: return TONE_DOUBT;
	}
}

static enum status put_row(struct output *output, const struct probed *probed)
{
	const struct verdict *verdict = probed->verdict;
	const struct container *container = &probed->target->container;
	struct buffer advice = buffer_with_ceiling(64 * 1024);
	probed_append_advice(&advice, probed);
	const struct cell cells[sizeof columns / sizeof *columns] = {
		cell_string(probed->written),
		cell_string(probed->url),
		cell_string(provider_name(container->provider)),
		cell_text(container->account),
		cell_text(container->name),
		cell_toned(cell_string(verdict_name(verdict->kind)), tone_of(verdict)),
		answer_cell(verdict->anonymous.list),
		answer_cell(verdict->anonymous.read),
		answer_cell(verdict->anonymous.versions),
		answer_cell(verdict->anonymous.snapshots),
		answer_cell(verdict->anonymous.deleted),
		answer_cell(verdict->anonymous.acl),
		answer_cell(verdict->anonymous.write),
		answer_cell(verdict->static_site),
		answer_cell(verdict->secondary),
		answer_cell(verdict->inventories),
		probed->known != NULL ? cell_unsigned(probed->known->signature_count) : CELL_EMPTY,
		cell_text(verdict->tenant),
		cell_time(verdict->observed_at),
		cell_text(verdict->vantage),
		cell_text(buffer_bytes(&advice)),
	};
	probed_write(probed, output_begin_item(output));
	enum status status = output_end_item(output, cells);
	buffer_free(&advice);
	return status;
}

static enum status put_text(struct probing *probing)
{
	output_raw(probing->session->output, buffer_bytes(&probing->text));
	enum status status = buffer_status(&probing->text);
	buffer_reset(&probing->text);
	return status;
}

static enum status show_probed(struct probing *probing, const struct probed *probed)
{
	if (probing->report == REPORT_LIST)
		return put_row(probing->session->output, probed);
	if (probing->report == REPORT_SARIF)
		sarif_write(probed, &probing->json);
	else
		ocsf_write(probed, &probing->json);
	return put_text(probing);
}

static void keep_advice(struct probing *probing, const struct probed *probed)
{
	if (probing->advice_count == ADVICE_SHOWN) {
		probing->advice_left_out++;
		return;
	}
	struct buffer line = buffer_with_ceiling(64 * 1024);
	buffer_append_format(&line, "%s: ", probed->written);
	probed_append_advice(&line, probed);
	const char *copy = arena_copy_string(probing->session->arena, buffer_bytes(&line));
	if (copy != NULL)
		probing->advice[probing->advice_count++] = copy;
	buffer_free(&line);
}

static void tell_evidence(struct session *session, const struct verdict *verdict)
{
	for (size_t i = 0; i < verdict->evidence_count; i++) {
		const struct evidence *evidence = &verdict->evidence[i];
		session_detail(session, "%s %.*s: %u %.*s", evidence->method, (int)evidence->url.len,
		               (const char *)evidence->url.at, evidence->status, (int)evidence->code.len,
		               (const char *)evidence->code.at);
	}
}

static void show_progress(struct probing *probing)
{
	progress_show(probing->session->progress,
	              &(struct progress_figures){
			      .unit = "targets",
			      .done = probing->count,
			      .failed = probing->unjudged,
			      .total = probing->asked,
			      .is_total_final = true,
			      .current = probing->current,
		      },
	              clock_monotonic());
}

static bool look_up(void *context)
{
	show_progress(context);
	return interrupt_is_asked();
}

static struct fetch_probe names_of(const struct probing *probing)
{
	struct fetch_probe names = {.count = 0};
	const struct known *known = probing->knowns != NULL ? &probing->knowns[probing->count] : NULL;
	for (size_t i = 0; known != NULL && i < known->name_count && names.count < FETCH_PROBE_NAMES_MAX; i++)
		if (known->names[i].len <= FETCH_NAME_MAX)
			names.names[names.count++] = known->names[i];
	return names;
}

static enum status ask_in_time(struct probing *probing, const char *written, struct verdict *verdict, struct failure *reterr)
{
	const struct settings *settings = probing->session->settings;
	int64_t held = clock_monotonic() - probing->answered_at;
	const struct fetch_wait wait = {look_up, probing};
	struct prober_plan plan = {
		.written = written,
		.scope_yaml = buffer_bytes(&probing->scope_yaml),
		.wait = &wait,
		.known = names_of(probing),
		.setup =
			{
				.rate = settings_rate(settings, "rate"),
				.operator_name = bytes_of_string(settings_text(settings, "operator")),
				.patience = (uint32_t)settings_number(settings, "patience") * 1000,
				.held = (uint32_t)held,
			},
	};
	if (patience_for_target(plan.setup.patience, held) == 0)
		return fail(reterr, STATUS_UNREACHABLE, written, "not asked: for %lld s no target answered",
		            (long long)(held / 1000));
	enum status status = prober_probe(&plan, &probing->arena, verdict, reterr);
	/* A program that was lost says nothing of servers. */
	bool is_lost = status == STATUS_CRASHED || status == STATUS_TIMED_OUT;
	if (is_lost || (status == STATUS_OK && verdict->kind != VERDICT_UNREACHABLE && verdict->kind != VERDICT_THROTTLED))
		probing->answered_at = clock_monotonic();
	return status;
}

/* What goes wrong with one target is told in its row; what goes wrong with us ends the run. */
static enum status ask(struct probing *probing, const char *written, struct verdict *verdict, struct failure *reterr)
{
	struct failure failure = {.why = ""};
	enum status status = ask_in_time(probing, written, verdict, &failure);
	if (status == STATUS_OK || status_is_ours(status) || status == STATUS_ABSENT) {
		if (status != STATUS_OK && reterr != NULL)
			*reterr = failure;
		return status;
	}
	session_warn(probing->session, written, "could not be probed: %s", failure.why);
	*verdict = (struct verdict){
		.kind = status_is_passing(status) ? VERDICT_UNREACHABLE : VERDICT_UNKNOWN,
		.observed_at = clock_now(),
		.advice = arena_copy(&probing->arena, bytes_of_string(failure.why)),
	};
	return STATUS_OK;
}

static enum status probe_one(struct probing *probing, const char *written, struct failure *reterr)
{
	struct target *target = &probing->targets[probing->count];
	struct verdict *verdict = &probing->verdicts[probing->count];
	enum status status = target_parse(bytes_of_string(written), &probing->arena, target, reterr);
	if (status == STATUS_OK && probing->knowns != NULL)
		status = known_find(probing->session->incident, target, clock_now(), &probing->arena,
		                    &probing->knowns[probing->count], reterr);
	if (status == STATUS_OK)
		status = ask(probing, written, verdict, reterr);
	if (status != STATUS_OK)
		return status;
	tell_evidence(probing->session, verdict);
	probing->unjudged += !verdict_is_judged(verdict);
	probing->accounts[probing->count++] = target->container.account;
	return STATUS_OK;
}

static enum status show_one(struct probing *probing, const char *written, size_t index, struct failure *reterr)
{
	const struct target *target = &probing->targets[index];
	struct bytes url;
	if (target_url(target, &probing->arena, &url) != STATUS_OK)
		return fail(reterr, STATUS_NO_MEMORY, written, "no memory for its URL");
	const struct probed probed = {written, target, arena_copy_string(&probing->arena, url), &probing->verdicts[index],
	                              probing->knowns != NULL ? &probing->knowns[index] : NULL};
	if (probed.url == NULL)
		return fail(reterr, STATUS_NO_MEMORY, written, "no memory for its URL");
	bool is_open = verdict_is_open(probed.verdict);
	probing->open += is_open;
	bool has_signatures = probed.known != NULL && probed.known->signature_count > 0;
	if (is_open || has_signatures || !verdict_is_judged(probed.verdict))
		keep_advice(probing, &probed);
	return show_probed(probing, &probed);
}

/* What was asked of it, and of which containers, stands in the journal before it is answered. */
static enum status open_evidence(struct probing *probing, size_t count, struct failure *reterr)
{
	struct session *session = probing->session;
	enum status status = session_open_catalog(session, CATALOG_APPEND, reterr);
	if (status == STATUS_OK)
		status = session_open_incident(session, INCIDENT_READ, reterr);
	if (status == STATUS_OK)
		status = session_journal(session, "probe", BYTES_LITERAL("{\"evidence\":true}"), reterr);
	probing->knowns = status == STATUS_OK ? calloc(count, sizeof *probing->knowns) : NULL;
	return status == STATUS_OK && probing->knowns == NULL ? STATUS_NO_MEMORY : status;
}

/* What one target answers can change what its neighbours' refusals mean: so all are asked before any is shown. */
static enum status probe_all(struct probing *probing, const struct target_list *targets, struct failure *reterr)
{
	probing->targets = calloc(targets->count, sizeof *probing->targets);
	probing->verdicts = calloc(targets->count, sizeof *probing->verdicts);
	probing->accounts = calloc(targets->count, sizeof *probing->accounts);
	enum status status = probing->targets && probing->verdicts && probing->accounts ? STATUS_OK : STATUS_NO_MEMORY;
	if (status == STATUS_OK && settings_flag(probing->session->settings, "evidence"))
		status = open_evidence(probing, targets->count, reterr);
	probing->answered_at = clock_monotonic();
	probing->asked = targets->count;
	for (size_t i = 0; status == STATUS_OK && i < targets->count && !interrupt_is_asked(); i++) {
		probing->current = bytes_of_string(targets->written[i]);
		show_progress(probing);
		status = probe_one(probing, targets->written[i], reterr);
	}
	progress_clear(probing->session->progress);
	/* What was asked until then is shown. */
	if (status == STATUS_INTERRUPTED)
		status = STATUS_OK;
	if (status != STATUS_OK)
		return status;
	verdict_reconsider(probing->verdicts, probing->accounts, probing->count);
	probing->unjudged = 0;
	for (size_t i = 0; i < probing->count; i++)
		probing->unjudged += !verdict_is_judged(&probing->verdicts[i]);
	for (size_t i = 0; status == STATUS_OK && i < probing->count; i++)
		status = show_one(probing, targets->written[i], i, reterr);
	return status;
}

/* ---- all of them ---- */

static enum status begin(struct probing *probing)
{
	struct session *session = probing->session;
	probing->json = json_writer_into(&probing->text);
	if (settings_is(session->settings, "format", "sarif")) {
		probing->report = REPORT_SARIF;
		sarif_begin(&probing->json);
		return put_text(probing);
	}
	if (settings_is(session->settings, "format", "ocsf")) {
		probing->report = REPORT_OCSF;
		json_begin_array(&probing->json);
		return put_text(probing);
	}
	output_begin_list(session->output, &list);
	return STATUS_OK;
}

static enum status end(struct probing *probing)
{
	struct output *output = probing->session->output;
	if (probing->report == REPORT_LIST) {
		output_end_list(output);
		if (output_get_format(output) == OUTPUT_TABLE)
			for (size_t i = 0; i < probing->advice_count; i++)
				output_note(output, "%s", probing->advice[i]);
		if (output_get_format(output) == OUTPUT_TABLE && probing->advice_left_out > 0)
			output_note(output, "and %zu more; --format csv has the advice of each", probing->advice_left_out);
		return STATUS_OK;
	}
	if (probing->report == REPORT_SARIF)
		sarif_end(&probing->json);
	else
		json_end_array(&probing->json);
	buffer_append_byte(&probing->text, '\n');
	return put_text(probing);
}

static enum exit_code exit_code_of(const struct probing *probing)
{
	if (interrupt_is_asked())
		return EXIT_INTERRUPTED;
	if (probing->open > 0)
		return EXIT_OPEN;
	size_t unjudged = probing->unjudged + probing->passed_over;
	if (unjudged == 0)
		return EXIT_DONE;
	return unjudged == probing->count + probing->passed_over ? EXIT_FAILED : EXIT_IN_PART;
}

static enum status probe(struct session *session, struct failure *reterr)
{
	struct target_list targets;
	struct probing probing = {
		.session = session,
		.scope_yaml = buffer_with_ceiling(SCOPE_BYTES),
		.text = buffer_with_ceiling(16 << 20),
		.arena = arena_with_ceiling(ARENA_BYTES),
	};
	enum status status = targets_expand(session->settings, session->arena, &targets, reterr);
	if (status == STATUS_OK)
		status = check_targets(&probing, &targets, reterr);
	if (status == STATUS_OK)
		status = begin(&probing);
	if (status == STATUS_OK)
		status = probe_all(&probing, &targets, reterr);
	if (status == STATUS_OK || status == STATUS_END)
		status = end(&probing);
	session->exit_code = exit_code_of(&probing);
	free(probing.targets);
	free(probing.verdicts);
	free(probing.accounts);
	free(probing.knowns);
	buffer_free(&probing.scope_yaml);
	buffer_free(&probing.text);
	arena_free(&probing.arena);
	return status;
}
