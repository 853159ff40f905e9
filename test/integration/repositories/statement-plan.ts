import {
  type CompiledQuery,
  type DatabaseConnection,
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
} from "kysely";
import type pg from "pg";

/** One node of a plan as `explain (format json)` prints it. */
export interface PlanNode {
  readonly "Node Type": string;
  readonly "Relation Name"?: string;
  readonly "Index Name"?: string;
  readonly "Actual Rows"?: number;
  readonly "Actual Loops"?: number;
  readonly Plans?: readonly PlanNode[];
}

export interface StatementPlan {
  readonly root: PlanNode;
  /** Pages that the statement touched, wherever they were. */
  readonly buffers: number;
  /** The indexes that the statement read, sorted. */
  readonly indexes: readonly string[];
  /** The tables that the statement read without an index, sorted. */
  readonly sequentialScans: readonly string[];
}

/** Catches what it is asked to execute, and fails instead of executing it. */
class CatchingDriver extends DummyDriver {
  readonly statements: CompiledQuery[] = [];

  override async acquireConnection(): Promise<DatabaseConnection> {
    return {
      executeQuery: async (statement) => {
        this.statements.push(statement);
        throw new Error("caught");
      },
      streamQuery: () => {
        throw new Error("no method streams");
      },
    };
  }
}

/** The first statement that a repository method sends, caught without sending it. */
export async function firstStatementOf(call: (db: Kysely<any>) => Promise<unknown>): Promise<CompiledQuery> {
  const driver = new CatchingDriver();
  const db = new Kysely<any>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => driver,
      createIntrospector: (kysely) => new PostgresIntrospector(kysely),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  });
  await call(db).catch(() => {});
  return driver.statements[0]!;
}

/** Runs the first statement of a repository method for its plan, and takes back what it did. */
export async function planOf(pool: pg.Pool, call: (db: Kysely<any>) => Promise<unknown>): Promise<StatementPlan> {
  const statement = await firstStatementOf(call);
  const client = await pool.connect();
  try {
    await client.query("begin");
    const { rows } = await client.query<{ "QUERY PLAN": [{ Plan: PlanNode }] }>(
      `explain (analyze, buffers, format json) ${statement.sql}`,
      [...statement.parameters],
    );
    const root = rows[0]!["QUERY PLAN"][0].Plan;
    const nodes = allNodes(root);
    return {
      root,
      buffers: buffersOf(root),
      indexes: sortedNames(nodes.map((node) => node["Index Name"])),
      sequentialScans: sortedNames(
        nodes.filter((node) => node["Node Type"] === "Seq Scan").map((node) => node["Relation Name"]),
      ),
    };
  } finally {
    await client.query("rollback");
    client.release();
  }
}

export function allNodes(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(allNodes)];
}

function buffersOf(node: PlanNode): number {
  const counts = node as PlanNode & Record<"Shared Hit Blocks" | "Shared Read Blocks", number>;
  return counts["Shared Hit Blocks"] + counts["Shared Read Blocks"];
}

function sortedNames(names: readonly (string | undefined)[]): string[] {
  return [...new Set(names.filter((name) => name !== undefined))].toSorted();
}
