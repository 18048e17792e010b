// The SOP's header (unsur dokumentasi), on the process. Number, dates and approver come from the record.

import { getBusinessObject, is } from "bpmn-js/lib/util/ModelUtil";

import { LINES } from "../descriptor.js";
import { area, fact, text } from "./entries.js";

const RECORDED = ["number", "createdOn", "revisedOn", "effectiveOn", "approverPost", "approverName", "approverNip"];

// The process that a pool, or the sheet around it, stands for.
export function processOf(element, { canvas }) {
  const bo = getBusinessObject(element);
  if (is(bo, "bpmn:Process")) return bo;
  if (is(bo, "bpmn:Participant")) return bo.get("processRef") || null;
  if (!is(bo, "bpmn:Collaboration")) return null;
  const refs = bo.get("participants").map((one) => one.get("processRef")).filter(Boolean);
  return refs.find((one) => one.get("extensionElements")) || refs[0] || null;
}

export function headerGroups(element, context) {
  const process = processOf(element, context);
  if (!process) return [];
  const { w, sop } = context;
  const own = () => sop.of(process, "sop:Document");
  const get = (name) => () => own()?.get(name);
  const set = (name) => (value) => sop.set(element, "sop:Document", { [name]: value || undefined }, process);
  const lines = (name) => area(`header-${name}`, w(`header_${name}`), () => (own()?.get(name) || []).join("\n"),
    (value) => set(name)((value || "").split("\n").map((line) => line.trim()).filter(Boolean)), { rows: 2 });
  const line = (name) => text(`header-${name}`, w(`header_${name}`), get(name), set(name),
    { description: w(`header_${name}_help`), validate: (value) => (value ? null : w("needed")) });
  const months = (name) => text(`header-${name}`, w(`header_${name}`), get(name), set(name),
    { description: w(`header_${name}_help`), validate: (value) => (/^(|\d{1,2}|1[01]\d|120)$/.test(value || "") ? null : w("months_wrong")) });
  return [
    { id: "header", label: w("header"), shouldOpen: true, entries: [line("title"), ...LINES.map(lines)] },
    { id: "header-case", label: w("header_case"), entries: [line("caseNumber"), line("caseTitle")] },
    { id: "header-review", label: w("header_review"), entries: [months("monitoringMonths"), months("evaluationMonths")] },
    { id: "header-record", label: w("header_record"), entries: RECORDED.map(
      (name) => fact(`header-${name}`, w(`header_${name}`), get(name)() || w("not_set"))) },
  ];
}
