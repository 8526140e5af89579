/* SPDX-License-Identifier: Apache-2.0 */
/* Challenges, proofs, invitations and appeals in the catalog: limits, single use, races, kills. */
#include "contract/backend/leak.h"

#include "base/clock.h"
#include "catalog/inside.h"
#include "catalog/proofs.h"

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { NOON = 1700000000, HOUR = 3600 };

static const struct leak_object leak[] = {{"a.txt", "a letter to bob@contoso.com", NULL, 0, 0, NULL}};
static const struct bytes contoso = {(const unsigned char *)"contoso.com", 11};
static const struct bytes fabrika = {(const unsigned char *)"fabrika.com", 11};
static const struct bytes here = {(const unsigned char *)"192.0.2.1", 9};
static const struct bytes elsewhere = {(const unsigned char *)"198.51.100.9", 12};

static char *directory;
static struct catalog_place place;
static struct catalog *catalog;
static struct incident *incident;
static struct arena arena = {.ceiling = 16 << 20};

static void open_both(struct catalog **ret_catalog, struct incident **ret_incident)
{
	struct failure failure;
	assert_int_equal(catalog_open(&place, CATALOG_APPEND, ret_catalog, NULL, &failure), STATUS_OK);
	assert_int_equal(incident_open(*ret_catalog, BYTES_LITERAL("default"), INCIDENT_READ, ret_incident, &failure), STATUS_OK);
}

static int set_up(void **state)
{
	struct failure failure;
	(void)state;
	directory = leak_directory();
	place = leak_place(directory);
	assert_int_equal(catalog_open(&place, CATALOG_CREATE, &catalog, NULL, &failure), STATUS_OK);
	assert_int_equal(incident_open(catalog, BYTES_LITERAL("default"), INCIDENT_SWEEP, &incident, &failure), STATUS_OK);
	leak_sweep(incident, leak, 1, NULL);
	incident_close(incident);
	catalog_close(catalog);
	open_both(&catalog, &incident);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	incident_close(incident);
	catalog_close(catalog);
	arena_free(&arena);
	leak_remove(directory);
	return 0;
}

/* ---- asking ---- */

static struct challenge_plea plea_of(struct bytes subject, enum proof_method method, struct bytes peer, int64_t now)
{
	return (struct challenge_plea){
		.subject = subject, .method = method, .peer = peer, .now = now, .open_max = 5, .per_hour_max = 20};
}

static struct challenge_made make(struct bytes subject, enum proof_method method, struct bytes peer, int64_t now)
{
	struct challenge_plea plea = plea_of(subject, method, peer, now);
	struct challenge_made made;
	struct failure failure;
	uint32_t retry;
	if (method == PROOF_MAIL)
		plea.mail_scope = subject;
	assert_int_equal(challenge_make(incident, &plea, &made, &retry, &failure), STATUS_OK);
	return made;
}

static struct challenge_check check_of(const char *id, const char *code, int64_t now)
{
	return (struct challenge_check){.id = bytes_of_string(id),
	                                .code = bytes_of_string(code),
	                                .peer = here,
	                                .now = now,
	                                .per_hour_max = 120,
	                                .at_once_max = 8,
	                                .lease_seconds = 30};
}

static enum status take(const struct challenge_check *check, struct challenge *challenge)
{
	struct failure failure;
	uint32_t retry;
	return challenge_take(incident, check, &arena, challenge, &retry, &failure);
}

static enum status settle(const struct challenge_check *check, enum challenge_verdict verdict, char *token)
{
	struct failure failure;
	return challenge_settle(incident, check, verdict, token, &failure);
}

static void prove(const char *id, int64_t now, char *token)
{
	struct challenge_check check = check_of(id, NULL, now);
	struct challenge challenge;
	assert_int_equal(take(&check, &challenge), STATUS_OK);
	assert_true(challenge.is_looked_at);
	assert_int_equal(settle(&check, VERDICT_PROVED, token), STATUS_OK);
}

static enum status find(const char *token, int64_t now, struct proven *proven)
{
	struct failure failure;
	return proof_find(incident, bytes_of_string(token), now, &arena, proven, &failure);
}

/* ---- a challenge ---- */

static void a_challenge_is_proved_once(void **state)
{
	char token[PROOF_SECRET_TEXT_SIZE], again[PROOF_SECRET_TEXT_SIZE];
	struct challenge_made made = make(contoso, PROOF_DNS, here, NOON);
	struct challenge_check check = check_of(made.id, NULL, NOON + 60);
	struct challenge challenge;
	struct proven proven;
	(void)state;
	assert_int_equal(made.expires, NOON + CHALLENGE_SECONDS);
	assert_string_not_equal(made.id, made.token);
	prove(made.id, NOON + 60, token);
	assert_int_equal(find(token, NOON + 61, &proven), STATUS_OK);
	assert_true(bytes_equal(proven.subject, contoso));
	assert_int_equal(proven.expires, NOON + 60 + PROOF_SECONDS);
	assert_int_equal(find(token, NOON + 60 + PROOF_SECONDS, &proven), STATUS_DENIED);
	/* Replayed. */
	assert_int_equal(take(&check, &challenge), STATUS_OK);
	assert_int_equal(challenge.state, CHALLENGE_PROVED);
	assert_false(challenge.is_looked_at);
	assert_int_equal(settle(&check, VERDICT_PROVED, again), STATUS_CHANGED);
	/* Neither of them is the token. */
	assert_int_equal(find(made.id, NOON + 61, &proven), STATUS_DENIED);
	assert_int_equal(find(made.token, NOON + 61, &proven), STATUS_DENIED);
	assert_int_equal(find("", NOON + 61, &proven), STATUS_DENIED);
}

static void it_expires(void **state)
{
	struct challenge_made dns = make(contoso, PROOF_DNS, here, NOON), mail = make(contoso, PROOF_MAIL, here, NOON);
	struct challenge_check check = check_of(mail.id, NULL, NOON + HOUR);
	struct challenge challenge;
	char token[PROOF_SECRET_TEXT_SIZE];
	(void)state;
	assert_int_equal(mail.expires, NOON + CHALLENGE_MAIL_SECONDS);
	assert_int_equal(take(&check, &challenge), STATUS_OK);
	assert_true(challenge.is_expired);
	check = check_of(dns.id, NULL, NOON + CHALLENGE_SECONDS);
	assert_int_equal(take(&check, &challenge), STATUS_OK);
	assert_true(challenge.is_expired && !challenge.is_looked_at);
	/* One that expires while it is looked at is not proved any more. */
	dns = make(contoso, PROOF_DNS, here, NOON);
	check = check_of(dns.id, NULL, NOON + CHALLENGE_SECONDS - 1);
	assert_int_equal(take(&check, &challenge), STATUS_OK);
	assert_true(challenge.is_looked_at);
	check.now += 10;
	assert_int_equal(settle(&check, VERDICT_PROVED, token), STATUS_CHANGED);
}

static void guessed_ids_are_no_challenges(void **state)
{
	struct challenge_made made = make(contoso, PROOF_DNS, here, NOON);
	const char *const guesses[] = {
		"", "x", made.token, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA!", "../../etc/passwd"};
	struct challenge challenge;
	(void)state;
	for (size_t i = 0; i < sizeof guesses / sizeof *guesses; i++) {
		struct challenge_check check = check_of(guesses[i], NULL, NOON);
		assert_int_equal(take(&check, &challenge), STATUS_ABSENT);
	}
}

static void an_askers_newest_replace_its_oldest_and_nobody_elses(void **state)
{
	struct challenge_made mine[6], theirs = make(contoso, PROOF_DNS, elsewhere, NOON),
				       other = make(fabrika, PROOF_DNS, here, NOON);
	struct challenge challenge;
	(void)state;
	for (int i = 0; i < 6; i++)
		mine[i] = make(contoso, PROOF_DNS, here, NOON + i);
	for (int i = 0; i < 6; i++) {
		struct challenge_check check = check_of(mine[i].id, NULL, NOON + 10);
		check.at_once_max = 100;
		assert_int_equal(take(&check, &challenge), STATUS_OK);
		assert_int_equal(challenge.state, i == 0 ? CHALLENGE_REPLACED : CHALLENGE_OPEN);
	}
	const char *const untouched[] = {theirs.id, other.id};
	for (int i = 0; i < 2; i++) {
		struct challenge_check check = check_of(untouched[i], NULL, NOON + 10);
		check.at_once_max = 100;
		assert_int_equal(take(&check, &challenge), STATUS_OK);
		assert_int_equal(challenge.state, CHALLENGE_OPEN);
	}
}

/* What is refused for being too much is told alike of all subjects, and shuts nobody else out. */
static void an_address_begins_twenty_an_hour(void **state)
{
	struct challenge_plea plea = plea_of(contoso, PROOF_DNS, here, NOON);
	struct challenge_made made;
	struct failure first, second;
	uint32_t retry = 0, again = 0;
	(void)state;
	for (int i = 0; i < 20; i++)
		make(i % 2 ? contoso : fabrika, PROOF_DNS, here, NOON + i);
	plea.now = NOON + 30;
	assert_int_equal(challenge_make(incident, &plea, &made, &retry, &first), STATUS_BUSY);
	plea.subject = BYTES_LITERAL("nobody-at-all.org");
	assert_int_equal(challenge_make(incident, &plea, &made, &again, &second), STATUS_BUSY);
	assert_int_equal(retry, again);
	assert_int_equal(retry, HOUR - 30);
	assert_string_equal(first.why, second.why);
	make(contoso, PROOF_DNS, elsewhere, NOON + 31);
	make(contoso, PROOF_DNS, here, NOON + HOUR);
}

static void checks_are_limited_too(void **state)
{
	struct challenge_made made = make(contoso, PROOF_MAIL, here, NOON);
	struct challenge challenge;
	(void)state;
	for (int i = 0; i < 3; i++) {
		struct challenge_check check = check_of(made.id, NULL, NOON + i);
		check.per_hour_max = 3;
		assert_int_equal(take(&check, &challenge), STATUS_OK);
	}
	struct challenge_check check = check_of(made.id, NULL, NOON + 4);
	check.per_hour_max = 3;
	assert_int_equal(take(&check, &challenge), STATUS_BUSY);
	check.peer = elsewhere;
	assert_int_equal(take(&check, &challenge), STATUS_OK);
}

/* One address has half of what may look at once, so others find room. */
static void no_address_takes_all_lookers(void **state)
{
	struct challenge challenge;
	(void)state;
	for (int i = 0; i < 4; i++) {
		struct challenge_check check = check_of(make(contoso, PROOF_HTTP, here, NOON).id, NULL, NOON);
		assert_int_equal(take(&check, &challenge), STATUS_OK);
	}
	struct challenge_made late = make(contoso, PROOF_HTTP, here, NOON);
	struct challenge_check check = check_of(late.id, NULL, NOON);
	assert_int_equal(take(&check, &challenge), STATUS_BUSY);
	check.peer = elsewhere;
	assert_int_equal(take(&check, &challenge), STATUS_OK);
	/* While one looks, nobody else does; one that fell over is forgotten. */
	assert_int_equal(take(&check, &challenge), STATUS_BUSY);
	check.now += 31;
	assert_int_equal(take(&check, &challenge), STATUS_OK);
}

static enum status note_number(void *context, const struct waiting_challenge *waiting)
{
	assert_true(bytes_equal(waiting->subject, contoso));
	assert_true(bytes_equal_string(waiting->network, "192.0.2.0/24"));
	*(uint64_t *)context = waiting->number;
	return STATUS_OK;
}

static void the_operator_decides_what_proves_too_much(void **state)
{
	struct challenge challenge;
	struct failure failure;
	struct challenge_made made = make(contoso, PROOF_DNS, here, NOON);
	struct challenge_check check = check_of(made.id, NULL, NOON);
	char token[PROOF_SECRET_TEXT_SIZE] = "";
	uint64_t number = 0;
	(void)state;
	assert_int_equal(take(&check, &challenge), STATUS_OK);
	assert_int_equal(settle(&check, VERDICT_WAIT, token), STATUS_OK);
	assert_string_equal(token, "");
	check.now += 40;
	assert_int_equal(take(&check, &challenge), STATUS_OK);
	assert_int_equal(challenge.state, CHALLENGE_WAITING);
	assert_false(challenge.is_looked_at);
	assert_int_equal(settle(&check, VERDICT_PROVED, token), STATUS_CHANGED);
	assert_int_equal(challenges_waiting(incident, check.now, note_number, &number, &failure), STATUS_OK);
	assert_true(number > 0);
	assert_int_equal(
		challenge_decide(incident, number + 1, true, BYTES_LITERAL("anna"), BYTES_LITERAL("called"), check.now, &failure),
		STATUS_ABSENT);
	assert_int_equal(
		challenge_decide(incident, number, true, BYTES_LITERAL("anna"), BYTES_LITERAL("called"), check.now, &failure),
		STATUS_OK);
	assert_int_equal(
		challenge_decide(incident, number, false, BYTES_LITERAL("anna"), BYTES_LITERAL("no"), check.now, &failure),
		STATUS_ABSENT);
	/* A day later still, for deciding takes its time. */
	prove(made.id, NOON + 2 * CHALLENGE_SECONDS, token);
}

/* ---- codes ---- */

static struct proof_mail next_mail(int64_t now)
{
	struct proof_mail mail;
	struct failure failure;
	assert_int_equal(proof_mail_take(incident, now, 120, &arena, &mail, &failure), STATUS_OK);
	return mail;
}

static void a_mailed_code_proves_its_own_challenge(void **state)
{
	struct challenge_made mine = make(contoso, PROOF_MAIL, here, NOON), other = make(contoso, PROOF_MAIL, here, NOON + 1);
	struct challenge challenge;
	struct failure failure;
	struct proof_mail mail = next_mail(NOON + 2), second;
	char token[PROOF_SECRET_TEXT_SIZE], dashed[64] = "";
	(void)state;
	assert_true(bytes_equal(mail.subject, contoso));
	assert_string_not_equal(mail.code, mine.id);
	assert_string_not_equal(mail.code, mine.token);
	/* As a person types it. */
	for (int i = 0; i < 8; i++)
		sprintf(dashed + strlen(dashed), "%.4s%s", mail.code + 4 * i, i < 7 ? "-" : " ");
	for (char *at = dashed; *at; at++)
		*at = (char)(*at >= 'a' ? *at - 32 : *at);
	/* Transplanted. */
	struct challenge_check check = check_of(other.id, dashed, NOON + 3);
	assert_int_equal(take(&check, &challenge), STATUS_OK);
	assert_true(challenge.is_wrong && !challenge.is_looked_at);
	assert_int_equal(settle(&check, VERDICT_NOT_YET, token), STATUS_OK);
	check = check_of(mine.id, dashed, NOON + 3);
	assert_int_equal(take(&check, &challenge), STATUS_OK);
	assert_true(challenge.is_right && challenge.is_looked_at);
	assert_int_equal(settle(&check, VERDICT_PROVED, token), STATUS_OK);
	/* A mail that was lent and not done is due again; what is over is not sent. */
	second = next_mail(NOON + 4);
	assert_string_not_equal(second.code, mail.code);
	assert_int_equal(proof_mail_take(incident, NOON + 5, 120, &arena, &mail, &failure), STATUS_ABSENT);
	assert_string_equal(next_mail(NOON + 130).code, second.code);
	assert_int_equal(proof_mail_done(incident, second.number, &failure), STATUS_OK);
	assert_int_equal(proof_mail_take(incident, NOON + 900, 120, &arena, &mail, &failure), STATUS_ABSENT);
}

static void ten_wrong_codes_end_a_challenge(void **state)
{
	struct challenge_made made = make(contoso, PROOF_MAIL, here, NOON);
	struct challenge challenge;
	struct proof_mail mail = next_mail(NOON);
	(void)state;
	for (int i = 0; i < WRONG_CODES_MAX; i++) {
		struct challenge_check check = check_of(made.id, "aaaa-bbbb", NOON + i);
		assert_int_equal(take(&check, &challenge), STATUS_OK);
		assert_false(challenge.is_right);
	}
	struct challenge_check check = check_of(made.id, mail.code, NOON + 60);
	assert_int_equal(take(&check, &challenge), STATUS_OK);
	assert_int_equal(challenge.state, CHALLENGE_ENDED);
	assert_false(challenge.is_looked_at);
}

static void three_mails_a_day_go_to_a_domain(void **state)
{
	struct proof_mail mail;
	struct failure failure;
	(void)state;
	for (int i = 0; i < 5; i++)
		make(contoso, PROOF_MAIL, i % 2 ? here : elsewhere, NOON + i);
	make(fabrika, PROOF_MAIL, here, NOON + 6);
	for (int i = 0; i < 4; i++)
		next_mail(NOON + 7);
	assert_int_equal(proof_mail_take(incident, NOON + 7, 120, &arena, &mail, &failure), STATUS_ABSENT);
	make(contoso, PROOF_MAIL, here, NOON + 86400 + 1);
	next_mail(NOON + 86400 + 1);
}

/* ---- invitations ---- */

static void invite(struct bytes subject, char code[INVITATION_CODE_TEXT_SIZE])
{
	struct failure failure;
	int64_t expires;
	assert_int_equal(
		invitation_make(incident, subject, BYTES_LITERAL("T-1"), BYTES_LITERAL("anna"), NOON, code, &expires, &failure),
		STATUS_OK);
	assert_int_equal(expires, NOON + INVITATION_SECONDS);
}

static bool try_invitation(struct bytes subject, const char *code, int64_t now, char *token)
{
	struct challenge_made made = make(subject, PROOF_INVITATION, here, now);
	struct challenge_check check = check_of(made.id, code, now);
	struct challenge challenge;
	assert_int_equal(take(&check, &challenge), STATUS_OK);
	if (!challenge.is_right)
		return false;
	assert_int_equal(settle(&check, VERDICT_PROVED, token), STATUS_OK);
	return true;
}

static void an_invitation_is_used_once_by_whom_it_is_for(void **state)
{
	char code[INVITATION_CODE_TEXT_SIZE], token[PROOF_SECRET_TEXT_SIZE];
	struct failure failure;
	bool is_there = true;
	(void)state;
	invite(contoso, code);
	assert_int_equal(strlen(code), 26);
	assert_false(try_invitation(fabrika, code, NOON, token));
	assert_int_equal(proof_is_there(incident, contoso, 0, NOON, &is_there, &failure), STATUS_OK);
	assert_false(is_there);
	assert_true(try_invitation(contoso, code, NOON, token));
	assert_false(try_invitation(contoso, code, NOON, token));
	assert_int_equal(proof_is_there(incident, contoso, NOON - PROOF_SECONDS, NOON, &is_there, &failure), STATUS_OK);
	assert_true(is_there);
	assert_int_equal(proof_is_there(incident, fabrika, 0, NOON, &is_there, &failure), STATUS_OK);
	assert_false(is_there);
	invite(contoso, code);
	assert_false(try_invitation(contoso, code, NOON + INVITATION_SECONDS, token));
}

static void ten_wrong_tries_end_it_and_no_stranger_can_make_them(void **state)
{
	char code[INVITATION_CODE_TEXT_SIZE], wrong[INVITATION_CODE_TEXT_SIZE], token[PROOF_SECRET_TEXT_SIZE],
		guess[] = "abcdefghijklmnopqrstuvwxya";
	(void)state;
	invite(contoso, code);
	for (int i = 0; i < 12; i++) {
		guess[0] = (char)('a' + i);
		assert_false(try_invitation(contoso, guess, NOON + i * HOUR, token));
	}
	memcpy(wrong, code, sizeof wrong);
	wrong[20] = wrong[20] == 'a' ? 'b' : 'a';
	for (int i = 0; i < WRONG_CODES_MAX - 1; i++)
		assert_false(try_invitation(contoso, wrong, NOON + (20 + i) * HOUR, token));
	char second[INVITATION_CODE_TEXT_SIZE];
	invite(contoso, second);
	assert_false(try_invitation(contoso, wrong, NOON + 40 * HOUR, token));
	assert_false(try_invitation(contoso, code, NOON + 41 * HOUR, token));
	assert_true(try_invitation(contoso, second, NOON + 42 * HOUR, token));
}

/* ---- the record ---- */

struct seen {
	unsigned count;
	enum asked_result results[64];
	char networks[512];
};

static enum status see(void *context, const struct asked *asked)
{
	struct seen *seen = context;
	seen->results[seen->count++] = asked->result;
	snprintf(seen->networks + strlen(seen->networks), sizeof seen->networks - strlen(seen->networks), "%.*s ",
	         (int)asked->network.len, (const char *)asked->network.at);
	return STATUS_OK;
}

static struct seen seen_by(struct bytes subject)
{
	struct seen seen = {.count = 0};
	struct failure failure;
	assert_int_equal(asked_about(incident, subject, 0, see, &seen, &failure), STATUS_OK);
	return seen;
}

static enum status gather(void *context, const struct journal_entry *entry)
{
	buffer_append(context, entry->verb);
	buffer_append_byte(context, ' ');
	buffer_append(context, entry->detail);
	buffer_append_byte(context, '\n');
	return STATUS_OK;
}

static const char *journal(struct buffer *into)
{
	struct failure failure;
	*into = buffer_with_ceiling(1 << 20);
	assert_int_equal(journal_show(catalog, &(struct journal_question){.since = INT64_MIN}, gather, into, &failure),
	                 STATUS_OK);
	return buffer_string(into);
}

static void a_subject_sees_who_asked_and_no_address(void **state)
{
	char token[PROOF_SECRET_TEXT_SIZE];
	struct buffer entries;
	(void)state;
	prove(make(contoso, PROOF_DNS, here, NOON).id, NOON, token);
	make(fabrika, PROOF_DNS, elsewhere, NOON);
	struct seen seen = seen_by(contoso);
	assert_int_equal(seen.count, 2);
	assert_int_equal(seen.results[0], ASKED_PROVED);
	assert_int_equal(seen.results[1], ASKED_STARTED);
	assert_string_equal(seen.networks, "192.0.2.0/24 192.0.2.0/24 ");
	assert_int_equal(seen_by(fabrika).count, 1);
	assert_int_equal(seen_by(BYTES_LITERAL("nobody.org")).count, 0);
	const char *text = journal(&entries);
	assert_non_null(strstr(text, "proof begin {\"subject\":\"contoso.com\",\"method\":\"dns\",\"result\":\"started\","
	                             "\"network\":\"192.0.2.0/24\"}"));
	assert_null(strstr(text, "192.0.2.1"));
	assert_null(strstr(text, token));
	buffer_free(&entries);
}

static void what_was_too_much_is_counted_by_the_hour(void **state)
{
	struct challenge_plea plea = plea_of(contoso, PROOF_DNS, here, NOON);
	struct challenge_made made;
	struct failure failure;
	struct buffer entries;
	uint32_t retry;
	(void)state;
	plea.per_hour_max = 2;
	for (int i = 0; i < 50; i++)
		(void)!challenge_make(incident, &plea, &made, &retry, &failure);
	assert_int_equal(seen_by(contoso).count, 2);
	assert_null(strstr(journal(&entries), "proof refused"));
	buffer_free(&entries);
	plea.now += HOUR;
	assert_int_equal(challenge_make(incident, &plea, &made, &retry, &failure), STATUS_OK);
	assert_non_null(strstr(journal(&entries), "\"begun\":48,\"checked\":0,\"tokens\":0"));
	buffer_free(&entries);
}

static void documents_are_named_once_for_an_answer(void **state)
{
	const struct id ids[2] = {leak_id("a.txt", ""), leak_id("b.txt", "")};
	struct telling_record record = {.subject = contoso,
	                                .documents = ids,
	                                .document_count = 2,
	                                .door = BYTES_LITERAL("portal"),
	                                .result = ASKED_ANSWERED,
	                                .peer = here,
	                                .now = NOON};
	struct failure failure;
	struct buffer entries;
	char id[ID_TEXT_SIZE];
	(void)state;
	for (int i = 0; i < 3; i++)
		assert_int_equal(record_telling(incident, &record, &failure), STATUS_OK);
	const char *first = strstr(journal(&entries), id_format(ids[1], id));
	assert_non_null(first);
	assert_null(strstr(first + 1, id));
	buffer_free(&entries);
	assert_int_equal(seen_by(contoso).count, 3);
	record.document_count = 1;
	assert_int_equal(record_telling(incident, &record, &failure), STATUS_OK);
	assert_non_null(strstr(journal(&entries), "\"documents\":1"));
	buffer_free(&entries);
}

static void a_proof_is_given_up_or_taken_away(void **state)
{
	char first[PROOF_SECRET_TEXT_SIZE], second[PROOF_SECRET_TEXT_SIZE];
	struct failure failure;
	struct proven proven;
	(void)state;
	prove(make(contoso, PROOF_DNS, here, NOON).id, NOON, first);
	prove(make(contoso, PROOF_HTTP, here, NOON).id, NOON, second);
	assert_int_equal(proof_revoke(incident, bytes_of_string(first), NOON + 1, &failure), STATUS_OK);
	assert_int_equal(proof_revoke(incident, bytes_of_string(first), NOON + 1, &failure), STATUS_DENIED);
	assert_int_equal(find(first, NOON + 2, &proven), STATUS_DENIED);
	assert_int_equal(find(second, NOON + 2, &proven), STATUS_OK);
	char code[INVITATION_CODE_TEXT_SIZE], others[INVITATION_CODE_TEXT_SIZE];
	struct challenge_made begun = make(contoso, PROOF_DNS, here, NOON);
	struct challenge_check check = check_of(begun.id, NULL, NOON + 4);
	struct challenge challenge;
	invite(contoso, code);
	invite(fabrika, others);
	assert_int_equal(
		proofs_revoke(incident, contoso, BYTES_LITERAL("anna"), BYTES_LITERAL("a former employee"), NOON + 3, &failure),
		STATUS_OK);
	assert_int_equal(find(second, NOON + 4, &proven), STATUS_DENIED);
	/* Nor becomes what was under way one, or an invitation; another's is its own. */
	assert_true(take(&check, &challenge) != STATUS_OK || challenge.is_expired);
	assert_false(try_invitation(contoso, code, NOON + 4, first));
	assert_true(try_invitation(fabrika, others, NOON + 4, first));
	/* What is begun anew is good. */
	prove(make(contoso, PROOF_DNS, here, NOON + 5).id, NOON + 5, first);
	assert_int_equal(find(first, NOON + 6, &proven), STATUS_OK);
}

static enum status count_appeal(void *context, const struct appeal *appeal)
{
	assert_true(bytes_equal_string(appeal->text, "not ours\nat all"));
	assert_int_equal(appeal->kind, APPEAL_NOT_OURS);
	*(struct appeal *)context = *appeal;
	return STATUS_OK;
}

static void appeals_are_kept_and_decided(void **state)
{
	struct appeal appeal = {
		.subject = contoso, .kind = APPEAL_NOT_OURS, .text = BYTES_LITERAL("not ours\nat all"), .made = NOON};
	struct appeal found = {.number = 0};
	struct failure failure;
	uint64_t number;
	(void)state;
	assert_int_equal(appeal_make(incident, &appeal, here, &number, &failure), STATUS_OK);
	assert_int_equal(appeals(incident, fabrika, count_appeal, &found, &failure), STATUS_OK);
	assert_int_equal(found.number, 0);
	assert_int_equal(appeals(incident, BYTES_NONE, count_appeal, &found, &failure), STATUS_OK);
	assert_int_equal(found.nth, number);
	assert_int_equal(found.made, NOON);
	number = found.number;
	assert_int_equal(found.state, APPEAL_OPEN);
	assert_int_equal(appeal_decide(incident, number, true, BYTES_LITERAL("anna"), BYTES_LITERAL("right"), NOON + 5, &failure),
	                 STATUS_OK);
	assert_int_equal(appeal_decide(incident, number, true, BYTES_LITERAL("anna"), BYTES_LITERAL("right"), NOON + 5, &failure),
	                 STATUS_ABSENT);
	assert_int_equal(appeals(incident, contoso, count_appeal, &found, &failure), STATUS_OK);
	assert_int_equal(found.state, APPEAL_GRANTED);
	assert_int_equal(found.decided, NOON + 5);
	for (int i = 0; i < APPEALS_OPEN_MAX; i++)
		assert_int_equal(appeal_make(incident, &appeal, here, &number, &failure), STATUS_OK);
	assert_int_equal(appeal_make(incident, &appeal, here, &number, &failure), STATUS_BUSY);
}

/* ---- a catalog of before ---- */

static void drop_what_came_later(void)
{
	struct database *database = &catalog->database;
	char drop[256];
	int64_t count = 1;
	while (count > 0) {
		sqlite3_stmt *row = database_prepare(database,
		                                     "SELECT name, count(*) OVER () FROM sqlite_master WHERE type = 'table' AND"
		                                     " name NOT IN ('fact', 'incident', 'journal', 'review')");
		enum status status = database_step(database, row);
		count = status == STATUS_OK ? sqlite3_column_int64(row, 1) : 0;
		if (status == STATUS_OK)
			snprintf(drop, sizeof drop, "DROP TABLE %s", sqlite3_column_text(row, 0));
		database_give(database, row);
		if (status == STATUS_OK)
			assert_int_equal(database_execute(database, drop), STATUS_OK);
	}
	assert_int_equal(database_execute(database, "PRAGMA user_version = 3"), STATUS_OK);
}

/* Schema 3 knew journal and reviews, and nobody who asked. */
static void a_catalog_of_before_gets_its_tables(void **state)
{
	struct failure failure;
	struct catalog_info info;
	uint64_t entries = 0, after = 0, bad;
	unsigned char head[32], head_after[32];
	(void)state;
	make(contoso, PROOF_DNS, here, NOON);
	assert_int_equal(journal_verify(catalog, &entries, &bad, head, &failure), STATUS_OK);
	drop_what_came_later();
	incident_close(incident);
	catalog_close(catalog);
	open_both(&catalog, &incident);
	assert_int_equal(catalog_describe(catalog, &info, &failure), STATUS_OK);
	assert_true(info.schema >= 4);
	assert_int_equal(journal_verify(catalog, &after, &bad, head_after, &failure), STATUS_OK);
	assert_int_equal(after, entries);
	assert_memory_equal(head, head_after, sizeof head);
	assert_int_equal(seen_by(contoso).count, 0);
	char token[PROOF_SECRET_TEXT_SIZE];
	prove(make(contoso, PROOF_DNS, here, NOON).id, NOON, token);
}

/* What is kept of a subject goes with the incident's key. */
static void an_erased_incident_knows_nobody(void **state)
{
	struct failure failure;
	struct challenge_plea plea = plea_of(contoso, PROOF_DNS, here, NOON);
	struct challenge_made made;
	uint32_t retry;
	char token[PROOF_SECRET_TEXT_SIZE];
	struct proven proven;
	(void)state;
	prove(make(contoso, PROOF_DNS, here, NOON).id, NOON, token);
	assert_int_equal(catalog_purge(catalog, BYTES_LITERAL("default"), 0, &failure), STATUS_OK);
	/* A handle of before writes no more. */
	assert_int_equal(challenge_make(incident, &plea, &made, &retry, &failure), STATUS_CHANGED);
	incident_close(incident);
	assert_int_equal(incident_open(catalog, BYTES_LITERAL("default"), INCIDENT_SWEEP, &incident, &failure), STATUS_OK);
	assert_int_equal(find(token, NOON + 1, &proven), STATUS_DENIED);
	assert_int_equal(seen_by(contoso).count, 0);
}

/* ---- several at once ---- */

struct racer {
	const struct challenge_made *made;
	struct bytes peer;
	unsigned proved, made_count;
};

static void *race(void *context)
{
	struct racer *racer = context;
	struct catalog *own_catalog;
	struct incident *own;
	struct failure failure;
	struct arena own_arena = arena_with_ceiling(1 << 20);
	open_both(&own_catalog, &own);
	for (int i = 0; i < 10; i++) {
		char token[PROOF_SECRET_TEXT_SIZE];
		uint32_t retry;
		struct challenge challenge;
		struct challenge_made made;
		struct challenge_check check = check_of(racer->made->id, NULL, NOON + 1);
		struct challenge_plea plea = plea_of(contoso, PROOF_DNS, racer->peer, NOON);
		check.per_hour_max = 1000;
		/* Whoever finds the lease taken settles all the same, as a lie would. */
		(void)!challenge_take(own, &check, &own_arena, &challenge, &retry, &failure);
		racer->proved += challenge_settle(own, &check, VERDICT_PROVED, token, &failure) == STATUS_OK;
		plea.per_hour_max = 15;
		racer->made_count += challenge_make(own, &plea, &made, &retry, &failure) == STATUS_OK;
	}
	arena_free(&own_arena);
	incident_close(own);
	catalog_close(own_catalog);
	return NULL;
}

static void of_many_at_once_one_gets_the_token(void **state)
{
	enum { RACERS = 6 };
	struct challenge_made made = make(contoso, PROOF_DNS, elsewhere, NOON);
	struct racer racers[RACERS];
	pthread_t threads[RACERS];
	unsigned proved = 0, begun = 0;
	(void)state;
	for (int i = 0; i < RACERS; i++) {
		racers[i] = (struct racer){.made = &made, .peer = here};
		assert_int_equal(pthread_create(&threads[i], NULL, race, &racers[i]), 0);
	}
	for (int i = 0; i < RACERS; i++) {
		pthread_join(threads[i], NULL);
		proved += racers[i].proved;
		begun += racers[i].made_count;
	}
	assert_int_equal(proved, 1);
	assert_int_equal(begun, 15);
}

/* Killed anywhere: what was given out holds, what was not does not, and the journal follows from itself. */
static void what_was_given_out_survives_a_kill(void **state)
{
	struct failure failure;
	struct proven proven;
	(void)state;
	for (int round = 0; round < 8; round++) {
		int ends[2];
		assert_int_equal(pipe(ends), 0);
		incident_close(incident);
		catalog_close(catalog);
		pid_t child = fork();
		if (child == 0) {
			open_both(&catalog, &incident);
			for (int i = 0;; i++) {
				char token[PROOF_SECRET_TEXT_SIZE];
				struct challenge_plea plea = plea_of(contoso, PROOF_DNS, here, NOON + round);
				struct challenge_made made;
				uint32_t retry;
				plea.per_hour_max = 1000000;
				struct challenge_check check = check_of("", NULL, NOON + round);
				struct challenge challenge;
				check.per_hour_max = 1000000;
				if (challenge_make(incident, &plea, &made, &retry, &failure) != STATUS_OK)
					_exit(1);
				check.id = bytes_of_string(made.id);
				if (take(&check, &challenge) != STATUS_OK || settle(&check, VERDICT_PROVED, token) != STATUS_OK)
					_exit(2);
				if (write(ends[1], token, sizeof token) != (ssize_t)sizeof token)
					_exit(3);
			}
		}
		close(ends[1]);
		char token[PROOF_SECRET_TEXT_SIZE], last[PROOF_SECRET_TEXT_SIZE] = "";
		for (int i = 0; i <= round && read(ends[0], token, sizeof token) == (ssize_t)sizeof token; i++)
			memcpy(last, token, sizeof last);
		kill(child, SIGKILL);
		while (read(ends[0], token, sizeof token) == (ssize_t)sizeof token)
			memcpy(last, token, sizeof last);
		close(ends[0]);
		int code;
		waitpid(child, &code, 0);
		assert_true(WIFSIGNALED(code));
		open_both(&catalog, &incident);
		assert_int_equal(find(last, NOON + 60, &proven), STATUS_OK);
		uint64_t count, bad;
		unsigned char head[32];
		assert_int_equal(journal_verify(catalog, &count, &bad, head, &failure), STATUS_OK);
	}
}

#define PROVING_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVING_TEST(a_challenge_is_proved_once),
		PROVING_TEST(it_expires),
		PROVING_TEST(guessed_ids_are_no_challenges),
		PROVING_TEST(an_askers_newest_replace_its_oldest_and_nobody_elses),
		PROVING_TEST(an_address_begins_twenty_an_hour),
		PROVING_TEST(checks_are_limited_too),
		PROVING_TEST(no_address_takes_all_lookers),
		PROVING_TEST(the_operator_decides_what_proves_too_much),
		PROVING_TEST(a_mailed_code_proves_its_own_challenge),
		PROVING_TEST(ten_wrong_codes_end_a_challenge),
		PROVING_TEST(three_mails_a_day_go_to_a_domain),
		PROVING_TEST(an_invitation_is_used_once_by_whom_it_is_for),
		PROVING_TEST(ten_wrong_tries_end_it_and_no_stranger_can_make_them),
		PROVING_TEST(a_subject_sees_who_asked_and_no_address),
		PROVING_TEST(what_was_too_much_is_counted_by_the_hour),
		PROVING_TEST(documents_are_named_once_for_an_answer),
		PROVING_TEST(a_proof_is_given_up_or_taken_away),
		PROVING_TEST(appeals_are_kept_and_decided),
		PROVING_TEST(a_catalog_of_before_gets_its_tables),
		PROVING_TEST(an_erased_incident_knows_nobody),
		PROVING_TEST(of_many_at_once_one_gets_the_token),
		PROVING_TEST(what_was_given_out_survives_a_kill),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
