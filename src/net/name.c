/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The response code of the reply itself (RFC 1035 4.1.1): what getaddrinfo says
 * does not tell a name that does not exist from a resolver that is not set up.
 */
#include "net/name.h"

#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <netdb.h>
#include <resolv.h>
#include <string.h>

enum { REPLY_MAX = 4096, HEADER_SIZE = 12, SECONDS = 2, TRIES = 2, CODE_MASK = 15 };

bool name_is_address(const char *host)
{
	struct in_addr address;
	return host[0] == '[' || strcmp(host, "localhost") == 0 || inet_pton(AF_INET, host, &address) == 1;
}

static const char *name_of_code(unsigned code)
{
	static const char *const names[] = {"NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED"};
	return code < sizeof names / sizeof *names ? names[code] : "other";
}

static struct name_answer read_reply(const unsigned char *reply, int len)
{
	if (len < HEADER_SIZE)
		return (struct name_answer){NAME_UNKNOWN, "no_answer"};
	unsigned code = reply[3] & CODE_MASK;
	bool has_answers = load_be16(reply + 6) > 0;
	struct name_answer answer = {NAME_UNKNOWN, name_of_code(code)};
	if (code == ns_r_noerror)
		answer.state = NAME_FOUND;
	else if (code == ns_r_nxdomain) /* with an answer it is an alias: the name exists, what it points to does not */
		answer.state = has_answers ? NAME_FOUND : NAME_ABSENT;
	return answer;
}

static struct name_answer ask(const char *host, const struct sockaddr_in *server)
{
	struct __res_state resolver;
	unsigned char query[512], reply[REPLY_MAX];
	struct name_answer answer = {NAME_UNKNOWN, "no_answer"};
	memset(&resolver, 0, sizeof resolver);
	if (res_ninit(&resolver) != 0)
		return answer;
	resolver.retrans = SECONDS;
	resolver.retry = TRIES;
	if (server != NULL) {
		resolver.nscount = 1;
		resolver.nsaddr_list[0] = *server;
	}
	int len = res_nmkquery(&resolver, ns_o_query, host, ns_c_in, ns_t_a, NULL, 0, NULL, query, sizeof query);
	if (len > 0)
		answer = read_reply(reply, res_nsend(&resolver, query, len, reply, sizeof reply));
	res_nclose(&resolver);
	return answer;
}

/* The host file, search domains and whatever else the system is set up to ask. */
static bool is_known(const char *host)
{
	struct addrinfo *found = NULL;
	if (getaddrinfo(host, NULL, NULL, &found) != 0)
		return false;
	freeaddrinfo(found);
	return true;
}

bool name_is_reserved(const char *host)
{
	struct bytes name = bytes_of_string(host);
	return bytes_end_with(name, BYTES_LITERAL(".invalid")) || bytes_equal_string(name, "invalid");
}

struct name_answer name_look_up(const char *host, const struct sockaddr_in *server)
{
	if (name_is_reserved(host))
		return (struct name_answer){NAME_ABSENT, "NXDOMAIN"};
	if (server == NULL && is_known(host))
		return (struct name_answer){NAME_FOUND, "NOERROR"};
	return ask(host, server);
}
