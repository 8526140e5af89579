/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A page's contents, run so that two things are seen which MuPDF passes over:
 * the names of the glyphs of each font that is chosen, and ActualText (ISO
 * 32000-1 14.9.4), which says what marked glyphs mean. MuPDF gathers glyphs
 * before it hands them on, so what is gathered is driven out where a span
 * begins and ends. Of the glyphs between them the first then stands for the
 * whole text and the others for nothing; where a span has no glyphs, its text
 * follows the page's.
 *
 * MuPDF's own functions stand behind ours: struct pdf_run keeps them.
 */
#include "format/pdf/parts.h"

static struct pdf_run *run_of(fz_context *context)
{
	const struct pdf_parts *parts = fz_user_context(context);
	return parts->run;
}

/* ---- fonts ---- */

/* An ExtGState's font comes without its dictionary. */
static void choose_font(fz_context *context, pdf_processor *processor, const char *name, pdf_font_desc *font, float size)
{
	struct pdf_run *run = run_of(context);
	pdf_obj *fonts = pdf_dict_get(context, run->resources, PDF_NAME(Font));
	pdf_parts_read_names(fz_user_context(context), font, pdf_dict_gets(context, fonts, name));
	run->choose_font(context, processor, name, font, size);
}

static void draw_form(fz_context *context, pdf_processor *processor, const char *name, pdf_obj *form, pdf_obj *page_resources)
{
	struct pdf_run *run = run_of(context);
	pdf_obj *outer = run->resources;
	pdf_obj *own = pdf_xobject_resources(context, form);
	run->resources = own != NULL ? own : page_resources;
	fz_try(context) run->draw_form(context, processor, name, form, page_resources);
	fz_always(context) run->resources = outer;
	fz_catch(context) fz_rethrow(context);
}

/* Fonts of an annotation's looks, which MuPDF draws by itself. */
void pdf_parts_read_looks(struct pdf_parts *parts, pdf_obj *note)
{
	fz_context *context = parts->context;
	pdf_obj *looks = pdf_dict_getp(context, note, "AP/N");
	if (!pdf_is_stream(context, looks))
		looks = pdf_dict_get(context, looks, pdf_dict_get(context, note, PDF_NAME(AS)));
	pdf_obj *fonts = pdf_dict_getp(context, looks, "Resources/Font");
	for (int i = 0, count = pdf_dict_len(context, fonts); i < count; i++) {
		pdf_obj *dictionary = pdf_dict_get_val(context, fonts, i);
		if (!pdf_is_array(context, pdf_dict_getp(context, dictionary, "Encoding/Differences")))
			continue;
		pdf_parts_visit(parts, 0);
		pdf_font_desc *font = pdf_load_font(context, parts->document, NULL, dictionary);
		fz_try(context) pdf_parts_read_names(parts, font, dictionary);
		fz_always(context) pdf_drop_font(context, font);
		fz_catch(context) fz_rethrow(context);
	}
}

/* ---- spans with a text of their own ---- */

/* A place does not move by this, and what is gathered is handed on. */
static void drive_out(fz_context *context, pdf_processor *processor)
{
	processor->op_cm(context, processor, 1, 0, 0, 1, 0, 0);
}

static void begin_replacement(struct pdf_parts *parts, pdf_processor *processor, const char *text)
{
	struct pdf_run *run = parts->run;
	drive_out(parts->context, processor);
	run->replaced_at = run->depth;
	run->replacement = PDF_PARTS_COVERED;
	if (text[0] == '\0')
		return;
	size_t at = parts->replacements.len;
	buffer_append(&parts->replacements, bytes_of(text, strlen(text) + 1));
	if (buffer_status(&parts->replacements) == STATUS_OK)
		run->replacement = PDF_PARTS_REPLACEMENT + (int)at;
	else
		buffer_truncate(&parts->replacements, at);
}

static void begin_span(fz_context *context, pdf_processor *processor, const char *tag, pdf_obj *raw, pdf_obj *properties)
{
	struct pdf_parts *parts = fz_user_context(context);
	struct pdf_run *run = parts->run;
	pdf_obj *text = pdf_dict_gets(context, properties, "ActualText");
	run->depth++;
	if (run->replaced_at == 0 && pdf_is_string(context, text))
		begin_replacement(parts, processor, pdf_to_text_string(context, text));
	run->begin_span(context, processor, tag, raw, properties);
}

static void begin_plain_span(fz_context *context, pdf_processor *processor, const char *tag)
{
	struct pdf_run *run = run_of(context);
	run->depth++;
	run->begin_plain_span(context, processor, tag);
}

static void keep_unplaced(struct pdf_parts *parts, int replacement)
{
	buffer_append_string(&parts->unplaced, pdf_parts_replacement(parts, replacement));
	buffer_append_byte(&parts->unplaced, '\n');
}

static void end_span(fz_context *context, pdf_processor *processor)
{
	struct pdf_parts *parts = fz_user_context(context);
	struct pdf_run *run = parts->run;
	if (run->replaced_at == run->depth && run->depth > 0) {
		drive_out(context, processor);
		if (run->replacement != PDF_PARTS_COVERED)
			keep_unplaced(parts, run->replacement);
		run->replaced_at = 0;
	}
	run->depth -= run->depth > 0;
	run->end_span(context, processor);
}

/* Text that is both filled and stroked comes twice. */
static void replace_glyphs(fz_context *context, const fz_text *text)
{
	struct pdf_run *run = run_of(context);
	if (run == NULL || run->replaced_at == 0)
		return;
	for (fz_text_span *span = text->head; span != NULL; span = span->next)
		for (int i = 0; i < span->len; i++) {
			if (span->items[i].ucs >= PDF_PARTS_REPLACEMENT)
				continue;
			span->items[i].ucs = run->replacement;
			run->replacement = PDF_PARTS_COVERED;
		}
}

static void fill_text(fz_context *context, fz_device *device, const fz_text *text, fz_matrix matrix, fz_colorspace *space,
                      const float *colour, float alpha, fz_color_params parameters)
{
	replace_glyphs(context, text);
	run_of(context)->fill_text(context, device, text, matrix, space, colour, alpha, parameters);
}

static void stroke_text(fz_context *context, fz_device *device, const fz_text *text, const fz_stroke_state *stroke,
                        fz_matrix matrix, fz_colorspace *space, const float *colour, float alpha, fz_color_params parameters)
{
	replace_glyphs(context, text);
	run_of(context)->stroke_text(context, device, text, stroke, matrix, space, colour, alpha, parameters);
}

static void clip_text(fz_context *context, fz_device *device, const fz_text *text, fz_matrix matrix, fz_rect scissor)
{
	replace_glyphs(context, text);
	run_of(context)->clip_text(context, device, text, matrix, scissor);
}

static void clip_stroke_text(fz_context *context, fz_device *device, const fz_text *text, const fz_stroke_state *stroke,
                             fz_matrix matrix, fz_rect scissor)
{
	replace_glyphs(context, text);
	run_of(context)->clip_stroke_text(context, device, text, stroke, matrix, scissor);
}

static void ignore_text(fz_context *context, fz_device *device, const fz_text *text, fz_matrix matrix)
{
	replace_glyphs(context, text);
	run_of(context)->ignore_text(context, device, text, matrix);
}

const char *pdf_parts_replacement(const struct pdf_parts *parts, int stand_in)
{
	size_t at = (size_t)(stand_in - PDF_PARTS_REPLACEMENT);
	bool is_one = stand_in >= PDF_PARTS_REPLACEMENT && at < parts->replacements.len;
	return is_one ? buffer_string(&parts->replacements) + at : "";
}

/* ---- running ---- */

static void watch_device(struct pdf_run *run, fz_device *device)
{
	run->fill_text = device->fill_text;
	run->stroke_text = device->stroke_text;
	run->clip_text = device->clip_text;
	run->clip_stroke_text = device->clip_stroke_text;
	run->ignore_text = device->ignore_text;
	device->fill_text = fill_text;
	device->stroke_text = stroke_text;
	device->clip_text = clip_text;
	device->clip_stroke_text = clip_stroke_text;
	device->ignore_text = ignore_text;
}

/* A device that failed has no functions any more. */
static void unwatch_device(const struct pdf_run *run, fz_device *device)
{
	if (device->fill_text != fill_text)
		return;
	device->fill_text = run->fill_text;
	device->stroke_text = run->stroke_text;
	device->clip_text = run->clip_text;
	device->clip_stroke_text = run->clip_stroke_text;
	device->ignore_text = run->ignore_text;
}

static void watch_processor(struct pdf_run *run, pdf_processor *processor)
{
	run->choose_font = processor->op_Tf;
	run->draw_form = processor->op_Do_form;
	run->begin_span = processor->op_BDC;
	run->begin_plain_span = processor->op_BMC;
	run->end_span = processor->op_EMC;
	processor->op_Tf = choose_font;
	processor->op_Do_form = draw_form;
	processor->op_BDC = begin_span;
	processor->op_BMC = begin_plain_span;
	processor->op_EMC = end_span;
}

void pdf_parts_run_contents(struct pdf_parts *parts, pdf_page *page, fz_device *device, fz_cookie *cookie)
{
	fz_context *context = parts->context;
	struct pdf_run run = {.resources = pdf_page_resources(context, page)};
	fz_default_colorspaces *spaces = NULL;
	pdf_processor *processor = NULL;
	fz_rect box;
	fz_matrix matrix;
	pdf_page_transform(context, page, &box, &matrix);
	fz_var(spaces);
	fz_var(processor);
	parts->run = &run;
	watch_device(&run, device);
	fz_try(context)
	{
		spaces = pdf_load_default_colorspaces(context, parts->document, page);
		processor = pdf_new_run_processor(context, device, matrix, "View", NULL, spaces, cookie);
		watch_processor(&run, processor);
		pdf_process_contents(context, processor, parts->document, run.resources, pdf_page_contents(context, page),
		                     cookie);
		pdf_close_processor(context, processor);
	}
	fz_always(context)
	{
		pdf_drop_processor(context, processor);
		fz_drop_default_colorspaces(context, spaces);
		unwatch_device(&run, device);
		parts->run = NULL;
	}
	fz_catch(context) fz_rethrow(context);
}
