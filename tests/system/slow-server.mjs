// SPDX-License-Identifier: Apache-2.0
// Servers that hold whoever asks them: raw sockets that speak just enough of HTTP to go wrong where a test wants it.
import net from 'node:net';

const statuses = { 200: 'OK', 206: 'Partial Content', 302: 'Found', 403: 'Forbidden', 404: 'Not Found', 503: 'Busy' };

/** The page of a listing: names as objects of that size, a marker where it goes on. */
export function page(names, { next = '', size = 5, padding = '' } = {}) {
  const blobs = names.map((name) => `<Blob><Name>${name}</Name><Properties><Last-Modified>Tue, 04 Jun 2019 08:30:00 GMT</Last-Modified>`
    + `<Etag>0x8D1</Etag><Content-Length>${size}</Content-Length><Content-Type>text/plain</Content-Type></Properties></Blob>`);
  return `<?xml version="1.0" encoding="utf-8"?><EnumerationResults>${padding}<Blobs>${blobs.join('')}</Blobs>`
    + `<NextMarker>${next}</NextMarker></EnumerationResults>`;
}

/** What a test's server writes with. */
function writer(socket) {
  const timers = new Set();
  const every = (milliseconds, act) => timers.add(setInterval(act, milliseconds));
  socket.on('close', () => timers.forEach(clearInterval));
  const head = (status, headers = {}) => socket.write(`HTTP/1.1 ${status} ${statuses[status] ?? 'Other'}\r\n`
    + Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join('') + '\r\n');
  const reply = (status, headers = {}, body = '') => {
    head(status, { 'Content-Length': Buffer.byteLength(body), ...headers });
    socket.write(body);
  };
  return {
    socket, every, head, reply,
    later: (milliseconds, act) => timers.add(setTimeout(act, milliseconds)),
    list: (names, options) => reply(200, { 'Content-Type': 'application/xml' }, page(names, options)),
    /* So many letters a second, over and over. */
    drip: (text, rate) => { let at = 0; every(1000 / rate, () => socket.write(text[at++ % text.length])); },
    /* As fast as the other side takes it, without end. */
    flood: (text) => { const run = () => { while (!socket.destroyed && socket.write(text)); }; socket.on('drain', run); run(); },
  };
}

/** answer(request, to) is called for each request: {method, path, query, isList, name, nth}. name is the object's. */
export async function slowServer(t, answer) {
  const asked = [], sockets = new Set();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => {});
    const to = writer(socket);
    let text = '';
    socket.on('data', (piece) => {
      text += piece.toString('latin1');
      for (let end; (end = text.indexOf('\r\n\r\n')) >= 0; text = text.slice(end + 4)) {
        const [method, url] = text.slice(0, end).split(' '), { pathname, searchParams } = new URL(url, 'http://x');
        const range = /\r\nrange: bytes=(\d+)-/i.exec(text.slice(0, end))?.[1];
        const request = { method, path: pathname, query: searchParams, from: Number(range ?? 0), nth: asked.length,
          isList: searchParams.get('comp') === 'list', name: decodeURIComponent(pathname.split('/').slice(3).join('/')) };
        asked.push(request);
        answer(request, to);
      }
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => { sockets.forEach((socket) => socket.destroy()); server.close(); });
  const { port } = server.address();
  return { port, asked, target: (container = 'open', scheme = 'http') => `az+${scheme}://127.0.0.1:${port}/acme/${container}` };
}
