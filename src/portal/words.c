/* SPDX-License-Identifier: Apache-2.0 */
#include "portal/words.h"

bool language_is_tag(struct bytes tag)
{
	return bytes_equal_string(tag, language_tags[language_of_tag(tag)]);
}

enum language language_of_tag(struct bytes tag)
{
	for (unsigned i = 0; i < LANGUAGE_COUNT; i++)
		if (bytes_equal_string(tag, language_tags[i]))
			return (enum language)i;
	return LANGUAGE_EN;
}
