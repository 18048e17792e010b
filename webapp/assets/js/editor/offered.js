// What menus and palette offer: what the engine runs, and a step for people where bpmn.io would draw an untyped task.

import { is } from "bpmn-js/lib/util/ModelUtil";

import { mayStandIn } from "./descriptor.js";

const REFUSED = /complex-gateway|ad-?hoc|multiplicity|^(append|create)-task$/i;
const STEP = { width: 118, height: 68 }; // as processes/README.md lays them out
const LAST = 250; // after everybody who adds entries

export class Offered {
  constructor(eventBus, canvas, popupMenu, palette, contextPad, create, elementFactory, autoPlace, inserting, translate) {
    Object.assign(this, { create, elementFactory, autoPlace, inserting, translate });
    // A menu opened by a key, before the mouse was ever over the sheet, would stand in the window's corner.
    const open = popupMenu.open.bind(popupMenu);
    popupMenu.open = (target, menu, position, options) => open(target, menu, inside(position, canvas), options);
    for (const menu of ["bpmn-append", "bpmn-create", "bpmn-replace"]) popupMenu.registerProvider(menu, LAST, this);
    palette.registerProvider(LAST, this);
    contextPad.registerProvider(LAST, this);
    const sizes = elementFactory.getDefaultSize.bind(elementFactory);
    elementFactory.getDefaultSize = (element, di) => (is(element, "bpmn:Task") ? STEP : sizes(element, di));
    eventBus.on("moddleCopy.canCopyProperty", ({ parent, property }) => {
      const owner = parent?.$type === "bpmn:ExtensionElements" ? parent.$parent : null;
      return owner && property?.$type && !mayStandIn(property, owner) ? false : undefined;
    });
  }

  getPopupMenuEntries() { return without; }

  getPopupMenuHeaderEntries() { return without; }

  getPaletteEntries() {
    return (entries) => {
      const step = this._shapes((event) => this.create.start(event, this._step()));
      return "create.task" in entries ? { ...without(entries), "create.task": { ...entries["create.task"], ...step } } : entries;
    };
  }

  getContextPadEntries(element) {
    if (is(element, "bpmn:SequenceFlow")) return (entries) => ({ "insert-step": this._insert(element), ...entries });
    return (entries) => {
      const task = entries["append.append-task"];
      if (!task) return entries;
      const drag = (event, element) => this.create.start(event, this._step(), { source: element });
      const click = (event, element) => this._next(element, this._step());
      const entry = { ...task, ...this._shapes(drag), title: this.translate("Append task"), action: { dragstart: drag, click } };
      return { ...entries, ...this._gateway(entries), "append.append-task": entry };
    };
  }

  // What leads on already would lead to both at once: what comes next comes in between.
  _next(element, shape) {
    const ways = element.outgoing.filter((one) => is(one, "bpmn:SequenceFlow"));
    if (ways.length === 1 && !is(element, "bpmn:Gateway")) return this.inserting.into(ways[0], shape);
    return this.autoPlace.append(element, shape);
  }

  _gateway({ "append.gateway": entry }) {
    const click = (event, element) => this._next(element, this.elementFactory.createShape({ type: "bpmn:ExclusiveGateway" }));
    return entry && { "append.gateway": { ...entry, action: { ...entry.action, click } } };
  }

  _insert(flow) {
    return {
      group: "model", className: "bpmn-icon-user-task", title: this.translate("Insert a step here"),
      action: { click: () => this.inserting.stepInto(flow) },
    };
  }

  _step() { return this.elementFactory.createShape({ type: "bpmn:UserTask" }); }

  _shapes(start) {
    return { className: "bpmn-icon-user-task", title: this.translate("User task"), action: { dragstart: start, click: start } };
  }
}
Offered.$inject = ["eventBus", "canvas", "popupMenu", "palette", "contextPad", "create", "elementFactory", "autoPlace", "inserting", "translate"];

function without(entries) {
  return Object.fromEntries(Object.entries(entries).filter(([id]) => !REFUSED.test(id)));
}

function inside(position, canvas) {
  const { left, top, right, bottom } = canvas.getContainer().getBoundingClientRect();
  const within = left <= position.x && position.x <= right && top <= position.y && position.y <= bottom;
  return within ? position : { ...position, x: left + 120, y: Math.max(top, 0) + 40 };
}
