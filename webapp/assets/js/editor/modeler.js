// The modeler: bpmn-js with our extension, our panel, and only what the office's processes can be made of.

import { BpmnPropertiesPanelModule, BpmnPropertiesProviderModule } from "bpmn-js-properties-panel";
import { CreateAppendAnythingModule } from "bpmn-js-create-append-anything";
import colorPicker from "bpmn-js-color-picker";
import Modeler from "bpmn-js/lib/Modeler";
import grid from "diagram-js-grid";
import minimap from "diagram-js-minimap";
import tokenSimulation from "bpmn-js-token-simulation";

import { descriptor } from "./descriptor.js";
import { Extension } from "./extension.js";
import { Inserting } from "./inserting.js";
import { Labels } from "./labels.js";
import { Lanes } from "./lanes.js";
import { Lines } from "./lines.js";
import { Naming } from "./naming.js";
import { Numbering } from "./numbering.js";
import { Offered } from "./offered.js";
import { PanelFollowing } from "./panel/following.js";
import { PanelProvider } from "./panel/provider.js";
import { pendingInputs } from "./pending-inputs.js";
import { Room } from "./room.js";
import { StepRenderer } from "./renderer.js";
import { COLOURS, RENDERER, TEXT } from "./look.js";
import { translateTo } from "./terms.js";

export function makeModeler({ canvas, panel, language, context }) {
  const own = {
    __init__: [
      "offered", "inserting", "labels", "lanes", "lines", "naming", "numbering", "panelFollowing", "panelProvider", "stepRenderer",
    ],
    sop: ["type", Extension],
    offered: ["type", Offered],
    inserting: ["type", Inserting],
    labels: ["type", Labels],
    lanes: ["type", Lanes],
    lines: ["type", Lines],
    room: ["type", Room],
    naming: ["type", Naming],
    numbering: ["type", Numbering],
    panelFollowing: ["type", PanelFollowing],
    panelProvider: ["type", PanelProvider],
    stepRenderer: ["type", StepRenderer],
    editorContext: ["value", context],
    debounceInput: ["factory", pendingInputs],
    translate: ["value", translateTo(language)],
  };
  return new Modeler({
    container: canvas,
    propertiesPanel: { parent: panel },
    moddleExtensions: { sop: descriptor },
    colorPicker: { colors: COLOURS },
    bpmnRenderer: RENDERER,
    textRenderer: TEXT,
    additionalModules: [
      BpmnPropertiesPanelModule, BpmnPropertiesProviderModule, CreateAppendAnythingModule, colorPicker, grid, minimap,
      tokenSimulation, own,
    ],
  });
}
