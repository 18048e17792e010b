// The list of problems under the sheet, and the marks on the shapes that have one.

import { is } from "bpmn-js/lib/util/ModelUtil";

import { named } from "./named.js";
import { show } from "./view.js";

const ORDER = ["error", "warning", "note", "hint"];
const MARKED = ["error", "warning"]; // what the server says; hints would be everywhere while one draws
const KINDS = [...MARKED, "question", "suggestion", "accepted"];
const MARK = "problem-mark";
const SYMBOLS = { error: "×", warning: "!", question: "?", suggestion: "+", accepted: "✓" };
const SIDES = [["on-flow", ({ waypoints }) => waypoints], ["beside", (shape) => is(shape, "bpmn:Gateway")], ["above", () => true]];
const MADE_UP = /^[A-Z][A-Za-z]*_[0-9a-z]{7}$/; // as bpmn.io makes ids

export class Problems {
  constructor({ place, counter, modeler, w, draft }) {
    Object.assign(this, { place, counter, modeler, w, fromServer: draft.lint || [], fromHere: [], remarks: remarksOf(draft) });
  }

  of(id) { return this.all().filter(({ element }) => element === id); }

  all() {
    const registry = this.modeler.get("elementRegistry");
    // What was named since the last save has another id now: the next one tells of it again.
    const fromServer = this.fromServer.filter(({ element }) => !MADE_UP.test(element) || registry.get(element));
    const told = new Set(fromServer.map(({ element }) => element));
    // A hint about an element that the server speaks of already would say the same twice.
    const both = [...fromServer, ...this.fromHere.filter(({ element }) => !told.has(element))];
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
    this.counter.textContent = found.length ? this.w("problems_count", {
      errors: count("error"), warnings: count("warning"), others: count("hint") + count("note"),
    }) : this.w("problems_none");
    this.counter.className = `st ${count("error") ? "late" : found.length ? "soon" : "done"}`;
    renew(this.place, [...byElement(found)].map(([element, several]) => this._group(element, several)));
  }

  _group(element, several) {
    const item = make("li");
    const known = this.modeler.get("elementRegistry").get(element);
    const name = several[0].name || (known && named(known, this.w)) || element || this.w("whole_process");
    if (known) item.append(this._link(element, name));
    else item.append(make("strong", {}, name));
    const list = make("ul", { class: "problem-words" });
    for (const one of several) {
      const line = make("li");
      line.append(make("span", { class: `tag ${{ error: "late", warning: "back" }[one.severity] || "off"}` }, this.w(`severity_${one.severity}`)), ` ${one.sentence}`);
      list.append(line);
    }
    item.append(list);
    const { remedy } = several[0];
    if (remedy) {
      const button = make("button", { type: "button", class: "btn btn-line mt-2" }, remedy.words);
      button.addEventListener("click", remedy.press);
      item.append(button);
    }
    return item;
  }

  _link(element, name) {
    const link = make("button", { type: "button", class: "btn-link-plain", "data-problem-of": element }, name);
    link.addEventListener("click", () => show(this.modeler, element));
    return link;
  }

  // One row of marks per shape: what is wrong, what the owner has not settled, what staff suggest.
  _marks() {
    this.modeler.get("overlays").remove({ type: MARK });
    const registry = this.modeler.get("elementRegistry");
    const told = this.all().filter(({ severity }) => MARKED.includes(severity)).map((one) => ({ ...one, kind: one.severity }));
    for (const [element, several] of byElement([...told, ...this.remarks])) {
      const shape = registry.get(element);
      if (shape && shape !== this.modeler.get("canvas").getRootElement()) this._mark(shape, several);
    }
  }

  // Symbols where the sheet is small, words where there is room: names are never covered.
  _mark(shape, several) {
    const html = make("div", { class: `editor-marks ${SIDES.find(([, fits]) => fits(shape))[0]}` });
    for (const kind of KINDS) {
      const count = several.filter((one) => one.kind === kind).length;
      if (!count) continue;
      const mark = make("span", { class: `editor-mark ${kind}` });
      mark.append(make("span", { class: "symbol" }, SYMBOLS[kind]), make("span", { class: "how-many" }, ` ${count}`),
        make("span", { class: "words" }, this.w(`mark_${kind}`, { count })));
      html.append(mark);
    }
    html.classList.toggle("several", html.children.length > 1); // their words would reach over the next shape
    this.modeler.get("overlays").add(shape.id, MARK, { position: placeOf(shape), html, scale: false, show: { minZoom: 0.2 } });
  }
}

// A flow has its marks on the middle of its longest piece, a diamond beside its upper corner, all else on its upper edge.
function placeOf(shape) {
  if (!shape.waypoints) return is(shape, "bpmn:Gateway") ? { top: shape.height / 4, left: shape.width / 4 } : { top: 0, left: 0 };
  const points = shape.waypoints;
  const pieces = points.slice(1).map((end, place) => ({ start: points[place], end }));
  const length = ({ start, end }) => Math.hypot(end.x - start.x, end.y - start.y);
  const { start, end } = pieces.sort((one, other) => length(other) - length(one))[0];
  const corner = (axis) => Math.min(...points.map((point) => point[axis]));
  return { top: (start.y + end.y) / 2 - corner("y"), left: (start.x + end.x) / 2 - corner("x") };
}

// Answered questions are settled; they stay on their own page.
function remarksOf({ suggestions = [], questions = [] }) {
  return [
    ...suggestions.map((one) => ({ ...one, kind: one.accepted ? "accepted" : "suggestion" })),
    ...questions.filter(({ answered }) => !answered)
      .flatMap((one) => one.elements.map((element) => ({ ...one, element, kind: "question" }))),
  ];
}

function byElement(found) {
  const groups = new Map();
  for (const one of found) groups.set(one.element, [...(groups.get(one.element) || []), one]);
  return groups;
}

// A list that says the same stays: a click on what is replaced between press and release would be lost, and the focus too.
export function renew(place, items) {
  const fresh = place.cloneNode();
  fresh.append(...items);
  if (!fresh.isEqualNode(place)) place.replaceChildren(...items);
}

export function make(tag, attributes = {}, text = "") {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  if (text) node.textContent = text;
  return node;
}
