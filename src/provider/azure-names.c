/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names under which Azure itself writes what lists other containers: blob
 * inventories (docs: "Azure Storage blob inventory", YYYY/MM/DD/HH-MM-SS/RULE/),
 * Storage Analytics and the change feed, and diagnostic settings' hourly blobs.
 */
#include "provider/azure.h"

bool azure_is_log_container(struct bytes container)
{
	return bytes_equal_string(container, "$logs") || bytes_equal_string(container, "$blobchangefeed") ||
	       bytes_start_with(container, BYTES_LITERAL("insights-logs-"));
}

/* 0 stands for a digit, everything else for itself. */
static bool has_form(struct bytes text, const char *form)
{
	for (size_t i = 0; form[i] != '\0'; i++) {
		bool is_digit = i < text.len && text.at[i] >= '0' && text.at[i] <= '9';
		if (i >= text.len || (form[i] == '0' ? !is_digit : text.at[i] != (unsigned char)form[i]))
			return false;
	}
	return true;
}

/* RULE/RULE.csv, RULE/RULE_1000000_0.parquet, RULE/RULE-manifest.json and -manifest.checksum, behind date and time. */
static bool is_inventory_run(struct bytes name)
{
	static const char *const ends[] = {".csv", ".parquet", "-manifest.json", "-manifest.checksum"};
	struct bytes rest = bytes_from(name, sizeof "0000/00/00/00-00-00/" - 1);
	size_t slash = bytes_find_byte(rest, '/');
	if (!has_form(name, "0000/00/00/00-00-00/") || slash == BYTES_NOT_FOUND || slash == 0 ||
	    !bytes_start_with(bytes_from(rest, slash + 1), bytes_slice(rest, 0, slash)))
		return false;
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
		if (bytes_end_with(rest, bytes_of_string(ends[i])))
			return true;
	return false;
}

bool azure_is_inventory(struct bytes name)
{
	bool is_hourly = bytes_start_with_nocase(name, BYTES_LITERAL("resourceId=/")) &&
	                 bytes_end_with(name, BYTES_LITERAL("/PT1H.json"));
	bool is_analytics = bytes_start_with(name, BYTES_LITERAL("blob/")) &&
	                    has_form(bytes_from(name, 5), "0000/00/00/0000/000000.log");
	/* A rule may put its runs below a prefix. */
	for (size_t at = 0; at < name.len; at += bytes_find_byte(bytes_from(name, at), '/') + 1) {
		if (is_inventory_run(bytes_from(name, at)))
			return true;
		if (bytes_find_byte(bytes_from(name, at), '/') == BYTES_NOT_FOUND)
			break;
	}
	return is_hourly || is_analytics;
}
