/* SPDX-License-Identifier: Apache-2.0 */
/* The media types are those that format/ gives. Lines are counted by kind, and what most of them are the whole is. */
#include "understanding/class-shape.h"

#include <stddef.h>

/* ---- media types ---- */

struct type_row {
	const char *beginning;
	enum document_class class;
	bool is_final;
	const char *says;
};

#define OOXML "application/vnd.openxmlformats-officedocument."
#define OPENDOCUMENT "application/vnd.oasis.opendocument."

/* The first whose beginning it has. */
/* clang-format off */
static const struct type_row rows[] = {
	{"message/", CLASS_MAIL, true, "it is a mail (%.*s)"},
	{"application/mbox", CLASS_MAIL, true, "it is a mailbox (%.*s)"},
	{"application/vnd.ms-outlook", CLASS_MAIL, true, "it is mail of Outlook (%.*s)"},
	{"application/x-outlook-express", CLASS_MAIL, true, "it is mail of Outlook Express (%.*s)"},
	{"application/vnd.ms-tnef", CLASS_MAIL, true, "it is a mail's enclosure of Outlook (%.*s)"},
	{"text/rfc822-headers", CLASS_MAIL, true, "it is the header of a mail (%.*s)"},
	{"image/", CLASS_IMAGE, true, "it is a picture (%.*s)"},
	{"application/dicom", CLASS_MEDICAL, true, "it is a medical picture (%.*s)"},
	{"audio/", CLASS_MEDIA, true, "it is a recording (%.*s)"},
	{"video/", CLASS_MEDIA, true, "it is a film (%.*s)"},
	{"application/vnd.adobe.flash", CLASS_MEDIA, true, "it is a film (%.*s)"},
	{OOXML "presentationml.", CLASS_PRESENTATION, true, "it is a presentation (%.*s)"},
	{OPENDOCUMENT "presentation", CLASS_PRESENTATION, true, "it is a presentation (%.*s)"},
	{"application/vnd.ms-powerpoint", CLASS_PRESENTATION, true, "it is a presentation (%.*s)"},
	{"application/vnd.sqlite3", CLASS_DATABASE, true, "it is a database (%.*s)"},
	{"application/x-msaccess", CLASS_DATABASE, true, "it is a database (%.*s)"},
	{"application/vnd.dbf", CLASS_DATABASE, true, "it is a database's table (%.*s)"},
	{"application/x-mssql-mdf", CLASS_DATABASE, true, "it is a database (%.*s)"},
	{"application/x-mysql", CLASS_DATABASE, true, "it is a database's table (%.*s)"},
	{"application/x-berkeley-db", CLASS_DATABASE, true, "it is a database (%.*s)"},
	{"application/x-ms-ese", CLASS_DATABASE, true, "it is a database (%.*s)"},
	{"application/vnd.apache.", CLASS_DATABASE, true, "it is a table of data (%.*s)"},
	{"application/x-mssql-backup", CLASS_BACKUP, true, "it is a backup (%.*s)"},
	{"application/x-mtf", CLASS_BACKUP, true, "it is a backup (%.*s)"},
	{"application/x-postgresql-dump", CLASS_BACKUP, true, "it is a database's dump (%.*s)"},
	{"application/x-oracle-dump", CLASS_BACKUP, true, "it is a database's dump (%.*s)"},
	{"application/x-redis-dump", CLASS_BACKUP, true, "it is a database's dump (%.*s)"},
	{"application/x-ms-wim", CLASS_BACKUP, true, "it is an image of a disk (%.*s)"},
	{"application/x-vhd", CLASS_BACKUP, true, "it is an image of a disk (%.*s)"},
	{"application/x-vmdk", CLASS_BACKUP, true, "it is an image of a disk (%.*s)"},
	{"application/x-qemu-disk", CLASS_BACKUP, true, "it is an image of a disk (%.*s)"},
	{"application/x-virtualbox-vdi", CLASS_BACKUP, true, "it is an image of a disk (%.*s)"},
	{"application/zip", CLASS_ARCHIVE, true, "it is an archive (%.*s)"},
	{"application/x-tar", CLASS_ARCHIVE, true, "it is an archive (%.*s)"},
	{"application/gzip", CLASS_ARCHIVE, true, "it is a compressed file (%.*s)"},
	{"application/zlib", CLASS_ARCHIVE, true, "it is a compressed file (%.*s)"},
	{"application/zstd", CLASS_ARCHIVE, true, "it is a compressed file (%.*s)"},
	{"application/x-7z-compressed", CLASS_ARCHIVE, true, "it is an archive (%.*s)"},
	{"application/vnd.rar", CLASS_ARCHIVE, true, "it is an archive (%.*s)"},
	{"application/x-xz", CLASS_ARCHIVE, true, "it is a compressed file (%.*s)"},
	{"application/x-bzip2", CLASS_ARCHIVE, true, "it is a compressed file (%.*s)"},
	{"application/x-lz", CLASS_ARCHIVE, true, "it is an archive or a compressed file (%.*s)"},
	{"application/x-compress", CLASS_ARCHIVE, true, "it is a compressed file (%.*s)"},
	{"application/x-cpio", CLASS_ARCHIVE, true, "it is an archive (%.*s)"},
	{"application/x-archive", CLASS_ARCHIVE, true, "it is an archive (%.*s)"},
	{"application/x-ar", CLASS_ARCHIVE, true, "it is an archive (%.*s)"},
	{"application/x-ace", CLASS_ARCHIVE, true, "it is an archive (%.*s)"},
	{"application/x-rpm", CLASS_ARCHIVE, true, "it is an archive (%.*s)"},
	{"application/x-xar", CLASS_ARCHIVE, true, "it is an archive (%.*s)"},
	{"application/x-stuffit", CLASS_ARCHIVE, true, "it is an archive (%.*s)"},
	{"application/x-iso9660-image", CLASS_ARCHIVE, true, "it is an image of a disc (%.*s)"},
	{"application/vnd.ms-cab-compressed", CLASS_ARCHIVE, true, "it is an archive (%.*s)"},
	{"application/x-ms-evtx", CLASS_LOG, true, "it is a log of events (%.*s)"},
	{"application/vnd.tcpdump.pcap", CLASS_LOG, true, "it is a record of network traffic (%.*s)"},
	{"application/x-pcapng", CLASS_LOG, true, "it is a record of network traffic (%.*s)"},
	{"application/x-ms-registry", CLASS_CONFIGURATION, true, "it holds settings of Windows (%.*s)"},
	{"application/x-plist", CLASS_CONFIGURATION, false, "it is a list of properties (%.*s)"},
	{"application/yaml", CLASS_CONFIGURATION, false, "it is YAML (%.*s)"},
	{"text/x-script", CLASS_SOURCE_CODE, true, "it is a script (%.*s)"},
	{"text/javascript", CLASS_SOURCE_CODE, true, "it is a program (%.*s)"},
	{"text/css", CLASS_SOURCE_CODE, true, "it is a style sheet (%.*s)"},
	{"text/x-diff", CLASS_SOURCE_CODE, true, "it is a change to source code (%.*s)"},
	{"application/xslt+xml", CLASS_SOURCE_CODE, true, "it is a style sheet (%.*s)"},
	{"application/xsd+xml", CLASS_SOURCE_CODE, true, "it is a schema (%.*s)"},
	{"text/html", CLASS_WEB_PAGE, false, "it is a web page (%.*s)"},
	{"application/xhtml+xml", CLASS_WEB_PAGE, false, "it is a web page (%.*s)"},
};
/* clang-format on */

static const float BY_TYPE = 0.95f, BY_LINES = 0.85f;

struct class_shape class_shape_of_type(struct bytes media_type)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (bytes_start_with_nocase(media_type, bytes_of_string(rows[i].beginning)))
			return (struct class_shape){rows[i].class, rows[i].is_final, rows[i].says, BY_TYPE};
	return (struct class_shape){.class = CLASS_NONE};
}

/* ---- lines ---- */

enum { REACH = 16384, LINES_MIN = 5, TIMES_MIN = 3, SETTINGS_MIN = 4, KEY_MAX = 64 };

struct line_counts {
	size_t lines, code, statements, settings, sections, timed, sentences;
};

static bool is_letter(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(unsigned char c)
{
	return c >= '0' && c <= '9';
}

/* Where # stands for a digit and a for any letter. */
static bool is_like(struct bytes line, const char *pattern)
{
	size_t at = 0;
	for (; pattern[at] != '\0'; at++) {
		if (at >= line.len)
			return false;
		unsigned char c = line.at[at];
		if (pattern[at] == '#' ? !is_digit(c) : pattern[at] == 'a' ? !is_letter(c) : c != (unsigned char)pattern[at])
			return false;
	}
	return true;
}

/* As servers and programs begin a line: ISO 8601, syslog (RFC 3164), common log format behind its address, in brackets. */
static bool is_timed(struct bytes line)
{
	static const char *const patterns[] = {
		"####-##-##T##:##",  "####-##-## ##:##", "####/##/## ##:##", "aaa ## ##:##:##",  "aaa  # ##:##:##",
		"##/aaa/####:##:##", "##:##:##",         "##.##.#### ##:##", "##/##/#### ##:##",
	};
	size_t bracket = bytes_find_byte(bytes_slice(line, 0, 80), '[');
	for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++)
		if (is_like(line, patterns[i]) ||
		    (bracket != BYTES_NOT_FOUND && is_like(bytes_from(line, bracket + 1), patterns[i])))
			return true;
	return false;
}

static bool begins_code(struct bytes line)
{
	/* clang-format off */
	static const char *const words[] = {
		"#include", "#define", "#ifdef", "#ifndef", "#endif", "#pragma", "import ", "from ", "package ", "using ", "namespace ",
		"public ", "private ", "protected ", "static ", "const ", "var ", "let ", "function ", "def ", "class ", "struct ", "enum ",
		"return ", "return;", "if (", "if(", "for (", "for(", "while (", "while(", "else", "else:", "elif ", "try:", "except",
		"end", "local ", "fn ", "impl ", "pub ", "use ", "func ", "module ", "require", "<?php", "@Override", "SELECT ", "INSERT INTO ",
		"CREATE TABLE ", "ALTER TABLE ", "DROP TABLE ", "echo ", "export ", "fi", "done", "self.", "this.", "//", "/*", " * ", "*/",
	};
	/* clang-format on */
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (bytes_start_with(line, bytes_of_string(words[i])))
			return true;
	return false;
}

static bool ends_code(struct bytes line)
{
	unsigned char last = line.at[line.len - 1];
	return last == ';' || last == '{' || last == '}' || (last == ')' && bytes_find_byte(line, '(') != BYTES_NOT_FOUND) ||
	       bytes_end_with(line, BYTES_LITERAL("):")) || bytes_end_with(line, BYTES_LITERAL("},"));
}

/* name = value, name: value; of INI, properties, environment and YAML files. */
static bool is_setting(struct bytes line)
{
	size_t end = 0;
	if (bytes_start_with(line, BYTES_LITERAL("- ")))
		line = bytes_from(line, 2);
	while (end < line.len && end < KEY_MAX &&
	       (is_letter(line.at[end]) || is_digit(line.at[end]) || line.at[end] == '_' || line.at[end] == '-' ||
	        line.at[end] == '.'))
		end++;
	struct bytes rest = bytes_trim(bytes_from(line, end));
	return end > 0 && rest.len > 0 && (rest.at[0] == '=' || (rest.at[0] == ':' && !(line.at[0] >= 'A' && line.at[0] <= 'Z')));
}

/* Words, and none of the signs that programs are full of. */
static bool is_sentence(struct bytes line)
{
	size_t spaces = 0, signs = 0;
	for (size_t i = 0; i < line.len; i++) {
		spaces += line.at[i] == ' ';
		signs += strchr("{}();=<>[]|&$#", line.at[i]) != NULL && line.at[i] != '\0';
	}
	return spaces >= 5 && signs * 20 <= line.len;
}

static void count_line(struct bytes line, struct line_counts *counts)
{
	bool is_comment = line.at[0] == '#' || line.at[0] == ';';
	counts->lines++;
	counts->timed += is_timed(line);
	counts->sections += line.at[0] == '[' && line.at[line.len - 1] == ']';
	counts->settings += is_setting(line) || (is_comment && line.len > 1);
	counts->statements += ends_code(line);
	counts->code += begins_code(line) || ends_code(line);
	counts->sentences += is_sentence(line);
}

static struct line_counts count_lines(struct bytes text)
{
	struct line_counts counts = {.lines = 0};
	for (struct bytes rest = bytes_slice(text, 0, REACH); rest.len > 0;) {
		size_t end = bytes_find_byte(rest, '\n');
		struct bytes line = bytes_trim(bytes_slice(rest, 0, end == BYTES_NOT_FOUND ? rest.len : end));
		if (line.len > 0)
			count_line(line, &counts);
		rest = end == BYTES_NOT_FOUND ? BYTES_NONE : bytes_from(rest, end + 1);
	}
	return counts;
}

/* Fields that mails have (RFC 5322 3.6), and with the first of them few others. */
struct class_shape class_shape_of_fields(struct bytes text)
{
	static const char *const fields[] = {
		"Received: ", "Message-ID: ", "Return-Path: ", "From: ", "To: ", "Subject: ", "Date: "};
	enum { FIELDS = sizeof fields / sizeof *fields, OF_MACHINES = 3, ENOUGH = 5 };
	bool is_there[FIELDS] = {false};
	size_t count = 0;
	for (struct bytes rest = bytes_slice(text, 0, REACH); rest.len > 0;) {
		size_t end = bytes_find_byte(rest, '\n');
		for (size_t i = 0; i < FIELDS; i++)
			is_there[i] |= bytes_start_with_nocase(rest, bytes_of_string(fields[i]));
		rest = end == BYTES_NOT_FOUND ? BYTES_NONE : bytes_from(rest, end + 1);
	}
	for (size_t i = 0; i < FIELDS; i++)
		count += is_there[i];
	bool has_machine = false;
	for (size_t i = 0; i < OF_MACHINES; i++)
		has_machine |= is_there[i];
	if (count < ENOUGH || !has_machine)
		return (struct class_shape){.class = CLASS_NONE};
	return (struct class_shape){CLASS_MAIL, true, "it holds a mail with the fields of its header (%.*s)", BY_LINES};
}

struct class_shape class_shape_of_lines(struct bytes text)
{
	struct line_counts counts = count_lines(text);
	struct class_shape mail = class_shape_of_fields(text);
	if (mail.class != CLASS_NONE)
		return mail;
	if (bytes_find(bytes_slice(text, 0, 512), BYTES_LITERAL("-- MySQL dump ")) != BYTES_NOT_FOUND ||
	    bytes_find(bytes_slice(text, 0, 512), BYTES_LITERAL("PostgreSQL database dump")) != BYTES_NOT_FOUND)
		return (struct class_shape){CLASS_BACKUP, true, "it says that it is a database's dump", BY_TYPE};
	bool is_timed_throughout = counts.lines >= TIMES_MIN && counts.timed == counts.lines;
	if (is_timed_throughout || (counts.lines >= LINES_MIN && counts.timed * 10 >= counts.lines * 6))
		return (struct class_shape){CLASS_LOG, true, "most of its lines begin with a time", BY_LINES};
	if (counts.lines >= LINES_MIN && counts.statements * 10 >= counts.lines && counts.code * 10 >= counts.lines * 4 &&
	    counts.sentences * 4 <= counts.lines)
		return (struct class_shape){CLASS_SOURCE_CODE, true, "most of its lines are those of a program", BY_LINES};
	if (counts.lines >= SETTINGS_MIN && (counts.settings + counts.sections) * 10 >= counts.lines * 8 &&
	    counts.sentences * 4 <= counts.lines)
		return (struct class_shape){CLASS_CONFIGURATION, true, "most of its lines set something to a value", BY_LINES};
	return (struct class_shape){.class = CLASS_NONE};
}
