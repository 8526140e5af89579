// SPDX-License-Identifier: Apache-2.0
// What a scenario's accounts hold, and its pages. A container's entries are a sequence in the service's
// order, {length, at(i)}: an array of blobs, or for a generated container a function of the position, so
// that a million blobs cost nothing and one binary search serves both.
import { createHash } from "node:crypto";

const NOW_AND_EVER = "9999-12-31T23:59:59.9999999Z";
const PAST_ALL_NAMES = "\u{10ffff}";
const MODIFIED = "Tue, 04 Jun 2019 08:30:00 GMT";

const KEYS = {
	scenario: "about maxVersion journal faults accounts",
	account: "key sas bearer bearerUses secondary tenant publicAccess firewall disabled httpsOnly web faults containers versioning softDelete permanentDelete",
	web: "index notFound",
	container: "public state page emptyPages markerTail anonymousInclude metadata faults blobs generate policies leased legalHold immutable lag secondaryPublic",
	generate: "count prefix suffix size",
	blob: "name text base64 size contentType contentEncoding contentDisposition blobType tier archiveStatus modified md5 metadata "
		+ "snapshot versionId current deleted becomes faults leased legalHold immutableUntil",
	becomes: "after text base64 size md5 modified",
	fault: "on match query each after times fraction error retryAfter redirect status hang reset truncate rate bom lost oneOf seed",
};

/** A misspelt key would make a test pass for the wrong reason. */
function checked(kind, object) {
	const unknown = Object.keys(object).filter((key) => !KEYS[kind].split(" ").includes(key));
	if (unknown.length) throw new TypeError(`scenario: ${kind} has no ${unknown.join(", ")}`);
	object.faults?.forEach((fault) => checked("fault", fault));
	return object;
}

export function loadScenario(scenario) {
	checked("scenario", scenario);
	return { ...scenario, accounts: mapValues(scenario.accounts, loadAccount) };
}

const mapValues = (object = {}, make) => Object.fromEntries(Object.entries(object).map(([name, value]) => [name, make(name, value)]));

function loadAccount(name, account) {
	checked("account", account);
	checked("web", account.web ?? {});
	return { tenant: "11111111-2222-3333-4444-555555555555", ...account, name, containers: mapValues(account.containers, loadContainer) };
}

export function loadContainer(name, container) {
	checked("container", container);
	const holds = container.generate ? generated(checked("generate", container.generate)) : explicit(container.blobs ?? []);
	return { ...container, ...holds, name, moment: NOW_AND_EVER, changes: 0, still: 0, seen: container.public };
}

const sortEntries = (entries) => entries.sort((a, b) => byBytes(a.name, b.name) || byBytes(a.moment, b.moment));
const byBytes = (a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b));

function explicit(blobs) {
	const entries = sortEntries(blobs.map(loadBlob));
	const find = (name, { snapshot, versionId } = {}) => entries.find((entry) => entry.name === name
		&& (versionId ? entry.versionId === versionId : entry.snapshot === snapshot && !entry.deleted && !isOldVersion(entry)));
	return { entries, find };
}

export const isOldVersion = (entry) => entry.versionId !== undefined && !entry.current;

function loadBlob(blob) {
	checked("blob", blob);
	const text = blob.text ?? "";
	const body = blob.base64 ? Buffer.from(blob.base64, "base64") : blob.size ? Buffer.alloc(blob.size, text || "tide ") : Buffer.from(text);
	const moment = blob.snapshot ?? (isOldVersion(blob) ? blob.versionId : blob.deleted ? "9999-01-01T00:00:00.0000000Z" : NOW_AND_EVER);
	const etag = "0x8D" + createHash("sha256").update(blob.name + moment).update(body).digest("hex").slice(0, 12).toUpperCase();
	const later = blob.becomes && loadBlob({ ...blob, text: undefined, base64: undefined, size: undefined, ...laterBody(blob.becomes) });
	return { contentType: "text/plain", blobType: "BlockBlob", tier: "Hot", modified: MODIFIED, metadata: {},
		md5: createHash("md5").update(body).digest("base64"), ...blob, moment, etag, size: body.length, body: () => body, later, reads: 0 };
}

function laterBody(becomes) {
	const { after, ...body } = checked("becomes", becomes);
	return { ...body, becomes: undefined };
}

function generated({ count, prefix = "obj-", suffix = ".txt", size = 1000 }) {
	const digits = String(count - 1).length;
	const filler = Buffer.alloc(size, "The tide comes in and the tide goes out.\n");
	const letter = (i) => {
		const body = Buffer.from(filler);
		body.write(`Letter ${i} from person${i}@contoso-${i % 100}.example\n`);
		return body;
	};
	class Letter {
		constructor(i) {
			this.i = i;
			this.name = prefix + String(i).padStart(digits, "0") + suffix;
			this.etag = "0x8D" + i.toString(16).toUpperCase().padStart(12, "0");
		}
		body() { return letter(this.i); }
	}
	const kin = { size, modified: MODIFIED, contentType: "text/plain", blobType: "BlockBlob", tier: "Hot" };
	Object.assign(Letter.prototype, kin, { kin, moment: NOW_AND_EVER });
	const at = (i) => new Letter(i);
	const find = (name) => {
		const i = Number(name.slice(prefix.length, prefix.length + digits));
		return i >= 0 && i < count && at(i).name === name ? at(i) : undefined;
	};
	return { entries: { length: count, at }, find };
}

/** One page: its entries and the marker of the next, "" at the end; undefined if the marker is not one of ours. */
export function page(container, { prefix = "", startFrom = "", marker = "", limit, shows = () => true }) {
	const { emptyPages = 0, markerTail = "" } = container;
	const first = byBytes(prefix, startFrom) > 0 ? prefix : startFrom;
	const from = marker ? decodeMarker(marker, markerTail) : { name: first, moment: "", wait: emptyPages };
	if (!from) return undefined;
	if (from.wait) return { entries: [], next: encodeMarker({ ...from, wait: from.wait - 1 }, markerTail) };

	const shown = Array.isArray(container.entries) ? container.entries.filter(shows) : container.entries;
	const start = firstWhere(shown, (entry) => (byBytes(entry.name, from.name) || byBytes(entry.moment, from.moment)) >= 0);
	const end = firstWhere(shown, (entry) => !entry.name.startsWith(prefix) && byBytes(entry.name, prefix) > 0);
	const stop = Math.min(end, start + limit);
	const entries = [];
	for (let i = start; i < stop; i++) entries.push(shown.at(i));
	const more = stop < end ? shown.at(stop) : entries.length && emptyPages ? { name: PAST_ALL_NAMES, moment: "" } : undefined;
	return { entries, next: more ? encodeMarker({ name: more.name, moment: more.moment, wait: emptyPages }, markerTail) : "" };
}

/** What a generated container holds becomes an array with the first change; positions move from then on. */
export function writable(container) {
	if (!Array.isArray(container.entries)) {
		const { entries } = container;
		container.entries = Array.from({ length: entries.length }, (_, i) => entries.at(i));
		const byName = new Map(container.entries.map((entry) => [entry.name, entry]));
		container.find = (name) => byName.get(name);
		/* The first of them was found before there was an array. */
		container.forget = ({ name }) => { byName.get(name).isGone = true; byName.delete(name); container.stale = true; };
	}
	container.forget ??= (entry) => { container.entries.splice(container.entries.indexOf(entry), 1); };
	return container;
}

/** Taken out of a long array when it is listed again, not one by one. */
export function settle(container) {
	if (!container.stale) return;
	container.entries = container.entries.filter((entry) => !entry.isGone);
	container.stale = false;
}

export const sortAgain = (container) => sortEntries(container.entries);

function firstWhere(sequence, holds) {
	let low = 0, high = sequence.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if (holds(sequence.at(middle))) high = middle;
		else low = middle + 1;
	}
	return low;
}

/** The form seen in the wild, naming the next entry; ours may add a count of empty pages still to come. */
function encodeMarker({ name, moment, wait }, tail) {
	const length = String(Buffer.byteLength(name)).padStart(6, "0");
	const text = `${length}!${name}!000028!${moment}!${wait ? `${wait}!` : ""}`;
	const base64 = Buffer.from(text).toString("base64").replaceAll("=", "-");
	return `2!${base64.length}!${base64}${tail}`;
}

function decodeMarker(marker, tail) {
	const [, length, base64] = /^2!(\d+)!(.*)$/.exec(marker.endsWith(tail) ? marker.slice(0, marker.length - tail.length) : "") ?? [];
	if (!base64 || base64.length !== Number(length)) return undefined;
	const bytes = Buffer.from(base64.replaceAll("-", "="), "base64");
	const end = 7 + Number(bytes.subarray(0, 6));
	const [, , moment, wait] = bytes.subarray(end).toString().split("!");
	return moment === undefined ? undefined : { name: bytes.subarray(7, end).toString(), moment, wait: Number(wait) };
}

export const containerList = (account) => ({ entries: sortEntries(Object.values(account.containers)) });
