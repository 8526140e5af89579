/* SPDX-License-Identifier: Apache-2.0 */
/* A password from whoever types it, or from a program. */
#ifndef TIDEMARK_CLI_PASSWORD_H
#define TIDEMARK_CLI_PASSWORD_H

#include "base/status.h"
#include "model/user.h"

/** On a terminal, asked for twice and not shown; else the first line of standard input. Whoever calls wipes it. USAGE for none;
 *  INTERRUPTED. */
enum status password_read(char into[USER_PASSWORD_MAX + 2], struct failure *reterr) MUST_CHECK;

/** One to be held against what is kept: asked for once. What cannot be a password is none, "": wrong, like any other. INTERRUPTED. */
enum status password_ask(char into[USER_PASSWORD_MAX + 2], struct failure *reterr) MUST_CHECK;

#endif
