// The panel hears of a choice only once it is drawn, which takes it some frames; and never, where a part of it fails.

const PATIENCE = 30_000; // ms
const PAUSE = 20;

// Tells whether it has been drawn before the patience ends: the rest of the editor does not wait for ever.
export async function panelListens(bus, patience = PATIENCE) {
  let heard = false;
  bus.once("propertiesPanel.updated", () => { heard = true; });
  const end = performance.now() + patience;
  while (!heard && performance.now() < end) {
    bus.fire("propertiesPanel.providersChanged");
    await new Promise((done) => { setTimeout(done, PAUSE); });
  }
  return heard;
}
