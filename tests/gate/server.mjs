// SPDX-License-Identifier: Apache-2.0
// A server of the portal as the suites of this folder ask it: by its URL, and by an operator who can invite.
import assert from 'node:assert/strict';

/** {status, headers, text, body} of a request; body: of JSON, else undefined. */
export async function request(url, { method = 'GET', token, json, headers = {}, raw } = {}) {
  const reply = await fetch(url, {
    method, redirect: 'manual', body: raw ?? (json === undefined ? undefined : JSON.stringify(json)),
    headers: { ...(json === undefined ? {} : { 'content-type': 'application/json' }), ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...headers },
  });
  const text = await reply.text();
  const isJson = /json/.test(reply.headers.get('content-type') ?? '');
  return { status: reply.status, headers: Object.fromEntries(reply.headers), text, body: isJson && text ? JSON.parse(text) : undefined };
}

/** url: of the subjects' door. invite(subject) → a code, as the operator makes it. */
export function serverAt(url, invite) {
  const tokens = new Map();
  const server = {
    url,
    invite,
    begin: (subject, method = 'dns', more = {}) => request(`${url}/api/v1/proofs`, { method: 'POST', json: { subject, method, ...more } }),
    check: (id, json = {}) => request(`${url}/api/v1/proofs/${encodeURIComponent(id)}`, { method: 'POST', json }),
    get: (what, token, query = {}) => request(`${url}/api/v1/${what}?${new URLSearchParams(query)}`, { token }),
    post: (what, token, json) => request(`${url}/api/v1/${what}`, { method: 'POST', token, json }),

    /** Proves by an invitation: the token. */
    async prove(subject) {
      const begun = await server.begin(subject, 'invitation');
      assert.equal(begun.status, 202, begun.text);
      const checked = await server.check(begun.body.proof, { code: await invite(subject) });
      assert.equal(checked.body?.state, 'proved', checked.text);
      return checked.body.token;
    },
    async tokenOf(subject) {
      if (!tokens.has(subject)) tokens.set(subject, await server.prove(subject));
      return tokens.get(subject);
    },
    /** The answer, as a door of conformance.mjs gives it. */
    async ask(subject, { limit, cursor } = {}) {
      const reply = await server.get('answer', await server.tokenOf(subject), { ...(limit ? { limit } : {}), ...(cursor ? { cursor } : {}) });
      assert.equal(reply.status, 200, reply.text);
      return reply.body;
    },
  };
  return server;
}
