// What an element is called: its name, else its kind and what stands before it. Ids say nothing to people.

import { is } from "bpmn-js/lib/util/ModelUtil";

import { isStep } from "./is-step.js";

const KINDS = [["step", isStep], ["gateway", (one) => is(one, "bpmn:Gateway")], ["event", (one) => is(one, "bpmn:Event")],
  ["flow", (one) => is(one, "bpmn:SequenceFlow")], ["lane", (one) => is(one, "bpmn:Lane")], ["element", () => true]];
const nameOf = (element) => element?.businessObject?.get("name") || "";

export function named(element, w) {
  if (!element) return w("unnamed_element");
  if (nameOf(element)) return nameOf(element);
  const kind = w(`unnamed_${KINDS.find(([, fits]) => fits(element))[0]}`);
  if (element.waypoints) {
    const [from, to] = [nameOf(element.source), nameOf(element.target)];
    return from && to ? w("unnamed_between", { kind, from, to }) : kind;
  }
  const before = (element.incoming || []).map(({ source }) => nameOf(source)).find(Boolean);
  return before ? w("unnamed_after", { kind, name: before }) : kind;
}
