/* SPDX-License-Identifier: Apache-2.0 */
/* Setting up, and one loop over the control socket, the lanes and the network. */
#define _GNU_SOURCE
#include "fetching/fetching.h"

#include "base/patience.h"
#include "fetching/lane.h"
#include "scope/target.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

enum { ARENA_MAX = 64 << 20, SCOPE_TEXT_BYTES_MAX = 16 << 20 };
_Static_assert(PROVIDER_PAGE_OBJECTS_MAX <= FETCH_PAGE_OBJECTS_MAX && PROVIDER_PAGE_BYTES_MAX <= FETCH_PAGE_BYTES_MAX,
               "whatever a provider may answer can be told");

int fetching_directory(const struct fetching *fetching)
{
	return fetching->directory;
}

enum status fetching_list_ports(struct fetching *fetching, const uint16_t **ret_ports, size_t *ret_count)
{
	return scope_list_ports(&fetching->scope, &fetching->arena, ret_ports, ret_count);
}

/* ---- set-up ---- */

static struct secrets copy_secrets(struct fetching *fetching, const struct secrets *secrets)
{
	struct secrets copies = {.count = secrets->count};
	for (size_t i = 0; i < secrets->count; i++)
		copies.at[i] = (struct named_secret){arena_copy(&fetching->arena, secrets->at[i].name),
		                                     arena_copy(&fetching->arena, secrets->at[i].value)};
	return copies;
}

static enum status copy_setup(struct fetching *fetching, struct wire_reader *reader)
{
	struct fetch_setup setup;
	enum status status = fetch_get_setup(reader, &setup);
	if (status != STATUS_OK)
		return status;
	fetching->directory = wire_take_descriptor(reader);
	fetching->setup = (struct fetch_setup){
		.rate = setup.rate,
		.connections = setup.connections,
		.held = setup.held,
		.patience = setup.patience > 0 ? setup.patience : (uint32_t)PATIENCE_STANDARD,
		.operator_name = arena_copy(&fetching->arena, setup.operator_name),
		.secrets = copy_secrets(fetching, &setup.secrets),
	};
	return STATUS_OK;
}

static enum status add_scope(struct fetching *fetching, struct wire_reader *reader)
{
	struct bytes piece;
	enum status status = fetch_get_scope(reader, &piece);
	if (status != STATUS_OK)
		return status;
	buffer_append(&fetching->scope_text, piece);
	return buffer_status(&fetching->scope_text);
}

static enum status add_target(struct fetching *fetching, struct wire_reader *reader, struct failure *reterr)
{
	struct bytes written;
	enum status status = fetch_get_target(reader, &written);
	if (status != STATUS_OK)
		return status;
	status = target_parse(arena_copy(&fetching->arena, written), &fetching->arena, &fetching->target, reterr);
	if (status == STATUS_OK && fetching->scope_text.len > 0)
		status = scope_read(&fetching->scope, buffer_bytes(&fetching->scope_text), "scope", reterr);
	if (status == STATUS_OK)
		status = scope_add_target(&fetching->scope, &fetching->target, reterr);
	const struct provider *provider = provider_of(fetching->target.container.provider);
	if (status == STATUS_OK && provider != NULL && fetching->setup.secrets.count > 0)
		status = provider->credentials->read(&fetching->setup.secrets, &fetching->arena, &fetching->credential, reterr);
	return status;
}

static enum status add_lane(struct fetching *fetching, struct wire_reader *reader)
{
	int socket = wire_take_descriptor(reader);
	if (wire_end(reader) != STATUS_OK || fetching->lane_count == FETCHING_LANES_MAX) {
		close(socket);
		return STATUS_MALFORMED;
	}
	fetching->lanes[fetching->lane_count++] = (struct lane){
		.fetching = fetching,
		.socket = socket,
		.memfd = -1,
		.arena = arena_with_ceiling(4 * FETCH_NAME_MAX + (64 << 10)),
		.scratch = arena_with_ceiling(1 << 20),
	};
	return STATUS_OK;
}

static enum status open_transport(struct fetching *fetching)
{
	struct buffer user_agent = buffer_with_ceiling(4096);
	if (fetching->target.container.provider == PROVIDER_FOLDER)
		return fetching->directory >= 0 ? STATUS_OK : STATUS_MALFORMED;
	fetching->provider = provider_of(fetching->target.container.provider);
	if (fetching->provider == NULL)
		return STATUS_UNSUPPORTED;
	net_user_agent(&user_agent, TIDEMARK_VERSION, fetching->setup.operator_name);
	char *kept = arena_copy_string(&fetching->arena, buffer_bytes(&user_agent));
	buffer_free(&user_agent);
	return net_new(
		&(struct net_settings){
			.user_agent = kept,
			.rate = fetching->setup.rate,
			.connections = fetching->setup.connections,
			.patience = fetching->setup.patience,
			.held = fetching->setup.held,
			.allow = permit_request,
			.allow_context = fetching,
		},
		&fetching->net);
}

/* One frame of the set-up; END when it is complete. */
static enum status take_setup_frame(struct fetching *fetching, unsigned char *state, struct wire_reader *reader,
                                    struct failure *reterr)
{
	if (permit_message(&fetch_permits, state, reader) != STATUS_OK)
		return STATUS_MALFORMED;
	switch (reader->type) {
	case FETCH_SETUP: return copy_setup(fetching, reader);
	case FETCH_SCOPE: return add_scope(fetching, reader);
	case FETCH_TARGET: return add_target(fetching, reader, reterr);
	case FETCH_LANE: return add_lane(fetching, reader);
	default: return wire_end(reader) == STATUS_OK ? STATUS_END : STATUS_MALFORMED;
	}
}

static enum status take_setup(struct fetching *fetching, struct failure *reterr)
{
	unsigned char state = FETCH_AWAITS_SETUP;
	enum status status;
	do {
		struct wire_reader reader;
		status = wire_receive(fetching->control, -1, fetching->frame, &reader);
		if (status != STATUS_OK)
			return status == STATUS_END ? STATUS_CRASHED : status;
		status = take_setup_frame(fetching, &state, &reader, reterr);
		wire_drop(&reader);
	} while (status == STATUS_OK);
	return status == STATUS_END ? open_transport(fetching) : status;
}

enum status fetching_accept(int control, struct fetching **ret_fetching)
{
	struct failure failure = {.why = "its set-up made no sense"};
	struct fetching *fetching = calloc(1, sizeof *fetching);
	if (fetching == NULL)
		return STATUS_NO_MEMORY;
	fetching->control = control;
	fetching->directory = -1;
	fetching->arena = arena_with_ceiling(ARENA_MAX);
	fetching->list_arena = arena_with_ceiling(512u << 20);
	fetching->scope = scope_new(&fetching->arena);
	fetching->scope_text = buffer_with_ceiling(SCOPE_TEXT_BYTES_MAX);
	fetching->walk_cursor = buffer_with_ceiling(PROVIDER_NAME_MAX);
	fetching->marked_cursor = buffer_with_ceiling(WIRE_CHUNK);
	enum status status = take_setup(fetching, &failure);
	if (status != STATUS_OK) {
		enum status sent = fetching_send_failed(fetching, status, bytes_of_string(failure.where),
		                                        bytes_of_string(failure.why));
		(void)sent;
		fetching_free(fetching);
		return status;
	}
	*ret_fetching = fetching;
	return STATUS_OK;
}

void fetching_free(struct fetching *fetching)
{
	if (fetching == NULL)
		return;
	net_free(fetching->net);
	folder_walk_free(fetching->walk);
	for (size_t i = 0; i < fetching->lane_count; i++) {
		struct lane *lane = &fetching->lanes[i];
		lane_close_memory(lane);
		digest_free(lane->digest);
		arena_free(&lane->arena);
		arena_free(&lane->scratch);
		if (lane->socket >= 0)
			close(lane->socket);
	}
	if (fetching->directory >= 0)
		close(fetching->directory);
	buffer_free(&fetching->walk_cursor);
	buffer_free(&fetching->marked_cursor);
	buffer_free(&fetching->scope_text);
	arena_free(&fetching->list_arena);
	arena_free(&fetching->arena);
	free(fetching);
}

/* ---- serving ---- */

static bool is_web(const struct fetching *fetching)
{
	return fetching->net != NULL;
}

static enum status start_listing(struct fetching *fetching, struct wire_reader *reader)
{
	enum status status = fetch_get_list(reader, &fetching->list);
	if (status != STATUS_OK)
		return STATUS_MALFORMED;
	arena_reset(&fetching->list_arena);
	fetching->list.cursor = arena_copy(&fetching->list_arena, fetching->list.cursor);
	return is_web(fetching) ? web_list(fetching) : tree_list(fetching);
}

static enum status start_probe(struct fetching *fetching, struct wire_reader *reader)
{
	struct fetch_probe known;
	if (!is_web(fetching) || fetch_get_probe(reader, &known) != STATUS_OK)
		return STATUS_MALFORMED;
	return web_probe(fetching, &known);
}

static enum status serve_control(struct fetching *fetching)
{
	struct wire_reader reader;
	unsigned char state = fetching->is_listing ? FETCH_IS_BUSY : FETCH_SERVES;
	enum status status = wire_receive(fetching->control, -1, fetching->frame, &reader);
	if (status == STATUS_OK)
		status = permit_message(&fetch_permits, &state, &reader);
	if (status != STATUS_OK)
		return status;
	if (reader.type == FETCH_LIST)
		return start_listing(fetching, &reader);
	return start_probe(fetching, &reader);
}

/* An object's bytes are kept as long as the lane may ask for windows of it. */
static enum status keep_object(struct lane *lane, const struct object *object)
{
	arena_reset(&lane->arena);
	lane->object = *object;
	lane->object.name = arena_copy(&lane->arena, object->name);
	lane->object.version = arena_copy(&lane->arena, object->version);
	lane->object.etag = arena_copy(&lane->arena, object->etag);
	lane->object.md5 = lane->object.media_type = lane->object.tier = BYTES_NONE;
	return lane->object.name.at != NULL ? STATUS_OK : STATUS_NO_MEMORY;
}

static enum status start_get(struct lane *lane, struct wire_reader *reader)
{
	struct fetch_get get;
	enum status status = fetch_get_get(reader, &get);
	if (status == STATUS_OK)
		status = keep_object(lane, &get.object);
	if (status != STATUS_OK)
		return status;
	lane->is_window = false;
	lane->size = 0;
	lane->whole_max = fetch_whole_max(get.object.size);
	lane->part = (struct object_part){.length = get.length};
	if (!scope_allows_object(&lane->fetching->scope, &lane->fetching->target, lane->object.name))
		return lane_answer_failed(lane, STATUS_DENIED, BYTES_LITERAL("the scope file denies it"));
	return is_web(lane->fetching) ? web_get(lane) : tree_get(lane);
}

static enum status start_range(struct lane *lane, struct wire_reader *reader)
{
	uint64_t offset;
	enum status status = fetch_get_range(reader, &offset);
	if (status != STATUS_OK || offset >= lane->size)
		return STATUS_MALFORMED;
	uint64_t rest = lane->size - offset;
	lane->is_window = true;
	lane->part = (struct object_part){
		.offset = offset,
		.length = rest < FETCH_WINDOW_SIZE ? rest : FETCH_WINDOW_SIZE,
		.etag = lane->object.etag,
	};
	return is_web(lane->fetching) ? web_get(lane) : tree_get(lane);
}

static enum status serve_lane(struct lane *lane)
{
	struct wire_reader reader;
	unsigned char state = lane->is_busy ? FETCH_IS_BUSY : FETCH_SERVES_LANE;
	enum status status = wire_receive(lane->socket, -1, lane->fetching->frame, &reader);
	if (status == STATUS_OK)
		status = permit_message(&fetch_permits, &state, &reader);
	if (status != STATUS_OK)
		return status;
	lane->is_busy = true;
	lane->received = lane->told = 0;
	lane->told_at = clock_monotonic();
	return reader.type == FETCH_GET ? start_get(lane, &reader) : start_range(lane, &reader);
}

static enum status wait_for_work(struct fetching *fetching, struct pollfd *descriptors, size_t count)
{
	if (is_web(fetching))
		return net_wait(fetching->net, descriptors, count, -1);
	while (poll(descriptors, (nfds_t)count, -1) < 0)
		if (errno != EINTR)
			return STATUS_BROKEN;
	return STATUS_OK;
}

static void close_lane(struct lane *lane)
{
	close(lane->socket);
	lane->socket = -1;
}

static enum status serve_ready(struct fetching *fetching, const struct pollfd *descriptors)
{
	for (size_t i = 0; i < fetching->lane_count; i++) {
		if (descriptors[i + 1].revents == 0 || fetching->lanes[i].socket < 0)
			continue;
		enum status status = serve_lane(&fetching->lanes[i]);
		if (status == STATUS_END || status == STATUS_CRASHED)
			close_lane(&fetching->lanes[i]);
		else if (status != STATUS_OK)
			return status;
	}
	return descriptors[0].revents ? serve_control(fetching) : STATUS_OK;
}

enum status fetching_serve(struct fetching *fetching)
{
	struct pollfd descriptors[FETCHING_LANES_MAX + 1];
	fetch_put_empty(&fetching->writer, FETCH_READY);
	enum status status = wire_send(fetching->control, &fetching->writer, -1);
	while (status == STATUS_OK) {
		descriptors[0] = (struct pollfd){.fd = fetching->control, .events = POLLIN};
		for (size_t i = 0; i < fetching->lane_count; i++)
			descriptors[i + 1] = (struct pollfd){.fd = fetching->lanes[i].socket, .events = POLLIN};
		status = wait_for_work(fetching, descriptors, fetching->lane_count + 1);
		if (status == STATUS_OK)
			status = serve_ready(fetching, descriptors);
	}
	return status == STATUS_END || status == STATUS_CRASHED ? STATUS_OK : status;
}
