/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which cell styles of a workbook show a number as a date or a time of day
 * (ECMA-376-1 18.8.30), and how a serial day number reads then. Days count
 * from 1899-12-31 with a 29th of February in 1900 that never was, or from
 * 1904-01-01.
 */
#include "format/office/ooxml-parts.h"

#include <stdio.h>
#include <stdlib.h>

#define CUSTOM_FORMATS_MAX 4096
#define STYLES_MAX 65536

struct custom_format {
	unsigned id;
	enum ooxml_look look;
};

struct reading_styles {
	struct ooxml_styles *styles;
	struct custom_format *formats;
	size_t format_count;
	bool is_in_cell_styles;
};

/* Letters that count stand outside of quotes, brackets and escapes. */
static enum ooxml_look look_of_code(const char *code)
{
	enum ooxml_look look = OOXML_LOOK_NUMBER;
	for (; *code != '\0'; code++) {
		if (*code == '"' || *code == '[') {
			const char *end = strchr(code + 1, *code == '"' ? '"' : ']');
			if (end == NULL)
				return look;
			code = end;
		} else if ((*code == '\\' || *code == '_' || *code == '*') && code[1] != '\0') {
			code++;
		} else if (strchr("yYdD", *code) != NULL) {
			return OOXML_LOOK_DATE;
		} else if (strchr("hHsS", *code) != NULL) {
			look = OOXML_LOOK_TIME;
		}
	}
	return look;
}

static enum ooxml_look look_of_format(const struct reading_styles *reading, unsigned id)
{
	if ((id >= 14 && id <= 17) || id == 22 || (id >= 27 && id <= 31) || id == 36 || (id >= 50 && id <= 58))
		return OOXML_LOOK_DATE;
	if ((id >= 18 && id <= 21) || (id >= 45 && id <= 47) || (id >= 32 && id <= 35))
		return OOXML_LOOK_TIME;
	for (size_t i = 0; i < reading->format_count; i++)
		if (reading->formats[i].id == id)
			return reading->formats[i].look;
	return OOXML_LOOK_NUMBER;
}

static unsigned number_of(const char *text)
{
	uint64_t value;
	return text != NULL && bytes_parse_u64(bytes_of_string(text), &value) && value < UINT32_MAX ? (unsigned)value : 0;
}

static enum status add_style(struct reading_styles *reading, unsigned format)
{
	struct ooxml_styles *styles = reading->styles;
	if (styles->count == STYLES_MAX)
		return STATUS_OK;
	if (styles->count == styles->capacity) {
		size_t capacity = styles->capacity ? styles->capacity * 2 : 256;
		uint8_t *grown = realloc(styles->looks, capacity);
		if (grown == NULL)
			return STATUS_NO_MEMORY;
		styles->looks = grown;
		styles->capacity = capacity;
	}
	styles->looks[styles->count++] = (uint8_t)look_of_format(reading, format);
	return STATUS_OK;
}

static enum status on_start(void *context, const char *name, const char *const *attributes)
{
	struct reading_styles *reading = context;
	const char *local = xml_local_name(name), *code = xml_attribute(attributes, "formatCode");
	if (strcmp(local, "numFmt") == 0 && code != NULL && reading->format_count < CUSTOM_FORMATS_MAX) {
		unsigned id = number_of(xml_attribute(attributes, "numFmtId"));
		reading->formats[reading->format_count++] = (struct custom_format){id, look_of_code(code)};
	} else if (strcmp(local, "cellXfs") == 0) {
		reading->is_in_cell_styles = true;
	} else if (reading->is_in_cell_styles && strcmp(local, "xf") == 0) {
		return add_style(reading, number_of(xml_attribute(attributes, "numFmtId")));
	}
	return STATUS_OK;
}

static enum status on_end(void *context, const char *name)
{
	struct reading_styles *reading = context;
	if (strcmp(xml_local_name(name), "cellXfs") == 0)
		reading->is_in_cell_styles = false;
	return STATUS_OK;
}

enum status ooxml_read_styles(struct ooxml *ooxml, size_t part, struct ooxml_styles *ret_styles)
{
	static const struct xml_events events = {.start = on_start, .end = on_end};
	struct reading_styles reading = {.styles = ret_styles};
	reading.formats = calloc(CUSTOM_FORMATS_MAX, sizeof *reading.formats);
	if (reading.formats == NULL)
		return STATUS_NO_MEMORY;
	enum status status = ooxml_parse(ooxml, part, &events, &reading);
	free(reading.formats);
	return status;
}

bool ooxml_format_serial(double serial, enum ooxml_look look, bool from_1904, char into[40])
{
	if (!(serial >= 0 && serial < 2958466)) /* 9999-12-31, and no NaN */
		return false;
	int64_t seconds = (int64_t)(serial * 86400 + 0.5);
	int64_t days = seconds / 86400, time = seconds % 86400;
	int hour = (int)(time / 3600), minute = (int)(time / 60 % 60), second = (int)(time % 60);
	if (look == OOXML_LOOK_TIME || days == 0) {
		snprintf(into, 40, "%02d:%02d:%02d", (int)(days * 24) + hour, minute, second);
		return true;
	}
	int64_t epoch = from_1904 ? clock_from_civil(1904, 1, 1, 0, 0, 0)
	                          : clock_from_civil(1899, 12, days < 60 ? 31 : 30, 0, 0, 0);
	char written[CLOCK_TEXT_SIZE];
	clock_format(epoch + seconds, written);
	snprintf(into, 40, "%.*s", time == 0 ? 10 : 19, written);
	return true;
}
