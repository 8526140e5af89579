/* SPDX-License-Identifier: Apache-2.0 */
/* A pattern up to the first newline, a text behind it. Compiling and matching end, and a match is the same twice. */
#include "regex/regex.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct bytes input = bytes_of(data, size);
	size_t end = bytes_find_byte(input, '\n');
	struct regex *regex;
	struct failure failure;
	bool first = false, again = false;
	if (regex_compile(bytes_slice(input, 0, end), &regex, &failure) != STATUS_OK)
		return 0;
	struct bytes text = end == BYTES_NOT_FOUND ? BYTES_NONE : bytes_from(input, end + 1);
	if (regex_find(regex, text, &first) != STATUS_OK || regex_find(regex, text, &again) != STATUS_OK || first != again)
		abort();
	regex_free(regex);
	return 0;
}
