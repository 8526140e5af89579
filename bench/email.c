/* SPDX-License-Identifier: Apache-2.0 */
/*
 * script/bench email [FILE [MEGABYTES [ROUNDS]]]: addresses found, beside ripgrep on the same bytes
 *
 * The whole scan with the e-mail detector alone; ripgrep's matches are read and counted by us.
 */
#include "beside-ripgrep.h"

#include "detector/detector.h"

extern const struct detector detector_email;

/* Of its own, so that the library's registry stays out of the program. */
const struct detector *const detector_registry[] = {&detector_email, NULL};

int main(int count, char **arguments)
{
	return bench_beside_ripgrep("usage: script/bench email [FILE [MEGABYTES [ROUNDS]]]", count, arguments, "-o", false);
}
