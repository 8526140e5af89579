// SPDX-License-Identifier: Apache-2.0
// What Azure Blob would answer: a request and the place it names in, a reply {status, headers, body} out.
// The order of the checks is the service's: version, account, caller, container, blob.
import { Refusal, xml } from "./errors.mjs";
import { challenge, identify } from "./auth.mjs";
import { containerList, isOldVersion, page, settle } from "./storage.mjs";
import { WRITES, containerEtag, servicePropertiesXml, writeOperation } from "./writes.mjs";
export { answerBatch } from "./writes.mjs";

const PAGE_LIMIT = 5000;
const MODIFIED = "Tue, 04 Jun 2019 08:00:00 GMT";
const ETAG = "0x8D0123456789ABC";
const INCLUDES_SINCE = { snapshots: "2009-09-19", metadata: "2009-09-19", uncommittedblobs: "2009-09-19", copy: "2012-02-12",
	deleted: "2017-07-29", tags: "2019-12-12", versions: "2019-12-12", permissions: "2020-06-12",
	deletedwithversions: "2020-10-02", immutabilitypolicy: "2020-10-02", legalhold: "2020-10-02" };

/** Path style: /ACCOUNT/CONTAINER/BLOB, /ACCOUNT/BLOB for $root, /ACCOUNT-web/PAGE for the static site,
 * /ACCOUNT-secondary/CONTAINER/BLOB for the second region. */
export function namesIn({ path, query }) {
	const [, first, second = "", ...rest] = path.split("/").map(decode);
	if (first.endsWith("-web")) return { web: true, account: first.slice(0, -"-web".length), container: "$web", blob: [second, ...rest].join("/") };
	if (first.endsWith("-secondary")) return { ...namesIn({ path: path.replace("-secondary/", "/"), query }), secondary: true };
	if (rest.length || query.get("restype") === "container") return { account: first, container: second, blob: rest.join("/") };
	return { account: first, container: second && "$root", blob: second };
}

function decode(segment) {
	try { return decodeURIComponent(segment); } catch { throw new Refusal("InvalidUri"); }
}

export function locate(world, { account: name, container: containerName, blob, query }) {
	const account = world.accounts[name];
	const container = account?.containers[containerName];
	const wanted = { snapshot: query.get("snapshot") ?? undefined, versionId: query.get("versionid") ?? undefined };
	return { account, container, entry: container?.find(blob, wanted) };
}

export function operationOf({ method, query, container, blob, web }) {
	const comp = query.get("comp");
	if (method !== "GET" && method !== "HEAD") return writeOperation({ method, query, container, blob });
	if (web) return "web";
	if (blob) return comp ? "other" : method === "HEAD" ? "head" : "get";
	if (!container) return comp === "list" ? "containers" : query.get("restype") === "service" && comp === "properties" ? "service" : "other";
	if (query.get("restype") !== "container") return "other";
	return { null: "properties", metadata: "properties", acl: "acl", list: "list" }[comp] ?? "other";
}

/** Who may do what: the public access level that admits a stranger, the letter and resource type a SAS needs. */
const RIGHTS = {
	list: { levels: ["container"], letter: "l", resource: "c" },
	properties: { levels: ["container"], letter: "r", resource: "c" },
	get: { levels: ["container", "blob"], letter: "r", resource: "o" },
	head: { levels: ["container", "blob"], letter: "r", resource: "o" },
	containers: { levels: [], letter: "l", resource: "s" },
	delete: { levels: [], letter: "d", resource: "o" },
	batch: { levels: [], letter: "d", resource: "o" },
	tier: { levels: [], letter: "w", resource: "o" },
	undelete: { levels: [], letter: "w", resource: "o" },
};
const OWNER_ONLY = { levels: [], letter: "none", resource: "none" };

export function answer(world, { account, container, entry }, request) {
	const { version, operation } = request;
	if (!/^\d{4}-\d\d-\d\d$/.test(version) || version > (world.maxVersion ?? version))
		throw new Refusal("InvalidHeaderValue", { HeaderName: "x-ms-version", HeaderValue: version });
	if (!account || request.secondary && !account.secondary) throw new Refusal("InvalidOperation");
	if (account.httpsOnly) throw new Refusal("AccountRequiresHttps");
	if (account.disabled) throw new Refusal("AccountIsDisabled");
	if (account.firewall) throw new Refusal("AuthorizationFailure");
	if (operation === "web") return webPage(account, container, entry, request);

	const caller = identify(account, request);
	if (caller.role === "stranger" && account.publicAccess === false && request.container) throw new Refusal("PublicAccessNotPermitted");
	authorise(caller, account, container, request);
	if (operation === "containers") return listContainers(account, request);
	if (operation === "service") return xmlReply(servicePropertiesXml(account));
	if (operation === "set-service") return WRITES[operation](account, container, entry, request);
	if (request.container && !container) throw new Refusal("ContainerNotFound");
	if (container?.state === "deleting") throw new Refusal("ContainerBeingDeleted");
	if (container?.state === "disabled") throw new Refusal("ContainerDisabled");
	switch (operation) {
	case "list": return listBlobs(caller, account, container, request);
	case "properties": return { status: 200, headers: containerHeaders(container, version) };
	case "acl": return xmlReply(container.policies ?? "<SignedIdentifiers />", containerHeaders(container, version));
	case "get": case "head": return readBlob(entry, request);
	default:
		if (!WRITES[operation]) throw new Refusal("NotImplemented");
		return WRITES[operation](account, container, entry, request);
	}
}

function authorise(caller, account, container, request) {
	const { operation, version } = request;
	const { levels, letter, resource } = RIGHTS[operation] ?? OWNER_ONLY;
	if (caller.role === "owner") return;
	if (caller.role === "stranger") {
		if (!levels.includes(request.secondary ? container?.secondaryPublic ?? container?.public : levelFor(container))) throw noEntry(account, version);
	} else if (!caller.resources.includes(resource)) {
		throw new Refusal("AuthorizationResourceTypeMismatch");
	} else if (!caller.permissions.includes(letter)) {
		throw new Refusal("AuthorizationPermissionMismatch");
	}
}

/** A change of level spreads: so many strangers' requests still find the one before. */
function levelFor(container) {
	if (!container?.still) return container?.public;
	container.still--;
	return container.seen;
}

/** Missing, private and blob level answer alike, by design. */
const noEntry = (account, version) => version < "2019-12-12" ? new Refusal("ResourceNotFound")
	: new Refusal("NoAuthenticationInformation", {}, challenge(account));

const containerHeaders = (container, version) => ({
	"Last-Modified": container.modified ?? MODIFIED, ETag: `"${containerEtag(container, ETAG)}"`,
	"x-ms-lease-status": container.leased ? "locked" : "unlocked", "x-ms-lease-state": container.leased ? "leased" : "available",
	"x-ms-has-legal-hold": String(container.legalHold === true), "x-ms-has-immutability-policy": String(container.immutable === true),
	...(container.public && version >= "2016-05-31" && { "x-ms-blob-public-access": container.public }), ...metaHeaders(container.metadata),
});

const metaHeaders = (metadata = {}) => Object.fromEntries(Object.entries(metadata).map(([name, value]) => [`x-ms-meta-${name}`, value]));

function xmlReply(content, headers = {}) {
	return { status: 200, headers: { "Content-Type": "application/xml", ...headers }, body: `<?xml version="1.0" encoding="utf-8"?>${content}` };
}

const badParameter = (QueryParameterName, QueryParameterValue, code = "InvalidQueryParameterValue") =>
	new Refusal(code, { QueryParameterName, QueryParameterValue, ...(QueryParameterName === "marker" && { Reason: "Invalid ListBlobs marker." }) });

function onePage(container, { query, version }, shows) {
	const asked = query.get("maxresults");
	if (asked !== null && !(Number(asked) > 0)) throw badParameter("maxresults", asked, "OutOfRangeQueryParameterValue");
	const limit = Math.min(asked ?? PAGE_LIMIT, PAGE_LIMIT, container.page ?? PAGE_LIMIT);
	const [prefix, marker] = ["prefix", "marker"].map((name) => query.get(name) ?? "");
	const startFrom = version >= "2026-02-06" ? query.get("startfrom") ?? "" : "";
	const found = page(container, { prefix, marker, startFrom, limit, shows });
	if (!found) throw badParameter("marker", marker);
	const echo = `<Prefix>${xml(prefix)}</Prefix><Marker>${xml(marker)}</Marker>` + (asked ? `<MaxResults>${asked}</MaxResults>` : "");
	return { ...found, echo, tail: found.next ? `<NextMarker>${xml(found.next)}</NextMarker>` : "<NextMarker />" };
}

const endpoint = (account, { headers }) => `http://${headers.host}/${account.name}/`;

function listContainers(account, request) {
	const { entries, echo, tail } = onePage(containerList(account), request);
	const items = entries.map((container) => `<Container><Name>${container.name}</Name><Properties><Last-Modified>${MODIFIED}</Last-Modified>`
		+ `<Etag>"${ETAG}"</Etag><LeaseStatus>unlocked</LeaseStatus><LeaseState>available</LeaseState>`
		+ (container.public ? `<PublicAccess>${container.public}</PublicAccess>` : "") + "</Properties></Container>").join("");
	return xmlReply(`<EnumerationResults ServiceEndpoint="${endpoint(account, request)}">${echo}<Containers>${items}</Containers>${tail}`
		+ "</EnumerationResults>");
}

function listBlobs(caller, account, container, request) {
	const { query, version } = request;
	settle(container);
	if (query.has("delimiter")) throw new Refusal("NotImplemented");
	const includes = (query.get("include") ?? "").split(",").filter(Boolean);
	for (const name of includes) {
		if (!(INCLUDES_SINCE[name] <= version)) throw badParameter("include", name);
		if (caller.role === "stranger" && !(container.anonymousInclude ?? includes).includes(name)) throw noEntry(account, version);
	}
	const shows = (entry) => (!entry.deleted || includes.includes("deleted")) && (!entry.snapshot || includes.includes("snapshots"))
		&& (!isOldVersion(entry) || includes.includes("versions"));
	const { entries, echo, tail } = onePage(container, request, shows);
	if (version < "2015-02-21" && entries.some((entry) => entry.blobType === "AppendBlob")) throw new Refusal("FeatureVersionMismatch");
	const known = (entry) => (entry.later && entry.reads > entry.becomes.after ? entry.later : entry);
	const blobs = entries.map((entry) => blobXml(known(entry), version, includes.includes("metadata"))).join("");
	return xmlReply(`<EnumerationResults ServiceEndpoint="${endpoint(account, request)}" ContainerName="${container.name}">${echo}`
		+ `<Blobs>${blobs}</Blobs>${tail}</EnumerationResults>`);
}

const NOT_IN_XML = /[\0-\x08\x0b-\x1f\ufffe\uffff]/;
const element = (name, value) => value === undefined || value === null ? "" : `<${name}>${xml(value)}</${name}>`;

function blobXml(entry, version, withMetadata) {
	const encoded = NOT_IN_XML.test(entry.name);
	const isVersion = entry.versionId && version >= "2019-12-12";
	const name = encoded ? `<Name Encoded="true">${encodeURIComponent(entry.name)}</Name>` : `<Name>${xml(entry.name)}</Name>`;
	const which = (entry.deleted ? "<Deleted>true</Deleted>" : "") + element("Snapshot", entry.snapshot)
		+ (isVersion ? element("VersionId", entry.versionId) + (entry.current ? "<IsCurrentVersion>true</IsCurrentVersion>" : "") : "");
	const metadata = withMetadata ? `<Metadata>${Object.entries(entry.metadata ?? {}).map((pair) => element(...pair)).join("")}</Metadata>` : "";
	return `<Blob>${name}${which}<Properties><Etag>${entry.etag}</Etag>${propertiesXml(entry.kin ?? entry)}</Properties>${metadata}<OrMetadata /></Blob>`;
}

/** Generated blobs differ by name and etag alone: what they share is written once. */
const written = new WeakMap();

function propertiesXml(kin) {
	if (!written.has(kin)) written.set(kin, element("Creation-Time", kin.modified) + element("Last-Modified", kin.modified)
		+ element("Content-Length", kin.size) + element("Content-Type", kin.contentType) + element("Content-Encoding", kin.contentEncoding)
		+ element("Content-MD5", kin.md5) + element("Content-Disposition", kin.contentDisposition) + element("BlobType", kin.blobType)
		+ element("AccessTier", kin.tier) + element("ArchiveStatus", kin.archiveStatus) + element("LeaseStatus", "unlocked")
		+ element("LeaseState", "available") + element("ServerEncrypted", "true") + (kin.deleted ? element("RemainingRetentionDays", 6) : ""));
	return written.get(kin);
}

const OPTIONAL_HEADERS = [["Content-Encoding", "contentEncoding"], ["Content-Disposition", "contentDisposition"],
	["x-ms-version-id", "versionId"], ["x-ms-archive-status", "archiveStatus"]];

function readBlob(entry, { method, headers: asked }, status = 200) {
	if (!entry) throw new Refusal("BlobNotFound");
	if (entry.later && (method === "GET" ? ++entry.reads > entry.becomes.after : entry.reads >= entry.becomes.after)) entry = entry.later;
	const ifMatch = asked["if-match"];
	if (ifMatch && ifMatch !== "*" && ifMatch !== `"${entry.etag}"`) throw new Refusal("ConditionNotMet");
	if (method === "GET" && entry.archiveStatus) throw new Refusal("BlobBeingRehydrated");
	if (method === "GET" && entry.tier === "Archive") throw new Refusal("BlobArchived");

	const headers = { "Content-Type": entry.contentType, "Last-Modified": entry.modified, ETag: `"${entry.etag}"`, "Accept-Ranges": "bytes",
		"x-ms-creation-time": entry.modified, "x-ms-blob-type": entry.blobType, "x-ms-server-encrypted": "true", ...metaHeaders(entry.metadata) };
	if (method === "HEAD") Object.assign(headers, { "x-ms-access-tier": entry.tier, "x-ms-lease-status": entry.leased ? "locked" : "unlocked",
		"x-ms-legal-hold": String(entry.legalHold === true), ...(entry.immutableUntil && { "x-ms-immutability-policy-until-date": entry.immutableUntil }) });
	for (const [name, member] of OPTIONAL_HEADERS) if (entry[member] !== undefined) headers[name] = entry[member];

	const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(asked["x-ms-range"] ?? asked.range ?? "") ?? [];
	if (method === "HEAD" || from === undefined) {
		if (entry.md5) headers["Content-MD5"] = entry.md5;
		return { status, headers, body: method === "HEAD" ? undefined : entry.body(), size: entry.size };
	}
	if (Number(from) >= entry.size) throw new Refusal("InvalidRange", {}, { "Content-Range": `bytes */${entry.size}` });
	const last = Math.min(to === "" ? Infinity : Number(to), entry.size - 1);
	headers["Content-Range"] = `bytes ${from}-${last}/${entry.size}`;
	if (entry.md5) headers["x-ms-blob-content-md5"] = entry.md5;
	return { status: 206, headers, body: entry.body().subarray(Number(from), last + 1) };
}

/** The static site stands open whatever the containers' access; the firewall still holds. */
function webPage(account, container, entry, request) {
	const { index, notFound } = account.web ?? {};
	const isFolder = request.blob === "" || request.blob.endsWith("/");
	const wanted = account.web && (isFolder && index ? container?.find(request.blob + index) : entry);
	if (wanted) return readBlob(wanted, request);
	const errorPage = notFound && container?.find(notFound);
	if (errorPage) return readBlob(errorPage, { method: request.method, headers: {} }, 404);
	return { status: 404, headers: { "Content-Type": "text/html", "x-ms-error-code": "WebContentNotFound" },
		body: "<!DOCTYPE html><html><body><h1>The requested content does not exist.</h1>ErrorCode: WebContentNotFound</body></html>" };
}
