/* SPDX-License-Identifier: Apache-2.0 */
/* Names of roles; what names and passwords may be. */
#include "model/user.h"

#include "base/text.h"

static const char *const names[] = {
	[USER_ADMIN] = "admin",     [USER_ANALYST] = "analyst",   [USER_NOTIFIER] = "notifier",
	[USER_AUDITOR] = "auditor", [USER_HELPDESK] = "helpdesk",
};
_Static_assert(sizeof names / sizeof *names == USER_ROLE_COUNT, "each has a name");

const char *user_role_name(enum user_role role)
{
	return names[role];
}

enum user_role user_role_from_name(struct bytes name)
{
	enum user_role role = USER_ADMIN;
	while (role < USER_ROLE_COUNT && !bytes_equal_string(name, names[role]))
		role++;
	return role;
}

enum status user_check_name(struct bytes name, struct failure *reterr)
{
	if (name.len == 0 || name.len > USER_NAME_MAX || !text_is_valid(name))
		return fail(reterr, STATUS_USAGE, "NAME", "a name has 1 to %d bytes of UTF-8", USER_NAME_MAX);
	for (struct bytes rest = name; rest.len > 0;) {
		uint32_t point;
		size_t length = text_decode(rest, &point);
		if (point <= ' ' || text_is_unsafe(point))
			return fail(reterr, STATUS_USAGE, "NAME", "a name has no white space and nothing that does not show");
		rest = bytes_from(rest, length);
	}
	return STATUS_OK;
}

enum status user_check_password(struct bytes password, struct failure *reterr)
{
	if (password.len < USER_PASSWORD_MIN || password.len > USER_PASSWORD_MAX)
		return fail(reterr, STATUS_USAGE, "password", "must have %d to %d bytes", USER_PASSWORD_MIN, USER_PASSWORD_MAX);
	return STATUS_OK;
}
