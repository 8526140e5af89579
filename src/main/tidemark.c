/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tidemark: the program a person types.
 *
 * Powers: configuration, keys, the catalog, the journal; it starts
 * tidemark-fetch, tidemark-extract and tidemark-portal and decodes no foreign
 * format. It leaves no core, and what it makes is its owner's alone.
 */
#define _GNU_SOURCE
#include "cli/dispatch.h"

#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

/* A closed standard descriptor would be taken by the next file opened, and then be written to. */
static int hold_standard_descriptors(void)
{
	int descriptor;
	do
		descriptor = open("/dev/null", O_RDWR);
	while (descriptor >= 0 && descriptor <= STDERR_FILENO);
	return descriptor < 0 ? -1 : close(descriptor);
}

int main(int argc, char **argv)
{
	const struct rlimit no_core = {0, 0};
	if (hold_standard_descriptors() != 0)
		return 1;
	setrlimit(RLIMIT_CORE, &no_core);
	prctl(PR_SET_DUMPABLE, 0);
	umask(077);
	signal(SIGPIPE, SIG_IGN);
	setlocale(LC_ALL, "C.UTF-8");
	return dispatch_run(argc, argv);
}
