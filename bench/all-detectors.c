/* SPDX-License-Identifier: Apache-2.0 */
/*
 * script/bench all-detectors [FILE [MEGABYTES [ROUNDS]]]: all that is found, beside ripgrep on the same bytes
 *
 * ripgrep counts the lines that hold an address.
 */
#include "beside-ripgrep.h"

int main(int count, char **arguments)
{
	return bench_beside_ripgrep("usage: script/bench all-detectors [FILE [MEGABYTES [ROUNDS]]]", count, arguments, "-c",
	                            true);
}
