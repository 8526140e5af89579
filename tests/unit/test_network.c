/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses and networks as written, and which of them a stranger's name may not lead to. */
#include "model/network.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct ip_address address_of(const char *written)
{
	struct ip_address address;
	if (!ip_address_parse(bytes_of_string(written), &address))
		fail_msg("%s is no address", written);
	return address;
}

static struct ip_network network_of(const char *written)
{
	struct ip_network network;
	if (!ip_network_parse(bytes_of_string(written), &network))
		fail_msg("%s is no network", written);
	return network;
}

static bool is_open(const char *written)
{
	struct ip_address address = address_of(written);
	return ip_address_is_open(&address, NULL, 0);
}

static void what_is_not_public_is_closed(void **state)
{
	static const char *const closed[] = {
		"0.0.0.0",
		"0.1.2.3",
		"10.0.0.1",
		"10.255.255.255",
		"100.64.0.1",
		"100.127.255.255",
		"127.0.0.1",
		"127.255.255.255",
		"169.254.169.254",
		"172.16.0.1",
		"172.31.255.255",
		"192.0.0.1",
		"192.0.2.1",
		"192.168.0.1",
		"192.88.99.1",
		"198.18.0.1",
		"198.19.255.255",
		"198.51.100.1",
		"203.0.113.1",
		"224.0.0.1",
		"239.255.255.255",
		"240.0.0.1",
		"255.255.255.255",
		"::",
		"::1",
		"::127.0.0.1",
		"::ffff:127.0.0.1",
		"::ffff:10.0.0.1",
		"::ffff:0:10.0.0.1",
		"64:ff9b::10.0.0.1",
		"64:ff9b:1::1",
		"100::1",
		"2001::1",
		"2001:2::1",
		"2001:10::1",
		"2001:db8::1",
		"2002:7f00:1::",
		"2002:a00:1::1",
		"3fff::1",
		"4000::1",
		"5f00::1",
		"fc00::1",
		"fdff::1",
		"fe80::1",
		"fec0::1",
		"ff02::1",
	};
	static const char *const open[] = {
		"1.1.1.1",          "9.255.255.255",   "11.0.0.0",
		"100.63.255.255",   "100.128.0.0",     "126.255.255.255",
		"128.0.0.1",        "169.253.255.255", "169.255.0.0",
		"172.15.255.255",   "172.32.0.0",      "192.0.1.1",
		"192.167.255.255",  "192.169.0.0",     "198.17.255.255",
		"198.20.0.0",       "223.255.255.255", "::ffff:1.1.1.1",
		"64:ff9b::1.1.1.1", "2001:200::1",     "2001:4860:4860::8888",
		"2002:101:101::1",  "2606:4700::1111", "2a00:1450::1",
		"3ffe::1",
	};
	(void)state;
	for (size_t i = 0; i < sizeof closed / sizeof *closed; i++)
		if (is_open(closed[i]))
			fail_msg("%s is open", closed[i]);
	for (size_t i = 0; i < sizeof open / sizeof *open; i++)
		if (!is_open(open[i]))
			fail_msg("%s is closed", open[i]);
}

static void what_the_operator_names_is_open(void **state)
{
	const struct ip_network allowed[] = {network_of("10.1.0.0/16"), network_of("fd00:1::/32"), network_of("127.0.0.1")};
	const struct {
		const char *written;
		bool is_open;
	} rows[] = {
		{"10.1.2.3", true},   {"10.2.0.1", false}, {"::ffff:10.1.2.3", true}, {"fd00:1::5", true},
		{"fd00:2::5", false}, {"127.0.0.1", true}, {"127.0.0.2", false},      {"8.8.8.8", true},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct ip_address address = address_of(rows[i].written);
		if (ip_address_is_open(&address, allowed, 3) != rows[i].is_open)
			fail_msg("%s", rows[i].written);
	}
}

static void a_network_has_no_bits_beyond_its_prefix(void **state)
{
	static const char *const wrong[] = {"",       "10.0.0.1/8", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0/8",
	                                    "::/129", "fd00::1/64", "[::1]/128",   "a",         "10.0.0.0/8 ", "10.0.0.0/8/8"};
	struct ip_network network;
	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		if (ip_network_parse(bytes_of_string(wrong[i]), &network))
			fail_msg("%s is a network", wrong[i]);
	network = network_of("0.0.0.0/0");
	struct ip_address v4 = address_of("9.9.9.9"), v6 = address_of("::1");
	assert_true(ip_network_holds(&network, &v4));
	assert_false(ip_network_holds(&network, &v6));
	network = network_of("10.128.0.0/9");
	v4 = address_of("10.127.255.255");
	assert_false(ip_network_holds(&network, &v4));
	struct ip_network wide = network_of("10.0.0.0/8"), other = network_of("11.0.0.0/8");
	assert_true(ip_networks_meet(&network, &wide) && ip_networks_meet(&wide, &network));
	assert_false(ip_networks_meet(&network, &other));
}

static void an_end_has_a_port(void **state)
{
	const struct {
		const char *written;
		uint16_t usual, port;
	} rows[] = {{"127.0.0.1:53", 0, 53}, {"127.0.0.1", 53, 53}, {"[::1]:5353", 53, 5353}, {"::1", 53, 53}, {"[::1]", 53, 53}};
	static const char *const wrong[] = {"127.0.0.1:",     "127.0.0.1:0", "127.0.0.1:65536", "[::1", "[::1]5",
	                                    "dns.example:53", ":53",         "[]:53",           ""};
	struct ip_end end;
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_true(ip_end_parse(bytes_of_string(rows[i].written), rows[i].usual, &end) && end.port == rows[i].port);
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		if (ip_end_parse(bytes_of_string(wrong[i]), 53, &end))
			fail_msg("%s is an end", wrong[i]);
	assert_false(ip_end_parse(BYTES_LITERAL("127.0.0.1"), 0, &end));
}

static void this_machine_is_known(void **state)
{
	(void)state;
	assert_true(ip_host_is_own(BYTES_LITERAL("127.0.0.1")) && ip_host_is_own(BYTES_LITERAL("127.9.9.9")));
	assert_true(ip_host_is_own(BYTES_LITERAL("::1")) && ip_host_is_own(BYTES_LITERAL("LOCALHOST")));
	assert_false(ip_host_is_own(BYTES_LITERAL("127.0.0.1.contoso.example")) ||
	             ip_host_is_own(BYTES_LITERAL("localhost.contoso.example")));
	assert_false(ip_host_is_own(BYTES_LITERAL("::")) || ip_host_is_own(BYTES_LITERAL("10.0.0.1")) ||
	             ip_host_is_own(BYTES_NONE));
}

static void an_address_is_written_as_it_is_read(void **state)
{
	char text[NETWORK_TEXT_SIZE];
	struct ip_address address = address_of("2001:DB8:0:0::1");
	(void)state;
	assert_string_equal(ip_address_write(&address, text), "2001:db8::1");
	address = address_of("192.0.2.255");
	assert_string_equal(ip_address_write(&address, text), "192.0.2.255");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_not_public_is_closed),
		cmocka_unit_test(what_the_operator_names_is_open),
		cmocka_unit_test(a_network_has_no_bits_beyond_its_prefix),
		cmocka_unit_test(an_end_has_a_port),
		cmocka_unit_test(this_machine_is_known),
		cmocka_unit_test(an_address_is_written_as_it_is_read),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
