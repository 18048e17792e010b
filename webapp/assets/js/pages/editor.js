// The editor of diagrams; its modules lie in ../editor.
import { start } from "../editor/start.js";

start();
