// SPDX-License-Identifier: Apache-2.0
// The owner's own list of organisations, as `tidemark register import` takes it: beside the containers, for it is no part of the leak.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addressOf, organisations, owner } from './cast.mjs';
import { csv } from './formats.mjs';

const relationships = ['own', 'customer', 'customer', 'prospect', 'customer', 'partner', 'supplier', 'customer', 'prospect', 'customer'];
const sectors = ['software', 'manufacturing', 'retail', 'toys', 'sports goods', 'logistics', 'legal services', 'publishing', 'textiles', 'machinery'];

export function writeRegister(leak) {
  const rows = organisations.map((one, index) => [one.domain, one.name, one === owner ? 'Fabrikam' : one.name.replace(/,? (Inc\.|Ltd\.?|GmbH)$/, ''),
    relationships[index], sectors[index], one.country, addressOf(one.people[0], one), `C-${String(10400 + 17 * index)}`]);
  writeFileSync(join(leak.outdir, 'register.csv'), csv([['domain', 'name', 'aliases', 'relationship', 'sector', 'country', 'contact', 'numbers'], ...rows]));
}
