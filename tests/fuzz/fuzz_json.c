/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as json: mapped and viewed alike. */
#include "format/charset.h"
#include "recording-emitter.h"

#include <stdlib.h>

extern const struct format format_json;

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc, (void)argv;
	if (charset_prepare() != STATUS_OK)
		abort();
	return 0;
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	recording_fuzz(&format_json, bytes_of(data, size));
	return 0;
}
