import { migrations } from "../../migrations/index.js";
import { MarketplaceJobsError } from "../errors/marketplace-jobs-error.js";
import type { Brake } from "./brake.js";
import type { Emit } from "./emit.js";
import { failureOf } from "./failure.js";
import { rehearseFirst } from "./rehearsal-pass.js";
import type { DriverAbility } from "../tenancy/run-statements.js";
import type { WorkContext } from "./run-jobs.js";
import { createServerGate, type ServerGate } from "./server-gate.js";
import { readSqlError } from "../tenancy/sql-error.js";
import type { NamedDatabase } from "./sync-databases.js";
import type { SyncSettings } from "./sync-options.js";
import type { TenantJob } from "./tenant-job.js";
import { planTenant } from "./tenant-plan.js";
import { LOCKS_PER_TENANT, readWorkerLimit } from "./worker-limit.js";

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

  constructor({ database, settings, emit, brake }: DatabaseRunParams) {
    this.database = database;
    this.#settings = settings;
    this.#emit = emit;
    this.#brake = brake;
    this.#gate = createServerGate(database, emit, brake.pulled);
  }

  get context(): Omit<WorkContext, "settings" | "settle"> {
    return { driver: this.#driver, brake: this.#brake, emit: this.#emit, gate: this.#gate, workers: 1 };
  }

  /** Does something that changes nothing, again when the server went away meanwhile. */
  async reconnecting<T>(work: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await work();
      } catch (error) {
        if (!readSqlError(error).isConnectionLost) throw error;
        if (attempt < this.#settings.maxAttempts && (await this.#gate.waitUntilReachable())) continue;
        const { message, hint } = failureOf(error);
        throw new MarketplaceJobsError({
          code: "CONNECTION_LOST",
          message: `The server of database "${this.database.name}" does not answer: ${message}`,
          hint,
          isRetryable: true,
          cause: error,
        });
      }
    }
  }

  /** How many tenants are worked on at once; asked of the server only when there is more than one to work on. */
  async chooseWorkers(jobs: readonly TenantJob[], { settings }: Pick<WorkContext, "settings">): Promise<number> {
    const { concurrency } = settings;
    if (jobs.length === 1 || concurrency === 1) return 1;
    this.#workers ??= await this.#measureWorkers(jobs);
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
    const limit = await this.reconnecting(() => readWorkerLimit(this.database.db, concurrency, locksPerTenant));
    return announce(limit.workers, limit.reason);
  }
}

/** Ours touch nothing but their own tenant, which tests prove; others have to show it. */
function hasForeignSteps(jobs: readonly TenantJob[], settings: SyncSettings): boolean {
  const ours = new Set<unknown>(Object.values(migrations));
  return jobs.some(({ state }) => {
    const plan = planTenant(state, settings);
    return plan.kind === "steps" && plan.steps.some(({ migration }) => !ours.has(migration));
  });
}
