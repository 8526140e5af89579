/* SPDX-License-Identifier: Apache-2.0 */
/* tidemark notify plan, and preview: whom to tell, and what they would read. */
#include "cli/notify-commands.h"

#include "act/notify.h"
#include "answer/subject.h"
#include "catalog/notices.h"
#include "catalog/register.h"
#include "cli/input-file.h"
#include "cli/interrupt.h"
#include "cli/notify-network.h"
#include "cli/output-file.h"
#include "cli/progress.h"
#include "cli/session.h"

enum { ONLY_MAX = 10000 };

static enum status execute_plan(struct session *session, struct failure *reterr);
static enum status execute_preview(struct session *session, struct failure *reterr);

/* clang-format off */
static const struct option plan_options[] = {
	{.name = "to", .kind = OPTION_TEXT, .value = "all|DOMAIN,...", .standard = "all", .is_not_configured = true,
	 .help = "these organisations alone, parted by commas"},
	{.name = "look-up", .kind = OPTION_FLAG,
	 .help = "ask each organisation's web site for its security.txt (RFC 9116)"},
	{.name = "contacts", .kind = OPTION_PATH, .value = "FILE",
	 .help = "whom to tell besides: national CSIRTs; CSV with the columns country, contact, name, sector, language, or YAML"},
	{.name = "output", .letter = 'o', .kind = OPTION_PATH, .value = "PLAN", .is_not_configured = true,
	 .help = "the plan's file; must be given"},
	{.name = "name", .kind = OPTION_TEXT, .value = "TEXT",
	 .help = "who tells it, in words that recipients can look up; without it, the register's own organisation"},
	{.name = "postal", .kind = OPTION_TEXT, .value = "TEXT", .help = "the sender's postal address, in one line"},
	{.name = "phone", .kind = OPTION_TEXT, .value = "TEXT", .help = "the sender's telephone"},
	{.name = "portal", .kind = OPTION_TEXT, .value = "URL", .help = "where subjects prove who they are and read their part"},
	{.name = "case", .kind = OPTION_TEXT, .value = "TEXT", .is_not_configured = true,
	 .help = "the case number that notices carry; without it, one that is made of the incident"},
	NOTIFY_NETWORK_OPTIONS,
	{.name = NULL},
};

const struct command command_notify_plan = {
	.name = "plan", .summary = "plan whom to tell, in which order",
	.description = "Recipients of an organisation are the register's contact, what its security.txt says (with --look-up), "
	               "security@, abuse@, postmaster@ and hostmaster@ its domain, and the CSIRT that --contacts names for its country "
	               "or sector, each once. One is turned to when those before it refused or bounced. Government and critical "
	               "infrastructure stand first (by the register's sector and the domain's suffix), and their CSIRT is told beside "
	               "them.\n\n"
	               "German is written to DE, AT and LI, German and English to CH and LU, English to other countries; where no country "
	               "is known the domain's suffix tells it, else English and German. A plan is good for seven days, in this catalog, as "
	               "it was written.",
	.options = plan_options, .catalog = COMMAND_WRITES_CATALOG, .opens_incident = true, .journal = "notify plan",
	.catches_interrupt = true, .execute = execute_plan,
};

const struct command command_notify_preview = {
	.name = "preview", .summary = "show what a plan's recipients would read",
	.description = "Without DOMAIN, what the first recipient of each organisation would read. As JSON the page (HTML) is there, too.",
	.operands = "PLAN [DOMAIN]", .operands_min = 1, .operands_max = 2, .catalog = COMMAND_READS_CATALOG, .opens_incident = true,
	.journal = "notify preview", .execute = execute_preview,
};
/* clang-format on */

/* ---- plan: what was asked for ---- */

struct plan_asking {
	struct session *session;
	struct notify_planning planning;
	struct contacts contacts;
	struct notify_network network;
	struct buffer contacts_file;
	char case_number[NOTICE_CASE_SIZE];
};

static enum status read_only(struct plan_asking *asking, struct failure *reterr)
{
	struct session *session = asking->session;
	struct bytes list = bytes_of_string(settings_text(session->settings, "to"));
	struct bytes *only = arena_allocate(session->arena, ONLY_MAX * sizeof *only);
	if (only == NULL)
		return STATUS_NO_MEMORY;
	if (bytes_equal(list, BYTES_LITERAL("all")))
		return STATUS_OK;
	while (list.len > 0) {
		size_t comma = bytes_find_byte(list, ',');
		struct bytes one = bytes_trim(bytes_slice(list, 0, comma));
		struct subject subject;
		list = comma == BYTES_NOT_FOUND ? BYTES_NONE : bytes_from(list, comma + 1);
		if (one.len == 0)
			continue;
		enum status status = subject_read(one, session->arena, &subject, reterr);
		if (status != STATUS_OK)
			return status;
		if (subject.kind != SUBJECT_ORGANISATION)
			return fail(reterr, STATUS_USAGE, "--to", "an organisation is named by its domain, not by an address");
		if (asking->planning.only_count == ONLY_MAX)
			return fail(reterr, STATUS_USAGE, "--to", "names more than %d organisations", ONLY_MAX);
		only[asking->planning.only_count++] = subject.name;
	}
	asking->planning.only = only;
	return asking->planning.only_count > 0 ? STATUS_OK : fail(reterr, STATUS_USAGE, "--to", "names nobody");
}

static enum status read_contacts(struct plan_asking *asking, struct failure *reterr)
{
	const char *path = settings_text(asking->session->settings, "contacts");
	if (path == NULL)
		return STATUS_OK;
	enum status status = input_file_read(path, CONTACTS_FILE_MAX, &asking->contacts_file, reterr);
	if (status == STATUS_OK)
		status = contacts_read(buffer_bytes(&asking->contacts_file), path, asking->session->arena, &asking->contacts,
		                       reterr);
	asking->planning.contacts = &asking->contacts;
	return status;
}

static enum status take_own(void *context, const struct register_row *row)
{
	struct plan_asking *asking = context;
	struct bytes name = row->name.len > 0 ? row->name : row->domains[0];
	asking->planning.sender.who = arena_copy(asking->session->arena, name);
	return STATUS_END;
}

static enum status find_sender(struct plan_asking *asking, struct failure *reterr)
{
	struct session *session = asking->session;
	struct notice_sender *sender = &asking->planning.sender;
	struct buffer cursor = buffer_with_ceiling(1 << 16);
	enum status status = STATUS_OK;
	sender->who = bytes_trim(bytes_of_string(settings_text(session->settings, "name")));
	sender->postal = bytes_trim(bytes_of_string(settings_text(session->settings, "postal")));
	sender->phone = bytes_trim(bytes_of_string(settings_text(session->settings, "phone")));
	sender->portal = bytes_trim(bytes_of_string(settings_text(session->settings, "portal")));
	sender->case_number = bytes_trim(bytes_of_string(settings_text(session->settings, "case")));
	if (sender->portal.len > 0 && bytes_start_with_nocase(sender->portal, BYTES_LITERAL("https://")) == 0 &&
	    bytes_start_with_nocase(sender->portal, BYTES_LITERAL("http://")) == 0)
		return fail(reterr, STATUS_USAGE, "--portal", "is where the portal answers, as https://leak.example.com");
	if (sender->case_number.len == 0) {
		incident_case_number(session->incident, asking->case_number);
		sender->case_number = bytes_of_string(asking->case_number);
	}
	if (sender->who.len == 0)
		status = incident_register(session->incident, RELATIONSHIP_OWN, BYTES_NONE, take_own, asking, &cursor, reterr);
	buffer_free(&cursor);
	if (status == STATUS_OK && sender->who.len == 0) {
		session_warn(session, "--name",
		             "notices will not say who tells it; name who you are, or import a register with a row "
		             "whose relationship is own");
		sender->who = BYTES_LITERAL("The sender of this notice");
	}
	return status;
}

/* ---- plan: making it ---- */

static bool goes_on(void *context, uint64_t done, uint64_t all)
{
	const struct plan_asking *asking = context;
	const struct progress_figures figures = {.unit = "organisations", .done = done, .total = all, .is_total_final = true};
	progress_show(asking->session->progress, &figures, clock_monotonic());
	return !interrupt_is_asked();
}

static enum status look_up(void *context, struct bytes domain, struct buffer *into, struct failure *reterr)
{
	struct plan_asking *asking = context;
	return notify_network_security_txt(&asking->network, domain, into, reterr);
}

static void show_planned(struct session *session, const struct notify_planned *planned, const char *path)
{
	struct json_writer *json = output_members(session->output);
	char id[ID_TEXT_SIZE];
	json_member_string(json, "plan", id_format(planned->head.id, id));
	json_member_string(json, "file", path);
	json_member_unsigned(json, "organisations", planned->organisations);
	json_member_unsigned(json, "notices", planned->notices);
	json_member_unsigned(json, "government", planned->ranks[SECTOR_GOVERNMENT]);
	json_member_unsigned(json, "critical_infrastructure", planned->ranks[SECTOR_CRITICAL]);
	json_member_unsigned(json, "left", planned->left);
	json_member_unsigned(json, "without_domain", planned->without_domain);
	json_member_time(json, "expires_at", planned->head.expires_at);
	output_begin_page(session->output, BYTES_NONE);
	output_field(session->output, "plan", "Plan", cell_string(id));
	output_field(session->output, "organisations", "Organisations to tell", cell_unsigned(planned->organisations));
	output_field(session->output, "government", "of which government", cell_unsigned(planned->ranks[SECTOR_GOVERNMENT]));
	output_field(session->output, "critical_infrastructure", "of which critical infrastructure",
	             cell_unsigned(planned->ranks[SECTOR_CRITICAL]));
	output_field(session->output, "notices", "Recipients in all", cell_unsigned(planned->notices));
	output_field(session->output, "expires_at", "Good until", cell_time(planned->head.expires_at));
	if (planned->left > 0)
		output_note(session->output, "%llu of those asked for have nothing to be told: the plan says which",
		            (unsigned long long)planned->left);
	if (planned->without_domain > 0)
		output_note(session->output,
		            "%llu owners are known by name alone: a register row with their domain lets them be told",
		            (unsigned long long)planned->without_domain);
	output_note(session->output, "next: tidemark notify preview %s", path);
}

static enum status make_plan(struct plan_asking *asking, const char *path, struct failure *reterr)
{
	struct output_file file;
	struct notify_planned planned;
	const struct plan_sink sink = {output_file_write, &file};
	enum status status = output_file_begin(&file, path, reterr);
	if (status != STATUS_OK)
		return status;
	status = notify_plan(&asking->planning, &sink, &planned, reterr);
	status = output_file_end(&file, status, reterr);
	progress_clear(asking->session->progress);
	if (status == STATUS_OK)
		show_planned(asking->session, &planned, path);
	return status;
}

static enum status execute_plan(struct session *session, struct failure *reterr)
{
	struct plan_asking asking = {
		.session = session,
		.contacts_file = buffer_with_ceiling(CONTACTS_FILE_MAX),
		.planning = {.catalog = session->catalog,
	                     .incident = session->incident,
	                     .incident_name = bytes_of_string(session->incident_name),
	                     .goes_on = goes_on},
	};
	const char *path = settings_text(session->settings, "output");
	asking.planning.context = &asking;
	if (path == NULL)
		return fail(reterr, STATUS_USAGE, "--output", "name the plan's file: -o PLAN");
	enum status status = read_only(&asking, reterr);
	if (status == STATUS_OK)
		status = read_contacts(&asking, reterr);
	if (status == STATUS_OK)
		status = find_sender(&asking, reterr);
	if (status == STATUS_OK && settings_flag(session->settings, "look-up")) {
		status = notify_network_read(session, &asking.network, reterr);
		asking.planning.look_up = look_up;
	}
	if (status == STATUS_OK)
		status = make_plan(&asking, path, reterr);
	notify_network_free(&asking.network);
	buffer_free(&asking.contacts_file);
	return status;
}

/* ---- preview ---- */

static const struct column preview_columns[] = {
	{.name = "organisation"}, {.name = "recipient"}, {.name = "language"}, {.name = "subject"}, {.name = "text"},
};
static const struct output_list preview_list = {
	.member = "notices",
	.columns = preview_columns,
	.column_count = sizeof preview_columns / sizeof *preview_columns,
};

struct previewing {
	struct session *session;
	struct bytes only;  /* a domain; empty: all */
	struct buffer last; /* the organisation shown last */
	uint64_t shown;
};

static void show_for_eyes(struct previewing *previewing, const struct notify_step *step, const struct notice_text *text)
{
	struct buffer head = buffer_with_ceiling(1 << 16);
	if (previewing->shown > 0)
		buffer_append_string(&head, "\n========\n\n");
	buffer_append_string(&head, "To: ");
	buffer_append(&head, step->name.recipient);
	buffer_append_string(&head, "\nSubject: ");
	buffer_append(&head, buffer_bytes(&text->subject));
	buffer_append_string(&head, "\n\n");
	output_raw(previewing->session->output, buffer_bytes(&head));
	output_raw(previewing->session->output, buffer_bytes(&text->plain));
	buffer_free(&head);
}

static enum status show_for_programs(struct previewing *previewing, const struct notify_step *step,
                                     const struct notice_text *text)
{
	struct session *session = previewing->session;
	struct json_writer *json = output_begin_item(session->output);
	struct buffer languages = buffer_with_ceiling(16);
	char code[NOTICE_CODE_SIZE];
	notice_languages_append(&step->languages, &languages);
	incident_notice_code(session->incident, &step->name, code);
	json_member_text(json, "organisation", step->name.organisation);
	json_member_text(json, "recipient", step->name.recipient);
	json_member_string(json, "found_by", notice_finding_name(step->found_by));
	json_member_text(json, "language", buffer_bytes(&languages));
	json_member_string(json, "code", code);
	json_member_text(json, "subject", buffer_bytes(&text->subject));
	json_member_text(json, "text", buffer_bytes(&text->plain));
	json_member_text(json, "html", buffer_bytes(&text->page));
	const struct cell cells[] = {
		cell_text(step->name.organisation),    cell_text(step->name.recipient),
		cell_text(buffer_bytes(&languages)),   cell_text(buffer_bytes(&text->subject)),
		cell_text(buffer_bytes(&text->plain)),
	};
	enum status status = output_end_item(session->output, cells);
	buffer_free(&languages);
	return status;
}

static enum status preview_step(struct previewing *previewing, const struct notify_step *step, const struct notice_sender *sender,
                                struct failure *reterr)
{
	struct session *session = previewing->session;
	struct notice_text text;
	enum status status = notify_compose_step(session->catalog, session->incident, step, sender, &text, reterr);
	if (status != STATUS_OK)
		return status;
	if (output_get_format(session->output) == OUTPUT_TABLE)
		show_for_eyes(previewing, step, &text);
	else
		status = show_for_programs(previewing, step, &text);
	previewing->shown++;
	notice_text_free(&text);
	return status;
}

/* The first recipient of each organisation, and who is told beside it. */
static bool is_wanted(struct previewing *previewing, const struct notify_step *step)
{
	bool is_same = bytes_equal(buffer_bytes(&previewing->last), step->name.organisation);
	if (step->is_left || (previewing->only.len > 0 && !bytes_equal(previewing->only, step->name.organisation)))
		return false;
	buffer_reset(&previewing->last);
	buffer_append(&previewing->last, step->name.organisation);
	return !is_same || step->is_alongside;
}

static enum status preview_plan(struct previewing *previewing, struct plan *plan, struct failure *reterr)
{
	struct notice_sender sender = notify_sender_of(plan);
	struct notify_step step;
	enum status status;
	bool is_list = output_get_format(previewing->session->output) != OUTPUT_TABLE;
	if (is_list)
		output_begin_list(previewing->session->output, &preview_list);
	while ((status = notify_next(plan, &step, reterr)) == STATUS_OK) {
		if (is_wanted(previewing, &step))
			status = preview_step(previewing, &step, &sender, reterr);
		if (status != STATUS_OK)
			break;
	}
	if (is_list)
		output_end_list(previewing->session->output);
	return status == STATUS_END ? STATUS_OK : status;
}

static enum status execute_preview(struct session *session, struct failure *reterr)
{
	struct previewing previewing = {.session = session, .last = buffer_with_ceiling(1 << 10)};
	struct plan *plan = NULL;
	struct subject subject;
	enum status status = STATUS_OK;
	if (settings_operand_count(session->settings) > 1) {
		const char *domain = settings_operand(session->settings, 1);
		status = subject_read(bytes_of_string(domain), session->arena, &subject, reterr);
		previewing.only = subject.name;
	}
	if (status == STATUS_OK)
		status = plan_open(settings_operand(session->settings, 0), PLAN_NOTIFY, session->incident, PLAN_TO_READ,
		                   clock_now(), &plan, reterr);
	if (status == STATUS_OK)
		status = preview_plan(&previewing, plan, reterr);
	if (status == STATUS_OK && previewing.only.len > 0 && previewing.shown == 0)
		status = fail(reterr, STATUS_ABSENT, settings_operand(session->settings, 1), "is not told anything by this plan");
	plan_free(plan);
	buffer_free(&previewing.last);
	return status;
}
