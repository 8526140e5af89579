// SPDX-License-Identifier: Apache-2.0
// Holds the fake itself to README.md, scenario by scenario: node --test self-test.mjs
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { readFileSync, readdirSync } from "node:fs";
import http from "node:http";
import { test } from "node:test";
import { start } from "./fake-azure.mjs";
import { stringToSign } from "./auth.mjs";

const folder = new URL("scenarios/", import.meta.url);
const scenario = (name) => JSON.parse(readFileSync(new URL(name, folder), "utf8"));
const NOW = "2025-11-05", OLD = "2019-02-02", ANCIENT = "2014-02-14";
const LIST = "restype=container&comp=list";

/** Runs `body` against a scenario; `ask(path, headers, method)` never throws: what came is in the answer. */
function on(name, body) {
	test(name, async () => {
		const { port, close } = await start(scenario(`${name}.json`));
		const agent = new http.Agent({ keepAlive: true });
		const ask = (path, headers = {}, method = "GET") => new Promise((done) => {
			const request = http.request({ host: "127.0.0.1", port, path, method, agent, headers: { "x-ms-version": NOW, ...headers } }, (response) => {
				const chunks = [];
				const finish = (broken) => done({ status: response.statusCode, headers: response.headers, broken, text: Buffer.concat(chunks).toString(),
					bytes: Buffer.concat(chunks).length, code: response.headers["x-ms-error-code"] });
				response.on("data", (chunk) => chunks.push(chunk)).on("end", () => finish(undefined)).on("error", (error) => finish(error.code));
			});
			request.on("error", (error) => request.res ?? done({ broken: error.code })).setTimeout(400, () => request.destroy(new Error("silence"))).end();
		});
		try { await body(ask, port); } finally { agent.destroy(); close(); }
	});
}

const unescape = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
const namesOf = (text) => [...text.matchAll(/<Name(?: Encoded="(true)")?>(.*?)<\/Name>/g)].map(([, encoded, name]) => encoded ? decodeURIComponent(name) : unescape(name));

async function listAll(ask, path, more = "", headers) {
	const pages = [];
	for (let marker = ""; ;) {
		const { status, text } = await ask(`${path}?${LIST}${more}&marker=${encodeURIComponent(marker)}`, headers?.());
		assert.equal(status, 200, text);
		pages.push(namesOf(text));
		marker = unescape(/<NextMarker>(.*)<\/NextMarker>/.exec(text)?.[1] ?? "");
		if (!marker) return pages;
	}
}

test("every scenario loads, and a misspelt key does not", async () => {
	for (const name of readdirSync(folder)) (await start(scenario(name))).close();
	await assert.rejects(start({ accounts: { a: { containers: { c: { publik: "blob" } } } } }), /publik/);
});

on("open", async (ask) => {
	assert.deepEqual(await listAll(ask, "/acme/open"), [["empty.txt", "letters/offer.txt"],
		["letters/reply.txt", "notes & <drafts>/a+b 100%.txt"], ["übersicht/日本.txt"]]);
	assert.equal((await listAll(ask, "/acme/open", "&prefix=letters/")).flat().length, 2);
	assert.equal((await ask(`/acme/open?${LIST}&include=versions`)).code, "NoAuthenticationInformation");
	assert.match((await ask(`/acme/open?${LIST}&include=metadata`)).text, /<Metadata><owner>sales<\/owner><\/Metadata>/);
	assert.equal((await ask(`/acme/open?${LIST}&marker=empty.txt`)).code, "InvalidQueryParameterValue");
	assert.equal((await ask("/acme/open?restype=container", {}, "HEAD")).headers["x-ms-blob-public-access"], "container");
	assert.equal((await ask("/acme/open?restype=container&comp=acl")).status, 401);
	assert.equal((await ask("/acme?comp=list")).status, 401);
	const path = "/acme/open/letters/offer.txt", whole = await ask(path), etag = whole.headers.etag;
	const part = await ask(path, { range: "bytes=10-16" });
	assert.deepEqual([part.status, part.text, part.headers["content-range"]], [206, "Contoso", `bytes 10-16/${whole.bytes}`]);
	assert.equal(part.headers["x-ms-blob-content-md5"], whole.headers["content-md5"]);
	assert.equal((await ask(path, { range: "bytes=999-" })).status, 416);
	assert.equal((await ask(path, { "if-match": etag })).status, 200);
	assert.equal((await ask(path, { "if-match": '"0x8D0"' })).code, "ConditionNotMet");
	const head = await ask("/acme/open/notes%20%26%20%3Cdrafts%3E/a%2Bb%20100%25.txt", {}, "HEAD");
	assert.deepEqual([head.status, head.bytes, head.headers["content-length"]], [200, 0, "40"]);
	await ask(`${path}?sig=SECRET`, { authorization: "SharedKey acme:SECRET", "user-agent": "tidemark/0" });
	const journal = await ask("/__journal");
	assert.doesNotMatch(journal.text, /SECRET/);
	assert.deepEqual(JSON.parse(journal.text).at(-1).authorization, true);
	await ask("/__journal", {}, "DELETE");
	assert.equal((await ask("/__journal")).text, "[]");
});

on("blob-level", async (ask) => {
	assert.equal((await ask(`/acme/readable?${LIST}`)).code, "NoAuthenticationInformation");
	assert.equal((await ask("/acme/readable/brochure.txt")).status, 200);
	assert.deepEqual([(await ask("/acme/readable/none")).status, (await ask("/acme/readable/none")).code], [404, "BlobNotFound"]);
});

on("private", async (ask) => {
	for (const path of [`/acme/closed?${LIST}`, `/acme/none?${LIST}`, "/acme/closed/secret.txt"]) {
		const now = await ask(path, { "x-ms-client-request-id": "abc" }), old = await ask(path, { "x-ms-version": OLD });
		assert.deepEqual([now.status, now.code, old.status, old.code], [401, "NoAuthenticationInformation", 404, "ResourceNotFound"]);
		assert.match(now.headers["www-authenticate"], /^Bearer authorization_uri=https:\/\/login.microsoftonline.com\/72f988bf-[^/]+\/oauth2\/authorize resource_id=/);
		assert.deepEqual([now.headers["x-ms-version"], now.headers["x-ms-client-request-id"]], [NOW, "abc"]);
		assert.match(now.text, /^<\?xml version="1.0" encoding="utf-8"\?>\n<Error><Code>NoAuthenticationInformation<\/Code><Message>Server .*\nRequestId:/);
	}
});

on("account-off", async (ask) => {
	assert.deepEqual([(await ask(`/acme/open?${LIST}`)).status, (await ask("/acme/open/offer.txt")).code], [409, "PublicAccessNotPermitted"]);
	assert.equal((await ask("/acme-web/")).text, "<h1>Contoso</h1>");
	const missing = await ask("/acme-web/none");
	assert.deepEqual([missing.status, missing.text], [404, "<h1>Not here</h1>"]);
});

on("firewall", async (ask) => {
	for (const path of [`/walled/open?${LIST}`, "/walled-web/", `/partly/walled?${LIST}`]) assert.equal((await ask(path)).code, "AuthorizationFailure");
	assert.equal((await ask(`/partly/open?${LIST}`)).status, 200);
});

on("throttled", async (ask) => {
	const statuses = async (path, count) => { const seen = []; while (count--) seen.push((await ask(path)).status); return seen.join(" "); };
	assert.equal((await ask(`/acme/first?${LIST}`)).headers["retry-after"], "1");
	assert.equal(await statuses(`/acme/first?${LIST}`, 3), "503 503 200");
	assert.equal(await statuses("/acme/first/patient.txt", 8), "503 503 503 503 503 503 503 200");
	assert.equal(await statuses("/acme/first/timed-out.txt", 3), "500 500 200");
	assert.equal(await statuses("/acme/third/obj-07.txt", 6), "200 200 503 200 200 503");
});

on("bom-and-encoded", async (ask) => {
	assert.ok((await ask(`/acme/open?${LIST}`)).text.startsWith("\ufeff<?xml"));
	assert.deepEqual(await listAll(ask, "/acme/open"), [["100%25.txt", "bell\u0001/50%.txt", "end\uffff.txt"]]);
	assert.equal((await ask("/acme/open/bell%01/50%25.txt")).status, 200);
	assert.equal((await ask("/acme/open/100%2525.txt")).status, 200);
	assert.ok((await ask("/acme/none/x")).text.startsWith("\ufeff<?xml"));
});

on("empty-pages", async (ask) => {
	const pages = await listAll(ask, "/acme/open");
	assert.deepEqual(pages.map((page) => page.length), [0, 0, 3, 0, 0, 3, 0, 0, 3, 0, 0, 1, 0, 0, 0]);
	assert.deepEqual([pages.flat().length, pages.flat()[9]], [10, "obj-9.txt"]);
	assert.equal((await listAll(ask, "/acme/open", "&startFrom=obj-7", () => ({ "x-ms-version": "2026-02-06" }))).flat().length, 3);
	const marker = /<NextMarker>(.*)<\/NextMarker>/.exec((await ask(`/acme/open?${LIST}`)).text)[1];
	assert.equal((await ask(`/acme/open?${LIST}&marker=${encodeURI(unescape(marker))}`)).status, 400);
});

on("versions-and-snapshots", async (ask) => {
	const listed = async (include) => (await listAll(ask, "/acme/open", `&include=${include}`)).flat().join(" ");
	assert.equal(await listed(""), "note.txt plan.txt");
	assert.equal(await listed("snapshots"), "note.txt note.txt plan.txt");
	assert.equal(await listed("versions"), "gone.txt note.txt plan.txt plan.txt plan.txt");
	assert.equal((await ask(`/acme/open?${LIST}&include=deleted`)).status, 401);
	assert.equal((await ask(`/acme/open?${LIST}&include=versions`, { "x-ms-version": OLD })).code, "InvalidQueryParameterValue");
	assert.equal((await ask("/acme/open/gone.txt")).code, "BlobNotFound");
	assert.match((await ask("/acme/open/gone.txt?versionid=2019-06-01T11:00:00.0000001Z")).text, /carol/);
	assert.match((await ask("/acme/open/note.txt?snapshot=2019-06-01T12:00:00.0000000Z")).text, /dora/);
	assert.match((await ask("/acme/open/plan.txt")).text, /nobody/);
});

on("archived", async (ask) => {
	assert.deepEqual([(await ask("/acme/open/cold.txt")).code, (await ask("/acme/open/waking.txt")).code], ["BlobArchived", "BlobBeingRehydrated"]);
	assert.equal((await ask("/acme/open/cold.txt", {}, "HEAD")).headers["x-ms-access-tier"], "Archive");
});

on("resets", async (ask) => {
	assert.equal((await ask(`/acme/open?${LIST}`)).bytes, 300);
	assert.equal((await ask(`/acme/open?${LIST}`)).broken, undefined);
	let got = 0;
	for (let tries = 0; got < 1000000 && tries < 4; tries++) got += (await ask("/acme/open/thrice.txt", { range: `bytes=${got}-` })).bytes;
	assert.equal(got, 1000000);
	assert.equal((await ask("/acme/open/never.txt")).broken, "ECONNRESET");
	const began = Date.now();
	assert.equal((await ask("/acme/open/slow.txt")).bytes, 3000);
	assert.ok(Date.now() - began > 180);
	assert.equal((await ask("/acme/open/stalled.txt")).bytes, 1000);
	assert.equal((await ask(`/acme/silent?${LIST}`)).status, undefined);
});

on("truncated", async (ask) => {
	const once = await ask("/acme/open/once.txt");
	assert.deepEqual([once.bytes, once.headers["content-length"], !!once.broken], [4000, "10000", true]);
	assert.equal((await ask("/acme/open/once.txt")).bytes, 10000);
	assert.equal((await ask("/acme/open/wrong-md5.txt")).headers["content-md5"], "AAAAAAAAAAAAAAAAAAAAAA==");
	assert.equal((await ask("/acme/open/no-md5.txt")).headers["content-md5"], undefined);
});

on("redirect-out", async (ask, port) => {
	const inside = await ask("/acme/open/inside.txt"), outside = await ask(`/acme/moved?${LIST}`);
	assert.deepEqual([inside.status, inside.headers.location], [307, `http://127.0.0.1:${port}/acme/open/target.txt`]);
	assert.deepEqual([outside.status, outside.headers.location], [302, `http://127.0.0.1:${port}/acme/elsewhere?${LIST}`]);
});

on("changed", async (ask) => {
	const listed = /<Etag>(.*?)<\/Etag>(?:(?!<Blob>).)*<\/Blob><\/Blobs>/.exec((await ask(`/acme/open?${LIST}`)).text)[1];
	assert.notEqual((await ask("/acme/open/since-listing.txt")).headers.etag, `"${listed}"`);
	const before = await ask("/acme/open/between-ranges.txt"), range = "bytes=40000-", etag = before.headers.etag;
	assert.deepEqual([before.bytes, before.text.slice(0, 3)], [40000, "old"]);
	assert.equal((await ask("/acme/open/between-ranges.txt", { range, "if-match": etag })).status, 412);
	assert.match((await ask("/acme/open/between-ranges.txt", { range })).text, /^new /);
});

on("append-old-version", async (ask) => {
	assert.equal((await ask(`/acme/open?${LIST}`, { "x-ms-version": ANCIENT })).code, "FeatureVersionMismatch");
	assert.equal((await ask(`/acme/open?${LIST}`)).status, 200);
});

on("old-version-only", async (ask) => {
	const refused = await ask(`/acme/open?${LIST}`);
	assert.deepEqual([refused.status, refused.code], [400, "InvalidHeaderValue"]);
	assert.match(refused.text, /<HeaderName>x-ms-version<\/HeaderName><HeaderValue>2025-11-05<\/HeaderValue><\/Error>$/);
	assert.equal((await ask(`/acme/open?${LIST}`, { "x-ms-version": OLD })).status, 200);
});

on("disabled", async (ask) => {
	const codes = { gone: "AccountIsDisabled", secure: "AccountRequiresHttps" };
	for (const account in codes) assert.equal((await ask(`/${account}/open?${LIST}`)).code, codes[account]);
	assert.deepEqual([(await ask(`/acme/leaving?${LIST}`)).code, (await ask(`/acme/off?${LIST}`)).code], ["ContainerBeingDeleted", "ContainerDisabled"]);
});

const KEY = scenario("shared-key.json").accounts.acme.key;
const hmac = (text) => createHmac("sha256", Buffer.from(KEY, "base64")).update(text).digest("base64");

on("shared-key", async (ask) => {
	const signed = (url, headers = {}) => {
		const [path, query = ""] = url.split("?");
		const all = { "x-ms-date": new Date().toUTCString(), "x-ms-version": NOW, ...headers };
		return ask(url, { ...all, authorization: `SharedKey acme:${hmac(stringToSign("acme", { method: "GET", path, headers: all, query: new URLSearchParams(query) }))}` });
	};
	// The specification's own words, so that stringToSign is not its own judge.
	assert.equal(stringToSign("acme", { method: "GET", path: "/acme/closed", query: new URLSearchParams("restype=container&comp=list&marker=a%2Bb"),
		headers: { "x-ms-version": NOW, "x-ms-date": "D", range: "bytes=0-9", date: "E" } }),
	`GET\n\n\n\n\n\n\n\n\n\n\nbytes=0-9\nx-ms-date:D\nx-ms-version:${NOW}\n/acme/acme/closed\ncomp:list\nmarker:a+b\nrestype:container`);
	assert.deepEqual((await listAll((url) => signed(url), "/acme/closed")).flat(), ["dir/a b.txt", "secret.txt"]);
	assert.match((await signed("/acme/closed/dir/a%20b.txt", { range: "bytes=0-5" })).text, /^Signed$/);
	assert.deepEqual(namesOf((await signed("/acme?comp=list")).text), ["closed", "open"]);
	assert.equal((await signed("/acme/closed?restype=container&comp=acl")).status, 200);
	assert.equal((await signed(`/acme/none?${LIST}`)).code, "ContainerNotFound");
	assert.equal((await ask(`/acme/closed?${LIST}`, { "x-ms-date": new Date().toUTCString(), authorization: "SharedKey acme:AAAA" })).code, "AuthenticationFailed");
	assert.equal((await signed(`/acme/closed?${LIST}`, { "x-ms-date": "Tue, 04 Jun 2019 08:30:00 GMT" })).status, 403);
	assert.equal((await ask(`/acme/closed?${LIST}`)).status, 401);
	assert.equal((await ask(`/acme/open?${LIST}`, { authorization: "Bearer x" })).code, "InvalidAuthenticationInfo");
});

on("sas", async (ask) => {
	const [full, listOnly, expired] = scenario("sas.json").accounts.acme.sas;
	assert.equal((await ask(`/acme/closed?${LIST}&${full}`)).status, 200);
	assert.equal((await ask(`/acme/closed/secret.txt?${full}`)).status, 200);
	assert.equal((await ask(`/acme/closed/secret.txt?${listOnly}`)).code, "AuthorizationPermissionMismatch");
	assert.equal((await ask(`/acme/closed/secret.txt?${expired}`)).code, "AuthenticationFailed");
	assert.equal((await ask(`/acme/closed/secret.txt?${full.replace("sp=rl", "sp=rwl")}`)).code, "AuthenticationFailed");
	assert.equal((await ask(`/acme?comp=list&${full}`)).code, "AuthorizationResourceTypeMismatch");
	const sign = (fields, text) => new URLSearchParams({ ...fields, sig: hmac(text) });
	const service = sign({ sv: "2022-11-02", sr: "b", sp: "r", se: "2099-01-01T00:00:00Z" },
		"r\n\n2099-01-01T00:00:00Z\n/blob/acme/closed/secret.txt\n\n\n\n2022-11-02\nb\n\n\n\n\n\n\n");
	const account = sign({ sv: "2022-11-02", ss: "b", srt: "sco", sp: "rl", se: "2099-01-01T00:00:00Z" },
		"acme\nrl\nb\nsco\n\n2099-01-01T00:00:00Z\n\n\n2022-11-02\n\n");
	assert.equal((await ask(`/acme/closed/secret.txt?${service}`)).status, 200);
	assert.equal((await ask(`/acme?comp=list&${account}`)).status, 200);
});

on("bench-5000", async (ask) => {
	assert.equal((await listAll(ask, "/acme/small")).flat().length, 5000);
	const million = await ask(`/acme/million?${LIST}&prefix=obj-99999`);
	assert.deepEqual([namesOf(million.text).length, namesOf(million.text)[9]], [10, "obj-999999.txt"]);
	const letter = await ask("/acme/million/obj-123456.txt");
	assert.deepEqual([letter.bytes, /\S+@\S+/.exec(letter.text)[0]], [1000, "person123456@contoso-56.example"]);
	assert.equal((await ask("/acme/million/obj-1.txt")).code, "BlobNotFound");
	assert.equal((await ask("/__journal")).text, "[]");
});

test("as a program: says its port, ends on SIGTERM", async () => {
	const program = new URL("fake-azure.mjs", import.meta.url).pathname;
	const child = spawn(process.execPath, [program, "--script", new URL("open.json", folder).pathname], { stdio: ["ignore", "pipe", "inherit"] });
	const [line] = await once(child.stdout, "data");
	const { port } = JSON.parse(line);
	const [response] = await once(http.get({ host: "127.0.0.1", port, path: `/acme/open?${LIST}` }), "response");
	assert.equal(response.statusCode, 200);
	child.kill("SIGTERM");
	assert.deepEqual(await once(child, "exit"), [0, null]);
});

/* Writes: signed as an owner, or with the SAS that a scenario accepts as it stands. */
async function onWrites(account, container, body) {
	const sas = "sv=2022-11-02&ss=b&srt=sco&sp=rwdl&se=2099-01-01T00:00:00Z&sig=T", key = Buffer.from("key").toString("base64");
	const { port, close } = await start({ accounts: { acme: { key, sas: [sas], ...account, containers: { open: container } } } });
	const ask = async (method, path, headers = {}, text = undefined) => {
		const [where, queryText = ""] = path.split("?");
		const sent = { "x-ms-version": NOW, "x-ms-date": new Date().toUTCString(), ...headers, ...(text && { "content-length": String(Buffer.byteLength(text)), "content-type": headers["content-type"] ?? "application/xml" }) };
		const toSign = stringToSign("acme", { method, path: where, headers: { ...sent, "content-length": sent["content-length"] ?? "0" }, query: new URLSearchParams(queryText) });
		const authorization = `SharedKey acme:${createHmac("sha256", Buffer.from(key, "base64")).update(toSign).digest("base64")}`;
		const reply = await fetch(`http://127.0.0.1:${port}${path}`, { method, headers: { ...sent, authorization }, body: text });
		return { status: reply.status, headers: reply.headers, code: reply.headers.get("x-ms-error-code"), text: await reply.text() };
	};
	try { await body(ask, port); } finally { close(); }
}

const names = async (ask, include = "") => namesOf((await ask("GET", `/acme/open?${LIST}${include && `&include=${include}`}`)).text);

test("an access level is set, with the policies that are sent, and seen by strangers after a while", () =>
	onWrites({}, { public: "container", policies: "<SignedIdentifiers><SignedIdentifier/></SignedIdentifiers>", lag: 2, blobs: [] }, async (ask, port) => {
		const before = await ask("GET", "/acme/open?restype=container&comp=acl");
		assert.match(before.text, /<SignedIdentifier\/>/);
		assert.equal((await ask("PUT", "/acme/open?restype=container&comp=acl", { "x-ms-blob-public-access": "all" })).code, "InvalidHeaderValue");
		assert.equal((await ask("PUT", "/acme/open?restype=container&comp=acl", {}, before.text)).status, 200);
		const after = await ask("GET", "/acme/open?restype=container&comp=acl");
		assert.deepEqual([after.headers.get("x-ms-blob-public-access"), /<SignedIdentifier\/>/.test(after.text)], [null, true]);
		assert.notEqual(after.headers.get("etag"), before.headers.get("etag"));
		assert.equal((await ask("PUT", "/acme/open?restype=container&comp=acl", { "if-unmodified-since": "Tue, 04 Jun 2019 08:00:00 GMT" })).code, "ConditionNotMet");
		const stranger = async () => (await fetch(`http://127.0.0.1:${port}/acme/open?${LIST}`, { headers: { "x-ms-version": NOW } })).status;
		assert.deepEqual([await stranger(), await stranger(), await stranger()], [200, 200, 401]);
	}));

test("the site's properties are set and the others stay", () =>
	onWrites({ web: { index: "index.html" }, softDelete: 7, permanentDelete: true }, { blobs: [] }, async (ask) => {
		const path = "/acme/?restype=service&comp=properties";
		assert.match((await ask("GET", path)).text, /<Days>7<\/Days><AllowPermanentDelete>true.*<StaticWebsite><Enabled>true/);
		assert.equal((await ask("PUT", path, {}, "<StorageServiceProperties><StaticWebsite><Enabled>false</Enabled></StaticWebsite></StorageServiceProperties>")).status, 202);
		assert.match((await ask("GET", path)).text, /<Days>7<\/Days>.*<StaticWebsite><Enabled>false/);
	}));

test("what is deleted: conditions, leases, holds, snapshots", () =>
	onWrites({}, { blobs: [{ name: "a" }, { name: "b", leased: true }, { name: "c", legalHold: true }, { name: "d", immutableUntil: "Fri, 01 Jan 2999 00:00:00 GMT" },
		{ name: "e" }, { name: "e", snapshot: "2022-01-01T00:00:00.0000000Z" }] }, async (ask) => {
		const remove = async (name, headers) => { const { status, code } = await ask("DELETE", `/acme/open/${name}`, headers); return code ?? status; };
		assert.equal(await remove("a", { "if-match": '"0x8D0"' }), "ConditionNotMet");
		assert.equal(await remove("a"), 202);
		assert.deepEqual([await remove("a"), await remove("b"), await remove("c"), await remove("d"), await remove("e")],
			["BlobNotFound", "LeaseIdMissing", "BlobImmutableDueToLegalHold", "BlobImmutableDueToPolicy", "SnapshotsPresent"]);
		assert.equal(await remove("e?snapshot=2022-01-01T00:00:00.0000000Z"), 202);
		assert.equal(await remove("e"), 202);
		assert.deepEqual(await names(ask), ["b", "c", "d"]);
	}));

test("soft delete keeps, undelete brings back, permanent is past recovery; versioning makes a version", async () => {
	await onWrites({ softDelete: 7, permanentDelete: true }, { blobs: [{ name: "a" }, { name: "a", snapshot: "2022-01-01T00:00:00.0000000Z" }] }, async (ask) => {
		assert.equal((await ask("DELETE", "/acme/open/a?snapshot=2022-01-01T00:00:00.0000000Z")).headers.get("x-ms-delete-type-permanent"), "false");
		await ask("DELETE", "/acme/open/a");
		assert.deepEqual([await names(ask), await names(ask, "deleted,snapshots")], [[], ["a", "a"]]);
		assert.equal((await ask("PUT", "/acme/open/a?comp=undelete")).status, 200);
		assert.deepEqual(await names(ask, "snapshots"), ["a", "a"]);
		await ask("DELETE", "/acme/open/a?snapshot=2022-01-01T00:00:00.0000000Z");
		assert.equal((await ask("DELETE", "/acme/open/a?snapshot=2022-01-01T00:00:00.0000000Z&deletetype=permanent")).headers.get("x-ms-delete-type-permanent"), "true");
		assert.deepEqual(await names(ask, "deleted,snapshots"), ["a"]);
	});
	await onWrites({ versioning: true }, { blobs: [{ name: "a", versionId: "2022-01-01T00:00:00.0000000Z", current: true }] }, async (ask) => {
		await ask("DELETE", "/acme/open/a");
		assert.deepEqual([await names(ask), await names(ask, "versions")], [[], ["a"]]);
		assert.equal((await ask("DELETE", "/acme/open/a?versionid=2022-01-01T00:00:00.0000000Z")).headers.get("x-ms-delete-type-permanent"), "true");
		assert.deepEqual(await names(ask, "versions"), []);
	});
});
