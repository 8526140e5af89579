/* SPDX-License-Identifier: Apache-2.0 */
/* retain certificate: as it was signed, as a table, or as a page to print. */
#include "act/certificate.h"
#include "cli/output-file.h"
#include "cli/retain-commands.h"

static enum status execute(struct session *session, struct failure *reterr);

/* clang-format off */
static const struct option options[] = {
	{.name = "html", .kind = OPTION_PATH, .value = "FILE", .is_not_configured = true, .help = "write a page that prints on A4 to FILE"},
	{.name = NULL},
};
/* clang-format on */

const struct command command_retain_certificate = {
	.name = "certificate",
	.summary = "show what was destroyed, what survives until when, and what that does not prove",
	.description =
		"ID is the certificate's, as apply tells it, or its plan's: then the latest. Its signature is checked first. With "
		"--format json it is told byte for byte as it was signed: hash is SHA-256 over all that stands before its member, and "
		"the signature (Ed25519) is over \"tidemark-certificate-1\", a zero byte and that hash.",
	.operands = "ID",
	.operands_min = 1,
	.operands_max = 1,
	.options = options,
	.catalog = COMMAND_READS_CATALOG,
	.opens_incident = true,
	.journal = "retain certificate",
	.execute = execute,
};

struct showing {
	struct session *session;
	struct arena arena;       /* of one line */
	struct output_file *page; /* NULL: none */
	struct buffer html;
	struct failure *reterr;
};

/* ---- as it was signed ---- */

static enum status pass_raw(void *context, enum certificate_line kind, struct bytes line)
{
	struct showing *showing = context;
	output_raw(showing->session->output, line);
	output_raw(showing->session->output, BYTES_LITERAL("\n"));
	(void)kind;
	return STATUS_OK;
}

/* ---- lines ---- */

/* A head lacks its end, a tail its beginning. */
static const struct json_value *parse_line(struct showing *showing, enum certificate_line kind, struct bytes line)
{
	struct buffer whole = buffer_with_ceiling(1 << 20);
	const struct json_value *value = NULL;
	arena_reset(&showing->arena);
	line.len -= kind == CERTIFICATE_ROW && bytes_end_with(line, BYTES_LITERAL(","));
	if (kind == CERTIFICATE_TAIL)
		buffer_append_string(&whole, "{\"objects\":[");
	buffer_append(&whole, line);
	if (kind == CERTIFICATE_HEAD)
		buffer_append_string(&whole, "]}");
	struct bytes copy = arena_copy(&showing->arena, buffer_bytes(&whole));
	buffer_free(&whole);
	return json_parse(copy, &showing->arena, &value) == STATUS_OK ? value : NULL;
}

static enum status show_row(struct showing *showing, const struct json_value *row)
{
	struct output *output = showing->session->output;
	struct bytes state = json_text_of(row, "state");
	output_begin_item(output);
	const struct cell cells[] = {
		cell_text(json_text_of(row, "target")),
		cell_text(json_text_of(row, "object")),
		cell_text(json_text_of(row, "version")),
		cell_toned(cell_text(state), bytes_equal_string(state, "destroyed") ? TONE_GOOD : TONE_DOUBT),
		cell_text(json_text_of(row, "until")),
		cell_text(json_text_of(row, "reason")),
	};
	return output_end_item(output, cells);
}

static enum status show_line(void *context, enum certificate_line kind, struct bytes line)
{
	static const struct column columns[] = {
		{.name = "target", .rank = 1},
		{.name = "object", .may_shrink = true, .keeps_end = true},
		{.name = "version"},
		{.name = "state"},
		{.name = "until"},
		{.name = "reason", .may_shrink = true},
	};
	static const struct output_list list = {.columns = columns, .column_count = 6, .nothing = "No row."};
	struct showing *showing = context;
	struct output *output = showing->session->output;
	const struct json_value *value = parse_line(showing, kind, line);
	if (value == NULL)
		return STATUS_MALFORMED;
	if (kind == CERTIFICATE_ROW)
		return show_row(showing, value);
	if (kind == CERTIFICATE_TAIL) {
		output_end_list(output);
		for (const struct json_value *limit = json_find(value, "does_not_prove")->first; limit != NULL;
		     limit = limit->next)
			output_note(output, "Does not prove %.*s.", (int)limit->text.len, (const char *)limit->text.at);
		return STATUS_OK;
	}
	output_begin_page(output, BYTES_LITERAL("Certificate of destruction"));
	output_field(output, "certificate", "certificate", cell_text(json_text_of(value, "certificate")));
	output_field(output, "plan", "plan", cell_text(json_text_of(value, "plan")));
	output_field(output, "operator", "operator", cell_text(json_text_of(value, "operator")));
	output_field(output, "ticket", "ticket", cell_text(json_text_of(value, "ticket")));
	output_field(output, "verified_at", "verified at", cell_text(json_text_of(value, "verified_at")));
	output_begin_list(output, &list);
	return STATUS_OK;
}

/* ---- a page ---- */

static void append_text(struct buffer *html, struct bytes text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = text.at[i];
		if (c == '<')
			buffer_append_string(html, "&lt;");
		else if (c == '>')
			buffer_append_string(html, "&gt;");
		else if (c == '&')
			buffer_append_string(html, "&amp;");
		else if (c == '"')
			buffer_append_string(html, "&quot;");
		else
			buffer_append_byte(html, c);
	}
}

static void append_term(struct buffer *html, const char *name, struct bytes text)
{
	buffer_append_format(html, "<dt>%s</dt><dd>", name);
	append_text(html, text.len > 0 ? text : BYTES_LITERAL("\xE2\x80\x94"));
	buffer_append_string(html, "</dd>\n");
}

static void append_names(struct buffer *html, const char *name, const struct json_value *list)
{
	struct buffer names = buffer_with_ceiling(1 << 16);
	for (const struct json_value *each = list != NULL ? list->first : NULL; each != NULL; each = each->next) {
		buffer_append_string(&names, names.len > 0 ? ", " : "");
		buffer_append(&names, each->text);
	}
	append_term(html, name, buffer_bytes(&names));
	buffer_free(&names);
}

static const char page_begins[] =
	"<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Certificate of destruction</title>\n"
	"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
	"<meta name=\"viewport\" content=\"width=device-width\">\n<style>\n"
	"@page { size: A4; margin: 18mm 16mm }\n"
	"body { font: 10.5pt/1.45 system-ui, sans-serif; color: #1a1a1a; max-width: 178mm; margin: 12mm auto; padding: 0 4mm }\n"
	"@media print { body { margin: 0; padding: 0; max-width: none } }\n"
	"h1 { font-size: 20pt; margin: 0 0 6mm } h2 { font-size: 12pt; margin: 8mm 0 2mm }\n"
	"dl { display: grid; grid-template-columns: max-content 1fr; gap: 1mm 6mm; margin: 0 } dt { color: #555 } dd { margin: 0; "
	"overflow-wrap: anywhere }\n"
	"table { border-collapse: collapse; width: 100%; font-size: 9pt } thead { display: table-header-group }\n"
	"th { text-align: left; border-bottom: 1.5pt solid #1a1a1a } th, td { padding: 1mm 3mm 1mm 0; vertical-align: top }\n"
	"th, .destroyed, .survives, .left { white-space: nowrap } td:first-child, td:last-child { overflow-wrap: anywhere }\n"
	"tr { break-inside: avoid } td { border-bottom: .5pt solid #ccc } .destroyed { color: #155d27 } .survives, .left { color: "
	"#8a4b00; font-weight: 600 }\n"
	"code { font-size: 8pt; overflow-wrap: anywhere } li { margin: 1mm 0 }\n</style></head><body><main>\n"
	"<h1>Certificate of destruction</h1>\n<dl>\n";

static void append_head(struct buffer *html, const struct json_value *head)
{
	const struct json_value *scope = json_find(head, "scope");
	buffer_append_string(html, page_begins);
	append_term(html, "Certificate", json_text_of(head, "certificate"));
	append_term(html, "Plan", json_text_of(head, "plan"));
	append_term(html, "Incident", json_text_of(head, "incident"));
	append_term(html, "Planned by", json_text_of(scope, "planned_by"));
	append_names(html, "Approved by", json_find(head, "approved_by"));
	append_term(html, "Carried out by", json_text_of(head, "operator"));
	append_term(html, "Ticket", json_text_of(head, "ticket"));
	append_term(html, "Policy", json_text_of(json_find(scope, "policy"), "file"));
	append_term(html, "Verified at", json_text_of(head, "verified_at"));
	buffer_append_string(html, "</dl>\n<h2>Method</h2>\n<p>");
	append_text(html, json_text_of(head, "method"));
	buffer_append_string(
		html, "</p>\n<h2>Objects</h2>\n<table><thead><tr><th>Object<th>Version<th>State<th>Until<th>Reason</tr></thead>"
		      "<tbody>\n");
}

static void append_cell(struct buffer *html, const char *class, struct bytes text)
{
	buffer_append_format(html, "<td%s>", class);
	append_text(html, text);
}

static void append_row(struct buffer *html, const struct json_value *row)
{
	struct bytes state = json_text_of(row, "state");
	struct buffer place = buffer_with_ceiling(1 << 16);
	buffer_append(&place, json_text_of(row, "target"));
	buffer_append_byte(&place, '/');
	buffer_append(&place, json_text_of(row, "object"));
	buffer_append_string(html, "<tr>");
	append_cell(html, "", buffer_bytes(&place));
	append_cell(html, "", json_text_of(row, "version"));
	append_cell(html, bytes_equal_string(state, "destroyed") ? " class=\"destroyed\"" : " class=\"survives\"", state);
	append_cell(html, "", json_text_of(row, "until"));
	append_cell(html, "", json_text_of(row, "reason"));
	buffer_append_string(html, "</tr>\n");
	buffer_free(&place);
}

static void append_total(struct buffer *html, const struct json_value *tail, const char *name)
{
	uint64_t count = 0;
	if (json_number_of(json_find(tail, "totals"), name, &count))
		buffer_append_format(html, "<dt>%s</dt><dd>%llu</dd>\n", name, (unsigned long long)count);
}

static void append_tail(struct buffer *html, const struct json_value *tail)
{
	buffer_append_string(html, "</tbody></table>\n<h2>In all</h2>\n<dl>\n");
	append_total(html, tail, "destroyed");
	append_total(html, tail, "survives");
	append_total(html, tail, "left");
	buffer_append_string(html, "</dl>\n<h2>What this does not prove</h2>\n<ul>\n");
	const struct json_value *limits = json_find(tail, "does_not_prove");
	for (const struct json_value *limit = limits != NULL ? limits->first : NULL; limit != NULL; limit = limit->next) {
		buffer_append_string(html, "<li>");
		append_text(html, limit->text);
		buffer_append_string(html, "</li>\n");
	}
	buffer_append_string(html, "</ul>\n<h2>Signature (Ed25519)</h2>\n<dl>\n<dt>Hash</dt><dd><code>");
	append_text(html, json_text_of(tail, "hash"));
	buffer_append_string(html, "</code></dd>\n<dt>Public key</dt><dd><code>");
	append_text(html, json_text_of(tail, "public_key"));
	buffer_append_string(html, "</code></dd>\n<dt>Signature</dt><dd><code>");
	append_text(html, json_text_of(tail, "signature"));
	buffer_append_string(html, "</code></dd>\n</dl>\n</main></body></html>\n");
}

static enum status print_line(void *context, enum certificate_line kind, struct bytes line)
{
	struct showing *showing = context;
	const struct json_value *value = parse_line(showing, kind, line);
	if (value == NULL)
		return STATUS_MALFORMED;
	buffer_reset(&showing->html);
	if (kind == CERTIFICATE_HEAD)
		append_head(&showing->html, value);
	else if (kind == CERTIFICATE_ROW)
		append_row(&showing->html, value);
	else
		append_tail(&showing->html, value);
	enum status status = buffer_status(&showing->html);
	return status == STATUS_OK ? output_file_write(showing->page, buffer_bytes(&showing->html), showing->reterr) : status;
}

static enum status print(struct showing *showing, struct id id, const char *path, struct failure *reterr)
{
	struct output_file file;
	enum status status = output_file_begin(&file, path, reterr);
	if (status != STATUS_OK)
		return status;
	showing->page = &file;
	showing->html = buffer_with_ceiling(4 << 20);
	status = certificate_read(showing->session->incident, id, print_line, showing, reterr);
	buffer_free(&showing->html);
	return output_file_end(&file, status, reterr);
}

static enum status execute(struct session *session, struct failure *reterr)
{
	struct showing showing = {.session = session, .arena = arena_with_ceiling(8 << 20), .reterr = reterr};
	const char *written = settings_operand(session->settings, 0), *page = settings_text(session->settings, "html");
	struct id id;
	if (id_parse(bytes_of_string(written), &id) != STATUS_OK)
		return fail(reterr, STATUS_ABSENT, written, "is no id of a certificate or a plan; retain apply tells them");
	enum status status = page != NULL ? print(&showing, id, page, reterr) : STATUS_OK;
	bool is_raw = output_get_format(session->output) == OUTPUT_JSON || output_get_format(session->output) == OUTPUT_JSONL;
	if (status == STATUS_OK)
		status = certificate_read(session->incident, id, is_raw ? pass_raw : show_line, &showing, reterr);
	arena_free(&showing.arena);
	return status;
}
