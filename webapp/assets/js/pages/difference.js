// Two diagrams that are moved together: whoever scrolls one scrolls the other to the same place.
for (const section of document.querySelectorAll("[data-together]")) {
  const sheets = [...section.querySelectorAll(".diagram-scroll")];
  const movable = sheets.some((sheet) => sheet.scrollWidth > sheet.clientWidth);
  for (const note of section.querySelectorAll("[data-together-note]")) note.hidden = !movable;
  for (const sheet of sheets) {
    sheet.addEventListener("scroll", () => {
      for (const other of sheets) {
        // Setting what it is already tells nobody: the two do not chase each other.
        if (other !== sheet && Math.abs(other.scrollLeft - sheet.scrollLeft) > 1) other.scrollLeft = sheet.scrollLeft;
      }
    });
  }
}
