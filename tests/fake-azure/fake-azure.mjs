// SPDX-License-Identifier: Apache-2.0
// A FAKE of Azure Blob for tests, on the loopback only: the HTTP server, its journal and its misbehaviours.
//   node fake-azure.mjs --script SCENARIO.json [--port 0]     prints {"port":P} when ready
//   node fake-azure.mjs --serve     as many as its input asks for: a line is a scenario's file, or "stop P"
// README.md has the scenario's form and says which answers are documented and which are hypotheses.
import { createServer } from "node:http";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { isMainThread } from "node:worker_threads";
import { Refusal, refusalReply } from "./errors.mjs";
import { answer, answerBatch, locate, namesIn, operationOf } from "./service.mjs";
import { loadContainer, loadScenario } from "./storage.mjs";

export async function start(scenario, port = 0) {
	const world = loadScenario(scenario);
	const journal = [];
	let connections = 0, requests = 0;

	async function serve(incoming, response) {
		const [path, queryText] = split(incoming.url, "?");
		if (path === "/__journal") return serveJournal(incoming.method, response, journal);
		if (path === "/__faults") return serveFaults(world, await bodyOf(incoming), lowerCaseNames(queryText), response);
		if (path === "/__container") return serveContainer(world, await bodyOf(incoming), lowerCaseNames(queryText), response);
		const { method, headers, socket } = incoming;
		const id = (++requests).toString(16).padStart(8, "0") + "-501e-0000-0000-000000000000";
		const request = { id, method, path, headers, socket, query: lowerCaseNames(queryText), version: headers["x-ms-version"] ?? "2009-09-19" };
		const line = journalLine(request, socket.number);
		if (world.journal !== false) journal.push(line);
		request.body = await bodyOf(incoming);

		const { reply, effects } = decide(world, request);
		if (effects.lost) return void socket.resetAndDestroy();
		if (effects.redirect) reply.headers.Location = effects.redirect.replaceAll("{port}", server.address().port);
		if (effects.hang !== true) await send(response, request, reply, effects, line);
	}

	const server = createServer((incoming, response) => serve(incoming, response).catch((error) => {
		console.error(error);
		response.destroy();
	}));
	server.on("connection", (socket) => { socket.number = ++connections; socket.setNoDelay(true); });
	server.keepAliveTimeout = 60_000;
	await new Promise((done, failed) => server.once("error", failed).listen(port, "127.0.0.1", done));
	return { port: server.address().port, close: () => { server.close(); server.closeAllConnections(); } };
}

async function bodyOf(incoming) {
	const pieces = [];
	for await (const piece of incoming) pieces.push(piece);
	return Buffer.concat(pieces);
}

const split = (text, mark) => text.includes(mark) ? [text.slice(0, text.indexOf(mark)), text.slice(text.indexOf(mark) + 1)] : [text, ""];

const lowerCaseNames = (queryText) => new URLSearchParams([...new URLSearchParams(queryText)].map(([name, value]) => [name.toLowerCase(), value]));

/** What was asked, never what proves who asked. */
function journalLine({ method, path, query, headers }, connection) {
	const shown = Object.fromEntries([...query].map(([name, value]) => [name, name === "sig" ? "(withheld)" : value]));
	const picked = ["user-agent", "x-ms-client-request-id", "x-ms-version", "range", "if-match", "host"].filter((name) => name in headers);
	return { at: Date.now(), connection, method, path, query: shown, headers: Object.fromEntries(picked.map((name) => [name, headers[name]])),
		authorization: "authorization" in headers, status: null };
}

function serveJournal(method, response, journal) {
	if (method === "DELETE") journal.length = 0;
	response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(journal));
}

/** PUT /__faults?container=ACCOUNT/NAME: from now on these. */
function serveFaults(world, body, query, response) {
	const [account, container] = query.get("container").split("/");
	world.accounts[account].containers[container].faults = JSON.parse(body);
	response.writeHead(200).end();
}

/** PUT /__container?container=ACCOUNT/NAME: from now on it is this one. */
function serveContainer(world, body, query, response) {
	const [account, name] = query.get("container").split("/");
	world.accounts[account].containers[name] = loadContainer(name, JSON.parse(body));
	response.writeHead(200).end();
}

function decide(world, request) {
	let effects = {};
	try {
		Object.assign(request, namesIn(request));
		request.operation = operationOf(request);
		const place = locate(world, request);
		effects = effectsOn([world, place.account, place.container, place.entry], request);
		if (effects.error) throw new Refusal(effects.error);
		if (effects.redirect) return { effects, reply: { status: effects.status ?? 302, headers: {} } };
		if (request.operation === "batch") return { effects, reply: answerBatch(world, place, request, (part) => decide(world, part).reply) };
		return { effects, reply: answer(world, place, request) };
	} catch (error) {
		if (!(error instanceof Refusal)) throw error;
		return { effects, reply: refusalReply(error, request.id) };
	}
}

/** Every fault counts the requests it concerns, and says of each whether it strikes. */
function effectsOn(levels, { operation, path, query: asked }) {
	const effects = {};
	for (const level of levels) for (const fault of level?.faults ?? []) {
		const { on, match, query, each, after = 0, times = Infinity, fraction = 1 } = fault;
		if (on && ![on].flat().includes(operation) || match && !new RegExp(match).test(path) || query && !new RegExp(query).test(asked)) continue;
		fault.seen ??= new Map();
		const seen = (fault.seen.get(each && path) ?? 0) + 1;
		fault.seen.set(each && path, seen);
		const nth = seen - after;
		if (nth >= 1 && nth <= times && Math.floor(nth * fraction) > Math.floor((nth - 1) * fraction)) Object.assign(effects, fault.oneOf ? draw(fault) : fault);
	}
	return effects;
}

/** One of them, or none, in an order that follows from the seed. */
function draw(fault) {
	fault.state = (Math.imul(fault.state ?? fault.seed ?? 1, 1664525) + 1013904223) >>> 0;
	return fault.oneOf[Math.floor(fault.state / 2 ** 32 * fault.oneOf.length)];
}

async function send(response, request, { status, headers, body = "", size }, effects, line) {
	line.status = status;
	if (effects.bom && headers["Content-Type"] === "application/xml") body = "\ufeff" + body;
	const bytes = typeof body === "string" ? Buffer.from(body) : body;
	headers = { ...headers, "Content-Length": size ?? bytes.length,
		Server: "Fake-Azure-Blob (tidemark tests)", "x-ms-request-id": request.id, "x-ms-version": request.version };
	if (request.headers["x-ms-client-request-id"]) headers["x-ms-client-request-id"] = request.headers["x-ms-client-request-id"];
	if (effects.retryAfter !== undefined) headers["Retry-After"] = effects.retryAfter;
	response.writeHead(status, headers);

	const cut = effects.reset ?? effects.truncate ?? effects.hang ?? Infinity;
	if (request.method === "HEAD") response.end();
	else if (effects.rate || cut < bytes.length) await misbehave(response, request.socket, bytes, cut, effects);
	else response.end(bytes);
}

/** A tenth of the rate every tenth of a second; then the end: whole, cut off, reset, or silence. */
async function misbehave(response, socket, bytes, cut, { rate, reset, truncate }) {
	const end = Math.min(cut, bytes.length), step = rate ? Math.max(1, rate / 10 | 0) : end;
	response.flushHeaders();
	for (let sent = 0; sent < end && !socket.destroyed; sent += step) {
		if (rate && sent) await sleep(100);
		await new Promise((done) => response.write(bytes.subarray(sent, Math.min(sent + step, end)), done));
	}
	if (end === bytes.length) response.end();
	else if (truncate !== undefined) socket.end();
	else if (reset !== undefined) await sleep(20), socket.resetAndDestroy();
}

/** One server per scenario named on standard input, each with a world and a journal of its own, until the input ends. */
async function serveAll(lines) {
	const servers = new Map();
	for await (const line of lines) {
		const [, stopped] = /^stop (\d+)$/.exec(line) ?? [];
		if (stopped) {
			servers.get(stopped).close();
			servers.delete(stopped);
			continue;
		}
		const server = await start(JSON.parse(readFileSync(line, "utf8")));
		servers.set(String(server.port), server);
		console.log(JSON.stringify({ port: server.port }));
	}
	process.exit(0);
}

if (isMainThread && process.argv[1] === fileURLToPath(import.meta.url)) {
	const { values } = parseArgs({ options: { script: { type: "string" }, port: { type: "string", default: "0" }, serve: { type: "boolean" } } });
	if (!values.script && !values.serve) throw new Error("usage: fake-azure.mjs --script SCENARIO.json [--port 0] | --serve");
	process.on("SIGTERM", () => process.exit(0));
	if (values.serve) await serveAll(createInterface({ input: process.stdin }));
	const { port } = await start(JSON.parse(readFileSync(values.script, "utf8")), Number(values.port));
	console.log(JSON.stringify({ port }));
}
