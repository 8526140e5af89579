/* SPDX-License-Identifier: Apache-2.0 */
/*
 * doctor: whether this machine and this catalog are fit for work. A check is a
 * function that adds one row or more; each row is ok, a warning or a failure,
 * and says what to do. Makes nothing, needs no catalog.
 */
#define _GNU_SOURCE
#include "cli/doctor-cells.h"
#include "cli/doctor-machine.h"

#include "process/spawn.h"
#include "sandbox/sandbox.h"
#include "vault/key.h"
#include "cli/program-version.h"

#include <expat.h>
#include <limits.h>
#include <openssl/crypto.h>
#include <sodium.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utf8proc.h>
#include <yaml.h>

static enum status examine(struct session *session, struct failure *reterr);

static const struct option options[] = {
	{.name = "cells",
         .kind = OPTION_FLAG,
         .is_not_configured = true,
         .help = "print instead what each cell may: system calls, files, ports, limits, as they are installed"},
	{.name = NULL},
};

const struct command command_doctor = {
	.name = "doctor",
	.group = COMMAND_HELPS,
	.summary = "check programs, sandbox, limits, key and catalog",
	.description = "Every row says what was found and, where something is amiss, what to do. Exits with 1 when something is "
		       "broken; warnings do not count.",
	.options = options,
	.see_also = "catalog, version",
	.execute = examine,
};

static const struct column columns[] = {
	{.name = "check"},
	{.name = "state"},
	{.name = "found", .may_shrink = true},
	{.name = "advice", .rank = COLUMN_CSV_ONLY},
};

static const struct output_list list = {
	.member = "checks",
	.columns = columns,
	.column_count = sizeof columns / sizeof *columns,
};

/* A column would have to be cut where a person reads it: what to do stands below the table. */
static void keep_advice(struct doctor *doctor, const char *check, const char *advice)
{
	struct buffer line = buffer_with_ceiling(8192);
	buffer_append_format(&line, "%s: %s", check, advice);
	const char *copy = arena_copy_string(doctor->session->arena, buffer_bytes(&line));
	if (copy != NULL && doctor->advice_count < DOCTOR_ADVICE_MAX)
		doctor->advice[doctor->advice_count++] = copy;
	buffer_free(&line);
}

void doctor_report(struct doctor *doctor, const char *check, enum doctor_state state, const char *found, const char *advice)
{
	static const char *const names[] = {[DOCTOR_OK] = "ok", [DOCTOR_WARN] = "warn", [DOCTOR_FAIL] = "fail"};
	static const enum tone tones[] = {[DOCTOR_OK] = TONE_GOOD, [DOCTOR_WARN] = TONE_DOUBT, [DOCTOR_FAIL] = TONE_BAD};
	struct output *output = doctor->session->output;
	struct json_writer *json = output_begin_item(output);
	advice = state == DOCTOR_OK ? NULL : advice;
	json_key(json, "check");
	json_string(json, check);
	json_key(json, "state");
	json_string(json, names[state]);
	json_key(json, "found");
	json_string(json, found);
	json_key(json, "advice");
	json_string(json, advice);
	const struct cell cells[] = {
		cell_string(check),
		cell_toned(cell_string(names[state]), tones[state]),
		cell_string(found),
		cell_string(advice),
	};
	if (output_end_item(output, cells) == STATUS_END)
		doctor->is_unread = true;
	if (advice != NULL)
		keep_advice(doctor, check, advice);
	doctor->failures += state == DOCTOR_FAIL;
	doctor->warnings += state == DOCTOR_WARN;
}

/* ---- programs and libraries ---- */

/* Lines behind the first name the libraries a program uses: "libcurl 7.88.1". */
static void report_libraries(struct doctor *doctor, const char *program, struct bytes lines)
{
	while (lines.len > 0) {
		size_t end = bytes_find_byte(lines, '\n');
		struct bytes line = bytes_trim(bytes_slice(lines, 0, end));
		size_t blank = bytes_find_last_byte(line, ' ');
		lines = bytes_from(lines, end == BYTES_NOT_FOUND ? lines.len : end + 1);
		if (line.len == 0 || blank == BYTES_NOT_FOUND)
			continue;
		char check[128], found[128];
		snprintf(check, sizeof check, "%.*s", (int)blank, (const char *)line.at);
		snprintf(found, sizeof found, "%.*s, in %s", (int)(line.len - blank - 1), (const char *)line.at + blank + 1,
		         program);
		doctor_report(doctor, check, DOCTOR_OK, found, NULL);
	}
}

static void check_program(struct doctor *doctor, const char *program)
{
	char path[PATH_MAX], found[PATH_MAX + 128], wanted[128];
	struct buffer answer = buffer_with_ceiling(128 * 1024);
	if (spawn_find(program, path, sizeof path) != STATUS_OK) {
		doctor_report(doctor, program, DOCTOR_FAIL, "not found", "build or install all programs side by side");
		return;
	}
	enum status status = program_version_ask(path, &answer);
	struct bytes text = buffer_bytes(&answer);
	size_t end = bytes_find_byte(text, '\n');
	struct bytes first = bytes_slice(text, 0, end);
	snprintf(wanted, sizeof wanted, "%s %s", program, TIDEMARK_VERSION);
	snprintf(found, sizeof found, "%.*s at %s", (int)(first.len < 100 ? first.len : 100), (const char *)first.at, path);
	if (status != STATUS_OK)
		doctor_report(doctor, program, DOCTOR_FAIL, path, "it does not run; install it again");
	else if (!bytes_equal_string(first, wanted))
		doctor_report(doctor, program, DOCTOR_FAIL, found,
		              "it is of another build than tidemark; install all of them again");
	else
		doctor_report(doctor, program, DOCTOR_OK, found, NULL);
	if (status == STATUS_OK && end != BYTES_NOT_FOUND)
		report_libraries(doctor, program, bytes_from(text, end + 1));
	buffer_free(&answer);
}

static void check_programs(struct doctor *doctor)
{
	doctor_report(doctor, "tidemark", DOCTOR_OK, TIDEMARK_VERSION, NULL);
	check_program(doctor, "tidemark-fetch");
	check_program(doctor, "tidemark-extract");
	check_program(doctor, "tidemark-portal");
}

static void check_libraries(struct doctor *doctor)
{
	doctor_report(doctor, "sqlite", DOCTOR_OK, sqlite3_libversion(), NULL);
	doctor_report(doctor, "libsodium", DOCTOR_OK, sodium_version_string(), NULL);
	doctor_report(doctor, "openssl", DOCTOR_OK, OpenSSL_version(OPENSSL_VERSION), NULL);
	doctor_report(doctor, "libyaml", DOCTOR_OK, yaml_get_version_string(), NULL);
	doctor_report(doctor, "expat", DOCTOR_OK, XML_ExpatVersion(), NULL);
	doctor_report(doctor, "utf8proc", DOCTOR_OK, utf8proc_version(), NULL);
}

static void check_landlock(struct doctor *doctor, int abi)
{
	char found[96];
	if (abi < SANDBOX_ABI_FILES) {
		doctor_report(
			doctor, "landlock", DOCTOR_WARN, "not offered by the kernel",
			"use Linux 6.12 or newer with Landlock switched on; seccomp alone holds the cells until then, and nothing "
			"keeps tidemark-fetch to its files and ports");
		return;
	}
	snprintf(found, sizeof found, "ABI %d: files%s%s", abi, abi >= SANDBOX_ABI_PORTS ? ", ports of TCP" : "",
	         abi >= SANDBOX_ABI_SCOPES ? ", signals and abstract sockets" : "");
	doctor_report(
		doctor, "landlock", abi >= SANDBOX_ABI_SCOPES ? DOCTOR_OK : DOCTOR_WARN, found,
		abi < SANDBOX_ABI_PORTS
			? "use Linux 6.12 or newer: until then nothing keeps tidemark-fetch to its ports, and seccomp alone keeps "
			  "cells from signals"
			: "use Linux 6.12 or newer: until then seccomp alone keeps cells from signals");
}

static void check_sandbox(struct doctor *doctor)
{
	struct sandbox_layers layers = sandbox_layers();
	doctor_report(doctor, "seccomp", layers.has_seccomp ? DOCTOR_OK : DOCTOR_FAIL,
	              layers.has_seccomp ? "offered by the kernel" : "not offered by the kernel",
	              "use a kernel with CONFIG_SECCOMP_FILTER: hostile documents would be read in no cell");
	check_landlock(doctor, layers.landlock_abi);
}

/* ---- key and catalog ---- */

static bool exists(const char *path)
{
	struct stat about;
	return path != NULL && stat(path, &about) == 0;
}

static void check_key(struct doctor *doctor)
{
	const struct catalog_place *place = &doctor->session->place;
	struct failure why = {.why = ""};
	struct vault_key key;
	if (place->key_file == NULL) {
		doctor_report(doctor, "key", DOCTOR_WARN, "no place for it", "set $HOME, or name one with --key-file");
		return;
	}
	enum status status = vault_start();
	if (status == STATUS_OK)
		status = place->key_is_credential ? vault_key_credential_read(place->key_file, &key, &why)
		                                  : vault_key_file_read(place->key_file, &key, &why);
	if (status == STATUS_OK) {
		vault_key_wipe(&key);
		doctor_report(doctor, "key", DOCTOR_OK, place->key_file, NULL);
	} else if (status == STATUS_ABSENT && !exists(place->directory)) {
		doctor_report(doctor, "key", DOCTOR_OK, "none yet; the first sweep makes it", NULL);
	} else if (status == STATUS_ABSENT) {
		doctor_report(doctor, "key", DOCTOR_FAIL, place->key_file,
		              "is missing: bring it back, or name it with --key-file; without it the catalog cannot be read");
	} else {
		doctor_report(doctor, "key", DOCTOR_FAIL, place->key_file, why.why);
	}
}

static void check_catalog(struct doctor *doctor)
{
	struct session *session = doctor->session;
	struct failure why = {.why = ""};
	struct catalog_info info;
	char found[PATH_MAX + 128];
	if (session->place.directory == NULL || !exists(session->place.directory)) {
		doctor_report(doctor, "catalog", DOCTOR_OK, "none yet; tidemark sweep TARGET makes one", NULL);
		return;
	}
	enum status status = session_open_catalog(session, CATALOG_READ, &why);
	if (status == STATUS_OK)
		status = catalog_describe(session->catalog, &info, &why);
	if (status != STATUS_OK) {
		doctor_report(doctor, "catalog", DOCTOR_FAIL, session->place.directory, why.why);
		return;
	}
	snprintf(found, sizeof found, "%s: %llu incidents, %llu journal entries, schema %u", session->place.directory,
	         (unsigned long long)info.incidents, (unsigned long long)info.journal_entries, info.schema);
	bool is_writable = access(session->place.directory, W_OK) == 0;
	doctor_report(doctor, "catalog", is_writable ? DOCTOR_OK : DOCTOR_WARN, found,
	              "it can only be read: look-ups are answered off the record, sweeps are refused");
}

/* ---- all of them ---- */

static void (*const checks[])(struct doctor *doctor) = {
	check_programs,          check_libraries,     check_sandbox,      doctor_check_kernel, doctor_check_locale,
	doctor_check_open_files, doctor_check_memory, doctor_check_clock, doctor_check_space,  check_key,
	check_catalog,
};

static enum status examine(struct session *session, struct failure *reterr)
{
	(void)reterr;
	struct doctor doctor = {.session = session};
	if (settings_flag(session->settings, "cells")) {
		doctor_tell_cells(session);
		return STATUS_OK;
	}
	output_begin_list(session->output, &list);
	for (size_t i = 0; i < sizeof checks / sizeof *checks && !doctor.is_unread; i++)
		checks[i](&doctor);
	output_end_list(session->output);
	for (size_t i = 0; i < doctor.advice_count && output_get_format(session->output) == OUTPUT_TABLE; i++)
		output_note(session->output, "%s", doctor.advice[i]);
	struct json_writer *json = output_members(session->output);
	json_key(json, "failures");
	json_unsigned(json, doctor.failures);
	json_key(json, "warnings");
	json_unsigned(json, doctor.warnings);
	json_key(json, "ok");
	json_boolean(json, doctor.failures == 0);
	session->exit_code = doctor.failures == 0 ? EXIT_DONE : EXIT_FAILED;
	return STATUS_OK;
}
