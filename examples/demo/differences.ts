import type { Drift, VerifyReport } from "marketplace-jobs";
import { printTable } from "./console-table.js";
import type { DemoTenant } from "./fleet.js";

type Trait = readonly [heading: string, counts: (drift: Drift) => boolean];

const TRAITS: readonly Trait[] = [
  ["tables missing", ({ kind, difference }) => kind === "table" && difference === "missing"],
  ["old table names", ({ kind, difference }) => kind === "table" && difference === "misnamed"],
  ["columns missing", ({ kind, difference }) => kind === "column" && difference === "missing"],
  ["deprecated columns", ({ kind, difference }) => kind === "column" && difference === "superfluous"],
  ["ids from another schema", ({ message }) => /come from the sequence template_tenant\./.test(message)],
  ["foreign keys missing", ({ name, difference }) => name.endsWith("_fkey") && difference === "missing"],
  ["enum types", ({ found }) => found?.startsWith("batch_job_status") === true],
  ["names that differ", ({ kind, difference }) => kind !== "table" && difference === "misnamed"],
  ["useless indexes", ({ kind, difference }) => kind === "index" && difference === "superfluous"],
];

/** One column a variant, one line a way of differing from the canonical structure. */
export function printDifferences(report: VerifyReport, tenants: readonly DemoTenant[]): void {
  const examples = [...new Map(tenants.map((tenant) => [tenant.variant, tenant])).values()];
  const driftOf = (schema: string): readonly Drift[] =>
    report.tenants.find((tenant) => tenant.schema === schema)?.drift ?? [];
  const kinds = [
    ["template", driftOf("template_tenant")] as const,
    ...examples.map(({ variant, schema }) => [`variant ${variant.toUpperCase()}`, driftOf(schema)] as const),
  ];
  printTable(
    ["", ...kinds.map(([name]) => name)],
    TRAITS.map(([heading, counts]) => [heading, ...kinds.map(([, drift]) => drift.filter(counts).length || "–")]),
  );
}
