// Conditions that are built by choosing: one field of one step, compared with one value. Anything else is text.

const SIMPLE = /^\s*([A-Za-z_]\w*)\[(?:"([^"\\]*)"|'([^'\\]*)')\]\s*(==|!=|>=|<=|>|<)\s*(.+?)\s*$/s;
const LITERAL = /^(?:"([^"\\]*)"|'([^'\\]*)'|(-?\d+(?:\.\d+)?)|(True|False))$/;

export const OPERATORS = ["==", "!=", ">", ">=", "<", "<="];
export const NUMBERS = new Set(["number"]);
export const TICKS = new Set(["checkbox"]);

export function parse(text) {
  const found = SIMPLE.exec(text || "");
  const literal = found && LITERAL.exec(found[5]);
  if (!literal) return null;
  const value = literal.slice(1).find((part) => part !== undefined);
  return { step: found[1], field: found[2] ?? found[3], operator: found[4], value };
}

export function build({ step, field, operator, value }, type) {
  const bare = NUMBERS.has(type) && /^-?\d+(\.\d+)?$/.test(value) || TICKS.has(type) && /^(True|False)$/.test(value);
  return `${step}["${field}"] ${operator} ${bare ? value : JSON.stringify(value)}`;
}

// Comparing sizes makes sense for numbers and dates only.
export const operatorsFor = (type) => (NUMBERS.has(type) || /date|time/.test(type || "") ? OPERATORS : OPERATORS.slice(0, 2));
