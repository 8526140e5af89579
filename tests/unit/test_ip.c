/* SPDX-License-Identifier: Apache-2.0 */
#include "scan-text.h"

extern const struct detector detector_ip;

static void finds_quads(void **state)
{
	(void)state;
	static const struct example examples[] = {
		{"from 106.31.73.20 to 10.0.0.1:8080, 192.0.2.0/24.", "106.31.73.20 10.0.0.1 192.0.2.0"},
		{"|106.31.73.20| [8.8.8.8] ip=1.1.1.1 0.0.0.0", "106.31.73.20 8.8.8.8 1.1.1.1 0.0.0.0"},
		{"10.0.0.1-10.0.0.9", "10.0.0.1 10.0.0.9"},
		{"http://10.1.2.3/x", "10.1.2.3"},
	};
	CHECK_EXAMPLES(FINDING_IP, examples);
	assert_string_equal(detector_ip.name, "ip");
}

static void leaves_versions_and_numbers(void **state)
{
	(void)state;
	static const struct example examples[] = {
		{"1.2.3.4.5 256.1.1.1 01.02.03.04 1.2.3 1.2.3.4a x1.2.3.4 1.2.3.4-beta", ""},
		{"v1.2.3.4 version 1.2.3.4 Version=\"4.0.0.0\" release: 1.2.3.4 pkg-1.2.3.4 lib/1.2.3.4", ""},
		{"4.0.0.0 0.9.4.1", ""},
		{"\n1.2.3.4 Scope\n  2.1.1.3 Terms\n", ""},
		{"section 1.2.3.4 § 1.2.3.4 §1.2.3.4", "1.2.3.4"},
	};
	CHECK_EXAMPLES(FINDING_IP, examples);
}

static void finds_ipv6(void **state)
{
	(void)state;
	static const struct example examples[] = {
		{"2001:DB8:0:0:0:0:0:1 fe80::1%eth0 ::1 [2001:db8::8:800:200c:417a]:80",
	         "2001:db8::1 fe80::1 ::1 2001:db8::8:800:200c:417a"},
		{"::ffff:192.0.2.1", "::ffff:192.0.2.1"},
		{"source:2001:db8::5 IP:2001:db8::6.", "2001:db8::5 2001:db8::6"},
		{"1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"},
	};
	CHECK_EXAMPLES(FINDING_IP, examples);
}

static void leaves_times_and_names(void **state)
{
	(void)state;
	static const struct example examples[] = {
		{"12:30:45 2019-01-01T12:30:45 aa:bb:cc:dd:ee:ff std::cout ace::bad :: a::b", ""},
		{"aa:bb:cc:dd:ee:ff:00:11 aa:bb:cc:dd:ee:ff:00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd", ""},
		{"1:2:3:4:5:6:7:8:9 2001:db8::1::2 2001:db8::12345 2001:db8::1x", ""},
	};
	CHECK_EXAMPLES(FINDING_IP, examples);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_quads),
		cmocka_unit_test(leaves_versions_and_numbers),
		cmocka_unit_test(finds_ipv6),
		cmocka_unit_test(leaves_times_and_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
