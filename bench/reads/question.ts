import type { TenantRepositories } from "marketplace-jobs";
import type { Reader } from "../latency-table.js";
import type { JobTenant } from "../job-tenant.js";
import { sentStatement } from "./sent-statement.js";
import type { TenantClient } from "./tenant-client.js";

type Row = Readonly<Record<string, unknown>>;

/** Something that is asked in every way there is. */
export interface Question {
  /** The library's method. */
  readonly method: string;
  readonly ask: (repositories: TenantRepositories) => Promise<unknown>;
  /** What the rows of the method's own statement come to. */
  readonly read: (rows: readonly Row[]) => unknown;
  readonly askClient: (client: TenantClient) => Promise<unknown>;
  /** How many rows a right answer has; left out where it is one object. */
  readonly rows?: number;
  /** Not measured: before each turn of each reader. */
  readonly prepare?: () => Promise<void>;
}

/**
 * The readers of one table: the method's own statement without the library first, which is what the others are
 * compared with.
 */
export async function readersOf(
  question: Question,
  { pool, repositories }: JobTenant,
  clients: readonly TenantClient[],
): Promise<Reader[]> {
  await question.prepare?.();
  const { text, values } = await sentStatement(pool, question.ask);
  const reader = (name: string, ask: () => Promise<unknown>): Reader => ({
    name,
    ...(question.prepare === undefined ? {} : { prepare: question.prepare }),
    read: async () => check(question, name, await ask()),
  });
  return [
    reader("raw pg, the same SQL", async () => question.read((await pool.query<Row>(text, values)).rows)),
    reader("raw pg, the same SQL, prepared", async () =>
      question.read((await pool.query<Row>({ name: question.method, text, values })).rows),
    ),
    reader(question.method, () => question.ask(repositories)),
    ...clients.map((client) => reader(client.name, () => question.askClient(client))),
  ];
}

/** A reader that reads something else would win or lose for nothing. */
function check({ rows }: Question, name: string, answer: unknown): void {
  const isRight = rows === undefined ? answer !== undefined && answer !== null : lengthOf(answer) === rows;
  if (!isRight) throw new Error(`${name} read ${lengthOf(answer)} rows, not ${rows ?? 1}`);
}

function lengthOf(answer: unknown): number {
  return Array.isArray(answer) ? answer.length : 0;
}
