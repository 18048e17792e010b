// Where the numbers are not the rows of what is drawn; one button numbers all anew.

export function rowProblems(modeler, nameOf, w) {
  const numbering = modeler.get("numbering");
  const remedy = { words: w("renumber"), press: () => numbering.renumber() };
  return numbering.problems().map(([kind, step, other]) => ({
    code: `rows-${kind}`, severity: "hint", element: "#rows", name: w("rows"), remedy,
    sentence: w(`rows_${kind}`, {
      name: nameOf(step.id), number: numbering.of(step), other: other && nameOf(other.id), before: other && numbering.of(other),
    }),
  }));
}
