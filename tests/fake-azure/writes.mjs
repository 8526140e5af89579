// SPDX-License-Identifier: Apache-2.0
// What changes something: access levels, the static site, objects with their versions, snapshots and soft-deleted
// copies, and batches of these. README.md says by which pages, and what is a hypothesis.
import { createHash } from "node:crypto";
import { Refusal } from "./errors.mjs";
import { sortAgain, writable } from "./storage.mjs";

export function writeOperation({ method, query, container, blob }) {
	const comp = query.get("comp"), restype = query.get("restype");
	if (method === "PUT" && restype === "container" && comp === "acl") return "set-acl";
	if (method === "PUT" && restype === "service" && comp === "properties") return "set-service";
	if (method === "POST" && comp === "batch") return "batch";
	if (blob && container && method === "DELETE") return "delete";
	if (blob && container && method === "PUT" && (comp === "undelete" || comp === "tier")) return comp;
	return "write";
}

export const containerEtag = (container, first) => container.changes ? `0x8D${createHash("sha256").update(`${first}${container.changes}`)
	.digest("hex").slice(0, 13).toUpperCase()}` : first;

/* ---- containers and the service ---- */

function setAcl(account, container, entry, { headers, body }) {
	const level = headers["x-ms-blob-public-access"];
	const since = headers["if-unmodified-since"];
	if (level !== undefined && !["container", "blob"].includes(level)) throw new Refusal("InvalidHeaderValue", { HeaderName: "x-ms-blob-public-access" });
	if (level && account.publicAccess === false) throw new Refusal("PublicAccessNotPermitted");
	if (since && container.modified && Date.parse(container.modified) > Date.parse(since)) throw new Refusal("ConditionNotMet");
	if (container.leased && headers["x-ms-lease-id"] !== undefined) throw new Refusal("LeaseIdMissing");
	const text = body.toString();
	if (text && !/<SignedIdentifiers/.test(text)) throw new Refusal("InvalidInput");
	container.policies = text.replace(/^<\?xml[^>]*\?>\s*/, "") || "<SignedIdentifiers />";
	container.seen = container.public;
	container.still = container.lag ?? 0;
	container.public = level;
	container.changes++;
	container.modified = new Date().toUTCString();
	return { status: 200, headers: { "Last-Modified": container.modified, ETag: `"${containerEtag(container, "")}"` } };
}

export function servicePropertiesXml(account) {
	const site = account.web ? `<StaticWebsite><Enabled>true</Enabled><IndexDocument>${account.web.index ?? ""}</IndexDocument>`
		+ `<ErrorDocument404Path>${account.web.notFound ?? ""}</ErrorDocument404Path></StaticWebsite>` : "<StaticWebsite><Enabled>false</Enabled></StaticWebsite>";
	const retention = account.softDelete ? `<Enabled>true</Enabled><Days>${account.softDelete}</Days>`
		+ (account.permanentDelete ? "<AllowPermanentDelete>true</AllowPermanentDelete>" : "") : "<Enabled>false</Enabled>";
	return `<StorageServiceProperties><Logging><Version>1.0</Version></Logging><DeleteRetentionPolicy>${retention}</DeleteRetentionPolicy>${site}`
		+ "</StorageServiceProperties>";
}

/** What is not named stays. */
function setService(account, container, entry, { body }) {
	const text = body.toString();
	const site = /<StaticWebsite>(.*)<\/StaticWebsite>/s.exec(text)?.[1];
	if (!/<StorageServiceProperties>/.test(text)) throw new Refusal("InvalidInput");
	const value = (name) => new RegExp(`<${name}>(.*?)</${name}>`).exec(site)?.[1];
	if (site !== undefined)
		account.web = value("Enabled") === "true" ? { index: value("IndexDocument"), notFound: value("ErrorDocument404Path") } : undefined;
	return { status: 202, headers: {} };
}

/* ---- objects ---- */

function refuseHeld(container, entry) {
	if (entry.leased) throw new Refusal("LeaseIdMissing");
	if (container.legalHold || entry.legalHold) throw new Refusal("BlobImmutableDueToLegalHold");
	if (container.immutable || (entry.immutableUntil && Date.parse(entry.immutableUntil) > Date.now())) throw new Refusal("BlobImmutableDueToPolicy");
}

const moveTo = (entry, moment) => { entry.moment = moment; };

function findDeleted(container, blob, query) {
	return container.entries.find((entry) => entry.name === blob && entry.deleted
		&& (query.has("versionid") ? entry.versionId === query.get("versionid") : entry.snapshot === (query.get("snapshot") ?? undefined)));
}

/** Docs: Delete Blob. Versioning keeps the current one as a version; soft delete keeps the rest for its days. */
function deleteBlob(account, container, entry, { query, headers, blob }) {
	writable(container);
	const instance = query.has("versionid") || query.has("snapshot");
	if (query.get("deletetype") === "permanent") {
		const gone = findDeleted(container, blob, query);
		if (!account.permanentDelete || !instance) throw new Refusal("InvalidInput");
		if (!gone) throw new Refusal("BlobNotFound");
		refuseHeld(container, gone);
		container.forget(gone);
		return { status: 202, headers: { "x-ms-delete-type-permanent": "true" } };
	}
	if (!entry || entry.deleted) throw new Refusal("BlobNotFound");
	const wanted = headers["if-match"];
	if (wanted && wanted !== "*" && wanted !== `"${entry.etag}"`) throw new Refusal("ConditionNotMet");
	refuseHeld(container, entry);
	if (!instance && !headers["x-ms-delete-snapshots"] && Array.isArray(container.entries) && entry.kin === undefined
		&& container.entries.some((other) => other.name === blob && other.snapshot && !other.deleted)) throw new Refusal("SnapshotsPresent");
	if (account.versioning && !instance) {
		entry.versionId ??= new Date().toISOString().replace("Z", "0000Z");
		entry.current = false;
		moveTo(entry, entry.versionId);
		sortAgain(container);
		return { status: 202, headers: { "x-ms-delete-type-permanent": "false" } };
	}
	if (account.softDelete) {
		entry.deleted = true;
		if (!instance) moveTo(entry, "9999-01-01T00:00:00.0000000Z");
		sortAgain(container);
	} else {
		container.forget(entry);
	}
	return { status: 202, headers: { "x-ms-delete-type-permanent": String(!account.softDelete) } };
}

/** Docs: Undelete Blob: the object and its soft-deleted snapshots come back. */
function undelete(account, container, entry, { blob }) {
	const gone = container.entries.filter((other) => other.name === blob && other.deleted);
	if (!gone.length && !entry) throw new Refusal("BlobNotFound");
	for (const one of gone) {
		one.deleted = false;
		if (!one.snapshot && !one.versionId) moveTo(one, "9999-12-31T23:59:59.9999999Z");
	}
	sortAgain(container);
	return { status: 200, headers: {} };
}

function setTier(account, container, entry, { headers }) {
	if (!entry) throw new Refusal("BlobNotFound");
	if (!/^(Hot|Cool|Cold|Archive)$/.test(headers["x-ms-access-tier"] ?? "")) throw new Refusal("InvalidHeaderValue", { HeaderName: "x-ms-access-tier" });
	entry.tier = headers["x-ms-access-tier"];
	return { status: 200, headers: {} };
}

export const WRITES = { "set-acl": setAcl, "set-service": setService, delete: deleteBlob, undelete, tier: setTier };

/* ---- batches ---- */

/** Docs: Blob Batch: 1 to 256 parts, each refused or granted by itself. one(part) answers a single request. */
export function answerBatch(world, place, request, one) {
	const boundary = /boundary="?([^";]+)/.exec(request.headers["content-type"] ?? "")?.[1];
	const parts = boundary ? request.body.toString("latin1").split(`--${boundary}`).slice(1, -1) : [];
	if (!parts.length || parts.length > 256) throw new Refusal("InvalidInput");
	const replies = parts.map((part) => {
		const [, outer, method, url, head] = /^\r\n([\s\S]*?)\r\n\r\n(\S+) (\S+) HTTP\/1\.1\r\n([\s\S]*?)\r\n\r\n/.exec(part) ?? [];
		if (!method) throw new Refusal("InvalidInput");
		const headers = Object.fromEntries(head.split("\r\n").map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 1).trim()]));
		const [path, queryText = ""] = url.split("?");
		const query = new URLSearchParams([...new URLSearchParams(queryText)].map(([name, value]) => [name.toLowerCase(), value]));
		const number = /Content-ID: (\d+)/i.exec(outer)?.[1];
		const sub = { id: request.id, method, path, headers, query, socket: request.socket, version: request.version, body: Buffer.alloc(0) };
		return { number, reply: one(sub) };
	});
	const mark = "batchresponse_" + request.id;
	const body = replies.map(({ number, reply }) => `--${mark}\r\nContent-Type: application/http\r\nContent-ID: ${number}\r\n\r\n`
		+ `HTTP/1.1 ${reply.status} ${reply.status < 300 ? "Accepted" : "Refused"}\r\n`
		+ Object.entries({ "x-ms-request-id": request.id, ...reply.headers }).map(([name, value]) => `${name}: ${value}\r\n`).join("")
		+ `\r\n${reply.body ?? ""}\r\n`).join("") + `--${mark}--\r\n`;
	return { status: 202, headers: { "Content-Type": `multipart/mixed; boundary=${mark}` }, body };
}

