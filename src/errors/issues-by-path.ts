import * as z from "zod";

/** One mistake of an input: where it is, and what is wrong there. */
export interface InputIssue {
  readonly path: string;
  readonly message: string;
}

/** How zod says that none of several forms fits, where the schema has no words of its own. */
const NO_FORM_FITS = "Invalid input";

/** The mistakes of an input, each at its own path: where none of several forms fits, those of the likeliest form. */
export function issuesByPath(issues: readonly z.core.$ZodIssue[]): InputIssue[] {
  return issues.flatMap((issue) =>
    withinForms(issue).map(({ path, message }) => ({ path: z.core.toDotPath(path), message })),
  );
}

interface PlacedIssue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

function withinForms(issue: z.core.$ZodIssue): PlacedIssue[] {
  const { path, message } = issue;
  const hasForms = issue.code === "invalid_union" && message === NO_FORM_FITS && issue.errors.length > 0;
  if (!hasForms) return [{ path, message }];
  const forms = issue.errors.map((errors) => errors.flatMap(withinForms));
  // A form that was recognised, and has mistakes further inside, is the one that was meant.
  const recognised = forms.filter((form) => form.length > 0 && form.every((inside) => inside.path.length > 0));
  const [meant] = recognised;
  if (meant !== undefined && recognised.length === 1) {
    return meant.map((inside) => ({ path: [...path, ...inside.path], message: inside.message }));
  }
  const messages = new Set(forms.flat().map((inside) => inside.message.replace(`${NO_FORM_FITS}: `, "")));
  return [{ path, message: `${NO_FORM_FITS}: ${[...messages].join(", or ")}` }];
}
