import * as z from "zod";
import { columnUseSchema } from "../column-use/column-use.js";

const count = z.int().min(0);
const names = z.array(z.string());

/** What is not looked at is never said to be clear. */
const notInspected = z.object({
  database: z.string(),
  /**
   * `catalog`: views, functions, triggers, indexes and the like. `rows`: what nothing but the column holds. `running`:
   * pg_stat_activity. `recorded`: pg_stat_statements.
   */
  part: z.enum(["catalog", "rows", "running", "recorded"]),
  reason: z.string(),
  hint: z.string().optional(),
  /** How many schemas this is about, where it is not about the whole database. */
  schemas: count.optional(),
});

const rowsAtStake = z.object({
  /** Jobs whose string no batch holds that they are linked to, since they are linked to none. 0005 links them first. */
  unlinked: count,
  /** Jobs that are linked to a batch with another string. 0005 refuses. */
  conflicting: count,
});

export const inspectedStates = [
  "clear",
  "in-use",
  "maybe-in-use",
  "not-inspected",
  "no-column",
  "no-table",
  "gone",
] as const;

const state = z.enum(inspectedStates);
const role = z.enum(["template", "tenant"]);

const inspectedTenant = z.object({
  database: z.string(),
  schema: z.string(),
  role,
  state,
  /** Its group's number. */
  group: count,
  uses: z.array(columnUseSchema),
  rows: rowsAtStake.optional(),
  /** Why its rows were not counted. */
  notInspected: z.string().optional(),
});

const inspectedGroup = z.object({
  group: count,
  role,
  state,
  schemas: count,
  /** The first of them, in the order of the tenants. */
  example: z.object({ database: z.string(), schema: z.string() }),
  /** The group in one line: `blocked by view by_string; index of_status would vanish`. */
  summary: z.string(),
});

const runningStatement = z.object({
  database: z.string(),
  pid: z.int(),
  applicationName: z.string(),
  user: z.string(),
  /** As pg_stat_activity has it. A session that is `idle` has executed the statement and waits for the next. */
  state: z.string(),
  /** Since the statement began. */
  ageMs: z.number().min(0),
  /** The schemas of the inspection that the statement names; none where it leaves them to the search path. */
  tenants: names,
});

const recordedStatement = z.object({
  database: z.string(),
  /** The first few `queryid` of pg_stat_statements, by calls. */
  queryIds: names,
  /** How many entries differ from this one in their schemas and constants alone, itself included. */
  entries: count,
  calls: z.number().min(0),
  users: names,
  /**
   * The schemas of the inspection that the statements name; none where they leave them to the search path, and none from
   * PostgreSQL 18 on, which records the statements of all tenants as one.
   */
  tenants: names,
});

/**
 * The schema of {@link ColumnUseReport}; `version` moves only with a major release. A minor one may add fields: those
 * that this release does not know, at whatever depth, are left out of what is read.
 */
export const columnUseReportSchema = z.object({
  version: z.literal(1),
  table: z.string(),
  column: z.string(),
  verdict: z.enum(["clear", "in-use", "maybe-in-use", "not-fully-inspected"]),
  startedAt: z.iso.datetime(),
  durationMs: z.number().min(0),
  /** Schemas by state. */
  summary: z.object({
    clear: count,
    "in-use": count,
    "maybe-in-use": count,
    "not-inspected": count,
    "no-column": count,
    "no-table": count,
    gone: count,
  }),
  groups: z.array(inspectedGroup),
  tenants: z.array(inspectedTenant),
  /** Functions in schemas that are not inspected, such as `public`, whose bodies name the column. */
  functions: z.array(z.object({ database: z.string(), name: z.string(), tenants: names })),
  statements: z.object({
    running: z.array(runningStatement),
    recorded: z.array(recordedStatement),
    /** Since when each database records statements, and how many it has given up for lack of room. */
    records: z.array(
      z.object({ database: z.string(), since: z.iso.datetime().nullable(), evictions: z.number().min(0) }),
    ),
  }),
  notInspected: z.array(notInspected),
});

/**
 * What still uses a column, over all tenants; plain data that survives `JSON.stringify`, without any statement's text
 * and any row's contents.
 *
 * `verdict`: `in-use` when something would break, vanish or be lost, or a statement names the column; else
 * `maybe-in-use` when a function's body names it; else `not-fully-inspected` when something could not be looked at,
 * which `notInspected` lists; else `clear`.
 *
 * `groups` puts schemas together in which the same uses it, the largest first. `tenants` holds those with something to
 * tell: `in-use`, `maybe-in-use`, `not-inspected` and `gone`. Schemas that are `clear`, that have the column no more
 * (`no-column`) or not the table (`no-table`) are counted in their groups alone.
 */
export interface ColumnUseReport extends z.output<typeof columnUseReportSchema> {
  groups: InspectedGroup[];
  tenants: InspectedTenant[];
  notInspected: NotInspected[];
}

/** Schemas in which the same uses the column. */
export interface InspectedGroup extends z.output<typeof columnUseReportSchema.shape.groups.element> {}

/** What uses the column in one schema. */
export interface InspectedTenant extends z.output<typeof columnUseReportSchema.shape.tenants.element> {}

/** What could not be looked at, and why. */
export interface NotInspected extends z.output<typeof columnUseReportSchema.shape.notInspected.element> {}
