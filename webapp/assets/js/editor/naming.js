// A new element's id follows its name while it is new: what a step submits lives under its id, and conditions are read by people.

import CommandInterceptor from "diagram-js/lib/command/CommandInterceptor";
import { is } from "bpmn-js/lib/util/ModelUtil";

import { mentioned } from "./mentions.js";

export class Naming extends CommandInterceptor {
  constructor(eventBus, modeling, bpmnjs, moddle, editorContext) {
    super(eventBus);
    const made = new WeakSet();
    // Braces: what a listener gives back keeps the others from hearing of it.
    this.postExecuted("shape.create", ({ context: { shape } }) => { made.add(shape.businessObject); });
    this.postExecuted(["element.updateLabel", "element.updateProperties"], ({ context: { element } }) => {
      const shape = element.labelTarget || element;
      const bo = shape.businessObject;
      if (!made.has(bo) || !is(bo, "bpmn:FlowNode")) return;
      const id = free(slug(bo.get("name")), bo.id, (one) => moddle.ids.assigned(one));
      if (id && id !== bo.id && !mentioned(bo.id, bpmnjs.getDefinitions(), editorContext.draft.forms)) modeling.updateProperties(shape, { id });
    });
  }
}
Naming.$inject = ["eventBus", "modeling", "bpmnjs", "moddle", "editorContext"];

export function slug(name) {
  const plain = (name || "").normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  const words = plain.replace(/[^a-z0-9]+/g, "_").replace(/^_+|_+$/g, "").slice(0, 40);
  return /^[a-z]/.test(words) ? words : words && `x_${words}`;
}

function free(wanted, own, taken) {
  if (!wanted) return "";
  for (let count = 1; ; count += 1) {
    const id = count === 1 ? wanted : `${wanted}_${count}`;
    if (id === own || !taken(id)) return id;
  }
}
