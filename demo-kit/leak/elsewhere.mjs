// SPDX-License-Identifier: Apache-2.0
// The two containers that cannot be listed: one whose blobs anyone can read who knows their names,
// one that is closed. Nothing of them may appear in what is said of the open one.
import { customers } from './cast.mjs';
import * as papers from './papers.mjs';

const monthOf = (index) => new Date(Date.UTC(2017 + (index % 6), index % 8, 10 + index, 12));

export async function addBlobLevel(leak) {
  for (const [index, customer] of customers.entries()) {
    const paper = papers.quote(`OFF-WEB-${index + 1}`, customer, monthOf(index));
    await leak.addPaper('blob-level', `downloads/${customer.folder}/OFF-WEB-${index + 1}.pdf`, paper);
  }
}

export async function addPrivate(leak) {
  for (const [index, customer] of customers.entries()) {
    const paper = papers.contract(`MSA-BOARD-${index + 1}`, customer, monthOf(index));
    await leak.addPaper('private', `board/${customer.folder}/MSA-BOARD-${index + 1}.docx`, paper);
  }
}
