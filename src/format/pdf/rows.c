/* SPDX-License-Identifier: Apache-2.0 */
#include "format/pdf/parts.h"

void pdf_parts_put_page(struct pdf_parts *parts, const fz_stext_page *page)
{
	for (const fz_stext_block *block = page->first_block; block != NULL; block = block->next) {
		if (block->type != FZ_STEXT_BLOCK_TEXT)
			continue;
		for (const fz_stext_line *line = block->u.t.first_line; line != NULL; line = line->next) {
			buffer_reset(&parts->line);
			pdf_parts_append_line(parts, line);
			if (buffer_status(&parts->line) == STATUS_NO_MEMORY)
				pdf_parts_put(parts, STATUS_NO_MEMORY);
			pdf_parts_put_line(parts, bytes_trim(buffer_bytes(&parts->line)));
		}
	}
}
