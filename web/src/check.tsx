// SPDX-License-Identifier: Apache-2.0
// "Check now" without leaving the page, and again by itself while the page is looked at. What comes back is the page that
// would have come without script; of it the state is shown, or, once it is shown to be theirs, the answer is gone to.
import { render } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

const EVERY = 30_000;
const TIMES = 40; // twenty minutes; then the person says when

interface State { name: string; html: string }

/** Posts the form as the browser would, but to stay on this page; the state that is told, or nothing where another page has come. */
async function check(form: HTMLFormElement): Promise<State | undefined> {
  const body = new URLSearchParams(new FormData(form) as never);
  body.set('stay', '1');
  const reply = await fetch(form.action, { method: 'POST', body, credentials: 'same-origin' });
  if (reply.status === 429) throw new Error('too often: what is shown stays, and the next try comes');
  const page = new DOMParser().parseFromString(await reply.text(), 'text/html');
  const told = page.getElementById('state');
  if (told && reply.ok) return { name: told.dataset.state ?? '', html: told.innerHTML };
  location.assign(page.querySelector<HTMLAnchorElement>('a#go')?.getAttribute('href') ?? location.href);
  return undefined;
}

const isOver = ({ name }: State): boolean => name === 'expired' || name === 'declined';

function Check({ form, button, checking, again, tell }: { form: HTMLFormElement; button: string; checking: string; again: string; tell: (state: State) => void }) {
  const [isChecking, setChecking] = useState(false);
  const [isOff, setOff] = useState(false);
  const [count, setCount] = useState(0);
  const isRunning = useRef(false);
  const goesOn = count > 0 && count < TIMES && !isOff;

  const run = async (): Promise<void> => {
    if (isRunning.current) return;
    isRunning.current = true;
    setChecking(true);
    try {
      const state = await check(form);
      if (state) {
        tell(state);
        setOff(isOver(state));
      }
    } catch {
      // The network is away, or it was too often: what is shown stays, and the next try comes.
    }
    isRunning.current = false;
    setChecking(false);
    setCount((before) => before + 1);
  };

  useEffect(() => {
    if (!goesOn) return undefined;
    const timer = setInterval(() => { if (!document.hidden) void run(); }, EVERY);
    return () => clearInterval(timer);
  }, [goesOn]);

  if (isOff) return null;
  return (
    <>
      <button type="button" class="main" disabled={isChecking} onClick={() => void run()}>{isChecking ? checking : button}</button>
      {goesOn && <p class="again">{again}</p>}
    </>
  );
}

export function improveCheck(within: ParentNode): void {
  const place = within.querySelector<HTMLElement>('#check');
  const shown = within.querySelector<HTMLElement>('#state');
  const form = place?.querySelector('form');
  const button = form?.querySelector('button')?.textContent;
  if (!place || !shown || !form || !button) return;
  const tell = ({ name, html }: State): void => {
    shown.dataset.state = name;
    shown.innerHTML = html; // of our own page
  };
  const { checking = '', again = '' } = place.dataset;
  const stage = document.createElement('div');
  form.hidden = true;
  place.append(stage);
  render(<Check form={form} button={button} checking={checking} again={again} tell={tell} />, stage);
}
