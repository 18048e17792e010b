// Standard times: PT10M, PT2H, PT1H30M in working time, P4D in working days.

export const UNITS = ["minutes", "hours", "days"];
const WRITTEN = { minutes: (n) => `PT${n}M`, hours: (n) => `PT${n}H`, days: (n) => `P${n}D` };

export function read(text) {
  const found = /^P(?:(\d+)D|T(?:(\d+)H)?(?:(\d+)M)?)$/.exec(text || "");
  if (!found) return null;
  const [, days, hours, minutes] = found.map((part) => Number(part || 0));
  if (days) return { number: days, unit: "days" };
  if (minutes) return { number: 60 * hours + minutes, unit: "minutes" };
  return hours ? { number: hours, unit: "hours" } : null;
}

export function write(number, unit) {
  return /^[1-9]\d{0,4}$/.test(String(number).trim()) ? WRITTEN[unit](Number(number)) : undefined;
}
