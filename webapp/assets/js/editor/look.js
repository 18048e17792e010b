// The house's colours and type inside a diagram; theme.css has the same values as tokens.

const INK = "#1a2130";
const INK_2 = "#4b5568";

export const RENDERER = { defaultFillColor: "#fff", defaultStrokeColor: INK_2, defaultLabelColor: INK };

const family = '"Source Sans 3", "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';
export const TEXT = {
  defaultStyle: { fontFamily: family, fontSize: 14, lineHeight: 1.2 },
  externalStyle: { fontSize: 13, lineHeight: 1.2 },
};

// No red: a red shape would say that it is late.
export const COLOURS = [
  { label: "Default", fill: undefined, stroke: undefined },
  { label: "Blue", fill: "#e6eaf6", stroke: "#2a3f86" },
  { label: "Green", fill: "#e0f0e8", stroke: "#1d6346" },
  { label: "Brown", fill: "#f9eed9", stroke: "#7a4c0b" },
  { label: "Grey", fill: "#f6f7f9", stroke: "#4b5568" },
];
