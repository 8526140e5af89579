/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a mail message: mapped and by views alike, and no call after a refusal. */
#include "../unit/recording-emitter.h"

#include <stdlib.h>

extern const struct format format_eml;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* Replayed without an engine as well, so prepared here; preparing again does nothing. */
	if (format_eml.prepare() != STATUS_OK)
		abort();
	recording_fuzz(&format_eml, bytes_of(data, size));
	return 0;
}
