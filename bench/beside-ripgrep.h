/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The scan beside ripgrep with one e-mail pattern, on the same bytes in memory
 * (a memfd): ours with the detectors of the program's registry, values
 * normalised and suffixes checked, findings counted.
 */
#ifndef TIDEMARK_BENCH_BESIDE_RIPGREP_H
#define TIDEMARK_BENCH_BESIDE_RIPGREP_H

#include <stdbool.h>

/** Of arguments [FILE [MEGABYTES [ROUNDS]]]: text of its own, 256 and 5 unless given; FILE's bytes are repeated until there are
 *  so many. options: how rg is called; counts: it prints how many lines match, not the matches. Prints MB/s and the ratio;
 *  the program's exit code. */
int bench_beside_ripgrep(const char *usage, int count, char **arguments, const char *options, bool counts);

#endif
