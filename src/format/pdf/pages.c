/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pages' text in the order they draw it, line by line, a blank line
 * between pages; then the page's annotations and fields. Each page has its own
 * time and may fail alone. /Count is a stranger's claim: pages are asked for
 * beyond it until one is missing, and long rows of missing ones end the walk.
 * A document without a readable letter is looked through for images.
 */
#include "format/pdf/parts.h"

/* Damaged page trees have gaps; hostile ones have nothing else. */
#define FAILURES_IN_A_ROW_MAX 64
#define OVERDUE_PAGES_MAX 2
/* All pages together: looking them up in a damaged tree is quadratic. */
#define PAGES_MILLISECONDS (5 * 60 * 1000)
/* Pages looked at for images when no page has text. */
#define IMAGE_PAGES_MAX 16

/* One page's things to free. */
struct page_reading {
	pdf_page *page;
	fz_stext_page *text;
	fz_device *device;
	bool is_found;
};

static void close_page(struct pdf_parts *parts, struct page_reading *reading)
{
	fz_drop_device(parts->context, reading->device);
	fz_drop_stext_page(parts->context, reading->text);
	fz_drop_page(parts->context, (fz_page *)reading->page);
	*reading = (struct page_reading){.is_found = reading->is_found};
}

static void emit_text_page(struct pdf_parts *parts, const fz_stext_page *text)
{
	pdf_parts_put_page(parts, text);
	pdf_parts_put_line(parts, bytes_trim(buffer_bytes(&parts->unplaced)));
	if (text->first_block != NULL)
		pdf_parts_put(parts, emit_text(parts->emitter, BYTES_LITERAL("\n")));
}

/* Text fields are emitted by name and value; what else a widget shows is only in its looks. */
static void run_widgets(struct pdf_parts *parts, struct page_reading *reading, fz_cookie *cookie)
{
	fz_context *context = parts->context;
	for (pdf_annot *widget = pdf_first_widget(context, reading->page); widget != NULL;
	     widget = pdf_next_widget(context, widget))
		if (pdf_widget_type(context, widget) != PDF_WIDGET_TYPE_TEXT)
			pdf_run_annot(context, widget, reading->device, fz_identity, cookie);
}

static void read_looks(struct pdf_parts *parts, pdf_obj *page)
{
	pdf_obj *notes = pdf_dict_get(parts->context, page, PDF_NAME(Annots));
	for (int i = 0, count = pdf_array_len(parts->context, notes); i < count; i++)
		pdf_parts_read_looks(parts, pdf_array_get(parts->context, notes, i));
}

static void read_page(struct pdf_parts *parts, struct page_reading *reading, int number)
{
	fz_context *context = parts->context;
	fz_cookie cookie = {0};
	const fz_stext_options options = {0};
	reading->page = pdf_load_page(context, parts->document, number);
	reading->is_found = true;
	reading->text = fz_new_stext_page(context, pdf_bound_page(context, reading->page));
	reading->device = fz_new_stext_device(context, reading->text, &options);
	buffer_reset(&parts->replacements);
	buffer_reset(&parts->unplaced);
	pdf_parts_run_contents(parts, reading->page, reading->device, &cookie);
	read_looks(parts, reading->page->obj);
	pdf_run_page_annots(context, reading->page, reading->device, fz_identity, &cookie);
	run_widgets(parts, reading, &cookie);
	fz_close_device(context, reading->device);
}

/* What was drawn before a page failed is text too. */
static void read_page_guarded(struct pdf_parts *parts, struct page_reading *reading, int number)
{
	fz_context *context = parts->context;
	fz_try(context) read_page(parts, reading, number);
	fz_catch(context)
	{
		if (parts->stopped != STATUS_OK || !reading->is_found)
			fz_rethrow(context);
		parts->pages_failed++;
	}
	parts->pages_read++;
	if (reading->text != NULL)
		emit_text_page(parts, reading->text);
	pdf_parts_emit_notes(parts, reading->page->obj);
}

/* False if there is no such page. */
static bool emit_page(struct pdf_parts *parts, int number)
{
	fz_context *context = parts->context;
	struct page_reading reading = {0};
	fz_var(reading);
	pdf_parts_start_step(parts);
	fz_try(context) read_page_guarded(parts, &reading, number);
	fz_always(context) close_page(parts, &reading);
	fz_catch(context) if (parts->stopped != STATUS_OK) fz_rethrow(context);
	pdf_parts_put(parts, emit_progress(parts->emitter));
	return reading.is_found;
}

/* ---- images, where there is no text ---- */

struct image_device {
	fz_device device;
	bool has_images;
};

static void see_image(fz_context *context, fz_device *device, fz_image *image, fz_matrix matrix, float alpha,
                      fz_color_params parameters)
{
	(void)context, (void)image, (void)matrix, (void)alpha, (void)parameters;
	((struct image_device *)device)->has_images = true;
}

static void see_image_mask(fz_context *context, fz_device *device, fz_image *image, fz_matrix matrix, fz_colorspace *space,
                           const float *colour, float alpha, fz_color_params parameters)
{
	(void)space, (void)colour;
	see_image(context, device, image, matrix, alpha, parameters);
}

static void look_for_images(struct pdf_parts *parts, int number)
{
	fz_context *context = parts->context;
	struct page_reading reading = {0};
	fz_var(reading);
	pdf_parts_start_step(parts);
	fz_try(context)
	{
		reading.device = fz_new_device_of_size(context, sizeof(struct image_device));
		reading.device->fill_image = see_image;
		reading.device->fill_image_mask = see_image_mask;
		reading.page = pdf_load_page(context, parts->document, number);
		pdf_run_page(context, reading.page, reading.device, fz_identity, NULL);
		fz_close_device(context, reading.device);
	}
	fz_always(context)
	{
		if (reading.device != NULL)
			parts->has_images |= ((struct image_device *)reading.device)->has_images;
		close_page(parts, &reading);
	}
	fz_catch(context) if (parts->stopped != STATUS_OK) fz_rethrow(context);
	pdf_parts_put(parts, emit_progress(parts->emitter));
}

/* ---- the walk ---- */

/* Makes looking up pages cheap; a tree too odd for it is looked up page by page. */
static void map_pages(struct pdf_parts *parts)
{
	fz_try(parts->context)
	{
		pdf_load_page_tree(parts->context, parts->document);
		parts->has_page_map = true;
	}
	fz_catch(parts->context) if (parts->stopped != STATUS_OK) fz_rethrow(parts->context);
}

static void unmap_pages(struct pdf_parts *parts)
{
	if (parts->has_page_map)
		pdf_drop_page_tree(parts->context, parts->document);
	parts->has_page_map = false;
}

/* The map knows pages by object number: one that lies within its parent has none. */
static bool emit_page_somehow(struct pdf_parts *parts, int number)
{
	if (emit_page(parts, number))
		return true;
	if (!parts->has_page_map)
		return false;
	unmap_pages(parts);
	return emit_page(parts, number);
}

static void walk_pages(struct pdf_parts *parts, int count)
{
	unsigned missing = 0;
	int64_t deadline = clock_monotonic() + PAGES_MILLISECONDS;
	for (int number = 0; missing < FAILURES_IN_A_ROW_MAX && parts->pages_overdue < OVERDUE_PAGES_MAX; number++) {
		bool is_found = emit_page_somehow(parts, number);
		if (!is_found && number >= count)
			return;
		missing = is_found ? 0 : missing + 1;
		parts->pages_failed += !is_found;
		parts->pages_overdue += parts->budget.is_overdue;
		if (clock_monotonic() > deadline)
			parts->pages_overdue = OVERDUE_PAGES_MAX;
	}
	emit_note(parts->emitter, missing > 0 ? "pdf: the page tree ends in missing pages" : "pdf: pages take too long to draw");
}

void pdf_parts_emit_pages(struct pdf_parts *parts)
{
	int count = pdf_count_pages(parts->context, parts->document);
	int objects = pdf_count_objects(parts->context, parts->document);
	pdf_parts_put(parts, emit_count(parts->emitter, FACT_DECLARED, "pages", count > 0 ? (uint64_t)count : 0));
	map_pages(parts);
	walk_pages(parts, count < objects ? count : objects);
	unmap_pages(parts);
	if (parts->pages_failed > 0)
		emit_note(parts->emitter, "pdf: %u pages not read whole", parts->pages_failed);
	parts->is_bomb = parts->pages_overdue >= OVERDUE_PAGES_MAX;
	if (parts->letters > 0 || parts->pages_overdue > 0)
		return;
	for (int number = 0; number < IMAGE_PAGES_MAX && (unsigned)number < parts->pages_read && !parts->has_images; number++)
		look_for_images(parts, number);
}
