// Keeps the rows of the SOP's table in the order of what is drawn: a step that is drawn between two others takes its row at once,
// the later ones move on by one in the same step of undo, and close up again where one is deleted.

import CommandInterceptor from "diagram-js/lib/command/CommandInterceptor";
import { is } from "bpmn-js/lib/util/ModelUtil";

import { firstAt, flowOrder, onward } from "./flow-order.js";
import { isStep } from "./is-step.js";

const DELETING = ["elements.delete", "shape.delete", "shape.replace"];
const RENUMBER = "sop.renumber";

export class Numbering extends CommandInterceptor {
  constructor(eventBus, commandStack, elementRegistry, sop) {
    super(eventBus);
    Object.assign(this, { commandStack, elementRegistry, sop, deleting: 0, gone: new Set() });
    commandStack.register(RENUMBER, { preExecute: ({ put }) => put() });
    this.postExecuted(["connection.create", "connection.reconnect"], ({ context: { connection } }) => {
      if (is(connection, "bpmn:SequenceFlow") && connection.target) this._placeAt(connection.target);
    });
    this.postExecuted("shape.create", ({ context: { shape } }) => { if (!this.deleting) this._withoutCopied(shape); });
    this.preExecute(DELETING, () => { this.deleting += 1; });
    this.postExecuted("shape.delete", ({ context: { shape } }) => { if (isStep(shape) && this.of(shape)) this.gone.add(this.of(shape)); });
    this.postExecuted(DELETING, () => {
      this.deleting -= 1;
      if (!this.deleting) this._closeUp();
    });
  }

  steps() { return this.elementRegistry.filter((element) => isStep(element) && !element.labelTarget); }

  inOrder() { return flowOrder(this.steps(), this.elementRegistry.getAll().filter((one) => !one.waypoints)); }

  of(step) {
    const number = this.sop.of(step, "sop:Task")?.get("number") || "";
    return /^[0-9]{1,4}$/.test(number) ? Number(number) : 0;
  }

  // All steps by the flow, from 1; the number of them.
  renumber() {
    const order = this.inOrder();
    const put = () => order.forEach((step, index) => this._put(step, index + 1));
    if (order.some((step, index) => this.of(step) !== index + 1)) this.commandStack.execute(RENUMBER, { put });
    return order.length;
  }

  // What keeps the numbers from being the rows of what is drawn: [kind, step, the other one].
  problems() {
    const order = this.inOrder();
    if (!order.some((step) => this.of(step))) return [];
    const place = new Map(order.map((step, index) => [step, index]));
    const held = new Map();
    const found = [];
    for (const step of order) {
      const number = this.of(step);
      if (!number) found.push(["missing", step]);
      else if (held.has(number)) found.push(["double", step, held.get(number)]);
      else held.set(number, step);
      for (const next of onward(step).to) {
        if (place.get(step) < place.get(next) && this.of(next) && this.of(next) < number) found.push(["against", next, step]);
      }
    }
    return found;
  }

  _put(step, number) {
    if (this.of(step) !== number) this.sop.set(step, "sop:Task", { number: number ? String(number) : undefined });
  }

  // Steps without a number that a new flow leads to, and those behind them. Where none has one yet, as in a file of another
  // tool, all take theirs: in the table the ids of branches would decide what here is seen on the drawing.
  _placeAt(target) {
    if (!this.steps().some((step) => this.of(step))) {
      if (firstAt(target).length) this.renumber();
      return;
    }
    const seen = new Set();
    for (const todo = firstAt(target); todo.length;) {
      const step = todo.shift();
      if (seen.has(step) || this.of(step)) continue;
      seen.add(step);
      if (this._place(step)) todo.push(...onward(step).to);
    }
  }

  _place(step) {
    const order = this.inOrder();
    const before = order.slice(0, order.indexOf(step)).filter((one) => onward(one).to.includes(step));
    if (before.some((one) => !this.of(one))) return false;
    const held = new Map(this.steps().map((one) => [this.of(one), one]));
    const row = Math.max(0, ...before.map((one) => this.of(one))) + 1;
    let last = row;
    while (held.has(last)) last += 1;
    for (; last > row; last -= 1) this._put(held.get(last - 1), last);
    this._put(step, row);
    return true;
  }

  _withoutCopied(shape) {
    const number = isStep(shape) && this.of(shape);
    if (number && this.steps().some((one) => one !== shape && this.of(one) === number)) this._put(shape, 0);
  }

  _closeUp() {
    const held = new Set(this.steps().map((step) => this.of(step)));
    const gone = [...this.gone].filter((number) => !held.has(number));
    this.gone.clear();
    if (!gone.length) return;
    for (const step of this.steps()) {
      const number = this.of(step);
      if (number) this._put(step, number - gone.filter((one) => one < number).length);
    }
  }
}
Numbering.$inject = ["eventBus", "commandStack", "elementRegistry", "sop"];
