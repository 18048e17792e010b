// The sop: extension for moddle: the words of processes/sop.xsd, so that nothing of a file is lost between
// reading and writing. All values are text: what stands in the file is kept as it stands there.

const attributes = (...names) => names.map((name) => ({ name, type: "String", isAttr: true }));
const lines = (...names) => names.map((name) => ({ name, type: "String", isMany: true }));
const type = (name, properties, allowedIn) => ({ name, superClass: ["Element"], properties, meta: { allowedIn } });

export const LINES = ["institution", "legalBasis", "qualification", "related", "equipment", "warning", "recording"];

export const descriptor = {
  name: "SOP",
  prefix: "sop",
  uri: "urn:alur:sop:1",
  associations: [],
  types: [
    type("Document", [
      ...attributes("title", "number", "createdOn", "revisedOn", "effectiveOn", "approverPost", "approverName", "approverNip",
        "caseNumber", "caseTitle", "purpose", "monitoringMonths",
        "evaluationMonths"),
      ...lines(...LINES),
    ], ["bpmn:Process"]),
    type("Lane", attributes("role"), ["bpmn:Lane"]),
    type("Task", [
      ...attributes("number", "formKey", "standardTime", "clock", "clockField", "delegableTo", "returnTo", "notSameAs"),
      { name: "inputs", type: "input", isMany: true },
      { name: "outputs", type: "output", isMany: true },
      { name: "notes", type: "String" },
    ], ["bpmn:UserTask", "bpmn:ManualTask"]),
    type("Timer", attributes("time"), ["bpmn:StartEvent", "bpmn:IntermediateCatchEvent", "bpmn:BoundaryEvent"]),
    type("Service", [...attributes("connector"), { name: "inputs", type: "input", isMany: true }], ["bpmn:ServiceTask"]),
    type("Decision", attributes("decision", "result"), ["bpmn:BusinessRuleTask"]),
    type("Question", [
      ...attributes("key", "about", "guess", "answered", "given", "was"),
      { name: "text", type: "String" },
      { name: "why", type: "String" },
      { name: "answers", type: "answer", isMany: true },
    ], ["bpmn:Process"]),
    type("answer", [...attributes("key", "lane", "target", "standardTime", "from", "to", "shows", "asks"), { name: "words", type: "String", isBody: true }]),
    // Of a task it is a document it needs; of a service, a value it is given, whose text is an expression.
    type("input", [...attributes("name", "printed", "required"), { name: "expression", type: "String", isBody: true }]),
    type("output", attributes("name", "printed", "required", "source", "signed", "accept")),
  ],
};

const PLACES = new Map(descriptor.types.map(({ name, meta }) => [`sop:${name}`, meta.allowedIn]));

// What a step is described by does not go along where it becomes something that cannot have it.
export function mayStandIn(property, owner) {
  const places = PLACES.get(property.$type);
  return !places || places.some((place) => owner.$instanceOf(place));
}
