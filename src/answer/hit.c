/* SPDX-License-Identifier: Apache-2.0 */
/* Writing a document's members. */
#include "answer/hit.h"

#include "catalog/register.h"

#include "base/digest.h"
#include "base/mask.h"
#include "base/text.h"
#include "provider/provider.h"
#include "scope/target.h"

struct bytes hit_name(struct bytes path)
{
	size_t slash = bytes_find_last_byte(path, '/');
	return slash == BYTES_NOT_FOUND || slash + 1 == path.len ? path : bytes_from(path, slash + 1);
}

void hit_write_id(struct json_writer *json, const char *key, struct id id)
{
	char text[ID_TEXT_SIZE];
	json_key(json, key);
	json_string(json, id_format(id, text));
}

/* A path that is not UTF-8 is shown in the charset that was told, or repaired, and given whole beside that, but for signatures. */
void hit_write_path(const struct document_view *view, struct json_writer *json)
{
	json_member_text(json, "path", document_view_path(view));
	if (text_is_valid(view->path))
		return;
	struct buffer whole = buffer_with_ceiling(SIZE_MAX / 2), room = buffer_with_ceiling(SIZE_MAX / 2);
	digest_append_base64(&whole, mask_shown(view->path, &room));
	json_member_text(json, "path_bytes", buffer_bytes(&whole));
	buffer_free(&whole);
	buffer_free(&room);
}

void hit_write_target(const struct container *container, struct json_writer *json)
{
	struct buffer target = buffer_with_ceiling(1 << 20);
	target_append_container(container, &target);
	json_member_text(json, "target", buffer_bytes(&target));
	buffer_free(&target);
}

void hit_write_url(const struct document_view *view, struct json_writer *json)
{
	struct arena arena = arena_with_ceiling(1 << 20);
	struct bytes url = BYTES_NONE;
	if (provider_object_url(&view->container, view->object_name, &arena, &url) != STATUS_OK)
		url = BYTES_NONE;
	json_member_text(json, "url", url);
	arena_free(&arena);
}

void hit_write_sha256(const struct document_view *view, struct json_writer *json)
{
	struct buffer hex = buffer_with_ceiling(128);
	if (view->has_sha256)
		digest_append_hex(&hex, bytes_of(view->sha256, sizeof view->sha256));
	json_member_text(json, "sha256", buffer_bytes(&hex));
	buffer_free(&hex);
}

void hit_write_exposed(const struct document_view *view, struct json_writer *json)
{
	json_key(json, "exposed");
	json_begin_object(json);
	json_key(json, "first_seen");
	json_time(json, view->exposed.first_seen);
	json_key(json, "last_seen");
	json_time(json, view->exposed.last_seen);
	json_key(json, "closed_at");
	json_time(json, view->exposed.closed_at);
	json_end_object(json);
}

void hit_write_signed(const struct document_view *view, struct json_writer *json)
{
	json_key(json, "signed");
	view->signing.len > 0 ? json_boolean(json, bytes_equal_string(view->signing, "true")) : json_null(json);
}

struct writing {
	struct incident *incident;
	struct json_writer *json;
	bool has_name;
};

static enum status write_name(void *context, const struct register_row *row)
{
	struct writing *writing = context;
	json_member_text(writing->json, "name", row->name);
	json_member_string(writing->json, "relationship", relationship_name(row->relationship));
	writing->has_name = true;
	return STATUS_OK;
}

/* What it is called and is to the owner, the register says. */
static enum status write_organisation(void *context, const struct attribution *attribution)
{
	struct writing *writing = context;
	struct json_writer *json = writing->json;
	json_begin_object(json);
	writing->has_name = false;
	json_member_text(json, "domain", organisation_domain(attribution->domain));
	enum status status = incident_registered(writing->incident, attribution->domain, write_name, writing, NULL);
	if (status != STATUS_OK)
		return status;
	if (!writing->has_name) {
		json_member_text(json, "name", attribution->name);
		json_member_text(json, "relationship", BYTES_NONE);
	}
	json_key(json, "role");
	json_string(json, attribution->role == ORGANISATION_PARTY ? "party" : "mention");
	json_member_text(json, "part", bytes_of_string(organisation_part_name(attribution->part)));
	json_member_text(json, "country", bytes_of_string(attribution->country));
	json_key(json, "confidence");
	json_real(json, (double)attribution->confidence);
	json_key(json, "determined");
	json_boolean(json, attribution_is_determined(attribution));
	json_member_text(json, "why", attribution->why);
	json_end_object(json);
	return STATUS_OK;
}

enum status hit_write(struct incident *incident, const struct document_view *view, struct json_writer *json,
                      struct failure *reterr)
{
	hit_write_id(json, "id", view->id);
	hit_write_path(view, json);
	json_member_text(json, "name", hit_name(document_view_path(view)));
	json_member_text(json, "container", view->container.name);
	hit_write_target(&view->container, json);
	json_key(json, "provider");
	json_string(json, provider_name(view->container.provider));
	hit_write_url(view, json);
	json_key(json, "size");
	view->size != OBJECT_SIZE_UNKNOWN ? json_unsigned(json, view->size) : json_null(json);
	json_key(json, "modified");
	json_time(json, view->modified);
	json_member_time(json, "dated", view->dated);
	json_member_text(json, "media_type", view->media_type);
	json_member_text(json, "class", view->class);
	hit_write_sha256(view, json);
	hit_write_signed(view, json);
	json_key(json, "outcome");
	json_string(json, outcome_name(view->outcome));
	json_member_time(json, "gone_at", view->gone_at);
	json_key(json, "organisations");
	json_begin_array(json);
	struct writing writing = {incident, json, false};
	enum status status = incident_attributions(incident, view, write_organisation, &writing, reterr);
	json_end_array(json);
	hit_write_exposed(view, json);
	return status == STATUS_ABSENT ? STATUS_OK : status;
}
