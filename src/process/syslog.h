/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One line to the system's log, over its socket: unlike the library's call it says
 * whether the log has it. Datagrams, or a stream where the socket is one; framed
 * as RFC 3164 has it, as local loggers expect.
 */
#ifndef TIDEMARK_PROCESS_SYSLOG_H
#define TIDEMARK_PROCESS_SYSLOG_H

#include "base/bytes.h"
#include "base/status.h"

enum syslog_severity { SYSLOG_WARNING = 4, SYSLOG_NOTICE = 5 };

/** UNREACHABLE: nobody listens at path, or it did not take it. text is one line. */
enum status syslog_send(const char *path, enum syslog_severity severity, struct bytes text, struct failure *reterr) MUST_CHECK;

#endif
