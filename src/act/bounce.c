/* SPDX-License-Identifier: Apache-2.0 */
/* Parts come before their wholes, and name them by number: what stands in a part is said of the topmost message around it. */
#include "act/bounce.h"

#include <stdlib.h>

enum { TOKEN = NOTICE_MESSAGE_SIZE - 1, CODE = NOTICE_CODE_SIZE - 1, REASON_MAX = 400 };

enum {
	SAYS_FAILED = 1,
	SAYS_DELAYED = 2,
	SAYS_DELIVERED = 4,
	SAYS_REPORT = 8,   /* of delivery, whatever it says */
	IS_OF_DAEMON = 16, /* a mail system's own address, or none to bounce to */
	IS_AUTOMATIC = 32,
	HAS_REFUSAL = 64, /* a permanent code of SMTP's */
	IS_SEVERAL = 128,
};

struct bounce_document {
	uint32_t ordinal, parent;
	bool is_message, is_read;
	unsigned says;
	struct bytes path, token, code, reason;
};

const char *bounce_kind_name(enum bounce_kind kind)
{
	static const char *const names[] = {"bounced", "delayed", "delivered", "automatic", "answer"};
	return names[kind];
}

/* ---- lines ---- */

static struct bytes take_line(struct bytes *text)
{
	size_t end = bytes_find_byte(*text, '\n');
	struct bytes line = bytes_slice(*text, 0, end);
	*text = end == BYTES_NOT_FOUND ? BYTES_NONE : bytes_from(*text, end + 1);
	return bytes_trim(line);
}

/* The value of a field of that name; false if the line is another. */
static bool is_field(struct bytes line, const char *name, struct bytes *ret_value)
{
	size_t len = strlen(name);
	if (!bytes_start_with_nocase(line, bytes_of(name, len)) || line.len <= len || line.at[len] != ':')
		return false;
	*ret_value = bytes_trim(bytes_from(line, len + 1));
	return true;
}

static bool is_digit(unsigned char byte)
{
	return byte >= '0' && byte <= '9';
}

/* "550 ", "550-", "5.1.1", where a word begins. */
static bool has_refusal(struct bytes line)
{
	for (size_t i = 0; i + 4 <= line.len; i++) {
		const unsigned char *at = line.at + i;
		bool begins = i == 0 || !(is_digit(at[-1]) || at[-1] == '.' || (at[-1] | 32) >= 'a');
		if (!begins || at[0] != '5')
			continue;
		if (is_digit(at[1]) && is_digit(at[2]) && (at[3] == ' ' || at[3] == '-'))
			return true;
		if (at[1] == '.' && is_digit(at[2]) && at[3] == '.')
			return true;
	}
	return false;
}

static unsigned says_action(struct bytes value)
{
	if (bytes_start_with_nocase(value, BYTES_LITERAL("failed")))
		return SAYS_REPORT | SAYS_FAILED;
	if (bytes_start_with_nocase(value, BYTES_LITERAL("delayed")))
		return SAYS_REPORT | SAYS_DELAYED;
	if (bytes_start_with_nocase(value, BYTES_LITERAL("delivered")) ||
	    bytes_start_with_nocase(value, BYTES_LITERAL("relayed")) || bytes_start_with_nocase(value, BYTES_LITERAL("expanded")))
		return SAYS_REPORT | SAYS_DELIVERED;
	return 0;
}

static bool is_daemon(struct bytes from)
{
	for (size_t i = 0; i < from.len; i++) {
		struct bytes rest = bytes_from(from, i);
		if (bytes_start_with_nocase(rest, BYTES_LITERAL("mailer-daemon@")) ||
		    bytes_start_with_nocase(rest, BYTES_LITERAL("postmaster@")) ||
		    bytes_start_with_nocase(rest, BYTES_LITERAL("mail-daemon@")) ||
		    bytes_start_with_nocase(rest, BYTES_LITERAL("microsoftexchange")))
			return true;
	}
	return false;
}

static enum status keep(struct bounce_reading *reading, struct bytes text, struct bytes *into)
{
	if (text.len == 0)
		return STATUS_OK;
	*into = arena_copy(&reading->arena, text);
	return into->len > 0 ? STATUS_OK : STATUS_NO_MEMORY;
}

/* The reason stays where it stands: the next line may say it better. */
static void read_line(struct bounce_document *document, struct bytes line)
{
	struct bytes value;
	if (is_field(line, "Action", &value))
		document->says |= says_action(value);
	else if (is_field(line, "Return-Path", &value) && bytes_equal_string(value, "<>"))
		document->says |= IS_OF_DAEMON;
	else if (is_field(line, "From", &value) && is_daemon(value))
		document->says |= IS_OF_DAEMON;
	else if (is_field(line, "Auto-Submitted", &value) && !bytes_equal_nocase(value, BYTES_LITERAL("no")))
		document->says |= IS_AUTOMATIC;
	else if (is_field(line, "X-Autoreply", &value) || is_field(line, "X-Auto-Response-Suppress", &value))
		document->says |= IS_AUTOMATIC;
	bool is_told = is_field(line, "Diagnostic-Code", &value) || is_field(line, "Status", &value);
	bool is_refusal = has_refusal(line);
	document->says |= is_refusal ? HAS_REFUSAL : 0;
	/* The diagnosis says most, then a status, then the first line with a code. */
	bool is_better = is_field(line, "Diagnostic-Code", &value) || document->reason.len == 0;
	struct bytes told = bytes_slice(is_told ? value : line, 0, REASON_MAX);
	if ((is_told || is_refusal) && is_better && told.len > 0)
		document->reason = told;
}

/* ---- which notice ---- */

static bool is_letter(unsigned char byte)
{
	byte |= 32;
	return (byte >= 'a' && byte <= 'z') || is_digit(byte);
}

static enum status name_one(struct bounce_reading *reading, struct bounce_document *document, struct bytes found,
                            struct bytes *known)
{
	if (known->len > 0 && !bytes_equal_nocase(*known, found))
		document->says |= IS_SEVERAL;
	return known->len > 0 ? STATUS_OK : keep(reading, found, known);
}

static enum status find_names(struct bounce_reading *reading, struct bounce_document *document, struct bytes text)
{
	static const char mark[] = "tidemark.";
	enum status status = STATUS_OK;
	for (size_t i = 0; i < text.len && status == STATUS_OK; i++) {
		struct bytes rest = bytes_from(text, i);
		if (rest.at[0] == '-' && i >= 5 && rest.len >= CODE - 5 && rest.at[6] == '-') {
			struct bytes code = bytes_slice(text, i - 5, CODE);
			if (notice_code_is_well_formed(code))
				status = name_one(reading, document, code, &document->code);
		} else if (rest.at[0] == 't' && bytes_start_with(rest, bytes_of(mark, sizeof mark - 1))) {
			struct bytes token = bytes_slice(rest, sizeof mark - 1, TOKEN);
			size_t len = 0;
			while (len < token.len && is_letter(token.at[len]))
				len++;
			if (len == TOKEN && rest.len > sizeof mark - 1 + TOKEN && rest.at[sizeof mark - 1 + TOKEN] == '@')
				status = name_one(reading, document, token, &document->token);
		}
	}
	return status;
}

/* ---- taking documents ---- */

static struct bounce_document *add(struct bounce_reading *reading)
{
	if (reading->count == reading->capacity) {
		size_t capacity = reading->capacity * 2 + 64;
		struct bounce_document *documents = realloc(reading->documents, capacity * sizeof *documents);
		if (documents == NULL)
			return NULL;
		reading->documents = documents;
		reading->capacity = capacity;
	}
	return &reading->documents[reading->count++];
}

enum status bounce_take(struct bounce_reading *reading, const struct document_record *record)
{
	struct bounce_document *document = add(reading);
	struct bytes text = record->text;
	if (document == NULL)
		return STATUS_NO_MEMORY;
	*document = (struct bounce_document){
		.ordinal = record->ordinal,
		.parent = record->parent,
		.is_message = bytes_equal_string(record->media_type, "message/rfc822"),
		.is_read = record->outcome == OUTCOME_READ,
	};
	reading->unread += !document->is_read;
	enum status status = keep(reading, record->inner_path, &document->path);
	if (status == STATUS_OK)
		status = find_names(reading, document, text);
	while (text.len > 0 && status == STATUS_OK)
		read_line(document, take_line(&text));
	struct bytes reason = document->reason;
	document->reason = BYTES_NONE;
	return status == STATUS_OK ? keep(reading, reason, &document->reason) : status;
}

void bounce_forget(struct bounce_reading *reading)
{
	arena_reset(&reading->arena);
	reading->count = 0;
	reading->unread = 0;
}

void bounce_reading_free(struct bounce_reading *reading)
{
	free(reading->documents);
	arena_free(&reading->arena);
}

/* ---- one message ---- */

static int by_ordinal(const void *left, const void *right)
{
	const struct bounce_document *a = left, *b = right;
	return a->ordinal < b->ordinal ? -1 : a->ordinal > b->ordinal;
}

static struct bounce_document *find(const struct bounce_reading *reading, uint32_t ordinal)
{
	const struct bounce_document sought = {.ordinal = ordinal};
	return bsearch(&sought, reading->documents, reading->count, sizeof sought, by_ordinal);
}

/* The topmost message around a document, itself included; NULL if there is none. */
static struct bounce_document *message_around(const struct bounce_reading *reading, struct bounce_document *document)
{
	struct bounce_document *message = NULL;
	for (unsigned depth = 0; document != NULL && depth < 64; depth++) {
		if (document->is_message)
			message = document;
		document = document->ordinal == 0 ? NULL : find(reading, document->parent);
	}
	return message;
}

/* What a part says of delivery is said by its message; who sent it, and whether by a machine, by the message alone. */
static void join(struct bounce_document *message, const struct bounce_document *part)
{
	const unsigned of_parts = SAYS_FAILED | SAYS_DELAYED | SAYS_DELIVERED | SAYS_REPORT | IS_SEVERAL;
	message->says |= part->is_message ? part->says & IS_SEVERAL : part->says & of_parts;
	if ((message->token.len > 0 && part->token.len > 0 && !bytes_equal_nocase(message->token, part->token)) ||
	    (message->code.len > 0 && part->code.len > 0 && !bytes_equal_nocase(message->code, part->code)))
		message->says |= IS_SEVERAL;
	if (message->token.len == 0)
		message->token = part->token;
	if (message->code.len == 0)
		message->code = part->code;
	if (message->reason.len == 0 && !part->is_message)
		message->reason = part->reason;
}

static enum bounce_kind kind_of(unsigned says)
{
	if (says & SAYS_FAILED)
		return BOUNCE_FAILED;
	if (says & SAYS_REPORT)
		return says & SAYS_DELAYED ? BOUNCE_DELAYED : BOUNCE_DELIVERED;
	if ((says & IS_OF_DAEMON) && (says & HAS_REFUSAL))
		return BOUNCE_FAILED;
	return says & (IS_OF_DAEMON | IS_AUTOMATIC) ? BOUNCE_AUTOMATIC : BOUNCE_ANSWER;
}

static enum status pass(const struct bounce_document *message, enum status (*each)(void *, const struct bounce *), void *context)
{
	const struct bounce bounce = {
		.kind = kind_of(message->says),
		.path = message->path,
		.message = message->token,
		.code = message->code,
		.is_of_several = (message->says & IS_SEVERAL) != 0,
		.reason = message->reason,
	};
	return each(context, &bounce);
}

enum status bounce_each(const struct bounce_reading *reading, enum status (*each)(void *context, const struct bounce *bounce),
                        void *context)
{
	enum status status = STATUS_OK;
	if (reading->count > 0)
		qsort(reading->documents, reading->count, sizeof *reading->documents, by_ordinal);
	for (size_t i = 0; i < reading->count; i++) {
		struct bounce_document *message = message_around(reading, &reading->documents[i]);
		if (message != NULL && message != &reading->documents[i])
			join(message, &reading->documents[i]);
	}
	for (size_t i = 0; i < reading->count && status == STATUS_OK; i++)
		if (message_around(reading, &reading->documents[i]) == &reading->documents[i])
			status = pass(&reading->documents[i], each, context);
	return status;
}
