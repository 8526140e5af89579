/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A page's annotations (ISO 32000-1 12.5): who wrote what in them, where links
 * and their like lead, files attached to them. A link that several lines of
 * text share is as many annotations: a target that repeats the last one is
 * dropped.
 */
#include "format/pdf/parts.h"

#define ACTIONS_MAX 16

static void emit_target(struct pdf_parts *parts, const char *target)
{
	struct bytes text = bytes_trim(bytes_of_string(target));
	if (bytes_equal(text, buffer_bytes(&parts->last_link)))
		return;
	buffer_reset(&parts->last_link);
	buffer_append(&parts->last_link, text);
	pdf_parts_put_line(parts, text);
}

/* A file specification is a string, or a dictionary that holds one. */
static void emit_named_file(struct pdf_parts *parts, pdf_obj *file)
{
	fz_context *context = parts->context;
	if (pdf_is_dict(context, file))
		file = pdf_dict_geta(context, file, PDF_NAME(UF), PDF_NAME(F));
	if (pdf_is_string(context, file))
		emit_target(parts, pdf_to_text_string(context, file));
}

/* URI, Launch, GoToR, SubmitForm and ImportData all name a place outside of the document. */
static void emit_action(struct pdf_parts *parts, pdf_obj *action)
{
	fz_context *context = parts->context;
	for (int i = 0; i < ACTIONS_MAX && pdf_is_dict(context, action); i++) {
		pdf_obj *target = pdf_dict_get(context, action, PDF_NAME(URI));
		if (pdf_is_string(context, target))
			emit_target(parts, pdf_to_text_string(context, target));
		emit_named_file(parts, pdf_dict_get(context, action, PDF_NAME(F)));
		action = pdf_dict_get(context, action, PDF_NAME(Next));
	}
}

/* FreeText shows its contents on the page already, unless it is hidden. */
static bool is_drawn(struct pdf_parts *parts, pdf_obj *note, pdf_obj *subtype)
{
	const int unseen = PDF_ANNOT_IS_INVISIBLE | PDF_ANNOT_IS_HIDDEN | PDF_ANNOT_IS_NO_VIEW;
	return pdf_name_eq(parts->context, subtype, PDF_NAME(FreeText)) &&
	       (pdf_dict_get_int(parts->context, note, PDF_NAME(F)) & unseen) == 0;
}

static void emit_note_text(struct pdf_parts *parts, pdf_obj *note, pdf_obj *subtype)
{
	fz_context *context = parts->context;
	const char *author = pdf_dict_get_text_string(context, note, PDF_NAME(T));
	const char *contents = pdf_dict_get_text_string(context, note, PDF_NAME(Contents));
	if (is_drawn(parts, note, subtype) || contents[0] == '\0')
		pdf_parts_put_line(parts, bytes_of_string(author));
	else
		pdf_parts_put_pair(parts, author, contents);
	pdf_parts_put_line(parts, bytes_of_string(pdf_to_text_string(context, pdf_dict_gets(context, note, "Subj"))));
}

static void emit_annotation(struct pdf_parts *parts, pdf_obj *note)
{
	fz_context *context = parts->context;
	pdf_obj *subtype = pdf_dict_get(context, note, PDF_NAME(Subtype));
	if (pdf_name_eq(context, subtype, PDF_NAME(Widget)))
		pdf_parts_emit_widget(parts, note);
	else if (!pdf_name_eq(context, subtype, PDF_NAME(Popup)))
		emit_note_text(parts, note, subtype);
	emit_action(parts, pdf_dict_get(context, note, PDF_NAME(A)));
	if (pdf_name_eq(context, subtype, PDF_NAME(FileAttachment)))
		pdf_parts_emit_file(parts, pdf_dict_get(context, note, PDF_NAME(FS)));
}

void pdf_parts_emit_notes(struct pdf_parts *parts, pdf_obj *page)
{
	fz_context *context = parts->context;
	pdf_obj *notes = pdf_dict_get(context, page, PDF_NAME(Annots));
	int count = pdf_array_len(context, notes);
	for (int i = 0; i < count; i++) {
		pdf_obj *note = pdf_array_get(context, notes, i);
		if (!pdf_is_dict(context, note))
			continue;
		pdf_parts_visit(parts, 0);
		emit_annotation(parts, note);
	}
}
