// SPDX-License-Identifier: Apache-2.0
// Buttons that copy the record beside them, where the browser lets a page copy at all.

/** What is to be copied is the text of the <code> before the button, to the letter. */
export function improveCopying(within: ParentNode): void {
  if (!navigator.clipboard) return;
  for (const button of within.querySelectorAll<HTMLButtonElement>('button.copy')) {
    const record = button.parentElement?.querySelector('code')?.textContent ?? '';
    const words = button.firstChild;
    if (!words) continue;
    const usual = words.textContent;
    button.hidden = false;
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(record);
      words.textContent = button.dataset.copied ?? usual;
      setTimeout(() => { words.textContent = usual; }, 2500);
    });
  }
}
