// Comfort for forms that work without it: drafts saved while typing, rows added, removed and pasted in place.
// Names and ids of a row are key.N.column; the server's template row has __n__ (from 0) and __row__ (from 1).

const PAUSE = 1000; // ms after the last keystroke
const LONGEST = 10000; // ms of typing without a pause
const RETRIES = [2000, 4000, 8000, 15000, 30000];

function autosave(form) {
  const state = document.querySelector("[data-save-state]");
  let pause = 0, latest = 0, tries = 0, changes = 0, saved = 0, running = false, leaving = false, goneBackTo = false;

  const say = (key, time = "") => {
    if (!state) return;
    state.dataset.saveState = ["refused", "elsewhere", "closed"].includes(key) ? "failed" : key;
    const words = state.querySelector("[data-save-words]") || state;
    words.textContent = (state.dataset[key] || "").replace("{time}", time);
  };

  const typed = () => {
    const body = new FormData(form);
    for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
    if (goneBackTo) body.append("act:gone-back", "1"); // what is saved from now on was typed after the form was sent
    return body;
  };

  const later = (wait) => { clearTimeout(pause); pause = setTimeout(save, wait); };

  async function save() {
    clearTimeout(pause); clearTimeout(latest); latest = 0;
    if (running || leaving || changes === saved) return;
    running = true;
    const at = changes;
    say("saving");
    try {
      const answer = await fetch(form.dataset.draftUrl, {
        method: "POST", body: typed(), credentials: "same-origin", redirect: "manual",
        headers: { Accept: "application/json", "X-Requested-With": "fetch" },
      });
      if (answer.status === 409) {
        // Another page has changed the draft: the server keeps this beside it, and says so each time.
        const { elsewhere } = await answer.json();
        saved = at; tries = 0; running = false;
        say("elsewhere", elsewhere);
        return changes === saved || later(PAUSE);
      }
      if (!answer.ok) throw Object.assign(new Error(), { refused: answer.type === "opaqueredirect" || answer.status < 500 });
      const told = await answer.json().catch(() => ({}));
      const revision = form.elements.namedItem("revision");
      if (revision && told.revision) revision.value = told.revision;
      saved = at; tries = 0;
      say(told.closed ? "closed" : "saved", told.saved || new Date().toTimeString().slice(0, 5).replace(":", "."));
    } catch (error) {
      say(error.refused ? "refused" : "failed");
      running = false;
      return later(RETRIES[Math.min(tries++, RETRIES.length - 1)]);
    }
    running = false;
    if (changes !== saved) later(PAUSE);
  }

  const changed = (event) => {
    if (event && (event.target.type === "file" || event.target.name.startsWith("act:"))) return; // not the draft's
    changes += 1;
    later(PAUSE);
    if (!latest) latest = setTimeout(save, LONGEST);
  };

  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("rowschanged", () => changed());
  form.addEventListener("submit", (event) => { if (!event.defaultPrevented) leaving = true; });
  addEventListener("pageshow", (event) => { goneBackTo ||= event.persisted; leaving = false; });
  addEventListener("online", save);
  document.addEventListener("visibilitychange", () => { if (document.hidden) save(); });
  addEventListener("beforeunload", (event) => { if (!leaving && changes !== saved) { save(); event.preventDefault(); } });
}

function list(field) {
  const key = field.dataset.list;
  const rows = field.querySelector("[data-rows]");
  const template = document.querySelector(`template[data-row-template="${key}"]`);
  const status = field.querySelector("[data-list-status]");
  const add = field.querySelector(`button[name="add:${key}"]`);
  const all = () => [...rows.querySelectorAll(":scope > [data-row]")];
  const controls = (row) => [...row.querySelectorAll("input, textarea, select")];
  const columnOf = (control) => control.name.slice(key.length + 1).replace(/^[^.]*\./, "");
  const columns = () => [...new Set(controls(template.content.querySelector("[data-row]")).map(columnOf))];
  const tell = (words, n) => { status.textContent = (words || "").replace("{n}", n); };
  const announce = () => field.dispatchEvent(new CustomEvent("rowschanged", { bubbles: true }));

  // A row's place stands in names, ids and what points to them; its number in words.
  function number(row, n) {
    const place = new RegExp(`(^|[ #])${key}\\.[^.\\s]+\\.`, "g");
    for (const node of [row, ...row.querySelectorAll("*")]) {
      for (const name of ["name", "id", "for", "aria-describedby"]) {
        const value = node.getAttribute(name);
        if (value && value.includes(key + ".")) node.setAttribute(name, value.replace(place, `$1${key}.${n}.`));
      }
      if (node.name && node.name.startsWith(`remove:${key}:`)) node.name = `remove:${key}:${n}`;
      if (node.hasAttribute("data-row-number")) node.textContent = n + 1;
    }
    row.id = field.dataset.anchor.replace("__row__", n + 1);
    const link = row.querySelector(".row-summary a");
    if (link) link.href = "#" + row.id;
  }

  const renumber = () => all().forEach(number);
  const empty = (row) => controls(row).every((one) => one.type === "checkbox" || one.type === "radio" ? one.checked === one.defaultChecked : !one.value.trim());

  function append() {
    const row = document.importNode(template.content.querySelector("[data-row]"), true);
    rows.append(row);
    number(row, all().length - 1);
    return row;
  }

  const plain = (text) => text.trim().replace(/\s+/g, " ").toLowerCase();

  function put(control, text) {
    if (control.type === "checkbox") control.checked = ["ya", "yes", "true", "1", "x", "v", "✓"].includes(plain(text));
    else if (control.tagName === "SELECT") {
      const option = [...control.options].find((one) => plain(one.text) === plain(text) || one.value === text.trim());
      if (option) control.value = option.value;
      else if (text.trim()) { // what is no option stays as it was typed; the server says which ones there are
        control.add(new Option(`${text.trim()} ${field.dataset.lost}`, text.trim(), false, true));
        control.setAttribute("aria-invalid", "true");
        control.addEventListener("change", () => control.removeAttribute("aria-invalid"), { once: true });
      }
    } else control.value = control.tagName === "TEXTAREA" ? text : text.replace(/\s*\n\s*/g, " ");
  }

  field.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.name.startsWith(`remove:${key}:`)) {
      event.preventDefault();
      const row = button.closest("[data-row]"), n = all().indexOf(row);
      row.remove(); renumber(); tell(field.dataset.removed, n + 1); announce();
      const next = all()[Math.min(n, all().length - 1)];
      (next ? next.querySelector(`button[name^="remove:"]`) : add).focus();
    } else if (button === add && button.value !== "paste") {
      const box = field.querySelector(`textarea[name="${key}.paste"]`);
      if (all().length >= Number(field.dataset.most) || (box && box.value.trim())) return;
      event.preventDefault();
      const row = append();
      tell(field.dataset.added, all().length); announce();
      if (matchMedia("(max-width: 991.98px)").matches) row.scrollIntoView({ block: "nearest" });
      const first = controls(row)[0];
      if (first) first.focus();
    }
  });

  // Cells copied from a spreadsheet and pasted into a cell fill the table from there.
  field.addEventListener("paste", (event) => {
    const control = event.target, row = control.closest && control.closest("[data-row]");
    const text = event.clipboardData ? event.clipboardData.getData("text/plain") : "";
    if (!row || !text.includes("\t")) return;
    const from = columns().indexOf(columnOf(control)), start = all().indexOf(row);
    const grid = from ? cells(text) : data(cells(text));
    if (!grid.length || start + grid.length > Number(field.dataset.most)) return;
    event.preventDefault();
    const filled = grid.filter((line, down) => line.some((cell, across) => differs(start + down, from + across, cell))).length;
    const fill = (at) => { place(grid, from, at); control.focus(); };
    if (filled) ask(filled, fill, start, grid.length, () => control.focus()); else fill(start);
  });

  // A first line of column names and a first column of running numbers are no data.
  function data(grid) {
    const heads = [...field.querySelectorAll("thead th:not(.row-summary)")].map((head) => plain(head.firstChild.textContent));
    const named = grid[0].filter((cell) => heads.includes(plain(cell))).length > 1;
    const lines = named ? grid.slice(1) : grid;
    const numbered = lines.every((line, n) => line.length > columns().length && line[0].trim().replace(/\.$/, "") === String(n + 1));
    return numbered ? lines.map((line) => line.slice(1)) : lines;
  }

  function into(row, column) {
    const found = row ? controls(row).filter((one) => columnOf(one) === columns()[column]) : [];
    return found.length === 1 ? found[0] : null;
  }

  function differs(at, column, cell) {
    const control = into(all()[at], column);
    if (!control || control.type === "checkbox" || !control.value.trim()) return false;
    return plain(control.tagName === "SELECT" ? control.selectedOptions[0].text : control.value) !== plain(cell);
  }

  function place(grid, from, start) {
    grid.forEach((line, down) => {
      const row = all()[start + down] || append();
      line.forEach((cell, across) => { const control = into(row, from + across); if (control) put(control, cell); });
    });
    tell(field.dataset.pasted, grid.length); announce();
  }

  // Filled rows are replaced only when that is said; else what was pasted comes below them.
  function ask(filled, fill, start, length, leave) {
    const question = document.querySelector("template[data-paste-template]");
    field.querySelectorAll(".paste-ask").forEach((old) => old.remove());
    const box = document.importNode(question.content.firstElementChild, true), words = box.querySelector("[data-paste-words]");
    const below = all().length - [...all()].reverse().findIndex((row) => !empty(row));
    words.textContent = question.dataset.pasteTemplate.replace("{n}", filled);
    box.querySelector("[data-paste=append]").hidden = below + length > Number(field.dataset.most);
    (rows.closest("table") || rows).before(box);
    words.focus();
    box.onclick = (event) => {
      const button = event.target.closest("[data-paste]");
      if (!button) return;
      box.remove();
      if (button.dataset.paste === "replace") fill(start);
      else if (button.dataset.paste === "append") fill(below);
      else leave();
    };
  }

  field.addEventListener("input", (event) => {
    const row = event.target.closest("[data-row]");
    if (row && !empty(row)) row.classList.add("stands-open"); // a card does not close while it is being filled
  });
}

// Lines and tabs, with quotation marks around cells that hold lines, as spreadsheets copy them.
function cells(text) {
  const rows = [[]];
  const pattern = /(?:"((?:[^"]|"")*)"(?=[\t\r\n]|$)|([^\t\r\n]*))(\t|\r\n|\r|\n|$)/g;
  for (const found of text.replace(/[\r\n]+$/, "").matchAll(pattern)) {
    rows[rows.length - 1].push(found[1] === undefined ? found[2] : found[1].replace(/""/g, '"'));
    if (!found[3]) break;
    if (found[3] !== "\t") rows.push([]);
  }
  return rows;
}

for (const form of document.querySelectorAll("form[data-draft-url]")) autosave(form);
for (const field of document.querySelectorAll("fieldset[data-list]")) list(field);
const problems = document.getElementById("problems");
if (problems) problems.focus();
