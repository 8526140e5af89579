/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The loop of tidemark-portal: one thread between the strangers of one door and
 * tidemark. It binds before it is sealed, so that who holds the keys opens no
 * socket, and meets no stranger before it is.
 *
 *     listening_accept ──> (sealed) ──> listening_serve ──> listening_free
 */
#ifndef TIDEMARK_LISTENING_LISTENING_H
#define TIDEMARK_LISTENING_LISTENING_H

#include "base/status.h"

struct listening;

/** Hears the set-up on the socket, binds and prepares TLS. What fails has been told over the socket. */
enum status listening_accept(int socket, struct listening **ret_listening) MUST_CHECK;
/** Until tidemark has gone, or was told to drain and has: OK. */
enum status listening_serve(struct listening *listening) MUST_CHECK;
void listening_free(struct listening *listening);

#endif
