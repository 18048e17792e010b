// What the panel shows of an element: ours first, then what bpmn.io knows of events and repetition.

import { getBusinessObject, is } from "bpmn-js/lib/util/ModelUtil";

import { documentGroups } from "./documents.js";
import { link, note } from "./entries.js";
import { flowGroups } from "./flow.js";
import { headerGroups } from "./header.js";
import { laneGroups } from "./lane.js";
import { nextGroups } from "./next.js";
import { otherGroups } from "./others.js";
import { isStep } from "../is-step.js";
import { nameEntries, stepGroups } from "./step.js";

const AFTER = 500; // below bpmn.io's own provider
const TECHNICAL = "general"; // bpmn.io's ids and names: last, for those who know them
const REPLACED = new Set(["documentation", TECHNICAL]);

export class PanelProvider {
  constructor(propertiesPanel, context, translate) {
    this._context = context;
    this._translate = translate;
    propertiesPanel.registerProvider(AFTER, this);
  }

  getGroups(element) {
    return (groups) => {
      const technical = groups.find(({ id }) => id === TECHNICAL);
      return [
        ...remarkGroups(element, this._context),
        ...ownGroups(element, this._context),
        ...groups.filter(({ id }) => !REPLACED.has(id)),
        ...(technical ? [technicalGroup(technical, this._context)] : []),
      ].map((group) => ({ translate: this._translate, ...group })); // else its own words stay English
    };
  }
}
PanelProvider.$inject = ["propertiesPanel", "editorContext", "translate"];

function ownGroups(element, context) {
  if (element.labelTarget) return ownGroups(element.labelTarget, context);
  if (isStep(element)) return [...stepGroups(element, context), ...documentGroups(element, context), ...nextGroups(element, context)];
  if (is(element, "bpmn:Lane")) return laneGroups(element, context);
  if (getBusinessObject(element).$type === "bpmn:Collaboration") return headerGroups(element, context);
  const named = { id: "named", label: context.w("element"), shouldOpen: true, entries: nameEntries(element, context, context.w("remarks")) };
  return [named, ...headerGroups(element, context), ...flowGroups(element, context), ...otherGroups(element, context),
    ...nextGroups(element, context)];
}

// The name stands above already.
function technicalGroup(group, { w }) {
  return { ...group, label: w("technical"), shouldOpen: false, entries: group.entries.filter(({ id }) => id !== "name") };
}

function remarkGroups(element, context) {
  const { w, problems, remarks } = context;
  const found = problems(element.id);
  const said = remarks(element.id).filter(({ kind }) => kind === "suggestion");
  const accepted = remarks(element.id).filter(({ kind }) => kind === "accepted");
  const asked = remarks(element.id).filter(({ kind }) => kind === "question");
  return [
    group("problems", w("problems_here", { count: found.length }), found.map(
      (one, place) => note(`problem-${place}`, one.sentence, w(`severity_${one.severity}`), one.severity))),
    group("questions", w("questions_here", { count: asked.length }), asked.map(
      (one, place) => note(`question-${place}`, one.text, guessWords(one, w), "question")), answerLink(context, "questions")),
    group("accepted", w("accepted_here", { count: accepted.length }), accepted.map(
      (one, place) => note(`accepted-${place}`, one.answer ? `${one.text} – ${one.answer}` : one.text, w("remark_by", one), "remark"))),
    group("remarks", w("remarks_here", { count: said.length }), said.map(
      (one, place) => note(`remark-${place}`, one.text, w("remark_by", one), "remark")), answerLink(context, "suggestions")),
  ].filter(Boolean);
}

const group = (id, label, entries, last) => entries.length && { id, label, shouldOpen: true, entries: [...entries, ...(last ? [last] : [])] };

function answerLink({ w, draft }, what) {
  return what === "questions" ? link("questions-answer", w("answer_questions"), `${draft.address}/questions`)
    : link("remarks-answer", w("answer_remarks"), `/library/${draft.key}/suggestions`);
}

function guessWords({ guess, answers }, w) {
  const guessed = answers.find(({ key }) => key === guess);
  return guessed ? w("question_guess", { answer: guessed.text }) : "";
}
