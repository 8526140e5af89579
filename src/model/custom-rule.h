/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules of the owner's own and what is allowed: read of a file by tidemark, checked
 * there and again where they come off the wire, and carried out in workers. Each
 * finds a kind of the closed list; its name is the subkind.
 */
#ifndef TIDEMARK_MODEL_CUSTOM_RULE_H
#define TIDEMARK_MODEL_CUSTOM_RULE_H

#include "model/finding.h"

#define CUSTOM_RULES_MAX 256
#define CUSTOM_NAME_MAX 64
#define CUSTOM_WORDS_MAX 64 /* literals, and keywords, of a rule */
#define CUSTOM_WORD_MAX 256
#define CUSTOM_WITHIN_MAX 1000 /* characters between a match and its keyword */
#define CUSTOM_WITHIN 100
#define ALLOWED_MAX 1024
#define ALLOWED_VALUE_MAX 4096
#define CUSTOM_DIGEST_LENGTH 8

enum custom_checksum {
	CHECKSUM_NONE,
	CHECKSUM_LUHN,
	CHECKSUM_MOD_97,
	CHECKSUM_MOD_11_10,
	CHECKSUM_VERHOEFF,
	CHECKSUM_GS1,
	CUSTOM_CHECKSUM_COUNT
};
enum custom_form { FORM_AS_WRITTEN, FORM_UPPER, FORM_LOWER, FORM_DIGITS, CUSTOM_FORM_COUNT };

/* "luhn", "upper"; NULL-free, by number. */
extern const char *const custom_checksum_names[CUSTOM_CHECKSUM_COUNT];
extern const char *const custom_form_names[CUSTOM_FORM_COUNT];

struct custom_rule {
	struct bytes name; /* of lower-case letters, digits, - and _ */
	enum finding_kind kind;
	struct bytes pattern; /* regex/regex.h; empty: literals */
	struct bytes literals[CUSTOM_WORDS_MAX];
	size_t literal_count;
	struct bytes keywords[CUSTOM_WORDS_MAX]; /* one of them must stand near, in any case; none: nothing need */
	size_t keyword_count;
	uint32_t within; /* characters */
	enum custom_checksum checksum;
	enum custom_form form; /* of the value */
	float confidence;
};

/* What is found and is this is not reported, but counted. */
struct allowed {
	enum finding_kind kind; /* FINDING_KIND_COUNT: any */
	struct bytes value;     /* as normalised, or as written; or */
	struct bytes pattern;   /* found anywhere in either; or */
	struct bytes path;      /* glob (scope/glob.h's stars) on the document's path */
};

struct custom_rules {
	char digest[CUSTOM_DIGEST_LENGTH + 1]; /* of the file; empty: there is none */
	const struct custom_rule *rules;
	size_t rule_count;
	const struct allowed *allowed;
	size_t allowed_count;
};

/** Whether a name is one: of such characters, and no longer than it may be. */
bool custom_name_is_valid(struct bytes name);
/** The kinds that the rules find. */
uint64_t custom_kinds(const struct custom_rules *rules);

#endif
