import type { StructureGroup, TenantVerification, VerifyReport } from "../verify/verify-report.js";
import { type Markup, markup } from "./markup.js";
import { counted, grouped } from "./quantity.js";
import { nameOf } from "./reported-schema.js";
import type { Tone } from "./tone.js";

/** The largest groups are told in full; a fleet in which every schema is different would need as many pages. */
const GROUPS_SHOWN = 200;

const DRIFTED_TONES: readonly Tone[] = ["bad", "bad-2", "bad-3", "bad-4"];

/** The groups of a report as its page speaks of them. */
export interface ShownGroups {
  /** The largest first, not more than a page can hold. */
  readonly shown: readonly StructureGroup[];
  /** How many schemas are in the groups that are not shown. */
  readonly others: number;
  /** The drifted groups that are shown, each with the looks of its cells. */
  readonly tones: ReadonlyMap<number, Tone>;
}

export function showGroups({ groups }: VerifyReport): ShownGroups {
  const largestFirst = groups.toSorted((a, b) => b.tenants - a.tenants);
  const shown = largestFirst.slice(0, GROUPS_SHOWN);
  const drifted = shown.filter(({ state }) => state === "drifted").map(({ group }) => group);
  const tones = new Map(drifted.map((group, index) => [group, DRIFTED_TONES[index] ?? "bad-5"]));
  return {
    shown,
    others: largestFirst.slice(GROUPS_SHOWN).reduce((sum, { tenants }) => sum + tenants, 0),
    tones,
  };
}

export function toneOf({ state, group, pending }: TenantVerification, { tones }: ShownGroups): Tone {
  if (state === "drifted") return tones.get(group ?? -1) ?? "bad-5";
  if (state === "unreadable") return "ahead";
  if (state === "gone") return "gone";
  return pending.length > 0 ? "back" : "good";
}

export function groupAnchor(group: number): string {
  return `group-${group}`;
}

/** All structures that were met, a row each. */
export function groupTable({ shown, others, tones }: ShownGroups): Markup {
  const rows = shown.map(
    ({ group, tenants, role, state, migration, fingerprint, example }) => markup`<tr><th scope="row">${
      state === "drifted"
        ? markup`<span class="swatch ${tones.get(group) ?? "bad-5"}"></span> <a href="#${groupAnchor(group)}">group ${group}</a>`
        : markup`group ${group}`
    }</th><td class="number">${grouped(tenants)}</td><td>${role}</td><td>${state}</td><td>${migration ?? "–"}</td><td><code>${fingerprint.slice(0, 12)}</code></td><td class="name">${nameOf(example)}</td></tr>
`,
  );
  return markup`<div class="scroll" tabindex="0" role="region" aria-label="Structures"><table>
<thead><tr><th scope="col">Group</th><th scope="col" class="number">Schemas</th><th scope="col">Role</th><th scope="col">State</th><th scope="col">Stands at</th><th scope="col">Fingerprint</th><th scope="col">Example</th></tr></thead>
<tbody>
${rows}</tbody></table></div>
${others === 0 ? [] : markup`<p>Smaller groups, with ${counted(others, "schema")} in all, are in the report as JSON.</p>`}`;
}
