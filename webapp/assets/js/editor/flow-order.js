// The steps in the order in which one reads the flow: a branch to its end, then the next; what only goes back at once.
// engine/model/rows.py orders the rows of the SOP's table the same way; here branches are read as they are drawn.

import { is } from "bpmn-js/lib/util/ModelUtil";

import { isStep } from "./is-step.js";

const CONTAINERS = ["bpmn:SubProcess", "bpmn:Transaction"];
const isContainer = (element) => CONTAINERS.some((type) => is(element, type));
const flowsOf = (element) => element.outgoing.filter((flow) => is(flow, "bpmn:SequenceFlow") && flow.target);
const read = (one, other) => one.x - other.x || one.y - other.y;

// The steps that come next, in reading order, and whether the flow may also end there.
export function onward(step) {
  const around = [step];
  for (let outer = step.parent; outer && isContainer(outer); outer = outer.parent) around.push(outer);
  const found = { to: new Set(), ends: false };
  const begins = [step, ...around.flatMap((one) => one.attachers || [])];
  walk(begins.flatMap((one) => after(one, found)), found);
  found.to.delete(step);
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
  const ways = new Map(steps.map((step) => [step, onward(step)]));
  const next = new Map(steps.map((step) => [step, ways.get(step).to.filter((one) => ways.has(one))]));
  const roots = beginningsOf(elements.filter((one) => one.parent && !isContainer(one.parent)));
  const starts = [...new Set(roots.flatMap(firstAt))].filter((one) => ways.has(one));
  const first = topological(next, starts);
  const place = new Map(first.map((step, index) => [step, index]));
  const finishing = new Set();
  for (const step of [...first].reverse()) {
    const ahead = next.get(step).filter((one) => place.get(one) > place.get(step));
    if (ways.get(step).ends || !next.get(step).length || ahead.some((one) => finishing.has(one))) finishing.add(step);
  }
  const backFirst = (one, other) => finishing.has(one) - finishing.has(other);
  return topological(new Map(steps.map((step) => [step, [...next.get(step)].sort(backFirst)])), starts);
}

// Every step before those it leads to, ways back aside: a depth-first walk, read from its end.
function topological(next, starts) {
  const reached = depthFirst(next, starts, new Set(), []);
  const seen = new Set();
  const left = [];
  const apart = [...next.keys()].filter((step) => !reached.has(step)).sort(read);
  for (const root of [...apart.reverse(), ...[...starts].reverse()]) depthFirst(next, [root], seen, left);
  return left.reverse();
}

function depthFirst(next, starts, seen, left) {
  const todo = starts.map((step) => [step, false]);
  while (todo.length) {
    const [step, done] = todo.pop();
    if (done) left.push(step);
    else if (!seen.has(step)) {
      seen.add(step);
      todo.push([step, true], ...next.get(step).filter((one) => !seen.has(one)).map((one) => [one, false]));
    }
  }
  return seen;
}
