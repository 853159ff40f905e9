import { sql } from "kysely";
import { pause } from "./back-off.js";
import type { Emit } from "./emit.js";
import { readSqlError } from "../tenancy/sql-error.js";
import type { NamedDatabase } from "./sync-databases.js";
import { DEFAULT_RECONNECT_TIMEOUT_MS } from "./sync-defaults.js";

/** Holds back all workers of one database while its server does not answer. */
export interface ServerGate {
  /** Resolves when the server answers; false when it did not within the time limit, or the run is stopping. */
  waitUntilReachable(): Promise<boolean>;
}

const FIRST_PROBE_MS = 50;
const SLOWEST_PROBE_MS = 2_000;

export function createServerGate({ name, db }: NamedDatabase, emit: Emit, pulled: AbortSignal): ServerGate {
  let probing: Promise<boolean> | undefined;
  const probe = async (): Promise<boolean> => {
    const started = performance.now();
    let isAnnounced = false;
    for (let delay = FIRST_PROBE_MS; ; delay = Math.min(SLOWEST_PROBE_MS, delay * 2)) {
      try {
        await sql`select 1`.execute(db);
        if (isAnnounced) emit({ type: "server-reachable", database: name, durationMs: performance.now() - started });
        return true;
      } catch (error) {
        if (!isAnnounced) emit({ type: "server-unreachable", database: name, message: readSqlError(error).message });
        isAnnounced = true;
        if (performance.now() - started > DEFAULT_RECONNECT_TIMEOUT_MS || pulled.aborted) return false;
        await pause(delay, pulled);
      }
    }
  };
  return {
    async waitUntilReachable() {
      // One worker knocks, the others wait with it.
      probing ??= probe().finally(() => (probing = undefined));
      return await probing;
    },
  };
}
