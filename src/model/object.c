/* SPDX-License-Identifier: Apache-2.0 */
/* Names of providers, and the id of an object. */
#include "model/object.h"

static const char *const names[PROVIDER_KIND_COUNT] = {
	[PROVIDER_AZURE] = "azure",
	[PROVIDER_S3] = "s3",
	[PROVIDER_GCS] = "gcs",
	[PROVIDER_FOLDER] = "folder",
};

const char *provider_name(enum provider_kind kind)
{
	return (unsigned)kind < PROVIDER_KIND_COUNT && names[kind] ? names[kind] : "unknown";
}

enum provider_kind provider_from_name(struct bytes name)
{
	for (enum provider_kind kind = PROVIDER_AZURE; kind < PROVIDER_KIND_COUNT; kind++)
		if (bytes_equal_string(name, names[kind]))
			return kind;
	return PROVIDER_KIND_COUNT;
}

struct id object_id(const struct container *container, const struct object *object)
{
	return id_of(&(struct id_parts){
		.provider = provider_name(container->provider),
		.account = container->account,
		.container = container->name,
		.object = object->name,
		.version = object->version,
	});
}
