// SPDX-License-Identifier: Apache-2.0
// A small world of names on the loopback: knot's tools sign zones below `test.`, knot serves them, each server at an address of its
// own and all at one port; unbound asks the first in the place of the root, or as a resolver, an honest one or one that lies.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { promises as dns } from 'node:dns';
import path from 'node:path';
import { freePort, run, serve } from './errand.mjs';
import { scratch } from './house.mjs';

/** Everything is served here, as it is meant. */
const first = '127.0.0.1';

/** Whether a server of names answers for a zone. */
function answers(host, port, zone) {
  const resolver = new dns.Resolver({ timeout: 200, tries: 1 });
  resolver.setServers([`${host}:${port}`]);
  return resolver.resolveSoa(zone).then(() => true, () => false);
}

const knotConfiguration = (folder, host, port, names) => `server:
    listen: ${host}@${port}
    rundir: "${folder}"
    udp-workers: 1
    tcp-workers: 1
    background-workers: 1
log:
  - target: stderr
    any: error
database:
    storage: "${folder}/db"
policy:
  - id: test
    algorithm: ed25519
    single-type-signing: on
template:
  - id: default
    storage: "${folder}"
    file: "%s.zone"
    dnssec-policy: test
    zonefile-sync: -1
    journal-content: none
zone:
${names.map((name) => `  - domain: ${name}\n`).join('')}`;

const unboundConfiguration = (folder, at, port, lies) => `server:
  interface: 127.0.0.1@${at}
  do-daemonize: no
  use-syslog: no
  chroot: ""
  username: ""
  directory: "${folder}"
  pidfile: ""
  do-not-query-localhost: no
  local-zone: "test." nodefault
  aggressive-nsec: no
  cache-max-negative-ttl: 0
  module-config: "iterator"
${lies.map((line) => `  local-data: '${line}'\n`).join('')}remote-control:
  control-enable: no
forward-zone:
  name: "test."
  forward-addr: ${first}@${port}
`;

/**
 * zones: {NAME: {hosts, records, signed, at}}, delegated by `test.`. hosts: its servers, [127.0.0.2] if not named. at: of one of those,
 * what it has instead: {records, signed, time (of signing), edit (of the zone's text)}; `all` stands for every one. Returns the
 * words for errand() that lead into this world, and resolver(lies).
 */
export async function world(t, zones) {
  const folder = scratch(t);
  const hostsOf = ({ hosts = ['127.0.0.2'] }) => hosts;
  const everywhere = [...new Set([first, ...Object.values(zones).flatMap(hostsOf)])];
  const port = await freePort(everywhere);
  const keys = path.join(folder, 'keys');
  mkdirSync(path.join(keys, 'db'), { recursive: true });
  writeFileSync(path.join(keys, 'knot.conf'), knotConfiguration(keys, first, port, ['test', ...Object.keys(zones)]));
  const keymgr = (...args) => run('keymgr', ['-c', path.join(keys, 'knot.conf'), ...args]);

  /* A zone's text as one server has it. */
  function textOf(name, hosts, { records, signed, time, edit = (text) => text }) {
    const lines = [`$ORIGIN ${name}.`, '$TTL 60', '@ SOA ns0 hostmaster 1 60 60 3600 60',
      ...hosts.flatMap((host, i) => [`@ NS ns${i}`, `ns${i} A ${host}`]), ...records];
    const file = path.join(keys, `${name}.zone`);
    writeFileSync(file, `${lines.join('\n')}\n`);
    if (signed) {
      const out = path.join(keys, 'out');
      mkdirSync(out, { recursive: true });
      run('kzonesign', ['-c', path.join(keys, 'knot.conf'), '-o', out, ...(time ? ['-t', String(time)] : []), name]);
      return edit(readFileSync(path.join(out, `${name}.zone`), 'utf8'));
    }
    return edit(readFileSync(file, 'utf8'));
  }

  const signed = ['test', ...Object.keys(zones).filter((name) => zones[name].signed)];
  for (const name of signed) keymgr(name, 'generate', 'algorithm=ed25519', 'ksk=yes', 'zsk=yes',
    ...['created', 'publish', 'ready', 'active'].map((event) => `${event}=20200101000000`));
  const delegations = Object.entries(zones).flatMap(([name, zone]) => [
    ...hostsOf(zone).flatMap((host, i) => [`${name}. NS ns${i}.${name}.`, `ns${i}.${name}. A ${host}`]),
    ...(zone.signed ? keymgr(name, 'ds').split('\n').filter((line) => line.split(' ')[4] === '2') : [])]);
  for (const host of everywhere) {
    const own = path.join(folder, host);
    const served = Object.entries(zones).filter(([, zone]) => host === first || hostsOf(zone).includes(host));
    mkdirSync(path.join(own, 'db'), { recursive: true });
    writeFileSync(path.join(own, 'knot.conf'), knotConfiguration(own, host, port,
      [...(host === first ? ['test'] : []), ...served.map(([name]) => name)]));
    for (const [name, zone] of served)
      writeFileSync(path.join(own, `${name}.zone`), textOf(name, hostsOf(zone), { ...zone, ...zone.at?.all, ...zone.at?.[host] }));
    if (host === first)
      writeFileSync(path.join(own, 'test.zone'), textOf('test', [first], { records: delegations, signed: true }));
    await serve(t, 'knotd', ['-c', path.join(own, 'knot.conf')], () => answers(host, port, host === first ? 'test' : served[0][0]));
  }

  const anchor = path.join(folder, 'anchor');
  writeFileSync(anchor, `; of the test\n${keymgr('test', 'dnskey')}`);
  async function resolver(lies = []) {
    const at = await freePort();
    const own = path.join(folder, `resolver-${at}`);
    mkdirSync(own);
    writeFileSync(path.join(own, 'unbound.conf'), unboundConfiguration(own, at, port, lies));
    await serve(t, 'unbound', ['-c', path.join(own, 'unbound.conf')], () => answers('127.0.0.1', at, 'test'));
    return `127.0.0.1:${at}`;
  }
  return { words: { root: await resolver(), 'dns-port': port, allow: '127.0.0.0/8', anchor }, anchor, port, folder, resolver };
}
