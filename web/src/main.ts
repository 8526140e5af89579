// SPDX-License-Identifier: Apache-2.0
// What script adds to pages that work without it. Each part looks for what it improves and leaves pages alone that have none.
import { improveCheck } from './check';
import { improveCopying } from './copy';
import { improveSweep } from './sweep';
import { improveYears } from './years';

improveCopying(document);
improveCheck(document);
improveSweep(document);
improveYears(document);
