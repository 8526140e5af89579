/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A provider of the web kind: how to word a request of it and how to read its
 * replies. Pure functions of their arguments, no sockets, no clock, no state:
 * a listing is resumed from a stored cursor, a test is a byte string. One file
 * per provider; its const struct heads the file; its name in meson.build
 * registers it (registry.c is generated).
 *
 * The caller's round: ask_... words the request, sign finishes it, net sends
 * it. Of the reply, 2xx goes to read_page, or is the object and its head goes to
 * read_object; everything else goes to read_refusal. If that changed the terms, word it again with them.
 */
#ifndef TIDEMARK_PROVIDER_PROVIDER_H
#define TIDEMARK_PROVIDER_PROVIDER_H

#include "base/arena.h"
#include "model/target.h"
#include "net/message.h"
#include "provider/credential.h"

#define PROVIDER_PAGE_BYTES_MAX (64u << 20) /* the body ceiling of a listing's page */
#define PROVIDER_PAGE_OBJECTS_MAX 100000    /* more of them are no page of any provider */
#define PROVIDER_NAME_MAX 8192              /* bytes of an object's name */

/** How one container wants to be spoken to, as learnt from its refusals. Zeroed at first; copied freely. */
struct terms {
	unsigned dialect; /* Azure: steps down from the newest x-ms-version */
	char region[40];  /* S3: where the bucket lies */
};

/** The moment of one attempt, so that wording stays pure. */
struct occasion {
	int64_t now;
	const char *request_id;
};

/* What a page shall hold beyond the current objects. */
#define PAGE_VERSIONS 1u
#define PAGE_SNAPSHOTS 2u
#define PAGE_DELETED 4u

struct page_options {
	unsigned include; /* PAGE_ bits; Azure lists versions or snapshots with deleted as asked */
	unsigned size;    /* 0: as large as the provider gives */
};

struct page {
	struct object *objects; /* in the reply's order; all bytes in the arena given */
	size_t count;
	struct bytes next;    /* cursor of the next page; meaningless if is_last */
	bool is_last;         /* only this ends a listing: a page may be short or empty */
	unsigned shown;       /* PAGE_ bits of which the page holds an instance: who ignores them shows none */
	bool has_version_ids; /* be it of current objects alone */
};

struct object_part {
	uint64_t offset;
	uint64_t length;   /* OBJECT_SIZE_UNKNOWN: to its end */
	bool is_head;      /* headers only */
	struct bytes etag; /* if not empty, only while it still has this one (without quotes) */
};

enum question {
	QUESTION_PROPERTIES, /* the container's headers: HEAD */
	QUESTION_ACL         /* who may do what */
};

enum refusal_reason {
	REFUSAL_OTHER = 0,         /* nothing known of it */
	REFUSAL_BUSY,              /* throttled */
	REFUSAL_PASSING,           /* a fault of theirs that may pass */
	REFUSAL_TERMS,             /* wanted other terms: they were changed, ask again */
	REFUSAL_PRIVATE_OR_ABSENT, /* missing, private and blob level answer alike */
	REFUSAL_DENIED,            /* exists, or may, and this caller may not */
	REFUSAL_CONTAINER_ABSENT,
	REFUSAL_OBJECT_ABSENT, /* the container answered: objects of it can be asked for */
	REFUSAL_ACCOUNT_OFF,   /* no public access at all in this account */
	REFUSAL_FIREWALL,      /* not from here */
	REFUSAL_SUSPENDED,     /* account or container disabled or being deleted: later, perhaps */
	REFUSAL_ARCHIVED,
	REFUSAL_CHANGED,    /* the condition on its etag failed */
	REFUSAL_RANGE,      /* no such bytes */
	REFUSAL_CREDENTIAL, /* our key or signature was not accepted */
	REFUSAL_INSECURE,   /* wants https */
	REFUSAL_UNSUPPORTED /* the feature asked for does not exist there */
};

struct refusal {
	enum refusal_reason reason;
	enum status status;  /* what the caller records: BUSY, ABSENT, DENIED, ARCHIVED, CHANGED, ... */
	struct bytes code;   /* the provider's word for it, as ServerBusy; may be empty */
	struct bytes tenant; /* Azure: the directory the account belongs to; may be empty */
};

struct provider {
	const char *name;
	enum provider_kind kind;
	/** The header of QUESTION_PROPERTIES that says "container" or "blob" for what strangers may do; NULL: none. */
	const char *public_level_header;
	/** No access level there lets strangers write. */
	bool is_never_writable;
	/** The page behind cursor (empty: the first). */
	enum status (*ask_page)(const struct target *target, const struct terms *terms, const struct page_options *options,
	                        struct bytes cursor, struct arena *arena, struct request *ret_request);
	/** A 2xx reply to ask_page. MALFORMED when it is no such page: nothing of it is used. */
	enum status (*read_page)(const struct target *target, struct bytes body, struct arena *arena, struct page *ret_page);
	/** Bytes or headers of an object. UNSUPPORTED when its name cannot be asked for by URL (dot segments). */
	enum status (*ask_object)(const struct target *target, const struct terms *terms, const struct object *object,
	                          const struct object_part *part, struct arena *arena, struct request *ret_request);
	/** What the head of a 2xx reply to ask_object tells of the object: size, time, etag and md5 become object's, each
	 *  only if it is told; bytes lie in arena. NO_MEMORY is its only failure. */
	enum status (*read_object)(const struct reply *reply, struct arena *arena, struct object *object);
	/** The front page of the account's static site, by HEAD, at the nth place where it may lie: sites have hosts of their
	 *  own. END past the last one. */
	enum status (*ask_site)(const struct target *target, const struct terms *terms, unsigned nth, struct arena *arena,
	                        struct request *ret_request);
	/** The container whose objects the static site shows; NULL: the provider has no sites, ask_site neither. */
	const char *site_container;
	/** Behind an account's name, in its host or its path, that of its second region; NULL: the provider has no such host. */
	const char *secondary_suffix;
	/** Whether the names in a container so called list others: "$logs". NULL: none is known. */
	bool (*is_log_container)(struct bytes container);
	/** Whether an object of that name is an inventory or a log, which list what lies elsewhere. NULL: none is known. */
	bool (*is_inventory)(struct bytes name);
	enum status (*ask_container)(const struct target *target, const struct terms *terms, enum question question,
	                             struct arena *arena, struct request *ret_request);
	/** Whether the body of a 2xx reply to QUESTION_ACL is an access list: there are servers that say yes to everything. */
	bool (*is_acl)(struct bytes body);
	/** What a reply other than 2xx means; may change the terms (then reason is REFUSAL_TERMS, or PASSING when no
	 *  other terms are left to try). NO_MEMORY is its only failure. */
	enum status (*read_refusal)(const struct reply *reply, struct terms *terms, struct arena *arena,
	                            struct refusal *ret_refusal);
	/** Which secrets make a credential for it. */
	const struct credentials *credentials;
	/** Finishes a request: names it (client request id) and, if credential belongs to the target's account, proves
	 *  who asks. credential may be NULL. Always called, for strangers too. */
	enum status (*sign)(struct request *request, const struct target *target, const struct credential *credential,
	                    const struct occasion *occasion, struct arena *arena);
};

/** Generated: every provider of the web kind, ended by NULL. */
extern const struct provider *const provider_registry[];

/** NULL if there is none of that kind. */
const struct provider *provider_of(enum provider_kind kind);

/** The URL of an object as people may open it, without version; NO_MEMORY. */
enum status provider_object_url(const struct container *container, struct bytes object_name, struct arena *arena,
                                struct bytes *ret_url) MUST_CHECK;

#endif
