// The steps as a list, by lane: for the keyboard, for screen readers, and where a screen is too narrow to draw.

import { is } from "bpmn-js/lib/util/ModelUtil";

import { named } from "./named.js";
import { isStep } from "./is-step.js";
import { make, renew } from "./problems.js";
import { show } from "./view.js";

export function stepsOf(modeler) {
  return modeler.get("elementRegistry").filter((element) => isStep(element) && !element.labelTarget)
    .sort((one, other) => one.x - other.x || one.y - other.y);
}

// Steps from which a way leads here.
export function stepsBefore(element) {
  const seen = new Set();
  const todo = [element];
  while (todo.length) {
    for (const flow of todo.pop().incoming) {
      const { source } = flow;
      if (is(flow, "bpmn:SequenceFlow") && source && !seen.has(source)) { seen.add(source); todo.push(source); }
    }
  }
  seen.delete(element);
  return [...seen].filter(isStep).sort((one, other) => one.x - other.x);
}

function laneOf(step, lanes) {
  const [x, y] = [step.x + step.width / 2, step.y + step.height / 2];
  const around = lanes.filter((lane) => lane.x <= x && x <= lane.x + lane.width && lane.y <= y && y <= lane.y + lane.height);
  return around.sort((one, other) => one.width * one.height - other.width * other.height)[0];
}

export class StepList {
  constructor({ place, modeler, w }) {
    Object.assign(this, { place, modeler, w });
    modeler.on("selection.changed", () => this._mark());
  }

  draw() {
    const lanes = this.modeler.get("elementRegistry").filter((element) => is(element, "bpmn:Lane"));
    lanes.sort((one, other) => one.y - other.y);
    const steps = stepsOf(this.modeler);
    const groups = [...lanes, undefined].map((lane) => [lane, steps.filter((step) => laneOf(step, lanes) === lane)]);
    const shown = groups.filter(([lane, several]) => lane || several.length);
    const items = shown.length ? shown.map(([lane, several]) => this._group(lane, several)) : [make("li", { class: "quiet" }, this.w("steps_none"))];
    this._mark(items);
    renew(this.place, items);
  }

  _group(lane, several) {
    const item = make("li");
    item.append(lane ? this._link(lane, named(lane, this.w)) : make("span", { class: "quiet" }, this.w("lane_none")));
    const list = make("ul");
    for (const step of several) {
      const line = make("li");
      const number = this.modeler.get("numbering").of(step);
      if (number) line.append(make("span", { class: "row-number" }, `${number}. `));
      line.append(this._link(step, named(step, this.w)));
      list.append(line);
    }
    if (several.length) item.append(list);
    return item;
  }

  _link(element, name) {
    const link = make("button", { type: "button", class: "btn-link-plain", "data-element": element.id }, name);
    link.addEventListener("click", () => show(this.modeler, element.id));
    return link;
  }

  _mark(items = [this.place]) {
    const chosen = new Set(this.modeler.get("selection").get().map(({ id }) => id));
    for (const link of items.flatMap((item) => [...item.querySelectorAll("[data-element]")])) {
      if (chosen.has(link.dataset.element)) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }
}
