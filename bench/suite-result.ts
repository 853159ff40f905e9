import * as z from "zod";
import type { ResultTable } from "./result-table.js";

/** JSON has no `NaN`: what was not measured is null there. */
const measured = z
  .number()
  .nullable()
  .transform((value) => value ?? Number.NaN);

const ratios = { ratio: measured, ratioLow: measured, ratioHigh: measured, rounds: z.int() };
const failure = z.string().optional();

const comparisonSchema = z.strictObject({
  name: z.string(),
  ms: measured,
  cpuMs: measured,
  ...ratios,
  walBytes: z.number().optional(),
  failure,
});

const latencySchema = z.strictObject({
  name: z.string(),
  p50Ms: measured,
  p99Ms: measured,
  perSecond: measured,
  ...ratios,
  failure,
});

const costSchema = z.strictObject({
  name: z.string(),
  unit: z.string(),
  count: z.int(),
  statements: measured,
  roundTrips: measured,
  walBytes: measured,
  cpuMs: measured,
  peakBytes: measured,
  grownBytes: measured,
  failure,
});

const title = { name: z.string(), setting: z.string() };

const tableSchema = z.union([
  z.strictObject({
    ...title,
    unit: z.strictObject({ count: z.int(), name: z.string() }),
    tenants: z.int().optional(),
    comparisons: z.array(comparisonSchema),
  }),
  z.strictObject({ ...title, latencies: z.array(latencySchema) }),
  z.strictObject({ ...title, costs: z.array(costSchema) }),
]);

const suiteResultSchema = z.strictObject({
  suite: z.string(),
  command: z.string(),
  startedAt: z.iso.datetime(),
  minutes: z.number(),
  setting: z.record(z.string(), z.string()),
  tables: z.array(tableSchema),
  failure,
});

/** The share of the processors that other programs used right before a run. */
export const BUSY_BEFORE = "processors busy before the run";

/** One run of one suite, as it is written to a file: the page about them is made of such files. */
export interface SuiteResult {
  readonly suite: string;
  readonly command: string;
  readonly startedAt: string;
  readonly minutes: number;
  /** What a figure means nothing without: versions, settings, the machine. */
  readonly setting: Readonly<Record<string, string>>;
  readonly tables: readonly ResultTable[];
  /** Why the run ended before its last table. */
  readonly failure?: string;
}

export function parseSuiteResult(json: string): SuiteResult {
  return suiteResultSchema.parse(JSON.parse(json)) as SuiteResult;
}

export function suiteResultJson(result: SuiteResult): string {
  return `${JSON.stringify(result, undefined, 2)}\n`;
}
