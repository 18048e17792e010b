// The editor of diagrams.
import Modeler from "bpmn-js/lib/Modeler";

window.Modeler = Modeler;
