// Room on the sheet: whether a box stands free, and what moves on where it does not. Lanes and pool grow along.

import { is } from "bpmn-js/lib/util/ModelUtil";
import { selfAndAllChildren } from "diagram-js/lib/util/Elements";

export const GAP = 23; // between two steps, as processes/README.md lays them out
const NEAR = 8;
const FRAMES = ["bpmn:Participant", "bpmn:Lane", "bpmn:SubProcess"]; // what grows: a step that lies across keeps its size

export const right = (one) => one.x + one.width;
export const bottom = (one) => one.y + one.height;
export const middle = (one) => ({ x: one.x + one.width / 2, y: one.y + one.height / 2 });
export const around = ({ x, y }, { width, height }) => ({ x: x - width / 2, y: y - height / 2, width, height });
const holds = (one, { x, y }) => one.x <= x && x <= right(one) && one.y <= y && y <= bottom(one);

export class Room {
  constructor(canvas, elementRegistry, modeling, spaceTool) {
    Object.assign(this, { canvas, elementRegistry, modeling, spaceTool });
  }

  // Nodes that a box would lie on or touch; not those in which it would stand.
  under(box, parent) {
    const root = this.canvas.findRoot(parent);
    const within = new Set();
    for (let outer = parent; outer; outer = outer.parent) within.add(outer);
    return this.elementRegistry.filter((one) => is(one, "bpmn:FlowNode") && !one.labelTarget && !within.has(one)
      && this.canvas.findRoot(one) === root && one.x < right(box) + NEAR && box.x - NEAR < right(one)
      && one.y < bottom(box) + NEAR && box.y - NEAR < bottom(one));
  }

  laneAt(point) {
    const lanes = this.elementRegistry.filter((one) => is(one, "bpmn:Lane") && holds(one, point));
    return lanes.sort((one, other) => one.width * one.height - other.width * other.height)[0];
  }

  // A place in a lane; where that is taken, below what stands there, and then how much the lane must grow for it.
  inLane(lane, { x, y }, shape, parent) {
    const at = { x, y };
    const taken = () => this.under(around(at, shape), parent).find((one) => one !== shape && this.laneAt(middle(one)) === lane);
    for (let one = taken(); one; one = taken()) at.y = bottom(one) + GAP + shape.height / 2;
    const beyond = bottom(around(at, shape)) + GAP - bottom(lane);
    return beyond > 0 && at.y > y ? { ...at, grow: { from: bottom(lane) - 1, by: beyond } } : at;
  }

  // Everything that begins behind `start`, and `also`, moves on.
  make(root, axis, start, distance, also = []) {
    const found = this.spaceTool.calculateAdjustments(selfAndAllChildren(root, false), axis, distance, start);
    const moving = new Set(found.movingShapes);
    for (const one of also) for (const part of [one, ...(one.labels || []), ...(one.attachers || [])]) moving.add(part);
    const growing = found.resizingShapes.filter((one) => !moving.has(one) && FRAMES.some((type) => is(one, type)));
    const delta = { x: 0, y: 0, [axis]: distance };
    this.modeling.createSpace([...moving], growing, delta, axis === "x" ? "e" : "s", start);
  }
}
Room.$inject = ["canvas", "elementRegistry", "modeling", "spaceTool"];
