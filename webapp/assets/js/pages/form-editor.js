// The editor of one form: form-js's, with the kinds of fields that the server draws and nothing else.
import { open } from "../form-editor/opening";

const place = document.querySelector("[data-form-editor]");
if (place) open(place);
