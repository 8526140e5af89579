/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A local folder as a container: walking and opening beneath one directory
 * descriptor, and nowhere else (openat2: beneath, no symbolic links, no magic
 * links). Links, pipes, devices and sockets are listed as special and never
 * opened. Names are raw bytes relative to the folder.
 */
#ifndef TIDEMARK_PROVIDER_FOLDER_H
#define TIDEMARK_PROVIDER_FOLDER_H

#include "base/arena.h"
#include "base/buffer.h"
#include "model/object.h"
#include "provider/provider.h"

struct folder_walk;

/** Walks from behind cursor (a name; empty: the start) in a fixed order: a directory's entries by their bytes. Only names
 *  beginning with prefix. directory is borrowed. */
enum status folder_walk_start(int directory, struct bytes prefix, struct bytes cursor, struct folder_walk **ret_walk) MUST_CHECK;
/** The next objects, at most max. A directory that may not be read is an object of size unknown: reading it says DENIED. */
enum status folder_walk_page(struct folder_walk *walk, size_t max, struct arena *arena, struct page *ret_page) MUST_CHECK;
void folder_walk_free(struct folder_walk *walk);

/** Opens a regular file beneath directory. DENIED, ABSENT, UNSUPPORTED for what is special; CHANGED if object has an etag and
 *  it is no longer the file's. *ret_size is its size now. */
enum status folder_open(int directory, const struct object *object, int *ret_descriptor, uint64_t *ret_size) MUST_CHECK;
/** What an open file is now becomes object's size, time and etag; the etag lies in arena. */
enum status folder_describe(int descriptor, struct arena *arena, struct object *object) MUST_CHECK;
/** Whether an open file is still what object says: CHANGED if not. */
enum status folder_check(int descriptor, const struct object *object) MUST_CHECK;

#endif
