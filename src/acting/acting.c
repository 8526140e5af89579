/* SPDX-License-Identifier: Apache-2.0 */
/* Setting up, and the loop over the control socket: steps, GO, answers. */
#include "acting/hand.h"

#include "base/patience.h"
#include "provider/http.h"
#include "scope/target.h"

#include <stdlib.h>

enum { ARENA_MAX = 1 << 20, WORK_MAX = 64 << 20, WORDS_MAX = 32 << 20 };

/* ---- set-up ---- */

static struct secrets copy_secrets(struct acting *acting, const struct secrets *secrets)
{
	struct secrets copies = {.count = secrets->count};
	for (size_t i = 0; i < secrets->count; i++)
		copies.at[i] = (struct named_secret){arena_copy(&acting->arena, secrets->at[i].name),
		                                     arena_copy(&acting->arena, secrets->at[i].value)};
	return copies;
}

static enum status take_setup(struct acting *acting, struct wire_reader *reader)
{
	struct act_setup setup;
	enum status status = act_get_setup(reader, &setup);
	if (status != STATUS_OK)
		return status;
	setup.operator_name = arena_copy(&acting->arena, setup.operator_name);
	setup.secrets = copy_secrets(acting, &setup.secrets);
	acting->setup = setup;
	return STATUS_OK;
}

static enum status take_target(struct acting *acting, struct wire_reader *reader, struct failure *reterr)
{
	struct bytes written;
	enum status status = act_get_target(reader, &written);
	if (status != STATUS_OK)
		return status;
	acting->written = arena_copy(&acting->arena, written);
	status = target_parse(acting->written, &acting->arena, &acting->target, reterr);
	if (status == STATUS_OK && acting->target.container.provider != PROVIDER_AZURE)
		status = fail(reterr, STATUS_UNSUPPORTED, "target",
		              "nothing can be changed there by this version; Azure Blob alone");
	acting->provider = provider_of(PROVIDER_AZURE);
	if (status == STATUS_OK)
		status = acting->provider->credentials->read(&acting->setup.secrets, &acting->arena, &acting->credential, reterr);
	if (status == STATUS_OK)
		status = azure_identity_read(&acting->setup.secrets, &acting->arena, &acting->identity, reterr);
	return status;
}

/* ---- where it may ask ---- */

static enum status add_place(struct acting *acting, size_t at, struct bytes url)
{
	struct buffer text = buffer_with_ceiling(HTTP_URL_MAX);
	buffer_append(&text, url);
	if (url.len > 0 && url.at[url.len - 1] != '/')
		buffer_append_byte(&text, '/');
	acting->places[at] = arena_copy(&acting->arena, buffer_bytes(&text));
	buffer_free(&text);
	return acting->places[at].at != NULL ? STATUS_OK : STATUS_NO_MEMORY;
}

static enum status add_account(struct acting *acting)
{
	struct buffer url = buffer_with_ceiling(HTTP_URL_MAX);
	http_append_host(&url, &acting->target);
	if (acting->target.is_path_style) {
		buffer_append_byte(&url, '/');
		buffer_append(&url, acting->target.account_name);
	}
	enum status status = add_place(acting, 0, buffer_bytes(&url));
	buffer_free(&url);
	return status;
}

/* HOST[:PORT] of a URL that azure_identity_read took for one. */
static uint16_t port_of(struct bytes url)
{
	bool is_secure = bytes_start_with(url, BYTES_LITERAL("https://"));
	struct bytes host = bytes_from(url, strlen(is_secure ? "https://" : "http://"));
	host = bytes_slice(host, 0, bytes_find_byte(host, '/'));
	size_t colon = bytes_find_last_byte(host, ':');
	uint64_t port;
	if (colon != BYTES_NOT_FOUND && bytes_parse_u64(bytes_from(host, colon + 1), &port) && port > 0 && port <= UINT16_MAX)
		return (uint16_t)port;
	return is_secure ? 443 : 80;
}

static enum status list_places(struct acting *acting)
{
	static const char machine[] = "http://169.254.169.254/metadata/identity";
	struct azure_identity *identity = &acting->identity;
	enum status status = add_account(acting);
	acting->ports[acting->port_count++] = acting->target.port;
	if (status != STATUS_OK || identity->kind == AZURE_IDENTITY_NONE)
		return status;
	status = add_place(acting, 1, identity->manager);
	acting->ports[acting->port_count++] = port_of(identity->manager);
	bool is_hosted = identity->endpoint.len > 0;
	struct bytes token = identity->kind == AZURE_IDENTITY_CLIENT ? identity->login
	                     : is_hosted                             ? identity->endpoint
	                                                             : BYTES_LITERAL(machine);
	acting->ports[acting->port_count++] = port_of(token);
	/* What a hosted one is asked at has its parameters right behind it. */
	if (status == STATUS_OK && identity->kind == AZURE_IDENTITY_CLIENT)
		status = add_place(acting, 2, token);
	else
		acting->places[2] = token;
	return status;
}

static enum status open_net(struct acting *acting)
{
	struct buffer user_agent = buffer_with_ceiling(4096);
	net_user_agent(&user_agent, TIDEMARK_VERSION, acting->setup.operator_name);
	char *kept = arena_copy_string(&acting->arena, buffer_bytes(&user_agent));
	buffer_free(&user_agent);
	return net_new(
		&(struct net_settings){
			.user_agent = kept,
			.rate = acting->setup.rate,
			.connections = 4,
			.patience = acting->setup.patience > 0 ? acting->setup.patience : PATIENCE_STANDARD,
			.allow = acting_permits,
			.allow_context = acting,
		},
		&acting->net);
}

static enum status take_frames(struct acting *acting, struct failure *reterr)
{
	unsigned char state = ACT_AWAITS_SETUP;
	enum status status = STATUS_OK;
	while (status == STATUS_OK && state != ACT_SERVES) {
		struct wire_reader reader;
		status = wire_receive(acting->control, -1, acting->frame, &reader);
		if (status == STATUS_OK)
			status = permit_message(&act_permits, &state, &reader);
		if (status == STATUS_OK)
			status = reader.type == ACT_SETUP ? take_setup(acting, &reader) : take_target(acting, &reader, reterr);
	}
	explicit_bzero(acting->frame, sizeof acting->frame);
	return status;
}

static void tell_failure(struct acting *acting, enum status status, const struct failure *failure)
{
	const struct act_failed failed = {status, bytes_of_string(failure->where), bytes_of_string(failure->why)};
	act_put_failed(&acting->writer, &failed);
	enum status sent = wire_send(acting->control, &acting->writer, -1);
	(void)sent;
}

enum status acting_accept(int control, struct acting **ret_acting)
{
	struct failure failure = {.why = "its set-up made no sense"};
	struct acting *acting = calloc(1, sizeof *acting);
	if (acting == NULL)
		return STATUS_NO_MEMORY;
	acting->control = control;
	acting->arena = arena_with_ceiling(ARENA_MAX);
	acting->work = arena_with_ceiling(WORK_MAX);
	acting->words = arena_with_ceiling(WORDS_MAX);
	enum status status = take_frames(acting, &failure);
	if (status == STATUS_OK)
		status = list_places(acting);
	if (status == STATUS_OK)
		status = open_net(acting);
	if (status != STATUS_OK) {
		tell_failure(acting, status, &failure);
		acting_free(acting);
		return status;
	}
	*ret_acting = acting;
	return STATUS_OK;
}

void acting_list_ports(const struct acting *acting, const uint16_t **ret_ports, size_t *ret_count)
{
	*ret_ports = acting->ports;
	*ret_count = acting->port_count;
}

void acting_free(struct acting *acting)
{
	if (acting == NULL)
		return;
	net_free(acting->net);
	arena_free(&acting->arena);
	arena_free(&acting->work);
	arena_free(&acting->words);
	free(acting);
}

/* ---- serving ---- */

static void begin_answer(const struct act_step *step, struct act_answer *answer)
{
	*answer = (struct act_answer){
		.number = step->number,
		.result = ACT_UNREACHABLE,
		.found = {.modified = CLOCK_UNKNOWN, .size = OBJECT_SIZE_UNKNOWN},
	};
	memcpy(answer->permit, step->permit, sizeof answer->permit);
}

static void do_one(struct acting *acting, const struct act_step *step, struct act_answer *answer)
{
	switch (step->verb) {
	case ACT_LOOK_CONTAINER: acting_look_container(acting, answer); break;
	case ACT_LOOK_SERVICE: acting_look_service(acting, answer); break;
	case ACT_LOOK_ACCOUNT: acting_look_account(acting, answer); break;
	case ACT_LOOK_OBJECT: acting_look_object(acting, step, answer); break;
	case ACT_CLOSE_CONTAINER:
	case ACT_REOPEN_CONTAINER: acting_set_container(acting, step, answer); break;
	case ACT_CLOSE_SITE:
	case ACT_REOPEN_SITE: acting_set_site(acting, step, answer); break;
	case ACT_CLOSE_ACCOUNT:
	case ACT_REOPEN_ACCOUNT: acting_set_account(acting, step, answer); break;
	default: acting_change_object(acting, step, answer);
	}
}

enum status acting_tell(struct acting *acting, size_t index)
{
	act_put_answer(&acting->writer, &acting->answers[index]);
	return wire_send(acting->control, &acting->writer, -1);
}

static enum status go(struct acting *acting)
{
	enum status status;
	if (acting->count == 0)
		return STATUS_MALFORMED;
	for (size_t i = 0; i < acting->count; i++)
		begin_answer(&acting->steps[i], &acting->answers[i]);
	if (acting->count > 1) {
		status = acting_change_objects(acting);
	} else {
		do_one(acting, &acting->steps[0], &acting->answers[0]);
		status = acting_tell(acting, 0);
	}
	acting->count = 0;
	arena_reset(&acting->work);
	return status;
}

/* What has no permit, or is more than may go at once, ends the program: nobody who is what he says asks that. */
static bool may_be_done(const struct acting *acting, const struct act_step *step)
{
	unsigned char permit[PLAN_DIGEST_SIZE];
	act_permit(acting->setup.hash, acting->written, step, permit);
	if (memcmp(permit, step->permit, sizeof permit) != 0 || (act_verb_changes(step->verb) && !acting->setup.may_change))
		return false;
	return acting->count == 0 ||
	       (acting->count < ACT_BATCH_MAX && act_verb_goes_in_batches(step->verb) && step->verb == acting->steps[0].verb);
}

static enum status take_step(struct acting *acting, struct wire_reader *reader)
{
	struct act_step step;
	enum status status = act_get_step(reader, &step);
	if (status == STATUS_OK && !may_be_done(acting, &step))
		status = STATUS_MALFORMED;
	if (status != STATUS_OK)
		return status;
	struct bytes *const members[] = {&step.object, &step.version, &step.etag, &step.value};
	for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
		if (members[i]->len == 0)
			continue;
		*members[i] = arena_copy(&acting->work, *members[i]);
		if (members[i]->at == NULL)
			return STATUS_NO_MEMORY;
	}
	acting->steps[acting->count++] = step;
	return STATUS_OK;
}

enum status acting_serve(struct acting *acting)
{
	act_put_empty(&acting->writer, ACT_READY);
	enum status status = wire_send(acting->control, &acting->writer, -1);
	while (status == STATUS_OK) {
		struct wire_reader reader;
		unsigned char state = ACT_SERVES;
		status = wire_receive(acting->control, -1, acting->frame, &reader);
		if (status == STATUS_OK)
			status = permit_message(&act_permits, &state, &reader);
		if (status == STATUS_OK)
			status = reader.type == ACT_STEP          ? take_step(acting, &reader)
			         : wire_end(&reader) == STATUS_OK ? go(acting)
			                                          : STATUS_MALFORMED;
	}
	return status == STATUS_END || status == STATUS_CRASHED ? STATUS_OK : status;
}
