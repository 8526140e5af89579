/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The loop of a tidemark-extract that is not sealed: it forks workers and reaps
 * them. It holds no object; all that it looks at is the owner's register, which
 * is tidemark's own making.
 */
#ifndef TIDEMARK_READING_FORKING_H
#define TIDEMARK_READING_FORKING_H

#include "base/status.h"

/** Serves REGISTER, FORK, KILL and FINISH until the peer closes: OK. Workers that are left then are killed. In a fork it calls live with the worker's socket and leaves with
 *  what that returns, by _exit. */
enum status forking_serve(int socket, int (*live)(int socket)) MUST_CHECK;

#endif
