// Two diagrams that are looked at together: whoever scrolls one scrolls the other to the same place, and both
// are made larger and smaller at once. Without this file each scrolls by itself and is as large as it was drawn.
const STEP = 1.25;
const SMALLEST = 0.4;
const LARGEST = 4;

for (const section of document.querySelectorAll("[data-together]")) {
  const sheets = [...section.querySelectorAll(".diagram-scroll")];
  const note = section.querySelector("[data-together-note]");
  const tell = () => {
    note.hidden = !sheets.some((sheet) => sheet.scrollWidth > sheet.clientWidth);
  };
  for (const sheet of sheets) {
    sheet.addEventListener("scroll", () => {
      for (const other of sheets) {
        // Setting what it is already tells nobody: the two do not chase each other.
        if (other !== sheet && Math.abs(other.scrollLeft - sheet.scrollLeft) > 1) other.scrollLeft = sheet.scrollLeft;
      }
    });
  }
  tell();
  zoomTogether(section, sheets, tell);
}

// The server makes the width of a drawing by two empty pictures (no inline style is allowed), so does this.
function zoomTogether(section, sheets, changed) {
  const bar = section.querySelector("[data-zoom]");
  const drawings = sheets.map((sheet) => ({
    sheet,
    picture: sheet.querySelector(".diagram-sheet > svg"),
    gaps: [...sheet.querySelectorAll(".ruler > svg")],
  })).filter(({ picture, gaps }) => picture && gaps.length === 2);
  if (!bar || !drawings.length) return;
  const drawn = drawings.map(({ gaps }) => gaps.map((gap) => gap.getAttribute("width")));
  const now = bar.querySelector("output");
  let scale = null; // null: as the server drew it

  const shown = ({ picture }) => picture.clientWidth / picture.viewBox.baseVal.width;
  const show = () => {
    const middles = drawings.map(({ sheet }) => (sheet.scrollLeft + sheet.clientWidth / 2) / sheet.scrollWidth);
    drawings.forEach(({ picture, gaps }, place) => {
      const width = scale === null ? drawn[place] : [Math.round(picture.viewBox.baseVal.width * scale), 0];
      gaps.forEach((gap, side) => gap.setAttribute("width", width[side]));
    });
    // The first leads: both are at the same place afterwards.
    drawings[0].sheet.scrollLeft = middles[0] * drawings[0].sheet.scrollWidth - drawings[0].sheet.clientWidth / 2;
    now.textContent = `${Math.round(shown(drawings[0]) * 100)} %`;
    changed();
  };
  bar.addEventListener("click", (event) => {
    const button = event.target.closest("[data-zoom-by]");
    if (!button) return;
    const by = Number(button.dataset.zoomBy);
    scale = by === 0 ? null : Math.min(LARGEST, Math.max(SMALLEST, (scale ?? shown(drawings[0])) * STEP ** by));
    show();
  });
  bar.hidden = false;
  show();
}
