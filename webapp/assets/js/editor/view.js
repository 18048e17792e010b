// How the sheet lies in its window: whole, beside the palette, which lies over its left edge.

const LEAST = 0.2; // bpmn.io's own
const SIDE = 24;
const ROOM_FOR_WORDS = 0.85; // below, marks on shapes are symbols with numbers
const ROOM_FOR_NUMBERS = 0.45; // below, symbols only

export function fit(canvas) {
  const palette = canvas.getContainer().querySelector(".djs-palette")?.offsetWidth || 0;
  canvas.zoom(1);
  const { inner, outer } = canvas.viewbox();
  if (!outer.width || !inner.width) return;
  const room = { width: outer.width - palette - 2 * SIDE, height: outer.height - 2 * SIDE };
  const whole = Math.min(room.width / inner.width, room.height / inner.height, 1);
  const scale = Math.max(whole, LEAST);
  const above = Math.max((room.height - inner.height * scale) / 2, 0);
  canvas.viewbox({
    x: inner.x - (palette + SIDE) / scale, y: inner.y - (SIDE + above) / scale,
    width: outer.width / scale, height: outer.height / scale,
  });
}

export function followZoom(modeler) {
  const sheet = modeler.get("canvas").getContainer();
  const follow = () => {
    const scale = modeler.get("canvas").zoom();
    sheet.classList.toggle("marks-small", scale < ROOM_FOR_WORDS);
    sheet.classList.toggle("marks-tiny", scale < ROOM_FOR_NUMBERS);
  };
  modeler.on("canvas.viewbox.changed", follow);
  follow();
}

// Shows an element that may lie outside the window.
export function show(modeler, id) {
  const element = modeler.get("elementRegistry").get(id);
  if (!element) return false;
  const canvas = modeler.get("canvas");
  canvas.scrollToElement(element, { top: 120, bottom: 120, left: 160, right: 160 });
  modeler.get("selection").select(element);
  // The sheet takes the keys from here; the panel is the next stop of the Tab key.
  canvas.focus();
  canvas.getContainer().closest(".editor-desk").scrollIntoView({ block: "nearest" });
  return true;
}
