// SPDX-License-Identifier: Apache-2.0
// Keeps the figures of a running sweep up to date while its page is looked at; at its end the page comes anew. Asking takes the
// server time that grows with the sweep, so the next question waits ten times as long as the last one took.
const LEAST = 2_000;

interface Standing { state: string; listed: number; done: number; waiting: number; targets_listed: number }

const language = document.documentElement.lang;

function show(id: string, number: number): void {
  const place = document.getElementById(id);
  if (place) place.textContent = number.toLocaleString(language);
}

function tell(standing: Standing): void {
  show('sweep-listed', standing.listed);
  show('sweep-done', standing.done);
  show('sweep-waiting', standing.waiting);
  show('sweep-targets', standing.targets_listed);
  const bar = document.getElementById('sweep-progress') as HTMLProgressElement | null;
  if (!bar) return;
  bar.max = Math.max(standing.listed, 1);
  bar.value = standing.done;
}

export function improveSweep(page: Document): void {
  const path = page.getElementById('sweep')?.dataset.live;
  if (!path) return;
  const ask = async (): Promise<void> => {
    const begun = performance.now();
    let standing: Standing | undefined;
    if (!page.hidden) {
      const reply = await fetch(path, { headers: { accept: 'application/json' }, credentials: 'same-origin' }).catch(() => undefined);
      if (reply && !reply.ok) return;
      standing = await reply?.json().catch(() => undefined);
    }
    if (standing && standing.state !== 'running') return location.reload();
    if (standing) tell(standing);
    setTimeout(ask, Math.max(LEAST, 10 * (performance.now() - begun)));
  };
  setTimeout(ask, LEAST);
}
