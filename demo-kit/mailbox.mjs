// SPDX-License-Identifier: Apache-2.0
// A mail server that keeps what it is given in one folder, for the demo: it speaks as much of RFC 5321 as one client needs, to this
// machine alone.
//   node demo-kit/mailbox.mjs start|show|stop --data DIR
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';

const { positionals: [deed], values: { data } } = parseArgs({ allowPositionals: true, options: { data: { type: 'string', default: 'demo/mailbox' } } });
const state = path.join(data, 'mailbox.json');

function converse(socket) {
  let rest = '', message = null, to = '';
  const say = (line) => socket.write(`${line}\r\n`);
  const words = {
    EHLO: () => say('250-mailbox.local\r\n250 8BITMIME'), HELO: () => say('250 mailbox.local'), MAIL: () => say('250 ok'), RSET: () => say('250 ok'),
    RCPT: (line) => { to = line.match(/<([^>]*)>/)?.[1] ?? ''; say('250 ok'); },
    DATA: () => { message = []; say('354 end with a dot'); },
    QUIT: () => { say('221 bye'); socket.end(); },
  };
  socket.on('error', () => {});
  socket.setEncoding('utf8');
  say('220 mailbox.local');
  socket.on('data', (piece) => {
    const lines = (rest + piece).split('\r\n');
    rest = lines.pop();
    for (const line of lines) {
      if (message === null) (words[line.slice(0, 4).toUpperCase()] ?? (() => say('502 not known here')))(line);
      else if (line !== '.') message.push(line.replace(/^\./, ''));
      else {
        const name = `${readdirSync(data).length}-${to.replace(/[^\w.@-]/g, '_')}.eml`;
        writeFileSync(path.join(data, name), `${message.join('\r\n')}\r\n`);
        message = null;
        say('250 taken');
      }
    }
  });
}

/** The plain text of a message: what a person sees of it. */
function plain(raw) {
  const part = raw.split(/^--=_.*$/m).find((one) => one.includes('Content-Type: text/plain')) ?? raw;
  const bytes = part.slice(part.indexOf('\r\n\r\n') + 4).replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8').replaceAll('\r', '');
}

if (deed === 'serve') {
  const server = net.createServer(converse).listen(0, '127.0.0.1', () => {
    writeFileSync(state, JSON.stringify({ pid: process.pid, port: server.address().port }));
  });
} else if (deed === 'start') {
  rmSync(data, { recursive: true, force: true });
  mkdirSync(data, { recursive: true });
  spawn(process.execPath, [process.argv[1], 'serve', '--data', data], { detached: true, stdio: 'ignore' }).unref();
  const wait = setInterval(() => { if (existsSync(state)) clearInterval(wait); }, 20);
} else if (deed === 'show') {
  for (const name of readdirSync(data).filter((one) => one.endsWith('.eml'))) {
    const raw = readFileSync(path.join(data, name), 'utf8');
    console.log(raw.slice(0, raw.indexOf('\r\n\r\n')).replaceAll('\r', ''), `\n\n${plain(raw)}`);
  }
} else if (deed === 'stop') {
  process.kill(JSON.parse(readFileSync(state, 'utf8')).pid);
} else {
  console.error('mailbox: start, show or stop');
  process.exitCode = 2;
}
