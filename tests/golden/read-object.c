/* SPDX-License-Identifier: Apache-2.0 */
/* Reads files as tidemark-extract would, without a cell, and prints their documents as JSON, one a line; an empty line ends each file. */
#include "base/digest.h"
#include "base/json.h"
#include "detector/detector.h"
#include "format/format.h"
#include "reading/emitter.h"
#include "reading/worker.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

static void write_text(struct json_writer *json, const char *key, struct bytes text)
{
	json_key(json, key);
	json_bytes(json, text);
}

static void write_findings(struct json_writer *json, const struct document_record *record)
{
	json_key(json, "findings");
	json_begin_array(json);
	for (size_t i = 0; i < record->finding_count; i++) {
		const struct finding *finding = &record->findings[i];
		json_begin_array(json);
		json_string(json, finding_kind_name(finding->kind));
		json_bytes(json, finding->value);
		json_unsigned(json, finding->from);
		json_unsigned(json, finding->to);
		if (finding_is_carved(finding))
			json_string(json, "carved");
		json_end_array(json);
	}
	json_end_array(json);
	json_key(json, "organisations");
	json_begin_array(json);
	for (size_t i = 0; i < record->organisation_count; i++) {
		json_begin_array(json);
		json_bytes(json, record->organisations[i].domain);
		json_string(json, record->organisations[i].role == ORGANISATION_PARTY ? "party" : "mention");
		json_end_array(json);
	}
	json_end_array(json);
}

/* A sketch is letters to whoever reads these: test_similarity holds it to what it estimates. */
static size_t count_facts(const struct document_record *record)
{
	size_t count = record->fact_count;
	return count > 0 && record->facts[count - 1].kind == FACT_SKETCH ? count - 1 : count;
}

static void write_facts(struct json_writer *json, const struct document_record *record)
{
	json_key(json, "facts");
	json_begin_array(json);
	for (size_t i = 0; i < count_facts(record); i++) {
		json_begin_array(json);
		json_string(json, fact_kind_name(record->facts[i].kind));
		json_bytes(json, record->facts[i].name);
		json_bytes(json, record->facts[i].value);
		json_end_array(json);
	}
	json_end_array(json);
}

static enum status print_document(void *context, const struct document_record *record)
{
	struct buffer line = buffer_with_ceiling(1u << 30);
	struct json_writer json = json_writer_into(&line);
	(void)context;
	json_begin_object(&json);
	write_text(&json, "path", record->inner_path);
	if (record->shown_path.len > 0)
		write_text(&json, "shown", record->shown_path);
	json_key(&json, "outcome");
	json_string(&json, outcome_name(record->outcome));
	write_text(&json, "media_type", record->media_type);
	json_key(&json, "size");
	json_unsigned(&json, record->size);
	json_key(&json, "unseen");
	json_unsigned(&json, record->unseen_bytes);
	write_text(&json, "note", record->note);
	write_text(&json, "title", record->title);
	write_text(&json, "author", record->author);
	json_key(&json, "created");
	json_time(&json, record->created);
	write_findings(&json, record);
	if (count_facts(record) > 0)
		write_facts(&json, record);
	write_text(&json, "text", record->text);
	json_end_object(&json);
	puts(buffer_string(&line));
	buffer_free(&line);
	return STATUS_OK;
}

static enum status ignore_begin(void *context, struct bytes inner_path)
{
	(void)context, (void)inner_path;
	return STATUS_OK;
}

static enum status ignore_progress(void *context)
{
	(void)context;
	return STATUS_OK;
}

static enum status read_file(const char *path, struct buffer *into)
{
	FILE *file = fopen(path, "rb");
	unsigned char piece[65536];
	size_t got;
	if (file == NULL)
		return STATUS_ABSENT;
	while ((got = fread(piece, 1, sizeof piece, file)) > 0)
		buffer_append(into, bytes_of(piece, got));
	fclose(file);
	return buffer_status(into);
}

static enum status read_object(const char *path)
{
	struct buffer contents = buffer_with_ceiling(1u << 30);
	const struct emitter_sink sink = {ignore_begin, print_document, ignore_progress, NULL};
	enum status status = read_file(path, &contents);
	if (status == STATUS_OK) {
		const char *slash = strrchr(path, '/');
		struct extract_job job = {.size = contents.len,
		                          .has_sha256 = true,
		                          .name = bytes_of_string(slash ? slash + 1 : path),
		                          .allowance = {UINT64_MAX, UINT64_MAX}};
		struct source source = source_of_bytes(buffer_bytes(&contents));
		digest_sha256(buffer_bytes(&contents), job.sha256);
		source.name = job.name;
		status = emitter_read_object(&source, &job, &emitter_default_limits, &sink);
	}
	buffer_free(&contents);
	return status;
}

int main(int argc, char **argv)
{
	setlocale(LC_ALL, "C.UTF-8");
	if (argc < 2 || worker_prepare() != STATUS_OK)
		return 2;
	for (int i = 1; i < argc; i++) {
		if (read_object(argv[i]) != STATUS_OK)
			return 1;
		puts("");
		fflush(stdout);
	}
	return 0;
}
