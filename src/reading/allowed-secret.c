/* SPDX-License-Identifier: Apache-2.0 */
/* DIGEST SUBKIND RULE RAW */
#include "reading/allowed-secret.h"

void allowed_secret_append(const struct finding *finding, struct buffer *into)
{
	buffer_append(into, finding->value);
	buffer_append_byte(into, ' ');
	buffer_append(into, finding->subkind.len > 0 ? finding->subkind : BYTES_LITERAL("-"));
	buffer_append_byte(into, ' ');
	buffer_append(into, finding->rule);
	buffer_append_byte(into, ' ');
	struct bytes raw = bytes_slice(finding->raw, 0, FACT_VALUE_MAX / 2);
	while (raw.len > 0 && raw.len < finding->raw.len && (finding->raw.at[raw.len] & 0xC0) == 0x80)
		raw.len--;
	buffer_append(into, raw);
}

static bool take_word(struct bytes *rest, struct bytes *ret_word)
{
	size_t space = bytes_find_byte(*rest, ' ');
	if (space == BYTES_NOT_FOUND || space == 0)
		return false;
	*ret_word = bytes_slice(*rest, 0, space);
	*rest = bytes_from(*rest, space + 1);
	return true;
}

bool allowed_secret_read(const struct fact *fact, struct finding *ret_finding)
{
	struct bytes rest = fact->value;
	struct finding finding = {.kind = FINDING_SECRET, .from = fact->from, .to = fact->to, .confidence = fact->confidence};
	if (fact->kind != FACT_ALLOWED || fact->to <= fact->from)
		return false;
	if (!take_word(&rest, &finding.value) || !take_word(&rest, &finding.subkind) || !take_word(&rest, &finding.rule))
		return false;
	if (finding.value.len != FINDING_SECRET_LENGTH || rest.len == 0)
		return false;
	if (bytes_equal_string(finding.subkind, "-"))
		finding.subkind = BYTES_NONE;
	finding.raw = rest;
	*ret_finding = finding;
	return true;
}
