// What comes after an element: its ways as buttons, and a choice that draws one more, without the mouse.

import { is } from "bpmn-js/lib/util/ModelUtil";

import { named } from "../named.js";
import { button, choice } from "./entries.js";

export function nextGroups(element, context) {
  if (!is(element, "bpmn:FlowNode") || is(element, "bpmn:EndEvent")) return [];
  const { w, registry, modeling, selection } = context;
  const flows = element.outgoing.filter((one) => is(one, "bpmn:SequenceFlow"));
  const others = possible(element, flows.map(({ target }) => target), context);
  const add = (id) => { if (id) modeling.connect(element, registry.get(id)); };
  return [{ id: "next", label: w("next"), entries: [
    ...flows.map((flow) => button(`next-${flow.id}`, w("way_to", { to: named(flow.target, w) }), () => selection.select(flow))),
    choice("next-add", w("next_add"), [{ value: "", label: w("choose") }, ...others], () => "", add),
  ] }];
}

function possible(element, taken, { w, registry, rules }) {
  return registry
    .filter((one) => one !== element && !one.labelTarget && !taken.includes(one) && is(one, "bpmn:FlowNode"))
    .filter((target) => rules.allowed("connection.create", { source: element, target })?.type === "bpmn:SequenceFlow")
    .sort((one, other) => one.x - other.x || one.y - other.y)
    .map((target) => ({ value: target.id, label: named(target, w) }));
}
