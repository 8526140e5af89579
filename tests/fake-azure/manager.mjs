// SPDX-License-Identifier: Apache-2.0
// A FAKE login host, managed identity and Resource Manager, on the loopback, in a thread of its own: a conversation made by the pages
// "OAuth 2.0 client credentials flow", "Managed identities: App Service", "Resources - List", "Storage Accounts - Get Properties" and
// "- Update" of Microsoft's references. Nothing of it was recorded from Azure; it proves how our client speaks, not how Azure answers.
//   workerData {lost, tokenUses}: so many updates are carried out and not answered; a token is good for so many requests, then 401
//   GET /__state -> {allows, asked}
import { createServer } from "node:http";
import { parentPort, workerData } from "node:worker_threads";

const PLACE = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/estate/providers/Microsoft.Storage/storageAccounts/acme";
const state = { allows: null, asked: [], tokens: 0, uses: 0, lost: workerData.lost ?? 0 };

const server = createServer(async (request, response) => {
	let body = "";
	for await (const piece of request) body += piece;
	const { pathname, searchParams } = new URL(request.url, "http://x");
	const tell = (status, value) => response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(value));
	if (pathname === "/__state") return tell(200, { allows: state.allows, asked: state.asked });
	state.asked.push(`${request.method} ${pathname}`);
	if (pathname === "/tenant-1/oauth2/v2.0/token") {
		const form = new URLSearchParams(body);
		if (form.get("client_secret") !== "a secret of the tests") return tell(401, { error: "invalid_client", error_description: "AADSTS7000215" });
		state.uses = 0;
		return tell(200, { token_type: "Bearer", expires_in: 3599, access_token: `token-${++state.tokens}-${form.get("scope")}` });
	}
	if (pathname === "/msi/token" && request.headers["x-identity-header"] === "of the machine")
		return tell(200, { access_token: `token-${++state.tokens}-${searchParams.get("resource")}/.default`, expires_on: "1" });
	if (request.headers.authorization !== `Bearer token-${state.tokens}-https://management.azure.com/.default` || state.uses++ >= (workerData.tokenUses ?? Infinity))
		return tell(401, { error: { code: "ExpiredAuthenticationToken" } });
	if (pathname.endsWith("/resources"))
		return /storageAccounts' and name eq 'acme'$/.test(searchParams.get("$filter"))
			? tell(200, { value: [{ id: PLACE, name: "acme", type: "Microsoft.Storage/storageAccounts" }] }) : tell(200, { value: [] });
	if (pathname !== PLACE) return tell(404, { error: { code: "ResourceNotFound" } });
	if (request.method === "PATCH") {
		state.allows = JSON.parse(body).properties.allowBlobPublicAccess;
		if (state.lost-- > 0) return void request.socket.resetAndDestroy();
	}
	return tell(200, { id: PLACE, properties: { ...(state.allows !== null && { allowBlobPublicAccess: state.allows }) } });
});
server.listen(0, "127.0.0.1", () => parentPort.postMessage({ port: server.address().port }));
