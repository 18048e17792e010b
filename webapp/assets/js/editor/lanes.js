// Who performs a step: the lane it stands in, and how it comes to another one, in one step of undo.

import { is } from "bpmn-js/lib/util/ModelUtil";

import { middle } from "./room.js";

const TO_LANE = "sop.to-lane";

export class Lanes {
  constructor(canvas, commandStack, elementRegistry, modeling, room, lines) {
    Object.assign(this, { canvas, commandStack, elementRegistry, modeling, room, lines });
    commandStack.register(TO_LANE, { preExecute: ({ put }) => put() });
  }

  of(shape) { return this.room.laneAt(middle(shape)); }

  // Those of its pool that a step can stand in, from the top.
  all(shape) {
    const holdsNone = (lane) => !lane.children.some((one) => is(one, "bpmn:Lane"));
    const pool = (one) => (one.parent && is(one.parent, "bpmn:Lane") ? pool(one.parent) : one.parent);
    return this.elementRegistry.filter((one) => is(one, "bpmn:Lane") && holdsNone(one) && pool(one) === shape.parent)
      .sort((one, other) => one.y - other.y);
  }

  put(shape, lane) { this.commandStack.execute(TO_LANE, { put: () => this._move(shape, lane) }); }

  _move(shape, lane) {
    const root = this.canvas.findRoot(shape);
    const astray = this.lines.astray(root);
    const at = this.room.inLane(lane, { x: middle(shape).x, y: middle(lane).y }, shape, shape.parent);
    if (at.grow) this.room.make(root, "y", at.grow.from, at.grow.by);
    this.modeling.moveElements([shape], { x: 0, y: at.y - middle(shape).y });
    this.lines.straighten(root, astray);
  }
}
Lanes.$inject = ["canvas", "commandStack", "elementRegistry", "modeling", "room", "lines"];
