/* SPDX-License-Identifier: Apache-2.0 */
#include "portal/page-session.h"

#include "base/digest.h"
#include "model/portal.h"

enum { ID_LENGTH = 32 }; /* 160 bits in base32 */

static const char letters[PROOF_METHOD_END] = {
	[PROOF_DNS] = 'd', [PROOF_HTTP] = 'h', [PROOF_MAIL] = 'm', [PROOF_INVITATION] = 'i'};

static enum proof_method method_of_letter(unsigned char letter)
{
	enum proof_method method = PROOF_DNS;
	while (method < PROOF_METHOD_END && letters[method] != (char)letter)
		method++;
	return method;
}

struct page_session page_session_read(struct bytes cookie)
{
	struct page_session session = {.state = SESSION_PROVING};
	if (!bytes_start_with(cookie, BYTES_LITERAL("p-")))
		return (struct page_session){.state = cookie.len > 0 ? SESSION_PROVED : SESSION_NONE, .token = cookie};
	for (struct bytes rest = bytes_from(cookie, 2); rest.len > 0; rest = bytes_from(rest, 1 + ID_LENGTH)) {
		enum proof_method method = method_of_letter(rest.at[0]);
		if (method == PROOF_METHOD_END || rest.len < 1 + ID_LENGTH)
			return (struct page_session){.state = SESSION_NONE};
		session.ids[method] = bytes_slice(rest, 1, ID_LENGTH);
	}
	return session;
}

void page_session_write(const struct page_session *session, struct buffer *into)
{
	buffer_append_string(into, "p-");
	for (enum proof_method method = PROOF_DNS; method < PROOF_METHOD_END; method++) {
		bool has_room = into->len + 1 + session->ids[method].len <= PORTAL_TOKEN_MAX;
		if (session->ids[method].len != ID_LENGTH || !has_room)
			continue;
		buffer_append_byte(into, (unsigned char)letters[method]);
		buffer_append(into, session->ids[method]);
	}
}

struct bytes page_session_any(const struct page_session *session)
{
	for (enum proof_method method = PROOF_DNS; method < PROOF_METHOD_END; method++)
		if (session->ids[method].len > 0)
			return session->ids[method];
	return BYTES_NONE;
}

void page_session_form_token(struct bytes cookie, char into[FORM_TOKEN_LENGTH])
{
	unsigned char digest[DIGEST_SHA256_SIZE];
	digest_hmac_sha256(BYTES_LITERAL("tidemark-form-1"), cookie, digest);
	digest_format_base32(bytes_of(digest, 20), into);
}
