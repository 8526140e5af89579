/* SPDX-License-Identifier: Apache-2.0 */
/* tidemark search: names, contents and facts, pageable without a cap. */
#include "cli/command.h"

#include "answer/coverage.h"
#include "answer/question.h"
#include "answer/search.h"
#include "answer/snippet.h"
#include "base/clock.h"
#include "base/digest.h"
#include "cli/interrupt.h"
#include "cli/progress.h"
#include "cli/session.h"
#include "scope/target.h"

static enum status execute(struct session *session, struct failure *reterr);

/* clang-format off */
static const struct option options[] = {
	{.name = "in", .kind = OPTION_CHOICE, .choices = "names|contents|all", .standard = "all",
	 .help = "where words are looked for"},
	{.name = "sort", .kind = OPTION_CHOICE, .choices = "relevance|dated|modified|size|name", .standard = "relevance",
	 .help = "order of hits"},
	{.name = "reverse", .kind = OPTION_FLAG, .help = "the other way round"},
	{.name = "limit", .kind = OPTION_UNSIGNED, .value = "N", .low = 1, .standard = "50", .unit = "hits",
	 .help = "at most so many; there is no upper bound"},
	{.name = "cursor", .kind = OPTION_TEXT, .value = "C", .is_not_configured = true,
	 .help = "go on where an earlier answer's next points"},
	{.name = NULL},
};
/* clang-format on */

static const struct command_example examples[] = {
	{"search invoice contoso", "documents with both words"},
	{"search '\"statement of work\" NOT draft type:pdf size:>1M'", "a phrase, without a word, of a type and size"},
	{"search 'email:*@contoso.com outcome:unread'", "what holds an address there and was not wholly read"},
	{"search ''", "everything, refused objects included"},
	{.line = NULL},
};

/* clang-format off */
const struct command command_search = {
	.name = "search", .group = COMMAND_ANSWERS, .summary = "find documents by words, names and facts",
	.description = "Words must all occur, inflected or not; \"phrases\", word*, AND, OR, NOT, -not and parentheses as usual. Fields: name: path: ext: "
	               "container: provider: type: class: size: modified: exposed: sha256: entity:KIND=VALUE email: domain: organisation: "
	               "person: signed: is: outcome: re:/REGEX/. Sizes and times take ranges: size:>1M, size:1k..2M, modified:2019-03..2021, "
	               "modified:<90d. Commas part values of which either will do: ext:pdf,docx. A backslash makes a colon, a quotation "
	               "mark or a star part of the text.",
	.operands = "QUERY", .operands_min = 1, .operands_max = COMMAND_ANY_NUMBER,
	.options = options, .examples = examples, .see_also = "show, lookup, entities", .catalog = COMMAND_READS_CATALOG,
	.opens_incident = true, .journal = "search", .takes_dash_words = true, .catches_interrupt = true, .execute = execute,
};
/* clang-format on */

struct searching {
	struct session *session;
	struct snippet_words words;
	struct paging paging;
	struct buffer snippet;
	bool has_hits;
	struct failure *reterr;
};

/* clang-format off */
static const struct column columns[] = {
	{.name = "id"},
	{.name = "path", .may_shrink = true, .least = 36, .keeps_end = true, .is_below = true, .is_marked = true},
	{.name = "size", .align = COLUMN_RIGHT},
	{.name = "modified", .rank = 5},
	{.name = "media_type", .title = "TYPE", .rank = 3, .may_shrink = true, .least = 15, .keeps_end = true},
	{.name = "dated", .rank = 2},
	{.name = "outcome", .rank = 1},
	{.name = "note", .rank = 4, .may_shrink = true},
	{.name = "sha256", .rank = COLUMN_CSV_ONLY},
	{.name = "container", .rank = COLUMN_CSV_ONLY},
	{.name = "snippet", .rank = 1, .may_shrink = true, .least = 36, .is_below = true, .is_marked = true},
};
/* clang-format on */

static size_t find_words(const void *words, struct bytes shown, struct mark marks[MARKS_MAX])
{
	struct snippet_mark found[MARKS_MAX];
	size_t count = snippet_mark(shown, words, found, MARKS_MAX);
	for (size_t i = 0; i < count; i++)
		marks[i] = (struct mark){found[i].from, found[i].to};
	return count;
}

static struct cell outcome_cell(const struct document_view *view, struct buffer *text)
{
	buffer_append_format(text, "%s%s", outcome_name(view->outcome), view->is_gone ? ", gone" : "");
	return cell_toned(cell_text(buffer_bytes(text)), view->outcome == OUTCOME_READ ? TONE_DIM : TONE_DOUBT);
}

static enum status show_hit(void *context, const struct document_view *view)
{
	struct searching *searching = context;
	struct output *output = searching->session->output;
	char id[ID_TEXT_SIZE];
	struct buffer sha256 = buffer_with_ceiling(128), state = buffer_with_ceiling(128), target = buffer_with_ceiling(1 << 20);
	if (!paging_takes_another(&searching->paging))
		return STATUS_END;
	searching->has_hits = true;
	buffer_reset(&searching->snippet);
	enum status status = snippet_append(searching->session->incident, view, &searching->words, &searching->snippet,
	                                    searching->reterr);
	if (status != STATUS_OK)
		return status;
	struct json_writer *json = output_begin_item(output);
	if (output_wants_json(output))
		status = search_write_hit(searching->session->incident, view, buffer_bytes(&searching->snippet), json,
		                          searching->reterr);
	if (status != STATUS_OK)
		return status;
	if (view->has_sha256)
		digest_append_hex(&sha256, bytes_of(view->sha256, sizeof view->sha256));
	if (output_get_format(output) == OUTPUT_CSV)
		target_append_container(&view->container, &target);
	const struct cell cells[] = {
		cell_toned(cell_string(id_format(view->id, id)), TONE_DIM),
		cell_toned(cell_text(document_view_path(view)), TONE_STRONG),
		cell_size(view->size),
		cell_time(view->modified),
		cell_text(view->media_type),
		cell_time(view->dated),
		outcome_cell(view, &state),
		cell_text(view->note),
		cell_text(buffer_bytes(&sha256)),
		cell_text(buffer_bytes(&target)),
		cell_text(buffer_bytes(&searching->snippet)),
	};
	status = output_end_item(output, cells);
	buffer_free(&target);
	buffer_free(&sha256);
	buffer_free(&state);
	return status;
}

/* Hits show by themselves that it goes on. */
static bool pulse(void *context)
{
	struct searching *searching = context;
	if (!searching->has_hits)
		progress_show_waiting(searching->session->progress, "searching", clock_monotonic());
	return !interrupt_is_asked();
}

static enum query_sort read_sort(const struct settings *settings)
{
	if (settings_is(settings, "sort", "modified"))
		return QUERY_SORT_MODIFIED;
	if (settings_is(settings, "sort", "dated"))
		return QUERY_SORT_DATED;
	if (settings_is(settings, "sort", "size"))
		return QUERY_SORT_SIZE;
	return settings_is(settings, "sort", "name") ? QUERY_SORT_NAME : QUERY_SORT_RELEVANCE;
}

static enum query_in read_in(const struct settings *settings)
{
	if (settings_is(settings, "in", "names"))
		return QUERY_IN_NAMES;
	return settings_is(settings, "in", "contents") ? QUERY_IN_CONTENTS : QUERY_IN_ALL;
}

/* kinds: of findings that were asked about. */
static void show_coverage(struct searching *searching, const struct coverage *coverage, uint64_t kinds, bool has_hits)
{
	struct output *output = searching->session->output;
	struct buffer note = buffer_with_ceiling(1024);
	coverage_write(coverage, kinds, output_members(output));
	if (!coverage_has_all(coverage, kinds) && has_hits)
		output_note(output, "%s", coverage_nobody_looked);
	coverage_append_note(coverage, kinds, &note);
	if (note.len > 0)
		output_note(output, "%s", buffer_string(&note));
	buffer_free(&note);
}

static void show_totals(struct searching *searching, const struct search_totals *totals)
{
	struct output *output = searching->session->output;
	search_write_totals(totals, &searching->paging, output_members(output));
	output_note(output, "%s%llu %s; %llu could not be searched", totals->is_exact ? "" : "at least ",
	            (unsigned long long)totals->total, totals->total == 1 ? "document matches" : "documents match",
	            (unsigned long long)totals->unsearchable);
	if (searching->paging.has_more)
		output_note(output, "more: --cursor %s", buffer_string(&searching->paging.next));
}

static enum status execute(struct session *session, struct failure *reterr)
{
	const struct settings *settings = session->settings;
	struct query query = {
		.in = read_in(settings), .sort = read_sort(settings), .is_reversed = settings_flag(settings, "reverse")};
	struct searching searching = {
		.session = session,
		.paging = paging_with_limit(settings_number(settings, "limit")),
		.reterr = reterr,
		.snippet = buffer_with_ceiling(1 << 16),
	};
	struct search_totals totals;
	query.cursor = bytes_of_string(settings_text(settings, "cursor"));
	enum status status = question_parse(bytes_of_string(settings_operands_joined(settings)), session->arena, &query.root,
	                                    reterr);
	if (status == STATUS_OK)
		status = snippet_words_of(query.root, session->arena, &searching.words);
	if (status != STATUS_OK)
		return status;
	static const struct output_list list = {
		.member = "hits",
		.columns = columns,
		.column_count = sizeof columns / sizeof *columns,
		.nothing = "No document matches.",
	};
	struct coverage coverage = {.documents = 0};
	uint64_t kinds = question_kinds(query.root);
	if (kinds != 0)
		status = incident_coverage(session->incident, &coverage, reterr);
	if (status != STATUS_OK)
		return status;
	const struct marker marker = {find_words, &searching.words};
	struct output_list shown = list;
	shown.marker = &marker;
	if (!coverage_has_all(&coverage, kinds))
		shown.nothing = coverage_nobody_looked;
	output_begin_list(session->output, &shown);
	incident_set_pulse(session->incident, pulse, &searching);
	(void)pulse(&searching);
	status = incident_search(session->incident, &query, &totals, show_hit, &searching, &searching.paging.cursor, reterr);
	incident_set_pulse(session->incident, NULL, NULL);
	progress_clear(session->progress);
	output_end_list(session->output);
	if (status == STATUS_OK) {
		show_coverage(&searching, &coverage, kinds, totals.total > 0);
		show_totals(&searching, &totals);
	}
	paging_free(&searching.paging);
	buffer_free(&searching.snippet);
	snippet_words_free(&searching.words);
	return status;
}
