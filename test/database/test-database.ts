import { randomBytes } from "node:crypto";
import pg from "pg";

const OBJECT_IN_USE = "55006";

/** A database that belongs to one test, or to one test file. */
export interface TestDatabase {
  readonly name: string;
  readonly url: string;
}

/** Creates and drops databases on the server that the run's global setup started. */
export class TestDatabases {
  readonly #serverUrl: string;
  readonly #prefix: string;
  readonly #pool: pg.Pool;

  constructor(params: { readonly url: string; readonly databasePrefix: string }) {
    this.#serverUrl = params.url;
    this.#prefix = params.databasePrefix;
    this.#pool = new pg.Pool({ connectionString: params.url, max: 2 });
  }

  /** An empty database, in about 30 ms. With a template, its copy; nobody may be connected to the template. */
  async create(template?: TestDatabase): Promise<TestDatabase> {
    const name = this.#prefix + randomBytes(6).toString("hex");
    // template0 has never been connected to, so that parallel creations don't wait for one another.
    const source = template?.name ?? "template0";
    await this.#pool.query(
      `create database ${pg.escapeIdentifier(name)} template ${pg.escapeIdentifier(source)} strategy wal_log`,
    );
    const url = new URL(this.#serverUrl);
    url.pathname = `/${name}`;
    return { name, url: url.href };
  }

  /**
   * Waits for sessions that are just ending, as PostgreSQL does for up to five seconds: to be cut off would be an error
   * on their side. Then ends those that a test left behind.
   */
  async drop(database: TestDatabase): Promise<void> {
    const statement = `drop database if exists ${pg.escapeIdentifier(database.name)}`;
    try {
      await this.#pool.query(statement);
    } catch (error) {
      if ((error as { readonly code?: string }).code !== OBJECT_IN_USE) throw error;
      await this.#pool.query(`${statement} with (force)`);
    }
  }

  async end(): Promise<void> {
    await this.#pool.end();
  }
}

/** What interrupted tests left: on a server that outlives the run, nothing of it may stay. */
export async function dropDatabasesOfRun(serverUrl: string, databasePrefix: string): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>(
      "select datname as name from pg_database where starts_with(datname, $1)",
      [databasePrefix],
    );
    for (const { name } of rows) {
      await client.query(`drop database if exists ${pg.escapeIdentifier(name)} with (force)`);
    }
  } finally {
    await client.end();
  }
}
