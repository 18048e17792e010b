// Steps are drawn as the library draws them: without the person (every step has one), with the row's number.

import BaseRenderer from "diagram-js/lib/draw/BaseRenderer";
import { append, attr, create } from "tiny-svg";

const BEFORE = 1500; // bpmn.io's own renderer has 1000

export class StepRenderer extends BaseRenderer {
  constructor(eventBus, bpmnRenderer, sop) {
    super(eventBus, BEFORE);
    this.canRender = (element) => element.type === "bpmn:UserTask" && !element.labelTarget;
    this.drawShape = (parent, element, attrs) => {
      const drawn = bpmnRenderer.handlers["bpmn:Task"](parent, element, attrs);
      const number = sop.of(element, "sop:Task")?.get("number");
      if (number) {
        const text = create("text");
        attr(text, { x: element.width - 7, y: 15, class: "step-number" });
        text.textContent = number;
        append(parent, text);
      }
      return drawn;
    };
    this.getShapePath = (shape) => bpmnRenderer.getShapePath(shape);
  }
}
StepRenderer.$inject = ["eventBus", "bpmnRenderer", "sop"];
