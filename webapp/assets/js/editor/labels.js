// A name that was looked at and left as it was is no change: else the next press of undo would take back nothing that one sees.

import { is } from "bpmn-js/lib/util/ModelUtil";
import { getLabel } from "bpmn-js/lib/util/LabelUtil";

export class Labels {
  constructor(labelEditingProvider) {
    const update = labelEditingProvider.update.bind(labelEditingProvider);
    labelEditingProvider.update = (element, words, ...more) => {
      if (is(element, "bpmn:TextAnnotation") || words.trim() !== (getLabel(element) || "")) update(element, words, ...more);
    };
  }
}
Labels.$inject = ["labelEditingProvider"];
