// Where a gateway leads: which flow is taken under which condition, chosen from a form's field or written.

import { ListGroup } from "@bpmn-io/properties-panel";
import { getBusinessObject, is } from "bpmn-js/lib/util/ModelUtil";

import { build, operatorsFor, parse } from "../condition.js";
import { named } from "../named.js";
import { button, choice, text, tick } from "./entries.js";
import { expression } from "./expression.js";

const DECIDES = ["bpmn:ExclusiveGateway", "bpmn:InclusiveGateway"];
const decides = (node) => DECIDES.some((type) => is(node, type)) || is(node, "bpmn:Activity");

export function flowGroups(element, context) {
  const { w } = context;
  if (is(element, "bpmn:SequenceFlow")) {
    const insert = button("flow-insert", w("flow_insert"), () => context.inserting.stepInto(element));
    const flow = { id: "flow", label: w("flow"), shouldOpen: true, entries: [insert] };
    if (!decides(element.source)) return [flow];
    return [flow, { id: "condition", label: w("condition"), shouldOpen: true, entries: conditionEntries(element, context) }];
  }
  if (!DECIDES.some((type) => is(element, type)) || element.outgoing.length < 2) return [];
  return [{
    id: "ways", label: w("ways"), component: ListGroup, shouldOpen: true,
    items: element.outgoing.map((flow) => ({
      id: `way-${flow.id}`, label: wayWords(flow, context), entries: conditionEntries(flow, context),
    })),
  }];
}

function wayWords(flow, { w }) {
  const to = named(flow.target, w);
  const name = flow.businessObject.get("name");
  return name ? w("way_named", { name, to }) : w("way_to", { to });
}

function conditionEntries(flow, context) {
  const { w, modeling, draft } = context;
  const bo = getBusinessObject(flow);
  const source = getBusinessObject(flow.source);
  const isDefault = source.get("default") === bo;
  const entries = [tick(`${flow.id}-default`, w("default_flow"), () => isDefault, (on) => {
    modeling.updateProperties(flow.source, { default: on ? bo : undefined });
    if (on) modeling.updateProperties(flow, { conditionExpression: undefined });
  }, { description: w("default_flow_help") })];
  if (isDefault) return entries;

  const written = bo.get("conditionExpression")?.get("body") || "";
  const put = (value) => putCondition(flow, value, context);
  return [
    ...entries,
    ...chosenEntries(flow, written, put, context),
    expression(`${flow.id}-expression`, w("expression"), written, put, {
      w, names: draft.names || [], check: (value) => context.checkExpression(value, flow.id),
    }),
  ];
}

function putCondition(flow, body, { modeling, sop }) {
  const bo = getBusinessObject(flow);
  const stands = bo.get("conditionExpression");
  if (stands && body) return sop.change(flow, stands, { body });
  const made = body ? bo.$model.create("bpmn:FormalExpression", { body }) : undefined;
  if (made) made.$parent = bo;
  return modeling.updateProperties(flow, { conditionExpression: made });
}

function chosenEntries(flow, written, put, context) {
  const { w } = context;
  const now = parse(written);
  if (written && !now) return [];
  const groups = fieldsByStep(context);
  const fields = groups.flatMap(({ fields: all }) => all);
  const field = now && fields.find(({ id }) => id === `${now.step}.${now.field}`);
  const change = (part) => {
    const next = { ...now, ...part };
    put(build(next, fields.find(({ id }) => id === `${next.step}.${next.field}`)?.type));
  };
  const options = [
    { value: "", label: w("choose_field") },
    ...groups.map(({ label, fields: all }) => ({ label, children: all.map(({ id, label: words }) => ({ value: id, label: words })) })),
  ];
  if (now && !field) options.push({ value: `${now.step}.${now.field}`, label: w("field_missing", { field: `${now.step}.${now.field}` }) });
  const take = (id) => {
    if (!id) return put("");
    const chosen = fields.find((one) => one.id === id);
    return change({ step: chosen.step, field: chosen.key, operator: "==", value: firstValue(chosen) });
  };
  const entries = [choice(`${flow.id}-field`, w("condition_field"), options, () => (now ? `${now.step}.${now.field}` : ""), take)];
  if (!now) return entries;
  const operators = operatorsFor(field?.type).map((value) => ({ value, label: w(`operator_${value}`) }));
  if (!operators.some(({ value }) => value === now.operator)) operators.push({ value: now.operator, label: w(`operator_${now.operator}`) });
  return [
    ...entries,
    choice(`${flow.id}-operator`, w("condition_operator"), operators, () => now.operator, (operator) => change({ operator })),
    valueEntry(flow, now, field, change, w),
  ];
}

function valueEntry(flow, now, field, change, w) {
  const id = `${flow.id}-value`;
  const values = [...possible(field, w)];
  if (!values.length) return text(id, w("condition_value"), () => now.value, (value) => change({ value: value || "" }));
  if (!values.some(({ value }) => value === now.value)) values.push({ value: now.value, label: w("value_missing", { value: now.value }) });
  return choice(id, w("condition_value"), values, () => now.value, (value) => change({ value }));
}

function possible(field, w) {
  if (field?.type === "checkbox") return [{ value: "True", label: w("ticked") }, { value: "False", label: w("not_ticked") }];
  return (field?.values || []).map(({ value, label }) => ({ value: String(value), label: label || String(value) }));
}

const firstValue = (field) => (field.type === "number" ? "0" : field.type === "checkbox" ? "True" : String(field.values?.[0]?.value ?? ""));

function fieldsByStep({ steps, draft, sop, w }) {
  return steps().map((step) => {
    const fields = draft.fields?.[sop.of(step, "sop:Task")?.get("formKey")] || [];
    return {
      label: named(step, w),
      fields: fields.map((field) => ({ ...field, step: step.id, id: `${step.id}.${field.key}` })),
    };
  }).filter(({ fields }) => fields.length);
}
