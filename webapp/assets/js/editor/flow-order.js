// The steps of a diagram in the order in which one reads the flow, branches as they are drawn.

import { is } from "bpmn-js/lib/util/ModelUtil";

import { isStep } from "./is-step.js";
import { ordered } from "./ordering.js";

const CONTAINERS = ["bpmn:SubProcess", "bpmn:Transaction"];
const isContainer = (element) => CONTAINERS.some((type) => is(element, type));
const flowsOf = (element) => element.outgoing.filter((flow) => is(flow, "bpmn:SequenceFlow") && flow.target);
const read = (one, other) => one.x - other.x || one.y - other.y;

// The steps that come next, in reading order, itself too where it can follow on itself, and whether the flow may also end there.
export function onward(step) {
  const around = [step];
  for (let outer = step.parent; outer && isContainer(outer); outer = outer.parent) around.push(outer);
  const found = { to: new Set(), ends: false };
  const begins = [step, ...around.flatMap((one) => one.attachers || [])];
  walk(begins.flatMap((one) => after(one, found)), found);
  return { to: [...found.to].sort(read), ends: found.ends };
}

// The steps that a flow leads to, its target among them.
export function firstAt(element) {
  const found = { to: new Set(), ends: false };
  walk([element], found);
  return [...found.to].sort(read);
}

function walk(todo, found) {
  const seen = new Set();
  while (todo.length) {
    const element = todo.shift();
    if (seen.has(element)) continue;
    seen.add(element);
    if (isStep(element)) found.to.add(element);
    else todo.push(...(inside(element).length ? inside(element) : after(element, found)));
  }
}

function after(element, found) {
  const link = linkOf(element);
  const catching = link && is(element, "bpmn:IntermediateThrowEvent")
    ? element.parent.children.filter((one) => is(one, "bpmn:IntermediateCatchEvent") && linkOf(one) === link) : [];
  const next = [...flowsOf(element).map(({ target }) => target), ...catching];
  if (next.length) return next;
  if (element.parent && isContainer(element.parent)) return after(element.parent, found);
  found.ends = true;
  return [];
}

const linkOf = (element) => element.businessObject.get("eventDefinitions")?.find(({ $type }) => $type === "bpmn:LinkEventDefinition")?.get("name");

function inside(element) {
  return isContainer(element) ? beginningsOf(element.children || []) : [];
}

function beginningsOf(elements) {
  const nodes = elements.filter((one) => is(one, "bpmn:FlowNode") && !one.labelTarget && !one.host);
  return nodes.filter((one) => !one.incoming.some((flow) => is(flow, "bpmn:SequenceFlow")) && one.outgoing.length).sort(read);
}

export function flowOrder(steps, elements) {
  const ways = new Map([...steps].sort(read).map((step) => [step, onward(step)]));
  const roots = beginningsOf(elements.filter((one) => one.parent && !isContainer(one.parent)));
  return ordered(ways, [...new Set(roots.flatMap(firstAt))]);
}
