// The panel writes what is typed after a pause; saving must not miss what is still waiting.

import { debounce } from "min-dash";

const PAUSE = 400; // ms after the last keystroke

export function pendingInputs() {
  const waiting = new Set();

  const later = (write) => {
    const run = debounce((...values) => { waiting.delete(call); write(...values); }, PAUSE);
    const call = (...values) => { waiting.add(call); run(...values); };
    call.flush = () => run.flush();
    call.cancel = () => { waiting.delete(call); run.cancel(); };
    return call;
  };
  later.flush = () => { for (const call of [...waiting]) call.flush(); };
  return later;
}
