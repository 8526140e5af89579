/* SPDX-License-Identifier: Apache-2.0 */
/* What can prove what, and the words that say how. */
#include "gate/verify.h"

#include "model/peer.h"

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

static struct arena arena = {.ceiling = 1 << 20};

static struct subject subject_of(const char *written)
{
	struct subject subject;
	struct failure failure;
	assert_int_equal(subject_read_as_asked(bytes_of_string(written), &arena, &subject, &failure), STATUS_OK);
	return subject;
}

static void what_proves_what(void **state)
{
	static const struct {
		const char *subject;
		bool by_dns, by_mail;
	} cases[] = {
		{"contoso.com", true, true},       {"CONTOSO.com.", true, true},
		{"contoso.co.uk", true, true},     {"contoso.onmicrosoft.com", true, true},
		{"contoso.github.io", true, true}, {"com", false, false},
		{"co.uk", false, false},           {"onmicrosoft.com", false, false},
		{"bücher.de", true, true},         {"anna@contoso.com", false, true},
		{"anna@gmail.com", false, true},   {"anna@com", false, false},
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct subject subject = subject_of(cases[i].subject);
		assert_int_equal(verify_is_provable(&subject, PROOF_DNS), cases[i].by_dns);
		assert_int_equal(verify_is_provable(&subject, PROOF_HTTP), cases[i].by_dns);
		assert_int_equal(verify_is_provable(&subject, PROOF_MAIL), cases[i].by_mail);
		assert_true(verify_is_provable(&subject, PROOF_INVITATION));
	}
}

static void whose_users_are_not_their_own(void **state)
{
	(void)state;
	const char *const theirs[] = {"gmail.com", "outlook.com", "googlemail.com"};
	const char *const own[] = {"contoso.com", "contoso.onmicrosoft.com", "anna@gmail.com", "xn--gmil-0na.com"};
	for (size_t i = 0; i < sizeof theirs / sizeof *theirs; i++) {
		struct subject subject = subject_of(theirs[i]);
		assert_true(verify_is_providers(&subject));
	}
	for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
		struct subject subject = subject_of(own[i]);
		assert_false(verify_is_providers(&subject));
	}
}

/* Look-alikes and other scripts are other domains, written so that they can be published. */
static void a_homograph_is_another_domain(void **state)
{
	(void)state;
	struct subject plain = subject_of("contoso.com"), cyrillic = subject_of("cont\xd0\xbeso.com");
	assert_false(bytes_equal(plain.name, cyrillic.name));
	assert_true(bytes_start_with(cyrillic.name, BYTES_LITERAL("xn--")));
}

/* But for the names themselves the words are the same for every domain. */
static void the_same_words_for_all(void **state)
{
	const char *const token = "abcdefghijklmnopqrstuvwxyz234567";
	struct subject domain = subject_of("contoso.com"), other = subject_of("fabrika.com"), suffix = subject_of("com");
	struct verify_record first, second, third;
	(void)state;
	for (enum proof_method method = PROOF_DNS; method < PROOF_METHOD_END; method++)
		for (int german = 0; german < 2; german++) {
			assert_int_equal(verify_instruct(&domain, method, token, BYTES_LITERAL("abuse"), german, &arena, &first),
			                 STATUS_OK);
			assert_int_equal(verify_instruct(&other, method, token, BYTES_LITERAL("abuse"), german, &arena, &second),
			                 STATUS_OK);
			assert_int_equal(verify_instruct(&suffix, method, token, BYTES_LITERAL("abuse"), german, &arena, &third),
			                 STATUS_OK);
			assert_int_equal(first.text.len, second.text.len);
			assert_int_equal(first.name.len, second.name.len);
		}
	assert_int_equal(verify_instruct(&domain, PROOF_DNS, token, BYTES_NONE, false, &arena, &first), STATUS_OK);
	assert_true(bytes_equal_string(first.name, "_tidemark-proof.contoso.com"));
	assert_true(bytes_equal_string(first.value, "tidemark-proof=abcdefghijklmnopqrstuvwxyz234567"));
	assert_int_equal(verify_instruct(&suffix, PROOF_DNS, token, BYTES_NONE, false, &arena, &third), STATUS_OK);
	assert_true(bytes_find(third.text, BYTES_LITERAL("Publish a TXT record at")) == 0);
}

static void mailboxes_are_four(void **state)
{
	(void)state;
	assert_true(verify_is_mailbox(BYTES_LITERAL("abuse")));
	assert_false(verify_is_mailbox(BYTES_LITERAL("anna")));
	assert_false(verify_is_mailbox(BYTES_LITERAL("abuse\r\nBcc: x")));
	assert_false(verify_is_mailbox(BYTES_NONE));
}

static void of_an_address_its_network_is_told(void **state)
{
	char text[PEER_TEXT_SIZE];
	unsigned char first[PEER_ASKER_SIZE], second[PEER_ASKER_SIZE];
	(void)state;
	assert_string_equal(peer_network(BYTES_LITERAL("192.0.2.77"), text), "192.0.2.0/24");
	assert_string_equal(peer_network(BYTES_LITERAL("::ffff:192.0.2.77"), text), "192.0.2.0/24");
	assert_string_equal(peer_network(BYTES_LITERAL("2001:db8:1:2:3:4:5:6"), text), "2001:db8:1::/48");
	assert_string_equal(peer_network(BYTES_LITERAL("anna"), text), "");
	peer_asker(BYTES_LITERAL("2001:db8:1:2:3:4:5:6"), first);
	peer_asker(BYTES_LITERAL("2001:db8:1:2:ffff::1"), second);
	assert_memory_equal(first, second, sizeof first);
	peer_asker(BYTES_LITERAL("2001:db8:1:3::1"), second);
	assert_memory_not_equal(first, second, sizeof first);
	peer_asker(BYTES_LITERAL("192.0.2.1"), first);
	peer_asker(BYTES_LITERAL("::ffff:192.0.2.1"), second);
	assert_memory_equal(first, second, sizeof first);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_proves_what),
		cmocka_unit_test(whose_users_are_not_their_own),
		cmocka_unit_test(a_homograph_is_another_domain),
		cmocka_unit_test(the_same_words_for_all),
		cmocka_unit_test(mailboxes_are_four),
		cmocka_unit_test(of_an_address_its_network_is_told),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_free(&arena);
	return failed;
}
