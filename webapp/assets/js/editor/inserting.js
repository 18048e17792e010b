// A step that is put on a flow is inserted there, and one that is appended stays in its lane: room is made in the same step of undo.

import CommandInterceptor from "diagram-js/lib/command/CommandInterceptor";
import { getNewShapePosition } from "bpmn-js/lib/features/auto-place/BpmnAutoPlaceUtil";
import { is } from "bpmn-js/lib/util/ModelUtil";

import { around, bottom, GAP, middle, right } from "./room.js";

const FITS = ["bpmn:Activity", "bpmn:Gateway", "bpmn:IntermediateThrowEvent", "bpmn:IntermediateCatchEvent"];
const TOUCHED = 8; // px of a box that may lie on a flow without being meant for it
const STRIDE = 4; // px between the points of a flow that are looked at
const MARKER = "new-parent"; // as bpmn.io marks where something will stand

export class Inserting extends CommandInterceptor {
  constructor(eventBus, canvas, elementRegistry, elementFactory, modeling, selection, directEditing, room, lines) {
    super(eventBus);
    Object.assign(this, { canvas, elementRegistry, elementFactory, modeling, selection, directEditing, room, lines });
    eventBus.on(["create.move", "create.hover"], 900, (event) => this._aim(event)); // after what bpmn.io itself makes of it
    eventBus.on(["create.end", "create.cleanup"], 1100, ({ context }) => { if (context.hints?.into) canvas.removeMarker(context.hints.into, MARKER); });
    this.preExecute("elements.create", ({ context }) => { if (context.hints?.into) this._makeRoom(context); });
    this.postExecuted("elements.create", ({ context }) => { if (context.hints?.into) this._connect(context); });
    eventBus.on("autoPlace", 2500, ({ source, shape }) => this._besides(source, shape)); // before the grid has its say
    this.preExecute("shape.append", ({ context }) => {
      const { position, source } = context;
      context.astray = lines.astray(canvas.findRoot(source));
      if (position?.grow) this.room.make(this.canvas.findRoot(source), "y", position.grow.from, position.grow.by);
    });
    this.postExecuted("shape.append", ({ context: { source, astray } }) => lines.straighten(canvas.findRoot(source), astray));
  }

  // Without the mouse: a new step in the middle of a flow, in the lane of its source, to be named at once.
  stepInto(flow) { return this.into(flow, this.elementFactory.createShape({ type: "bpmn:UserTask" })); }

  into(flow, shape) {
    const at = middle(flow.source.host || flow.source);
    this.modeling.createElements([shape], at, flow.parent, { into: flow, anywhere: true });
    this.selection.select(shape);
    this.canvas.scrollToElement(shape);
    if (this.canvas.getContainer().clientWidth) this.directEditing.activate(shape);
    return shape;
  }

  _aim({ context, hover, x, y }) {
    const { elements, shape, source, canExecute } = context;
    const meant = hover && elements.length === 1 && !canExecute?.attach && FITS.some((type) => is(shape, type));
    const flow = meant ? this._covered(around({ x, y }, shape), hover) : null;
    const into = flow && (!source || source === flow.source) ? flow : null;
    this._mark(context, into);
    if (!into) return;
    this.canvas.removeMarker(hover, "drop-not-ok");
    Object.assign(context, { target: into.parent, canExecute: { attach: false, connect: false } });
  }

  _mark(context, into) {
    const before = context.hints.into;
    if (before && before !== into) this.canvas.removeMarker(before, MARKER);
    if (into) this.canvas.addMarker(into, MARKER);
    context.hints = { ...context.hints, into };
  }

  // The flow that lies under a box, the nearest to its middle.
  _covered(box, hover) {
    const at = middle(box);
    const [wide, high] = [box.width / 2 - TOUCHED, box.height / 2 - TOUCHED];
    const root = this.canvas.findRoot(hover);
    let found = { flow: null, away: Infinity };
    for (const flow of this.elementRegistry.filter((one) => is(one, "bpmn:SequenceFlow") && one.waypoints)) {
      if (this.canvas.findRoot(flow) !== root) continue;
      for (const { x, y } of points(flow.waypoints)) {
        const away = Math.hypot(x - at.x, y - at.y);
        if (Math.abs(x - at.x) <= wide && Math.abs(y - at.y) <= high && away < found.away) found = { flow, away };
      }
    }
    return found.flow;
  }

  _makeRoom(context) {
    const { elements: [shape], hints: { into: flow, anywhere } } = context;
    context.parent = flow.parent;
    context.astray = this.lines.astray(this.canvas.findRoot(flow));
    const free = (at) => !this.room.under(around(at, shape), flow.parent).length;
    if (!anywhere && free(context.position)) return;
    const before = flow.source.host || flow.source;
    const y = this._height(flow, shape, anywhere ? null : context.position);
    const halfway = { x: (right(before) + flow.target.x) / 2, y };
    const open = (at) => free(at) && !this._crossed(flow, around(at, shape)).length;
    if (halfway.x - shape.width / 2 >= right(before) && open(halfway)) context.position = halfway;
    else context.position = this._behind(flow, before, { x: right(before) + GAP + shape.width / 2, y }, shape);
  }

  // In the lane it is put in, beside the step that stands there; else in that of the source.
  _height({ source, target }, shape, put) {
    if (put && this.room.laneAt(put) !== this.room.laneAt(middle(source))) {
      return this.room.laneAt(put) === this.room.laneAt(middle(target)) ? middle(target).y : put.y;
    }
    return source.host ? bottom(source.host) + GAP + shape.height / 2 : middle(source).y;
  }

  // Next to the source: what stands there moves on with all that is behind, a target in the same column too.
  _behind(flow, before, at, shape) {
    const { source, target, parent } = flow;
    const root = this.canvas.findRoot(source);
    const start = right(before) - 1;
    const box = around(at, shape);
    const inTheWay = this.room.under(box, parent).filter((one) => one !== before && one !== source);
    const below = target !== source && target.x <= start && right(target) > before.x;
    const behind = this.elementRegistry.filter((one) => is(one, "bpmn:FlowNode") && !one.labelTarget && one.x > start
      && one.x < right(box) + GAP && this.canvas.findRoot(one) === root);
    const beside = Math.abs(at.y - middle(target).y) < (shape.height + target.height) / 2;
    const column = below ? (beside ? right(box) + GAP - target.x : at.x - middle(target).x) : 0;
    const distance = Math.max(column, ...[...behind, ...inTheWay].map((one) => right(box) + GAP - one.x), 0);
    if (below || inTheWay.length || this._crossed(flow, box).length) this.room.make(root, "x", start, distance, [...new Set(below ? [target, ...inTheWay] : inTheWay)]);
    return at;
  }

  _crossed(flow, box) { return this.lines.through(box, this.canvas.findRoot(flow.source)).filter((one) => one !== flow); }

  _connect({ elements: [shape], hints: { into: flow }, astray }) {
    const { target, type } = flow;
    this.modeling.reconnectEnd(flow, shape, middle(shape));
    const onward = this.modeling.connect(shape, target, { type });
    for (const one of [flow, onward]) this.modeling.layoutConnection(one, { waypoints: [] });
    this.lines.straighten(this.canvas.findRoot(shape), astray);
  }

  // Beside its source; where that is taken, below it in the same lane, which grows.
  _besides(source, shape) {
    const lane = this.room.laneAt(middle(source));
    if (!lane || source.host || !is(shape, "bpmn:FlowNode") || lane.width < lane.height) return undefined;
    const at = { x: getNewShapePosition(source, shape, this.elementRegistry).x, y: middle(source).y };
    return this.room.inLane(lane, at, shape, source.parent);
  }
}
Inserting.$inject = ["eventBus", "canvas", "elementRegistry", "elementFactory", "modeling", "selection", "directEditing", "room", "lines"];

function* points(line) {
  for (let place = 1; place < line.length; place += 1) {
    const [from, to] = [line[place - 1], line[place]];
    const steps = Math.max(1, Math.ceil(Math.hypot(to.x - from.x, to.y - from.y) / STRIDE));
    for (let step = 0; step <= steps; step += 1) yield { x: from.x + ((to.x - from.x) * step) / steps, y: from.y + ((to.y - from.y) * step) / steps };
  }
}
