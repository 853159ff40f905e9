import { sql } from "kysely";
import { pause } from "./back-off.js";
import type { Emit } from "./emit.js";
import { readSqlError } from "../tenancy/sql-error.js";
import type { NamedDatabase } from "./sync-databases.js";
import { DEFAULT_RECONNECT_TIMEOUT_MS } from "./sync-defaults.js";

/** Holds back all workers of one database while its server does not answer. */
export interface ServerGate {
  /** Why nothing more is started on this database: its server was waited for in vain. */
  readonly reason: string | undefined;
  /**
   * Hears that the server has answered somebody: it is there, and only has no connection left for whoever waits. As long
   * as it answers others, nobody gives up.
   */
  answered(): void;
  /** Resolves when the server answers; false when it did not within the time limit, or the run is stopping. */
  waitUntilReachable(): Promise<boolean>;
}

interface ServerGateParams {
  readonly database: NamedDatabase;
  readonly emit: Emit;
  /** Aborts when the run is stopping. */
  readonly pulled: AbortSignal;
  readonly timeoutMs?: number;
}

const FIRST_PROBE_MS = 50;
const SLOWEST_PROBE_MS = 2_000;

export function createServerGate({
  database: { name, db },
  emit,
  pulled,
  timeoutMs = DEFAULT_RECONNECT_TIMEOUT_MS,
}: ServerGateParams): ServerGate {
  let probing: Promise<boolean> | undefined;
  let reason: string | undefined;
  let lastAnswer = 0;
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
        if (pulled.aborted) return false;
        if (performance.now() - Math.max(started, lastAnswer) > timeoutMs) {
          reason = `the server did not answer for ${Math.round(timeoutMs / 1000)} s`;
          emit({ type: "warning", database: name, message: `Nothing more is started here: ${reason}.` });
          return false;
        }
        await pause(delay, pulled);
      }
    }
  };
  return {
    get reason() {
      return reason;
    },
    answered() {
      lastAnswer = performance.now();
    },
    async waitUntilReachable() {
      // Waited for once: ten thousand tenants must not wait a minute each for a server that is gone.
      if (reason !== undefined) return false;
      // One worker knocks, the others wait with it.
      probing ??= probe().finally(() => (probing = undefined));
      return await probing;
    },
  };
}
