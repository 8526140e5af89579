/* SPDX-License-Identifier: Apache-2.0 */
/* Opening, journalling, and going off the record where that is allowed. */
#include "answer/desk.h"

/* ---- opening ---- */

enum status desk_open(struct desk *desk, enum catalog_mode mode, bool *ret_made_key, struct failure *reterr)
{
	if (desk->catalog != NULL)
		return STATUS_OK;
	enum status status = catalog_open(&desk->place, mode, &desk->catalog, ret_made_key, reterr);
	if (status == STATUS_ABSENT)
		return fail(reterr, STATUS_ABSENT, desk->place.directory, "there is no catalog; tidemark sweep TARGET makes one");
	return status;
}

enum status desk_open_incident(struct desk *desk, enum incident_mode mode, struct failure *reterr)
{
	if (desk->incident != NULL)
		return STATUS_OK;
	enum status status = incident_open(desk->catalog, bytes_of_string(desk->incident_name), mode, &desk->incident, reterr);
	if (status == STATUS_ABSENT)
		return fail(reterr, STATUS_ABSENT, desk->incident_name,
		            "there is no such incident; tidemark incidents lists them, tidemark sweep makes one");
	return status;
}

void desk_close(struct desk *desk)
{
	if (desk->incident != NULL)
		incident_close(desk->incident);
	desk->incident = NULL;
	if (desk->catalog != NULL)
		catalog_close(desk->catalog);
	desk->catalog = NULL;
}

/* ---- the record ---- */

static bool may_go_off_record(const struct desk *desk, enum status status)
{
	return desk->may_be_off_record && (status == STATUS_DENIED || status == STATUS_NO_SPACE);
}

static void go_off_record(struct desk *desk, const struct failure *why)
{
	desk->is_off_record = true;
	desk->off_record = *why;
}

enum status desk_record(struct desk *desk, const char *verb, struct bytes detail, struct failure *reterr)
{
	struct failure failure = {.why = ""};
	if (desk->is_off_record)
		return STATUS_OK;
	struct bytes incident = desk->incident != NULL ? bytes_of_string(desk->incident_name) : BYTES_NONE;
	enum status status = journal_append(desk->catalog, verb, incident, bytes_of_string(desk->operator_name), detail,
	                                    &failure);
	if (may_go_off_record(desk, status)) {
		go_off_record(desk, &failure);
		return STATUS_OK;
	}
	if (status != STATUS_OK && reterr != NULL)
		*reterr = failure;
	return status;
}

/* ---- questions ---- */

static enum status withhold(enum status status, const struct failure *why, struct failure *reterr)
{
	return fail(reterr, status, why->where, "this is not answered, for it cannot be put on record: %s",
	            why->why[0] != '\0' ? why->why : status_name(status));
}

/* A catalog that cannot be appended to is still read, off the record; whether it is that or does not open at all shows then. */
static enum status open_to_ask(struct desk *desk, struct failure *reterr)
{
	struct failure first = {.why = ""};
	enum status status = desk_open(desk, CATALOG_APPEND, NULL, &first);
	if (status == STATUS_DENIED || status == STATUS_NO_SPACE) {
		enum status as_it_is = desk_open(desk, CATALOG_READ, NULL, reterr);
		if (as_it_is != STATUS_OK)
			return as_it_is;
		if (!may_go_off_record(desk, status))
			return withhold(status, &first, reterr);
		fail(&first, status, desk->place.directory, "the catalog can only be read");
		go_off_record(desk, &first);
		return STATUS_OK;
	}
	if (status != STATUS_OK && reterr != NULL)
		*reterr = first;
	return status;
}

static enum status put_on_record(struct desk *desk, const struct desk_question *question, struct failure *reterr)
{
	struct failure failure = {.why = ""};
	enum status status = desk_record(desk, question->verb, question->detail, &failure);
	return status == STATUS_OK ? status : withhold(status, &failure, reterr);
}

enum status desk_ask(struct desk *desk, const struct desk_question *question, struct failure *reterr)
{
	enum status status = open_to_ask(desk, reterr);
	if (status == STATUS_OK && question->is_of_incident)
		status = desk_open_incident(desk, INCIDENT_READ, reterr);
	if (status == STATUS_OK)
		status = put_on_record(desk, question, reterr);
	if (status != STATUS_OK)
		desk_close(desk);
	return status;
}
