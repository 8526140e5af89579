/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Texts made of nothing but beginnings, for all detectors together: four times
 * the text costs about four times the processor's time, not sixteen times.
 */
#include "scan-text.h"

#include <time.h>

enum { SMALL = 128 * 1024, LARGE = 4 * SMALL };

/* clang-format off */
static const char *const beginnings[] = {
	"a@", "@", "a.", ".", "a", "a\n", "\n", "\t", "A", "Ab ", "Q ", "1", "1 ", "1.", "1,", "12\t", "0123456789", "A1", "AB1", "a1", "1-", "(", "-",
	"YWJjZGVmZ2hpamtsbW5vcA", "deadbeef01", "\xC3\xA9", "\xE4\xB8\xAD@", "1\xE2\x80\xAF", "Nr. ", "No. No. No. 1", "Invoice No. 12\t", "Tel. 030 ",
	"born 1 ", "March 1 ", "SSN 219-09-999 ", "VAT DE 1", " GmbH", "A GmbH ", "Contact: ", "<", "<a@", "<a@b.de>", "://", "http://a", "a:b@",
	"%40", "::", "f:", "$1", "EUR 1", "1\xE2\x82\xAC ", "+49 ", "001 ", "P<", "L898902C36UTO740812", "4111 ", "1.1.1.1.", "DE89 3704 ", "RE-",
	"nr.1", "token", "password=", "eyJh", "Private-Lines: 9\n",
};
/* clang-format on */

static enum status count(void *context, const struct finding *finding)
{
	(void)finding;
	++*(size_t *)context;
	return STATUS_OK;
}

static double seconds_for(struct scan *scan, struct bytes text)
{
	clock_t start = clock();
	assert_int_equal(scan_feed(scan, text), STATUS_OK);
	assert_int_equal(scan_finish(scan), STATUS_OK);
	return (double)(clock() - start) / CLOCKS_PER_SEC;
}

/* The text, cut at a sequence's end. */
static struct bytes first_of(struct buffer *text, size_t len)
{
	while ((text->at[len] & 0xC0) == 0x80)
		len--;
	return bytes_of(text->at, len);
}

static void time_is_linear(void **state)
{
	(void)state;
	struct buffer text = buffer_with_ceiling(2 * LARGE);
	struct scan *scan;
	size_t found = 0;
	assert_int_equal(detector_prepare_all(), STATUS_OK);
	assert_int_equal(scan_start(count, &found, &scan), STATUS_OK);
	for (size_t i = 0; i < sizeof beginnings / sizeof *beginnings; i++) {
		buffer_reset(&text);
		while (text.len <= LARGE)
			buffer_append_string(&text, beginnings[i]);
		double small = seconds_for(scan, first_of(&text, SMALL)), large = seconds_for(scan, first_of(&text, LARGE));
		if (large > 8 * small + 0.1)
			fail_msg("%s: %.3f s for %d bytes, %.3f s for %d", beginnings[i], small, SMALL, large, LARGE);
	}
	assert_true(found > 1000);
	scan_free(scan);
	buffer_free(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(time_is_linear),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
