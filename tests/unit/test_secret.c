/* SPDX-License-Identifier: Apache-2.0 */
/* Secrets: each format by one that was drawn for this test, what is none, examples, stars, and the worst of texts. */
#include "scan-text.h"

#include <stdio.h>
#include <stdlib.h>

extern const struct detector detector_secret, detector_secret_mark;

struct found {
	struct buffer lines; /* subkind raw, and ! behind an example, a line each */
	size_t count;
};

static enum status write_secret(void *context, const struct finding *finding)
{
	struct found *found = context;
	if (finding->kind != FINDING_SECRET)
		return STATUS_OK;
	assert_int_equal(finding->to - finding->from, text_count(finding->raw));
	assert_true(finding->confidence > 0 && finding->confidence <= 1);
	bool is_example = bytes_find(finding->rule, BYTES_LITERAL(FINDING_EXAMPLE_RULE)) != BYTES_NOT_FOUND;
	assert_true(!is_example || finding->confidence <= FINDING_EXAMPLE_CONFIDENCE);
	buffer_append(&found->lines, finding->subkind);
	buffer_append_string(&found->lines, is_example ? "! " : " ");
	buffer_append(&found->lines, finding->raw);
	buffer_append_string(&found->lines, "\n");
	found->count++;
	return STATUS_OK;
}

static void find(struct bytes text, struct found *found)
{
	struct scan *scan;
	buffer_reset(&found->lines);
	found->count = 0;
	assert_int_equal(detector_prepare_all(), STATUS_OK);
	assert_int_equal(scan_start(write_secret, found, &scan), STATUS_OK);
	assert_int_equal(scan_feed(scan, text), STATUS_OK);
	assert_int_equal(scan_finish(scan), STATUS_OK);
	scan_free(scan);
}

static void check(const struct example *examples, size_t count)
{
	struct found found = {.lines = buffer_with_ceiling(1 << 24)};
	for (size_t i = 0; i < count; i++) {
		find(bytes_of_string(examples[i].text), &found);
		if (!bytes_equal_string(buffer_bytes(&found.lines), examples[i].values))
			fail_msg("in: %s\nfound: %.*s\nnot: %s", examples[i].text, (int)found.lines.len,
			         (const char *)found.lines.at, examples[i].values);
	}
	buffer_free(&found.lines);
}

#define CHECK(examples) check(examples, sizeof examples / sizeof *examples)

/* Letters and digits of a stretch that never repeats soon, so that nothing here looks like a real one to others. */
#define DRAWN_20 "k7Qw2Zp9Rb4Tx1Vn8Ys3"
#define STARS_16 "****************"
#define STARS_20 STARS_16 "****"

static void formats_are_known(void **state)
{
	(void)state;
	const struct example examples[] = {
		{"key AKIAQ3EGRZ7NLMX52PTV.", "aws-access-key AKIA" STARS_16 "\n"},
		{"xAKIAQ3EGRZ7NLMX52PTV", ""},
		{"AKIAQ3EGRZ7NLMX52PTVX", ""},
		{"AIza" DRAWN_20 "Gm5Hc6Jd0Lf8Wq2", "gcp-api-key AIza" STARS_20 "***************\n"},
		{"glpat-" DRAWN_20 "\n", "gitlab-token glpa**" STARS_20 "\n"},
		{"\\nglpat-" DRAWN_20 "\\n", "gitlab-token glpa**" STARS_20 "\n"},
		{"xoxb-482915730164-591837264015-" DRAWN_20 "Aa7C", "slack-token xoxb*" STARS_16 "***********" STARS_20 "***\n"},
		{"https://hooks.slack.com/services/T012345/B012345/" DRAWN_20 "Aa7C", "slack-webhook " STARS_20 "****\n"},
		{"sk_live_" DRAWN_20, "stripe-key sk_l****" STARS_20 "\n"},
		{"a " DRAWN_20 ":AAFd", ""},
		{"bot 8402617395:AAF" DRAWN_20 "q5W8e2R6t1Y9", "telegram-token " STARS_20 STARS_20 "******\n"},
		{"sk-" DRAWN_20 "T3BlbkFJ" DRAWN_20, "openai-key " STARS_20 STARS_20 "***********\n"},
		{"key=SG.k7Qw2Zp9Rb4Tx1Vn8Ys3Aa." DRAWN_20 DRAWN_20 "Gm5",
	         "sendgrid-key SG.*" STARS_16 STARS_16 STARS_16 "*****************\n"},
		{"0f3a9c71d5e8b2460f3a9c71d5e8b246-us12", "mailchimp-key " STARS_16 STARS_16 "*****\n"},
		{"abc8Q~" DRAWN_20 "Gm5Hc6Jd0Lf8Wq", "azure-client-secret " STARS_20 STARS_20 "\n"},
		{"root:$6$saltsalt$" DRAWN_20 DRAWN_20 DRAWN_20 DRAWN_20 "Gm5Hc6:19000:0:",
	         "password-hash $6$" STARS_20 STARS_20 STARS_20 STARS_20 "***************\n"},
		{"postgres://app:w0rk-H0rse@db/", "url-password **********\n"},
		{"13087427627125|" DRAWN_20 "Gm5Hc6J", ""},
		{"130874276271258|" DRAWN_20 "Gm5Hc6J", "facebook-token " STARS_20 "*******\n"},
		{"|" DRAWN_20 "|" DRAWN_20 "|", ""},
		{"00D3f000001xYzA!" DRAWN_20 DRAWN_20 DRAWN_20 DRAWN_20 "Gm5Hc6",
	         "salesforce-session " STARS_20 STARS_20 STARS_20 STARS_20 "******\n"},
		{"https://host/a:b@c", ""},
		{"https://app:${PASSWORD}@db/", ""},
	};
	CHECK(examples);
}

static void two_detectors_share_them(void **state)
{
	(void)state;
	assert_string_equal(detector_secret.name, "secret");
	assert_string_equal(detector_secret_mark.name, "secret-mark");
	for (size_t i = 0; i < detector_secret.literal_count; i++)
		assert_true(strlen(detector_secret.literals[i].text) >= 4);
}

static void checksums_tell(void **state)
{
	(void)state;
	struct found found = {.lines = buffer_with_ceiling(1 << 20)};
	/* The six last of the first are what CRC-32 says of the thirty before them. */
	char token[64] = "ghp_k7Qw2Zp9Rb4Tx1Vn8Ys3Gm5Hc6Jd0L";
	static const char letters[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
	uint32_t crc = 0xFFFFFFFF;
	for (const char *c = token + 4; *c != '\0'; c++) {
		crc ^= (unsigned char)*c;
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320 : 0);
	}
	crc = ~crc;
	for (int i = 0; i < 6; i++, crc /= 62)
		token[39 - i] = letters[crc % 62];
	assert_int_equal(strlen(token), 40);
	find(bytes_of_string(token), &found);
	assert_true(bytes_start_with(buffer_bytes(&found.lines), BYTES_LITERAL("github-token ghp_****")));
	/* Proved by its digits it is what they say, whatever name stands before it. */
	char named[80];
	snprintf(named, sizeof named, "token: %s\n", token);
	find(bytes_of_string(named), &found);
	assert_true(bytes_start_with(buffer_bytes(&found.lines), BYTES_LITERAL("github-token ghp_****")));
	assert_int_equal(found.count, 1);
	buffer_free(&found.lines);
}

static void names_tell(void **state)
{
	(void)state;
	const struct example examples[] = {
		{"DB_PASSWORD=w0rkh0rse\n", "password *********\n"},
		{"export SMTP_PASS=\"b4ckup!\"", "password *******\n"},
		{"\"password\": \"w0rkh0rse\",", "password *********\n"},
		{"{\\\"password\\\": \\\"w0rkh0rse\\\"}", "password *********\n"},
		{"<Pass encoding=\"base64\">dzBya2gwcnNl</Pass>", "password ************\n"},
		{"<add key=\"MailPassword\" value=\"w0rkh0rse\"/>", "password *********\n"},
		{"define('DB_PASSWORD', 'w0rkh0rse');", "password *********\n"},
		{"machine host login ann password w0rkh0rse\n", "password *********\n"},
		{"connect --password w0rkh0rse now", "password *********\n"},
		{"Server=db;User=sa;Password=w0rkh0rse;Trusted=no", "password *********\n"},
		{"the password is 'w0rkh0rse'", "password *********\n"},
		{"Kennwort: w0rkh0rse7", "password **********\n"},
		{"api_key = '9f86d081884c7d659a2feaa0c55ad015'", "api-key ********************************\n"},
		{"Authorization: Bearer " DRAWN_20, "bearer-token " STARS_20 "\n"},
		{"Authorization: Basic YXBwOncwcmtoMHJzZQ==", "basic-auth " STARS_20 "\n"},
		{"curl -u app:w0rkh0rse https://x", "curl-password *********\n"},
		{"tar -u app:w0rkh0rse", ""},
		{"psexec \\\\host -u app -p w0rkh0rse cmd", "password *********\n"},
		{"cp -p w0rkh0rse there", ""},
		{"new NetworkCredential(\"app\", \"w0rkh0rse\");", "password *********\n"},
		{"uid=app;pwd=w0rkh0rse;", "password *********\n"},
		{"The password for user 'app' is 'w0rkh0rse'.", "password *********\n"},
		{"The password is changed by the user.", ""},
		/* What stands for another, or for nothing. */
		{"password: ${DB_PASSWORD}", ""},
		{"password = os.environ['X1_PASS']", ""},
		{"password = getPassword1()", ""},
		{"password={{ vault.db1 }}", ""},
		{"passwordField: \"login1\"", ""},
		{"tokenUrl = \"https://x/1\"", ""},
		{"secretName: db-secret-1", ""},
		{"Password: please enter yours", ""},
		{"Your password must have 8 characters.", ""},
		{"compass: n0rth-by-west", ""},
		{"public_key = '9f86d081884c7d659a2feaa0c55ad015'", ""},
		{"\"password\": \"Contraseña\"", ""},
		{"\"Password:\",\"remember1\"", ""},
		{"token = user.accessToken.value", ""},
		{"The secret: a story of 1984", ""},
	};
	CHECK(examples);
}

static void examples_are_told(void **state)
{
	(void)state;
	const struct example examples[] = {
		{"AKIAIOSFODNN7EXAMPLE", "aws-access-key! AKIA" STARS_16 "\n"},
		{"ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "github-token! ghp_" STARS_16 STARS_20 "\n"},
		{"sk_test_" DRAWN_20, "stripe-key! sk_t****" STARS_20 "\n"},
		{"DB_PASSWORD=changeme1\n", "password! *********\n"},
		{"password: \"my-example-1\"", "password! ************\n"},
	};
	CHECK(examples);
}

static void keys_keep_their_markers(void **state)
{
	(void)state;
#define LINE "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQDAC4AWkdwKYSd8\n"
#define STAR_LINE "****************************************************************\n"
	const struct example examples[] = {
		{"-----BEGIN PRIVATE KEY-----\n" LINE LINE "-----END PRIVATE KEY-----\n",
	         "private-key -----BEGIN PRIVATE KEY-----\n" STAR_LINE STAR_LINE "-----END PRIVATE KEY-----\n"},
		{"-----BEGIN PUBLIC KEY-----\n" LINE LINE "-----END PUBLIC KEY-----\n", ""},
		{"-----BEGIN PRIVATE KEY-----\nanything\n-----END PRIVATE KEY-----\n", ""},
		{"A file with -----BEGIN PRIVATE KEY----- in it is one, and must not be sent to anybody.", ""},
		{"-----BEGIN RSA PRIVATE KEY-----\n" LINE "cut",
	         "private-key -----BEGIN RSA PRIVATE KEY-----\n****************************************************************\n"},
	};
	CHECK(examples);
}

static void tokens_are_signed(void **state)
{
	(void)state;
	/* {"alg":"HS256"} {"sub":"1234"} */
	const struct example examples[] = {
		{"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0." DRAWN_20, "jwt eyJh" STARS_16 STARS_20 "*" STARS_20 "\n"},
		{"eyJhbGciOiJub25lIn0.eyJzdWIiOiIxMjM0In0.", "jwt! eyJh****************************************\n"},
		{"eyJzdWIiOiIxMjM0In0.eyJzdWIiOiIxMjM0In0." DRAWN_20, ""}, /* no alg */
	};
	struct found found = {.lines = buffer_with_ceiling(1 << 20)};
	find(bytes_of_string(examples[0].text), &found);
	assert_int_equal(found.count, 1);
	assert_true(bytes_start_with(buffer_bytes(&found.lines), BYTES_LITERAL("jwt eyJh***")));
	find(bytes_of_string(examples[1].text), &found);
	assert_true(bytes_start_with(buffer_bytes(&found.lines), BYTES_LITERAL("jwt! eyJh***")));
	find(bytes_of_string(examples[2].text), &found);
	assert_int_equal(found.count, 0);
	buffer_free(&found.lines);
}

static void what_is_no_text_is_starred_too(void **state)
{
	(void)state;
	const struct example examples[] = {
		{"gldt-" DRAWN_20 ".txt", "gldt*" STARS_20 ".txt"},
		{"password=w0rkh0rse", "password=*********"},
		{"https://app:w0rk-H0rse@db/x", "https://app:**********@db/x"},
		{"a name like any other.txt", "a name like any other.txt"},
		{"", ""},
	};
	assert_int_equal(detector_prepare_all(), STATUS_OK);
	for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
		char text[200];
		snprintf(text, sizeof text, "%s", examples[i].text);
		scan_mask_secrets((unsigned char *)text, strlen(text));
		assert_string_equal(text, examples[i].values);
	}
}

/* Megabytes of beginnings: they end, and nothing is found twice at one place. */
static void the_worst_of_texts_ends(void **state)
{
	(void)state;
	static const char *const beginnings[] = {
		"password=",
		"passpass",
		"token:\"",
		"eyJh.",
		"eyJhbGciOiJIUzI1NiJ9.",
		"-----BEGIN PRIVATE KEY-----",
		("-----BEGIN PRIVATE KEY-----\n" LINE),
		"AKIA",
		"ghp_",
		"$6$",
		"$6$a$",
		"://a:b@",
		"a:b@",
		"@",
		"~",
		"8Q~",
		":AAF",
		"-us1",
		"T3BlbkFJ",
		"AZDO",
		"curl -u a:",
		" -p ",
		"Authorization:",
		"Bearer ",
		"password \"",
		"secret_token_api_key_",
		"sig=",
		"Private-Lines: 99\n",
		"hooks.slack.com/services/a/b/",
		"pass&quot;=&quot;",
		"|",
		"!",
		"0|",
		"password is is ",
		"NetworkCredential(\"",
		"\\\\\\\\\"",
		"pwd \\\\",
	};
	struct found found = {.lines = buffer_with_ceiling(SIZE_MAX / 2)};
	struct buffer text = buffer_with_ceiling(4 << 20);
	for (size_t i = 0; i < sizeof beginnings / sizeof *beginnings; i++) {
		buffer_reset(&text);
		while (text.len < 2 << 20)
			buffer_append_string(&text, beginnings[i]);
		find(buffer_bytes(&text), &found);
		assert_true(found.lines.len <= 8 * text.len);
	}
	buffer_free(&text);
	buffer_free(&found.lines);
}

/* What stands at a text's end is read no further, by whichever literal it was met. */
static void a_text_may_end_behind_any_literal(void **state)
{
	(void)state;
	struct found found = {.lines = buffer_with_ceiling(1 << 20)};
	for (const struct detector *const *detector = detector_registry; *detector != NULL; detector++)
		for (size_t i = 0; (*detector)->lane == LANE_LITERALS && i < (*detector)->literal_count; i++) {
			find(bytes_of_string((*detector)->literals[i].text), &found);
			assert_true(found.count <= 1); /* one is a secret by itself */
		}
	buffer_free(&found.lines);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_detectors_share_them), cmocka_unit_test(formats_are_known),
		cmocka_unit_test(checksums_tell),           cmocka_unit_test(names_tell),
		cmocka_unit_test(examples_are_told),        cmocka_unit_test(keys_keep_their_markers),
		cmocka_unit_test(tokens_are_signed),        cmocka_unit_test(what_is_no_text_is_starred_too),
		cmocka_unit_test(the_worst_of_texts_ends),  cmocka_unit_test(a_text_may_end_behind_any_literal),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
