// SPDX-License-Identifier: Apache-2.0
// Mail messages with attachments, alone (EML) and gathered in a mailbox (MBOX, mboxrd quoting).
import MailComposer from 'nodemailer/lib/mail-composer/index.js';

export function eml({ id, from, to, cc, subject, body, date, attachments = [] }) {
  return new MailComposer({
    from, to, cc, subject, date, attachments, text: body,
    messageId: `<${id}@mail.fabrikam.com>`, baseBoundary: id,
  }).compile().build();
}

function mboxEntry(message, date) {
  const stamp = date.toUTCString().replace(/(\w+), (\d+) (\w+) (\d+) (\S+) GMT/, '$1 $3 $2 $5 $4');
  const lines = message.toString('latin1').replaceAll('\r\n', '\n').replace(/^(>*From )/gm, '>$1');
  return Buffer.from(`From MAILER-DAEMON ${stamp}\n${lines}\n\n`, 'latin1');
}

export const mbox = (messages) => Buffer.concat(messages.map(({ bytes, date }) => mboxEntry(bytes, date)));
