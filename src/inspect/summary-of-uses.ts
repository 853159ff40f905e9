import { useInWords } from "../column-use/use-in-words.js";
import type { InspectedTenant } from "./column-use-report.js";

/** How many uses a line names. */
const USES_SHOWN = 3;

const WITHOUT_FINDING: Readonly<Record<InspectedTenant["state"], string>> = {
  clear: "nothing in the schema uses it",
  "in-use": "",
  "maybe-in-use": "",
  "not-inspected": "",
  "no-column": "has no such column",
  "no-table": "has no such table",
  gone: "vanished while it was inspected",
};

/** What was found in one schema, in one line. */
export function summaryOfUses({
  state,
  uses,
  rows,
  notInspected,
}: Pick<InspectedTenant, "state" | "uses" | "rows" | "notInspected">): string {
  // What is certain before what may be.
  const ordered = uses.toSorted((a, b) => Number(a.effect === "names") - Number(b.effect === "names"));
  const said = [
    ...ordered.slice(0, USES_SHOWN).map(useInWords),
    ...(uses.length > USES_SHOWN ? [`${uses.length - USES_SHOWN} more`] : []),
    ...((rows?.conflicting ?? 0) > 0 ? ["jobs are linked to a batch with another string"] : []),
    ...((rows?.unlinked ?? 0) > 0 ? ["jobs have a string and no batch"] : []),
    ...(notInspected === undefined ? [] : [`not inspected: ${notInspected}`]),
  ];
  return said.join("; ") || WITHOUT_FINDING[state];
}
