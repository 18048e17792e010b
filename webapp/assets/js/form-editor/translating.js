// form-js has no other language than English: its words are replaced where it writes them.
import { INDONESIAN } from "./indonesian";

const ATTRIBUTES = ["title", "placeholder", "aria-label"];
// Of the canvas only what form-js says itself: the rest is the owner's.
const OURS =
  ".fjs-palette, .fjs-properties-panel, .fjs-empty-editor, .fjs-empty-component, .fjs-context-pad, " +
  ".fjs-repeat-render-footer, .fjs-palette-field";
// What the owner wrote, though it stands in the panel.
const THEIRS = ".bio-properties-panel-header-label, .bio-properties-panel-feel-editor-container, .cm-editor";

export function translating(place) {
  const observer = new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type === "characterData") text(change.target);
      else if (change.type === "attributes") attribute(change.target, change.attributeName);
      else change.addedNodes.forEach(whole);
    }
  });
  observer.observe(place, {
    subtree: true,
    childList: true,
    characterData: true,
    attributes: true,
    attributeFilter: ATTRIBUTES,
  });
  return translate;
}

function whole(node) {
  if (node.nodeType === Node.TEXT_NODE) {
    text(node);
  } else if (node.nodeType === Node.ELEMENT_NODE) {
    for (const one of [node, ...node.querySelectorAll("*")]) {
      ATTRIBUTES.forEach((name) => attribute(one, name));
      one.childNodes.forEach((child) => child.nodeType === Node.TEXT_NODE && text(child));
    }
  }
}

function text(node) {
  if (!node.parentElement?.closest(OURS) || node.parentElement.closest(THEIRS)) return;
  const said = translate(node.data);
  if (said !== node.data) node.data = said;
}

function attribute(element, name) {
  const had = element.getAttribute(name);
  if (!had || !element.closest(OURS)) return;
  const said = translate(had);
  if (said !== had) element.setAttribute(name, said);
}

function translate(words) {
  const removed = /^Remove (.+)$/.exec(words);
  if (removed && words !== "Remove form field") return `Hapus ${translate(removed[1])}`;
  const created = /^Create an? (.+) element$/.exec(words);
  if (created) return `Tambah ${translate(created[1])}`;
  const bare = words.trim();
  return bare in INDONESIAN ? words.replace(bare, () => INDONESIAN[bare]) : words;
}
