import { inFlagTerms } from "./in-flag-terms.js";
import { listNames } from "./name-list.js";
import type { Palette } from "./palette.js";
import { printable } from "../../report/printable.js";

interface WarnedSchema {
  readonly schema: string;
  readonly warnings: readonly string[];
}

/** Warnings that many tenants share are said once. */
export function renderWarnings(tenants: readonly WarnedSchema[], palette: Palette): readonly string[] {
  const schemas = new Map<string, string[]>();
  for (const { schema, warnings } of tenants) {
    for (const warning of warnings) {
      const alike = schemas.get(warning);
      if (alike === undefined) schemas.set(warning, [schema]);
      else alike.push(schema);
    }
  }
  if (schemas.size === 0) return [];
  return [
    "",
    ...[...schemas].map(
      ([warning, names]) => `${palette.warning("warning")} ${listNames(names)}: ${printable(inFlagTerms(warning))}`,
    ),
  ];
}
