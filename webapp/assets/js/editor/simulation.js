// Token simulation: its own switch and words are English and lie over the sheet, so ours stand in for them.

export function simulation(modeler, button, panel) {
  const toggle = modeler.get("toggleMode");
  const translate = modeler.get("translate");
  const container = modeler.get("canvas").getContainer().parentNode;
  button.addEventListener("click", () => toggle.toggleMode());
  modeler.on("tokenSimulation.toggleMode", ({ active }) => {
    button.setAttribute("aria-pressed", String(active));
    panel.inert = active;
  });
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) for (const node of addedNodes) if (node.nodeType === 1) say(node, translate);
  }).observe(container, { childList: true, subtree: true });
  for (const node of container.querySelectorAll("[class*='bts-']")) say(node, translate);
}

function say(root, translate) {
  for (const node of [root, ...root.querySelectorAll("*")]) {
    if (!/\bbts-/.test(node.className?.baseVal ?? node.className ?? "")) continue;
    if (node.title) node.title = translate(node.title);
    for (const child of node.childNodes) {
      const words = child.nodeType === 3 ? child.nodeValue.trim() : "";
      if (words && translate(words) !== words) child.nodeValue = child.nodeValue.replace(words, translate(words));
    }
  }
}
