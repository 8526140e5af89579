// SPDX-License-Identifier: Apache-2.0
// A mail server that keeps what it is given in one folder, for the demo, on the loopback alone. mailbox.json says where it listens.
//   node demo-kit/mailbox.mjs start|show|stop --data DIR
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { SMTPServer } from 'smtp-server';

const { positionals: [deed], values: { data } } = parseArgs({ allowPositionals: true, options: { data: { type: 'string', default: 'demo/mailbox' } } });
const state = path.join(data, 'mailbox.json');
const mails = () => readdirSync(data).filter((name) => name.endsWith('.eml')).sort();

function serve() {
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    onData(stream, { envelope }, done) {
      const pieces = [];
      stream.on('data', (piece) => pieces.push(piece));
      stream.on('end', () => {
        const to = envelope.rcptTo.map(({ address }) => address).join(',').replace(/[^\w.@,-]/g, '_');
        writeFileSync(path.join(data, `${mails().length + 1}-${to}.eml`), Buffer.concat(pieces));
        done();
      });
    },
  });
  server.listen(0, '127.0.0.1', () => {
    writeFileSync(`${state}.new`, JSON.stringify({ pid: process.pid, port: server.server.address().port }));
    renameSync(`${state}.new`, state);
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
  serve();
} else if (deed === 'start') {
  rmSync(data, { recursive: true, force: true });
  mkdirSync(data, { recursive: true });
  spawn(process.execPath, [process.argv[1], 'serve', '--data', data], { detached: true, stdio: 'ignore' }).unref();
  const wait = setInterval(() => { if (existsSync(state)) clearInterval(wait); }, 20);
} else if (deed === 'show') {
  for (const name of mails()) {
    const raw = readFileSync(path.join(data, name), 'utf8');
    console.log(raw.slice(0, raw.indexOf('\r\n\r\n')).replaceAll('\r', ''), `\n\n${plain(raw)}`);
  }
} else if (deed === 'stop') {
  process.kill(JSON.parse(readFileSync(state, 'utf8')).pid);
} else {
  console.error('mailbox: start, show or stop');
  process.exitCode = 2;
}
