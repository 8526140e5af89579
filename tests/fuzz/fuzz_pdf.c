/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a PDF: mapped and by views alike, and no call after a refusal. */
#include "../unit/recording-emitter.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

extern const struct format format_pdf;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	recording_fuzz(&format_pdf, bytes_of(data, size));
	return 0;
}
