// The buttons above the sheet; each is also a key.

import { fit } from "./view.js";

export function toolbar(root, modeler, { save, renumber }) {
  const commands = modeler.get("commandStack");
  const canvas = modeler.get("canvas");
  const acts = {
    undo: () => commands.canUndo() && commands.undo(),
    redo: () => commands.canRedo() && commands.redo(),
    // After the click: the search closes at any click beside it.
    search: () => setTimeout(() => { canvas.focus(); modeler.get("searchPad").toggle(); }),
    "zoom-in": () => modeler.get("zoomScroll").stepZoom(1),
    "zoom-out": () => modeler.get("zoomScroll").stepZoom(-1),
    whole: () => fit(canvas),
    minimap: (button) => { modeler.get("minimap").toggle(); pressed(button, modeler.get("minimap").isOpen()); },
    grid: (button) => { modeler.get("grid").toggle(); pressed(button, modeler.get("grid").isVisible()); },
    panel: (button) => {
      pressed(button, !root.classList.toggle("without-panel"));
      canvas.resized();
    },
    save,
    renumber,
  };
  for (const button of root.querySelectorAll("[data-act]")) {
    const act = acts[button.dataset.act];
    if (act) button.addEventListener("click", () => act(button));
  }
  // aria-disabled, so that the button keeps the focus when there is nothing more to undo.
  const able = () => {
    root.querySelector('[data-act="undo"]')?.setAttribute("aria-disabled", String(!commands.canUndo()));
    root.querySelector('[data-act="redo"]')?.setAttribute("aria-disabled", String(!commands.canRedo()));
  };
  modeler.on("commandStack.changed", able);
  able();
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "s") { event.preventDefault(); save(); }
  });
}

const pressed = (button, on) => button.setAttribute("aria-pressed", String(on));
