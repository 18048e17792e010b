// Elements beside steps, lanes and gateways: what the engine needs to know of them.

import { ListGroup } from "@bpmn-io/properties-panel";
import { getBusinessObject, is } from "bpmn-js/lib/util/ModelUtil";

import { idOf } from "./documents.js";
import { area, choice, text } from "./entries.js";
import { expression } from "./expression.js";

export function otherGroups(element, context) {
  if (is(element, "bpmn:ServiceTask")) return serviceGroups(element, context);
  if (is(element, "bpmn:BusinessRuleTask")) return decisionGroups(element, context);
  if (is(element, "bpmn:ScriptTask")) return scriptGroups(element, context);
  return timerGroups(element, context);
}

function serviceGroups(element, context) {
  const { w, sop, draft } = context;
  const own = sop.of(element, "sop:Service");
  const now = own?.get("connector") || "";
  const connectors = draft.connectors || [];
  const options = [{ value: "", label: w("choose") }, ...connectors.map(({ key }) => ({ value: key, label: key }))];
  if (now && !connectors.some(({ key }) => key === now)) options.push({ value: now, label: now });
  const { needed = [], optional = [] } = connectors.find(({ key }) => key === now) || {};
  const names = (own?.get("inputs") || []).map((item) => item.get("name"));
  const next = [...needed, ...optional].find((name) => !names.includes(name)) || w("new_input");
  return [
    { id: "service", label: w("service"), shouldOpen: true, entries: [choice("connector", w("connector"), options, () => now,
      (connector) => sop.set(element, "sop:Service", { connector: connector || undefined }),
      { description: needed.length ? w("connector_needs", { names: [...needed].join(", ") }) : "" })] },
    {
      id: "service-inputs", label: w("service_inputs"), component: ListGroup,
      items: (own?.get("inputs") || []).map((item) => ({
        id: idOf(item), label: item.get("name"), autoFocusEntry: `${idOf(item)}-name`,
        remove: (event) => { event.stopPropagation(); sop.removeFrom(element, "sop:Service", "inputs", item); },
        entries: [
          text(`${idOf(item)}-name`, w("input_name"), () => item.get("name"), (name) => sop.change(element, item, { name })),
          expression(`${idOf(item)}-value`, w("expression"), item.get("expression") || "",
            (value) => sop.change(element, item, { expression: value || undefined }),
            { w, names: draft.names || [], check: (value) => context.checkExpression(value, element.id) }),
        ],
      })),
      add: (event) => { event.stopPropagation(); sop.addTo(element, "sop:Service", "inputs", "sop:input", { name: next }); },
    },
  ];
}

function decisionGroups(element, { w, sop }) {
  const get = (name) => () => sop.of(element, "sop:Decision")?.get(name);
  const set = (name) => (value) => sop.set(element, "sop:Decision", { [name]: value || undefined });
  return [{ id: "decision", label: w("decision"), shouldOpen: true, entries: [
    text("decision", w("decision_id"), get("decision"), set("decision"), { description: w("decision_help") }),
    text("result", w("decision_result"), get("result"), set("result")),
  ] }];
}

function scriptGroups(element, { w, modeling }) {
  const bo = getBusinessObject(element);
  return [{ id: "script", label: w("script"), shouldOpen: true, entries: [
    area("script", w("script"), () => bo.get("script"), (script) => modeling.updateProperties(element, { script }), { monospace: true, rows: 4 }),
  ] }];
}

function timerGroups(element, { w, sop }) {
  const definitions = getBusinessObject(element).get("eventDefinitions") || [];
  if (!definitions.some((one) => one.$type === "bpmn:TimerEventDefinition")) return [];
  const options = ["calendar", "working"].map((value) => ({ value, label: w(`timer_${value}`) }));
  return [{ id: "timer-time", label: w("timer_counts"), shouldOpen: true, entries: [
    choice("timer-time", w("timer_counts"), options, () => sop.of(element, "sop:Timer")?.get("time") || "calendar",
      (time) => sop.set(element, "sop:Timer", { time: time === "calendar" ? undefined : time })),
  ] }];
}
