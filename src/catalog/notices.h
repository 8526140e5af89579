/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which notices of an incident were begun, and what became of each. An attempt
 * is told before and after each of its steps, durably, so that whoever goes on
 * after a kill knows what surely did not go out, and what may have.
 *
 *   begin ──> (connect, recipient accepted) ──> hand over ──> (the message goes) ──> tell
 *
 * An attempt has a ticket; a later one takes it away. Two who send at once: only
 * one hands over.
 *
 * A code identifies a notice and acknowledges it; it proves nothing of who has it.
 * It is derived under the incident's key; kept is its digest.
 */
#ifndef TIDEMARK_CATALOG_NOTICES_H
#define TIDEMARK_CATALOG_NOTICES_H

#include "catalog/catalog.h"
#include "model/notice.h"

#define NOTICE_CODE_SIZE 36    /* "abcde-fghij-klmno-pqrst-uvwxy-z2345": 128 bits, then check letters; and its NUL */
#define NOTICE_MESSAGE_SIZE 27 /* what stands before the @ of its Message-ID, behind "tidemark.", with its NUL */
#define NOTICE_CASE_SIZE 13    /* "TM-ABCD-EFGH" */
#define NOTICE_REASON_MAX 1000

void incident_notice_code(const struct incident *incident, const struct notice_name *name, char into[NOTICE_CODE_SIZE]);
void incident_notice_message(const struct incident *incident, const struct notice_name *name, char into[NOTICE_MESSAGE_SIZE]);
/** The incident's case number, as recipients quote it: the same as long as it stands, and tells nothing of its name. */
void incident_case_number(const struct incident *incident, char into[NOTICE_CASE_SIZE]);

/** Whether a text is a code by its check letters: any case, hyphens or not. Appends nothing. */
bool notice_code_is_well_formed(struct bytes written);

/** ABSENT: neither planned nor begun. Passed to each, once. */
enum status incident_notice(struct incident *incident, const struct notice_name *name, notice_visitor *each, void *context,
                            struct failure *reterr) MUST_CHECK;
/** All of them, in the order they were planned; organisation empty: of all. END from each stops. */
enum status incident_notices(struct incident *incident, struct bytes organisation, notice_visitor *each, void *context,
                             struct failure *reterr) MUST_CHECK;
/** The notice of a message's name (incident_notice_message) or of a code as written. ABSENT. */
enum status incident_notice_by_message(struct incident *incident, struct bytes message, notice_visitor *each, void *context,
                                       struct failure *reterr) MUST_CHECK;
enum status incident_notice_by_code(struct incident *incident, struct bytes code, notice_visitor *each, void *context,
                                    struct failure *reterr) MUST_CHECK;

/* Who begins one says how its recipient was found, and its language. */
struct notice_attempt {
	struct notice_name name;
	enum notice_finding found_by;
	struct bytes language;
	bool is_again; /* what may have gone out already is sent once more */
};

/** Puts down that these are to be told, in this order, where they are not known yet; all of them, or none. */
enum status incident_plan_notices(struct incident *incident, const struct notice_attempt *notices, size_t count,
                                  struct failure *reterr) MUST_CHECK;
/** Durable when it returns, with the catalog open to append. CHANGED, and nothing is begun: it was sent, refused, bounced or
 *  acknowledged before, or may have been (unless is_again). */
enum status incident_begin_notice(struct incident *incident, const struct notice_attempt *attempt, uint64_t *ret_ticket,
                                  struct failure *reterr) MUST_CHECK;
/** CHANGED, and nothing may be handed over: another attempt has begun since. */
enum status incident_hand_over_notice(struct incident *incident, uint64_t ticket, struct failure *reterr) MUST_CHECK;
/** What became of an attempt. */
enum status incident_tell_attempt(struct incident *incident, uint64_t ticket, enum notice_event event, struct bytes reason,
                                  struct failure *reterr) MUST_CHECK;
/** What became of a notice later: the same again changes nothing. ABSENT if it was never begun. */
enum status incident_tell_notice(struct incident *incident, const struct notice_name *name, enum notice_event event,
                                 struct bytes reason, struct failure *reterr) MUST_CHECK;

/** Somebody who has it acknowledges a notice, of any incident. OK, too, where it was acknowledged before; ABSENT where no such
 *  notice is known, which nobody outside may be told; MALFORMED where it is no code at all. Open to append. */
enum status catalog_acknowledge_notice(struct catalog *catalog, struct bytes code, struct failure *reterr) MUST_CHECK;

enum status incident_decide(struct incident *incident, const struct notice_decision *decision, struct failure *reterr) MUST_CHECK;
/** In the order they were made. */
enum status incident_decisions(struct incident *incident, notice_decision_visitor *each, void *context,
                               struct failure *reterr) MUST_CHECK;

#endif
