// SPDX-License-Identifier: Apache-2.0
// Who is asking: a stranger, the owner by Shared Key, or the bearer of a SAS; a proof that fails is refused.
import { createHmac } from "node:crypto";
import { Refusal } from "./errors.mjs";

const SIGNED_HEADERS = ["content-encoding", "content-language", "content-length", "content-md5", "content-type", "date",
	"if-modified-since", "if-match", "if-none-match", "if-unmodified-since", "range"];
const QUARTER_HOUR = 15 * 60 * 1000;

/** What a 401 tells a stranger: the tenant the account belongs to. */
export const challenge = ({ tenant }) => ({ "WWW-Authenticate":
	`Bearer authorization_uri=https://login.microsoftonline.com/${tenant}/oauth2/authorize resource_id=https://storage.azure.com` });

export function identify(account, request) {
	const proof = request.headers.authorization;
	if (proof?.startsWith("Bearer ")) return checkToken(account, request, proof.slice("Bearer ".length));
	if (proof) return checkSharedKey(account, request, proof);
	if (request.query.has("sig")) return checkSas(account, request);
	return { role: "stranger" };
}

/** A token is good for so many requests, as if it had run out behind them. */
function checkToken(account, { version }, token) {
	const uses = (account.tokens ??= new Map()).get(token) ?? 0;
	account.tokens.set(token, uses + 1);
	if (!account.bearer || !new RegExp(account.bearer).test(token) || version < "2017-11-09" || uses >= (account.bearerUses ?? Infinity))
		throw new Refusal("InvalidAuthenticationInfo", {}, challenge(account));
	return { role: "owner" };
}

const hmac = (key, text) => createHmac("sha256", Buffer.from(key, "base64")).update(text).digest("base64");
const failed = (why) => new Refusal("AuthenticationFailed", { AuthenticationErrorDetail: why });

function checkSharedKey(account, request, proof) {
	const { headers } = request;
	const age = Math.abs(Date.now() - Date.parse(headers["x-ms-date"] ?? headers.date));
	if (!(age < QUARTER_HOUR)) throw failed("Request date header too old or missing");
	const text = stringToSign(account.name, request);
	if (!account.key || proof !== `SharedKey ${account.name}:${hmac(account.key, text)}`)
		throw failed(`The MAC signature is not the same as any computed signature. Server used following string to sign: '${text}'.`);
	return { role: "owner" };
}

export function stringToSign(account, { method, path, headers, query }) {
	const unsigned = { "content-length": headers["content-length"] === "0", date: "x-ms-date" in headers };
	const plain = SIGNED_HEADERS.map((name) => unsigned[name] ? "" : headers[name] ?? "");
	const own = Object.keys(headers).filter((name) => name.startsWith("x-ms-")).sort().map((name) => `${name}:${headers[name].trim()}`);
	const names = [...new Set(query.keys())].sort();
	const resource = `/${account}${path}` + names.map((name) => `\n${name}:${query.getAll(name).sort().join(",")}`).join("");
	return [method, ...plain, ...own, resource].join("\n");
}

function checkSas(account, { query, container, blob }) {
	const get = (name) => query.get(name) ?? "";
	const agreed = (account.sas ?? []).some((sas) => [...new URLSearchParams(sas)].every(([name, value]) => get(name) === value));
	if (!agreed && !(account.key && get("sig") === hmac(account.key, sasToSign(account.name, get, container, blob))))
		throw failed("Signature did not match.");
	if (Date.parse(get("se")) < Date.now() || Date.parse(get("st")) > Date.now())
		throw failed("Signature not valid in the specified time frame");
	return { role: "sas", permissions: get("sp"), resources: get("srt") || { c: "co", b: "o" }[get("sr")] || "" };
}

/** Account SAS have `ss`; the rest are service SAS. Lines as of service version 2018-11-09; `ses` since 2020-12-06. */
function sasToSign(account, get, container, blob) {
	const scope = get("sv") >= "2020-12-06" ? [get("ses")] : [];
	if (get("ss")) return [account, ...["sp", "ss", "srt", "st", "se", "sip", "spr", "sv"].map(get), ...scope, ""].join("\n");
	const resource = `/blob/${account}/${container}` + (get("sr") === "b" ? `/${blob}` : "");
	return [get("sp"), get("st"), get("se"), resource, ...["si", "sip", "spr", "sv", "sr", "snapshot"].map(get), ...scope,
		...["rscc", "rscd", "rsce", "rscl", "rsct"].map(get)].join("\n");
}
