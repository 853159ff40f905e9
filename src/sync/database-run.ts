import { pause } from "./back-off.js";
import type { Brake } from "./brake.js";
import type { Emit } from "./emit.js";
import { hasForeignSteps } from "./our-migrations.js";
import { rehearseFirst } from "./rehearsal-pass.js";
import type { DriverAbility } from "../tenancy/run-statements.js";
import type { WorkContext } from "./run-jobs.js";
import { createServerGate, type ServerGate } from "./server-gate.js";
import { readSqlError } from "../tenancy/sql-error.js";
import type { NamedDatabase } from "./sync-databases.js";
import type { SyncSettings } from "./sync-options.js";
import type { TenantJob } from "./tenant-job.js";
import { hasOneConnection, limitWorkers, LOCKS_PER_TENANT, readWorkerLimit } from "./worker-limit.js";
import type { ServerLimits } from "../tenancy/server-limits.js";
import { openConnections } from "./open-connections.js";
import type { FoundTenants } from "./survey.js";
import { unreachable } from "./unreachable-database.js";

/** A connection that breaks at the first question deserves a second one. */
const FIRST_LOOK_ATTEMPTS = 2;
const FIRST_LOOK_PAUSE_MS = 200;

interface DatabaseRunParams {
  readonly database: NamedDatabase;
  readonly settings: SyncSettings;
  readonly emit: Emit;
  readonly brake: Brake;
}

/** What a run knows of one of its databases: its driver, its server, and how much both can take. */
export class DatabaseRun {
  readonly database: NamedDatabase;
  readonly #settings: SyncSettings;
  readonly #emit: Emit;
  readonly #brake: Brake;
  readonly #gate: ServerGate;
  readonly #driver: DriverAbility = { sendsSeveralStatements: true };
  #workers: number | undefined;
  #limits: ServerLimits | undefined;
  #opened: Promise<void> | undefined;
  #hasAnswered = false;

  constructor({ database, settings, emit, brake }: DatabaseRunParams) {
    this.database = database;
    this.#settings = settings;
    this.#emit = emit;
    this.#brake = brake;
    this.#gate = createServerGate({ database, emit, pulled: brake.pulled });
  }

  get context(): Omit<WorkContext, "settings" | "settle"> {
    return { driver: this.#driver, brake: this.#brake, emit: this.#emit, gate: this.#gate, workers: 1 };
  }

  /** Why nothing more is started on this database, though the run goes on elsewhere. */
  get givenUp(): string | undefined {
    return this.#gate.reason;
  }

  /** Does something that changes nothing, again when the server went away meanwhile. */
  async reconnecting<T>(work: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        const result = await work();
        this.#hasAnswered = true;
        return result;
      } catch (error) {
        const { isConnectionLost, sqlState } = readSqlError(error);
        if (!isConnectionLost) throw unreachable(this.database, error) ?? error;
        // A refusal with a SQLSTATE is an answer too: the server is there, starting up perhaps.
        if (sqlState !== undefined) this.#hasAnswered = true;
        if (attempt < this.#settings.maxAttempts && (await this.#mayAnswer(attempt))) continue;
        throw unreachable(this.database, error) ?? error;
      }
    }
  }

  /** Waits for a server that was there before; one that never was is a wrong address more likely than a restart. */
  async #mayAnswer(attempt: number): Promise<boolean> {
    if (this.#hasAnswered) return await this.#gate.waitUntilReachable();
    if (attempt >= FIRST_LOOK_ATTEMPTS) return false;
    await pause(FIRST_LOOK_PAUSE_MS, this.#brake.pulled);
    return true;
  }

  /** Has the connections of the workers opened while the ledgers are being read, all at once rather than in turn. */
  openAhead({ tenants, readers, limits }: FoundTenants): void {
    this.#limits = limits;
    const { concurrency, dryRun } = this.#settings;
    if (limits === undefined || dryRun || hasOneConnection(this.database.db)) return;
    const { workers } = limitWorkers(limits, Math.min(concurrency, tenants), LOCKS_PER_TENANT);
    this.#opened = openConnections(this.database.db, Math.max(0, workers - readers));
  }

  /** Resolves when nothing is under way any more that nobody waits for. */
  async settled(): Promise<void> {
    await this.#opened;
  }

  /** How many tenants are worked on at once; asked of the server only when there is more than one to work on. */
  async chooseWorkers(jobs: readonly TenantJob[], { settings }: Pick<WorkContext, "settings">): Promise<number> {
    const { concurrency } = settings;
    // A worker that came before them would have the pool open one more.
    await this.#opened;
    if (jobs.length === 1 || concurrency === 1) return 1;
    try {
      this.#workers ??= await this.#measureWorkers(jobs);
    } catch (error) {
      // Nobody will work any more, and what has been done so far must not lose its report for that.
      if (this.#brake.reason === undefined && this.givenUp === undefined) throw error;
      return 1;
    }
    return this.#workers;
  }

  async #measureWorkers(jobs: readonly TenantJob[]): Promise<number> {
    const { concurrency } = this.#settings;
    const announce = (workers: number, reason: string): number => {
      this.#emit({ type: "workers-chosen", database: this.database.name, workers, requested: concurrency, reason });
      return workers;
    };
    let locksPerTenant = LOCKS_PER_TENANT;
    if (hasForeignSteps(jobs, this.#settings)) {
      const rehearsal = await rehearseFirst({ jobs, settings: this.#settings, driver: this.#driver, emit: this.#emit });
      if (rehearsal === undefined) {
        return announce(1, "none of the first tenants could be rehearsed, so what the migrations lock is not known");
      }
      if (rehearsal.locksOutside.length > 0) {
        const listed = [...new Set(rehearsal.locksOutside.map(({ relation, mode }) => `${relation} (${mode})`))].join(
          ", ",
        );
        return announce(1, `the migrations lock outside the tenant's schema: ${listed}`);
      }
      locksPerTenant = Math.max(locksPerTenant, rehearsal.locks);
    }
    const limit = await this.reconnecting(() =>
      readWorkerLimit(this.database.db, { requested: concurrency, locksPerTenant, known: this.#limits }),
    );
    return announce(limit.workers, limit.reason);
  }
}
