/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What access logs say, kept with its incident. Whoever imports holds the
 * incident as a sweep does; a request that is put twice counts once.
 */
#ifndef TIDEMARK_CATALOG_READS_H
#define TIDEMARK_CATALOG_READS_H

#include "catalog/catalog.h"
#include "model/reads.h"

/** A file's records come from here to incident_end_log. *ret_is_known: it was read to its end before, and need not be again. */
enum status incident_begin_log(struct incident *incident, const unsigned char sha256[32], uint64_t *ret_file, bool *ret_is_known,
                               struct failure *reterr) MUST_CHECK;
/** *ret_new: so many of them stood in no log before. */
enum status incident_put_accesses(struct incident *incident, uint64_t file, const struct access_record *records, size_t count,
                                  uint64_t *ret_new, struct failure *reterr) MUST_CHECK;
/** It was read to its end: from now on it covers the time it is of. */
enum status incident_end_log(struct incident *incident, uint64_t file, const struct log_file *figures,
                             struct failure *reterr) MUST_CHECK;

/** By provider, account, container and time. */
enum status incident_reads_spans(struct incident *incident, reads_span_visitor *each, void *context,
                                 struct failure *reterr) MUST_CHECK;
enum status incident_reads_sums(struct incident *incident, struct reads_sums *ret_sums, struct failure *reterr) MUST_CHECK;
/** Those that took most first. END from each stops (OK is returned), here and below. */
enum status incident_reads_networks(struct incident *incident, reads_network_visitor *each, void *context,
                                    struct failure *reterr) MUST_CHECK;
enum status incident_reads_objects(struct incident *incident, reads_object_visitor *each, void *context,
                                   struct failure *reterr) MUST_CHECK;
/** Whose documents, as a party on what stands in them, are in objects that were wholly taken. */
enum status incident_reads_organisations(struct incident *incident, reads_organisation_visitor *each, void *context,
                                         struct failure *reterr) MUST_CHECK;
/** What strangers took of an object, as it stands; of all in a container. */
enum status incident_reads_of_object(struct incident *incident, const struct container *container, struct bytes name,
                                     struct bytes version, struct reads_seen *ret_seen, struct failure *reterr) MUST_CHECK;
enum status incident_reads_of_container(struct incident *incident, const struct container *container, struct reads_seen *ret_seen,
                                        struct failure *reterr) MUST_CHECK;

#endif
