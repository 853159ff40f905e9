import type { TenantColumn } from "../column-use/column-use.js";
import { readColumnUses, type SchemaColumn } from "../column-use/read-column-uses.js";
import type { NamedDatabase } from "../sync/sync-databases.js";
import { DEFAULT_CONCURRENCY } from "../sync/sync-defaults.js";
import { readSqlError } from "../tenancy/sql-error.js";
import type { ColumnUseReport, NotInspected } from "./column-use-report.js";
import { readFunctionsElsewhere } from "./functions-elsewhere.js";
import type { InspectSettings } from "./inspect-options.js";
import { readRecordedStatements } from "./recorded-statements.js";
import { hasRowsAtStake, readRowsAtStake, type RowsReading } from "./rows-at-stake.js";
import { readRunningStatements } from "./running-statements.js";
import { readOtherTables, statementReader } from "./statement-reader.js";
import type { Reason, RunningStatements, StatementHistory } from "./statement-reading.js";

export interface WantedSchema {
  readonly schema: string;
  readonly role: "template" | "tenant";
}

/** What the catalog of one database says. */
export interface DatabaseColumn {
  readonly database: NamedDatabase;
  readonly schemas: readonly WantedSchema[];
  /** By schema; one that is not in it has vanished. */
  readonly columns: ReadonlyMap<string, SchemaColumn>;
  /** The catalog could not be read. */
  readonly failure?: Reason | undefined;
}

export interface InspectedDatabase extends DatabaseColumn {
  /** By schema; one that has the column and is not in it was changed meanwhile, where rows are asked for at all. */
  readonly rows: ReadonlyMap<string, RowsReading>;
  readonly areRowsAsked: boolean;
  readonly functions: readonly Omit<ColumnUseReport["functions"][number], "database">[];
  readonly running: RunningStatements;
  readonly recorded: StatementHistory;
  readonly notInspected: readonly Omit<NotInspected, "database">[];
}

const NOTHING = { found: [], notInspected: [] };

/** The first look, which also tells whether the column exists at all. */
export async function readDatabaseColumn(
  database: NamedDatabase,
  schemas: readonly WantedSchema[],
  { table, column, signal }: InspectSettings,
): Promise<DatabaseColumn> {
  signal?.throwIfAborted();
  try {
    const names = schemas.map(({ schema }) => schema);
    const params = { table, column, schemas: names, concurrency: DEFAULT_CONCURRENCY, signal };
    return { database, schemas, columns: await readColumnUses(database.db, params) };
  } catch (error) {
    const { sqlState, message } = readSqlError(error);
    if (sqlState !== "42501") throw error;
    const hint = "The role needs SELECT on the tables of pg_catalog, which PostgreSQL grants to everybody.";
    return { database, schemas, columns: new Map(), failure: { reason: message, hint } };
  }
}

/** The rest of the inspection of one database; nothing more is asked of one that has no such column. */
export async function inspectDatabase(found: DatabaseColumn, settings: InspectSettings): Promise<InspectedDatabase> {
  const { database, columns, failure } = found;
  const { signal } = settings;
  const present = found.schemas.map(({ schema }) => schema).filter((name) => columns.get(name)?.hasColumn === true);
  const areRowsAsked = hasRowsAtStake(settings);
  const base = { ...found, areRowsAsked, rows: new Map<string, RowsReading>(), functions: [] };
  if (failure !== undefined) {
    return { ...base, running: NOTHING, recorded: NOTHING, notInspected: everythingBecause(failure, settings, found) };
  }
  if (present.length === 0) return { ...base, running: NOTHING, recorded: NOTHING, notInspected: [] };
  const { db } = database;
  const params = { ...columnOf(settings), otherTables: await readOtherTables(db, present, settings) };
  const reader = statementReader(params, new Set(present));
  // Before the rows are counted, by statements that name the column themselves.
  signal?.throwIfAborted();
  const running = settings.statements === "none" ? NOTHING : await readRunningStatements(db, reader);
  const recorded = settings.statements === "all" ? await readRecordedStatements(db, reader) : NOTHING;
  signal?.throwIfAborted();
  const schemas = new Set(found.schemas.map(({ schema }) => schema));
  const functions = await readFunctionsElsewhere(db, reader, { ...params, schemas });
  const rows = areRowsAsked ? await readRowsAtStake(db, present, signal) : base.rows;
  const vanished = areRowsAsked ? present.filter((schema) => !rows.has(schema)) : [];
  return {
    ...base,
    columns: await lookAgain(found, vanished, settings),
    rows,
    functions,
    running,
    recorded,
    notInspected: [
      ...uncounted(rows),
      ...running.notInspected.map((reason) => ({ part: "running" as const, ...reason })),
      ...recorded.notInspected.map((reason) => ({ part: "recorded" as const, ...reason })),
    ],
  };
}

/** What has become of schemas whose tables could not be found any more. */
async function lookAgain(
  { database, columns }: DatabaseColumn,
  vanished: readonly string[],
  { signal, ...settings }: InspectSettings,
): Promise<DatabaseColumn["columns"]> {
  if (vanished.length === 0) return columns;
  const params = { ...columnOf(settings), schemas: vanished, concurrency: DEFAULT_CONCURRENCY, signal };
  const now = await readColumnUses(database.db, params);
  const others = [...columns].filter(([schema]) => !vanished.includes(schema));
  return new Map([...others, ...now]);
}

function columnOf({ table, column }: TenantColumn): TenantColumn {
  return { table, column };
}

function uncounted(rows: ReadonlyMap<string, RowsReading>): Omit<NotInspected, "database">[] {
  const reasons = [...rows.values()].filter((reading) => "reason" in reading);
  return [...Map.groupBy(reasons, ({ reason }) => reason).values()].flatMap((alike) =>
    alike.slice(0, 1).map((reason) => ({ part: "rows" as const, ...reason, schemas: alike.length })),
  );
}

function everythingBecause(
  failure: Reason,
  settings: InspectSettings,
  { schemas }: DatabaseColumn,
): Omit<NotInspected, "database">[] {
  const parts: readonly NotInspected["part"][] = [
    "catalog",
    ...(hasRowsAtStake(settings) ? (["rows"] as const) : []),
    ...(settings.statements === "none" ? [] : (["running"] as const)),
    ...(settings.statements === "all" ? (["recorded"] as const) : []),
  ];
  return parts.map((part) => ({
    part,
    ...failure,
    ...(part === "catalog" || part === "rows" ? { schemas: schemas.length } : {}),
  }));
}
