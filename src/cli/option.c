/* SPDX-License-Identifier: Apache-2.0 */
/* The rows all commands share, and the reading of values by their rows. */
#include "cli/option.h"

#include "base/suggestion.h"

#include <ctype.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* clang-format off */
const struct option option_global_rows[] = {
	{.name = "catalog", .kind = OPTION_PATH, .value = "DIR", .environment = "TIDEMARK_CATALOG",
	 .help = "where everything found is kept: a directory (else $XDG_DATA_HOME/tidemark, else ~/.local/share/tidemark)"},
	{.name = "key-file", .kind = OPTION_PATH, .value = "FILE", .environment = "TIDEMARK_KEY_FILE",
	 .help = "the catalog's key (else $CREDENTIALS_DIRECTORY/tidemark.key, else DIR.key beside the catalog)"},
	{.name = "incident", .kind = OPTION_TEXT, .value = "NAME", .standard = "default",
	 .help = "the dossier to work in"},
	{.name = "format", .kind = OPTION_CHOICE, .choices = "table|json|jsonl|csv", .standard = "table",
	 .help = "how results are written"},
	{.name = "config", .kind = OPTION_PATH, .value = "FILE", .is_not_configured = true,
	 .help = "settings in YAML; they win over $XDG_CONFIG_HOME/tidemark/config.yaml and /etc/tidemark/config.yaml"},
	{.name = "scope", .kind = OPTION_PATH, .value = "FILE",
	 .help = "what may be touched and on whose authority, in YAML: allow and deny"},
	{.name = "operator", .kind = OPTION_TEXT, .value = "NAME", .environment = "TIDEMARK_OPERATOR",
	 .help = "who runs this, for the journal (else the login name) and for the servers asked, which are told no login name: a name, "
	         "an address or a URL"},
	{.name = "patience", .kind = OPTION_UNSIGNED, .value = "SECONDS", .low = 1, .high = 86400, .standard = "120",
	 .help = "longest that a server may hold a request or a target without useful progress: a page of new names, 64 KiB of a "
	         "body; a command ends within three times that"},
	{.name = "quiet", .letter = 'q', .kind = OPTION_FLAG, .help = "say nothing but results, warnings and errors"},
	{.name = "verbose", .letter = 'v', .kind = OPTION_FLAG, .help = "say more about what is being done"},
	{.name = "color", .kind = OPTION_CHOICE, .choices = "auto|always|never", .standard = "auto",
	 .help = "colours in tables; auto: on a terminal, unless NO_COLOR is set"},
	{.name = "progress", .kind = OPTION_CHOICE, .choices = "auto|always|never", .standard = "auto",
	 .help = "progress on standard error; auto: on a terminal"},
	{.name = "version", .kind = OPTION_FLAG, .is_not_configured = true, .help = "print the version and end"},
	{.name = "help", .letter = 'h', .kind = OPTION_FLAG, .is_not_configured = true, .help = "print this help and end"},
	{.name = NULL},
};
/* clang-format on */

const struct option *option_find(const struct option *rows, const char *name, size_t len)
{
	for (; rows != NULL && rows->name != NULL; rows++)
		if (strlen(rows->name) == len && memcmp(rows->name, name, len) == 0)
			return rows;
	return NULL;
}

const struct option *option_find_letter(const struct option *rows, char letter)
{
	for (; rows != NULL && rows->name != NULL; rows++)
		if (rows->letter != 0 && rows->letter == letter)
			return rows;
	return NULL;
}

const char *option_value_name(const struct option *row)
{
	if (row->kind == OPTION_FLAG)
		return "";
	return row->value != NULL ? row->value : row->choices;
}

static void append_bounds(const struct option *row, struct buffer *into)
{
	unsigned long long low = row->low, high = row->high;
	if (row->kind == OPTION_SIZE || row->kind == OPTION_RATE || (low == 0 && high == 0))
		return;
	if (high > 0)
		buffer_append_format(into, "; %llu to %llu", low, high);
	else
		buffer_append_format(into, "; at least %llu", low);
}

void option_append_help(const struct option *row, struct buffer *into)
{
	buffer_append_format(into, "%s%s", row->help, row->is_planned ? " (not built yet)" : "");
	if (row->unit != NULL)
		buffer_append_format(into, ", in %s", row->unit);
	append_bounds(row, into);
	if (row->kind == OPTION_LIST)
		buffer_append_string(into, "; may be given again");
	if (row->standard != NULL)
		buffer_append_format(into, " [default: %s]", row->standard);
	if (row->environment != NULL)
		buffer_append_format(into, " [$%s]", row->environment);
}

/* ---- values ---- */

static enum status refuse(const struct option *row, struct failure *reterr, const char *text, const char *wanted)
{
	char where[80];
	snprintf(where, sizeof where, "--%s", row->name);
	return fail(reterr, STATUS_USAGE, where, "'%.60s' is not %s", text, wanted);
}

static enum status refuse_planned(const struct option *row, struct failure *reterr)
{
	char where[96];
	snprintf(where, sizeof where, "--%s%s%s", row->name, row->is_planned ? "" : " ",
	         row->is_planned ? "" : row->planned_choice);
	return fail(reterr, STATUS_USAGE, where, "is not built yet");
}

static enum status refuse_bounds(const struct option *row, struct failure *reterr, const char *text)
{
	char wanted[96];
	if (row->high > 0)
		snprintf(wanted, sizeof wanted, "between %llu and %llu", (unsigned long long)row->low,
		         (unsigned long long)row->high);
	else
		snprintf(wanted, sizeof wanted, "at least %llu", (unsigned long long)row->low);
	return refuse(row, reterr, text, wanted);
}

static bool is_within(const struct option *row, uint64_t number)
{
	return number >= row->low && (row->high == 0 || number <= row->high);
}

static enum status read_flag(const struct option *row, const char *text, struct option_value *value, struct failure *reterr)
{
	static const char *const yes[] = {"true", "yes", "on", "1"}, *const no[] = {"false", "no", "off", "0"};
	for (size_t i = 0; i < sizeof yes / sizeof *yes; i++) {
		if (strcmp(text, yes[i]) == 0)
			return value->flag = true, STATUS_OK;
		if (strcmp(text, no[i]) == 0)
			return value->flag = false, STATUS_OK;
	}
	return refuse(row, reterr, text, "true or false");
}

static enum status read_choice(const struct option *row, const char *text, struct failure *reterr)
{
	char choices[256], wanted[320];
	struct suggestion suggestion = suggestion_for(text);
	snprintf(choices, sizeof choices, "%s", row->choices);
	char *rest = choices;
	for (char *choice; (choice = strsep(&rest, "|")) != NULL;) {
		if (strcmp(choice, text) == 0)
			return STATUS_OK;
		suggestion_consider(&suggestion, choice);
	}
	if (suggestion.nearest != NULL)
		snprintf(wanted, sizeof wanted, "one of %s; did you mean %s?", row->choices, suggestion.nearest);
	else
		snprintf(wanted, sizeof wanted, "one of %s", row->choices);
	return refuse(row, reterr, text, wanted);
}

/* A decimal number at the start of text: digits, perhaps a point and more digits. No sign, no exponent. */
static bool read_decimal(struct bytes text, double *ret_number, struct bytes *ret_rest)
{
	size_t len = 0, digits = 0, points = 0;
	char copy[32];
	while (len < text.len && (isdigit(text.at[len]) || text.at[len] == '.')) {
		*(text.at[len] == '.' ? &points : &digits) += 1;
		len++;
	}
	if (digits == 0 || points > 1 || len >= sizeof copy)
		return false;
	memcpy(copy, text.at, len);
	copy[len] = '\0';
	*ret_number = strtod(copy, NULL);
	*ret_rest = bytes_from(text, len);
	return isfinite(*ret_number);
}

static bool read_size_unit(struct bytes unit, uint64_t *ret_factor)
{
	static const char letters[] = "kmgtpe";
	*ret_factor = 1;
	if (unit.len == 0 || bytes_equal_nocase(unit, BYTES_LITERAL("b")))
		return true;
	const char *letter = strchr(letters, tolower(unit.at[0]));
	struct bytes rest = bytes_from(unit, 1);
	if (letter == NULL || unit.at[0] == '\0')
		return false;
	bool is_decimal = bytes_equal_nocase(rest, BYTES_LITERAL("b"));
	if (!is_decimal && rest.len > 0 && !bytes_equal_nocase(rest, BYTES_LITERAL("i")) &&
	    !bytes_equal_nocase(rest, BYTES_LITERAL("ib")))
		return false;
	for (ptrdiff_t i = 0; i <= letter - letters; i++)
		*ret_factor *= is_decimal ? 1000 : 1024;
	return true;
}

bool option_parse_size(struct bytes text, uint64_t *ret_size)
{
	double number;
	uint64_t factor, whole, size;
	struct bytes rest;
	text = bytes_trim(text);
	if (!read_decimal(text, &number, &rest) || !read_size_unit(bytes_trim(rest), &factor))
		return false;
	if (bytes_parse_u64(bytes_slice(text, 0, text.len - rest.len), &whole)) {
		if (__builtin_mul_overflow(whole, factor, &size))
			return false;
		*ret_size = size;
		return true;
	}
	if (number * (double)factor >= 18446744073709549568.0)
		return false;
	*ret_size = (uint64_t)(number * (double)factor);
	return true;
}

static enum status read_size(const struct option *row, const char *text, struct option_value *value, struct failure *reterr)
{
	if (!option_parse_size(bytes_of_string(text), &value->number))
		return refuse(row, reterr, text, "a size; write 500k, 10M or 2GiB");
	return is_within(row, value->number) ? STATUS_OK : refuse_bounds(row, reterr, text);
}

static enum status read_unsigned(const struct option *row, const char *text, struct option_value *value, struct failure *reterr)
{
	struct bytes digits = bytes_of_string(text);
	if (row->kind == OPTION_DAYS && bytes_end_with(digits, BYTES_LITERAL("d")))
		digits.len--;
	if (!bytes_parse_u64(digits, &value->number))
		return refuse(row, reterr, text, row->kind == OPTION_DAYS ? "a number of days" : "a whole number");
	return is_within(row, value->number) ? STATUS_OK : refuse_bounds(row, reterr, text);
}

static enum status read_share(const struct option *row, const char *text, struct share *share, struct failure *reterr)
{
	struct bytes written = bytes_of_string(text), rest;
	if (bytes_end_with(written, BYTES_LITERAL("%"))) {
		share->is_percent = true;
		if (read_decimal(written, &share->percent, &rest) && rest.len == 1 && share->percent > 0 && share->percent <= 100)
			return STATUS_OK;
		return refuse(row, reterr, text, "above 0% and at most 100%");
	}
	if (bytes_parse_u64(written, &share->count) && share->count > 0)
		return STATUS_OK;
	return refuse(row, reterr, text, "a number above 0 or a percentage; write 1000 or 5%");
}

static enum status read_rate(const struct option *row, const char *text, struct option_value *value, struct failure *reterr)
{
	struct bytes rest;
	double rate;
	if (!read_decimal(bytes_of_string(text), &rate, &rest))
		return refuse(row, reterr, text, "a rate; write 20, 0.5 or 30/min");
	if (bytes_equal_string(rest, "/min") || bytes_equal_string(rest, "/m"))
		rate /= 60;
	else if (rest.len > 0 && !bytes_equal_string(rest, "/s"))
		return refuse(row, reterr, text, "a rate; write 20, 0.5 or 30/min");
	if (rate <= 0 || (row->high > 0 && rate > (double)row->high)) {
		char wanted[96];
		snprintf(wanted, sizeof wanted, "above 0 and at most %llu a second",
		         row->high > 0 ? (unsigned long long)row->high : ULLONG_MAX);
		return refuse(row, reterr, text, wanted);
	}
	value->rate = rate;
	return STATUS_OK;
}

static enum status read_path(const struct option *row, const char *text, struct failure *reterr)
{
	return text[0] != '\0' ? STATUS_OK : refuse(row, reterr, text, "a path");
}

enum status option_read(const struct option *row, const char *text, struct option_value *ret_value, struct failure *reterr)
{
	struct option_value value = {.text = text};
	enum status status = STATUS_OK;
	if (row->is_planned || (row->planned_choice != NULL && strcmp(text, row->planned_choice) == 0))
		return refuse_planned(row, reterr);
	switch (row->kind) {
	case OPTION_FLAG: status = read_flag(row, text, &value, reterr); break;
	case OPTION_CHOICE: status = read_choice(row, text, reterr); break;
	case OPTION_UNSIGNED:
	case OPTION_DAYS: status = read_unsigned(row, text, &value, reterr); break;
	case OPTION_SIZE: status = read_size(row, text, &value, reterr); break;
	case OPTION_SHARE: status = read_share(row, text, &value.share, reterr); break;
	case OPTION_RATE: status = read_rate(row, text, &value, reterr); break;
	case OPTION_PATH: status = read_path(row, text, reterr); break;
	case OPTION_TEXT:
	case OPTION_LIST: break;
	}
	if (status == STATUS_OK)
		*ret_value = value;
	return status;
}
