/* SPDX-License-Identifier: Apache-2.0 */
/* Keys stand in the files of words in the order of the lists. */
#include "portal/operator-words.h"

#include "act/duties.h"

_Static_assert(WORD_OP_OUTCOME_CRASHED - WORD_OP_OUTCOME_PENDING == OUTCOME_CRASHED - OUTCOME_PENDING, "a word each");
_Static_assert(WORD_OP_NOTICE_ESCALATED - WORD_OP_NOTICE_PLANNED == NOTICE_STATE_ESCALATED - NOTICE_STATE_PLANNED, "a word each");
_Static_assert(WORD_OP_FOUND_BY_CONTACTS - WORD_OP_FOUND_BY_REGISTER == NOTICE_BY_CONTACTS - NOTICE_BY_REGISTER, "a word each");
_Static_assert(WORD_OP_APPEAL_OTHER - WORD_OP_APPEAL_NOT_OURS == APPEAL_OTHER - APPEAL_NOT_OURS, "a word each");
_Static_assert(WORD_OP_DUTY_PROPOSED - WORD_OP_DUTY_NOT_DUE == DUTY_PROPOSED - DUTY_NOT_DUE, "a word each");
_Static_assert(WORD_OP_RELATION_OWN - WORD_OP_RELATION_CUSTOMER == RELATIONSHIP_OWN - RELATIONSHIP_CUSTOMER, "a word each");

enum word operator_word_of_outcome(enum outcome outcome)
{
	return (enum word)(WORD_OP_OUTCOME_PENDING + (int)outcome);
}

enum word operator_word_of_notice(enum notice_state state)
{
	return (enum word)(WORD_OP_NOTICE_PLANNED + (int)state);
}

enum word operator_word_of_finding(enum notice_finding finding)
{
	return (enum word)(WORD_OP_FOUND_BY_REGISTER + (int)finding);
}

enum word operator_word_of_appeal(enum appeal_kind kind)
{
	return (enum word)(WORD_OP_APPEAL_NOT_OURS + (int)kind - (int)APPEAL_NOT_OURS);
}

enum word operator_word_of_relationship(enum relationship relationship)
{
	return relationship == RELATIONSHIP_UNKNOWN
	               ? WORD_COUNT
	               : (enum word)(WORD_OP_RELATION_CUSTOMER + (int)relationship - (int)RELATIONSHIP_CUSTOMER);
}
