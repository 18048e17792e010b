// The list of problems under the sheet, and the marks on the shapes that have one.

import { show } from "./view.js";

const ORDER = ["error", "warning", "note", "hint"];
const MARKED = new Set(["error", "warning"]); // what the server says; hints would be everywhere while one draws
const MARK = "problem-mark";
const REMARK = "remark-mark";

export class Problems {
  constructor({ place, counter, modeler, w, draft }) {
    Object.assign(this, { place, counter, modeler, w, fromServer: draft.lint || [], fromHere: [], remarks: remarksOf(draft) });
  }

  of(id) { return this.all().filter(({ element }) => element === id); }

  all() {
    const told = new Set(this.fromServer.map(({ element }) => element));
    // A hint about an element that the server speaks of already would say the same twice.
    const both = [...this.fromServer, ...this.fromHere.filter(({ element }) => !told.has(element))];
    return both.sort((one, other) => ORDER.indexOf(one.severity) - ORDER.indexOf(other.severity));
  }

  draw() {
    this._list();
    this._marks();
    this.modeler.get("eventBus").fire("propertiesPanel.providersChanged");
  }

  _list() {
    const found = this.all();
    const count = (severity) => found.filter((one) => one.severity === severity).length;
    this.counter.textContent = found.length ? this.w("problems_count", { errors: count("error"), others: found.length - count("error") }) : this.w("problems_none");
    this.counter.className = `st ${count("error") ? "late" : found.length ? "soon" : "done"}`;
    this.place.replaceChildren(...[...byElement(found)].map(([element, several]) => this._group(element, several)));
  }

  _group(element, several) {
    const item = make("li");
    const known = this.modeler.get("elementRegistry").get(element);
    const name = several[0].name || element || this.w("whole_process");
    if (known) item.append(this._link(element, name));
    else item.append(make("strong", {}, name));
    const list = make("ul", { class: "problem-words" });
    for (const one of several) {
      const line = make("li");
      line.append(make("span", { class: `tag ${{ error: "late", warning: "back" }[one.severity] || "off"}` }, this.w(`severity_${one.severity}`)), ` ${one.sentence}`);
      list.append(line);
    }
    item.append(list);
    return item;
  }

  _link(element, name) {
    const link = make("button", { type: "button", class: "btn-link-plain", "data-problem-of": element }, name);
    link.addEventListener("click", () => show(this.modeler, element));
    return link;
  }

  _marks() {
    const overlays = this.modeler.get("overlays");
    const registry = this.modeler.get("elementRegistry");
    overlays.remove({ type: MARK });
    overlays.remove({ type: REMARK });
    for (const [element, several] of byElement(this.all().filter(({ severity }) => MARKED.has(severity)))) {
      const shape = registry.get(element);
      if (!shape || shape === this.modeler.get("canvas").getRootElement()) continue;
      const worst = several[0].severity;
      const badge = make("span", { class: `editor-mark ${worst}` }, this.w(`mark_${worst}`, { count: several.length }));
      this._overlay(shape, MARK, badge, { top: -24, left: 0 });
    }
    for (const [element, several] of byElement(this.remarks)) {
      const shape = registry.get(element);
      if (shape) this._remarks(shape, several);
    }
  }

  // What staff suggest and what the owner has not settled stand side by side.
  _remarks(shape, several) {
    const html = make("div", { class: "editor-marks" });
    for (const kind of ["question", "suggestion"]) {
      const own = several.filter((one) => one.kind === kind);
      if (own.length) html.append(make("span", { class: `editor-mark ${kind}` }, this.w(`mark_${kind}`, { count: own.length })));
    }
    this._overlay(shape, REMARK, html, { bottom: 2, left: 0 });
  }

  _overlay(shape, type, html, position) {
    const at = shape.waypoints ? { top: 4, left: 4 } : position;
    this.modeler.get("overlays").add(shape.id, type, { position: at, html, scale: { min: 0.8, max: 1 }, show: { minZoom: 0.35 } });
  }
}

// Answered questions are settled; they stay on their own page.
function remarksOf({ suggestions = [], questions = [] }) {
  return [
    ...suggestions.map((one) => ({ ...one, kind: "suggestion" })),
    ...questions.filter(({ answered }) => !answered)
      .flatMap((one) => one.elements.map((element) => ({ ...one, element, kind: "question" }))),
  ];
}

function byElement(found) {
  const groups = new Map();
  for (const one of found) groups.set(one.element, [...(groups.get(one.element) || []), one]);
  return groups;
}

export function make(tag, attributes = {}, text = "") {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  if (text) node.textContent = text;
  return node;
}
