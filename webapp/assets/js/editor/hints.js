// Quick hints while drawing: bpmnlint's rules, run in the browser. The server's lint decides; these only come sooner.

import { Linter } from "bpmnlint";
import conditionalFlows from "bpmnlint/rules/conditional-flows";
import endEventRequired from "bpmnlint/rules/end-event-required";
import labelRequired from "bpmnlint/rules/label-required";
import noDisconnected from "bpmnlint/rules/no-disconnected";
import noDuplicateFlows from "bpmnlint/rules/no-duplicate-sequence-flows";
import noJoinFork from "bpmnlint/rules/no-gateway-join-fork";
import noImplicitSplit from "bpmnlint/rules/no-implicit-split";
import noOverlap from "bpmnlint/rules/no-overlapping-elements";
import startEventRequired from "bpmnlint/rules/start-event-required";
import superfluousGateway from "bpmnlint/rules/superfluous-gateway";

const RULES = {
  "conditional-flows": conditionalFlows,
  "end-event-required": endEventRequired,
  "label-required": labelRequired,
  "no-disconnected": noDisconnected,
  "no-duplicate-sequence-flows": noDuplicateFlows,
  "no-gateway-join-fork": noJoinFork,
  "no-implicit-split": noImplicitSplit,
  "no-overlapping-elements": noOverlap,
  "start-event-required": startEventRequired,
  "superfluous-gateway": superfluousGateway,
};
const HINTS = Object.keys(RULES);

const CONFIGURED = {
  config: { rules: Object.fromEntries(HINTS.map((name) => [name, "warn"])) },
  resolver: {
    resolveRule: (_package, name) => RULES[name],
    resolveConfig: () => { throw new Error("no other configuration"); },
  },
};

// A step that ways lead back to has several flows coming in: bpmnlint's `fake-join` would complain of every return.
export async function hints(definitions, nameOf, w) {
  // Each time a new one: some rules remember what they saw.
  const found = await new Linter(CONFIGURED).lint(definitions);
  return Object.entries(found).flatMap(([rule, reports]) => reports
    .filter(({ id }) => id)
    .map(({ id }) => ({ code: rule, severity: "hint", element: id, name: nameOf(id), sentence: w(`hint_${rule}`) })));
}
