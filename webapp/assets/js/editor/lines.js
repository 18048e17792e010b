// Flows that would run through a shape once they are drawn, or something is inserted or appended, are drawn around it; all others
// stay as they were drawn.

import CommandInterceptor from "diagram-js/lib/command/CommandInterceptor";
import { is } from "bpmn-js/lib/util/ModelUtil";

import { crosses, routed } from "./routing.js";

const way = (flow) => flow.waypoints.map(({ x, y }) => [x, y]);

export class Lines extends CommandInterceptor {
  constructor(eventBus, canvas, elementRegistry, modeling) {
    super(eventBus);
    Object.assign(this, { canvas, elementRegistry, modeling });
    this.postExecuted("connection.create", ({ context: { connection } }) => {
      if (is(connection, "bpmn:SequenceFlow") && connection.target) this._around(connection, canvas.findRoot(connection));
    });
  }

  // Flows that run through a box.
  through(box, root) { return this._flows(root).filter((flow) => crosses(way(flow), [box])); }

  // Flows that run through a shape they have nothing to do with.
  astray(root) { return new Set(this._flows(root).filter((flow) => crosses(way(flow), this._besides(flow, root)))); }

  // Those that did not run astray before.
  straighten(root, before) {
    for (const flow of this.astray(root)) if (!before.has(flow)) this._around(flow, root);
  }

  _around(flow, root) {
    const others = this._besides(flow, root);
    if (!crosses(way(flow), others)) return;
    const lines = this._flows(root).filter((one) => one !== flow).map(way);
    const found = routed(flow.source, flow.target, others, lines);
    if (!crosses(found, others)) this.modeling.updateWaypoints(flow, found.map(([x, y]) => ({ x, y })));
  }

  _flows(root) {
    return this.elementRegistry.filter((one) => is(one, "bpmn:SequenceFlow") && one.waypoints && this.canvas.findRoot(one) === root);
  }

  _besides(flow, root) {
    const around = new Set([flow.source, flow.target]);
    for (const end of [flow.source, flow.target]) for (let outer = end.parent; outer; outer = outer.parent) around.add(outer);
    return this.elementRegistry.filter((one) => is(one, "bpmn:FlowNode") && !one.labelTarget && !around.has(one)
      && this.canvas.findRoot(one) === root);
  }
}
Lines.$inject = ["eventBus", "canvas", "elementRegistry", "modeling"];
