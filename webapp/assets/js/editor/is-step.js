// A step: what people do, a row of the SOP's table.

import { is } from "bpmn-js/lib/util/ModelUtil";

export const isStep = (element) => is(element, "bpmn:UserTask") || is(element, "bpmn:ManualTask");
