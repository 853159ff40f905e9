import { PGlite } from "@electric-sql/pglite";
import { Kysely, PGliteDialect } from "kysely";

/** PostgreSQL in this process, in memory, with the one connection that it has. */
export interface PGliteDatabase {
  readonly db: Kysely<any>;
  readonly pglite: PGlite;
  /** Sends a script of several statements as one, which the dialect cannot. */
  readonly loader: Kysely<any>;
  readonly destroy: () => Promise<void>;
}

export function openPGlite(): PGliteDatabase {
  const pglite = new PGlite();
  const db = new Kysely<any>({ dialect: new PGliteDialect({ pglite }) });
  const loader = new Kysely<any>({
    dialect: new PGliteDialect({
      pglite: {
        closed: false,
        ready: false,
        waitReady: pglite.waitReady,
        close: () => Promise.resolve(),
        query: async (script: string) => {
          await pglite.exec(script);
          return { rows: [], fields: [] };
        },
        transaction: () => Promise.reject(new Error("The loader opens no transaction.")),
      },
    }),
  });
  // Closes the instance, which the two have in common.
  return { db, pglite, loader, destroy: () => db.destroy() };
}
