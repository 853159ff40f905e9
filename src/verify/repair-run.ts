import { sql } from "kysely";
import { type AttemptResult, interrupted } from "../sync/attempt-tenant.js";
import { type Brake, createBrake } from "../sync/brake.js";
import { createEmit, type Emit } from "../sync/emit.js";
import { runJobs } from "../sync/run-jobs.js";
import { createServerGate } from "../sync/server-gate.js";
import { isBusy } from "../sync/schema-state.js";
import { type DatabaseSurvey, surveySchema } from "../sync/survey.js";
import type { SyncSettings } from "../sync/sync-options.js";
import { createTenantJob, reportOf, type TenantJob } from "../sync/tenant-job.js";
import { readWorkerLimit } from "../sync/worker-limit.js";
import {
  adapting,
  type DriverAbility,
  inTransaction,
  scriptAsOneStatement,
  sendMessage,
} from "../tenancy/run-statements.js";
import { driftIn } from "./build-verify-report.js";
import { compareStructures } from "./compare-structures.js";
import type { Drift } from "./drift.js";
import { raiseLocked } from "./read-around-locks.js";
import { repairMessage, repairStatements } from "./repair-message.js";
import type { TenantRepair } from "./repair-report.js";
import { type VerifiedRole, type VerifiedSchema, verifyDatabase } from "./verify-database.js";

/** The locks that the mends of one tenant take at most: its tables, their indexes and sequences. */
const LOCKS_PER_REPAIR = 64;

interface Repair {
  readonly job: TenantJob;
  readonly role: VerifiedRole;
  likeness: string;
  drift: readonly Drift[];
  outcome: TenantRepair | undefined;
}

/** Repairs the schemas of one database with the workers, the queue and the back-off of a sync. */
export class RepairRun {
  readonly #survey: DatabaseSurvey;
  readonly #settings: SyncSettings;
  readonly #emit: Emit;
  readonly #driver: DriverAbility = { sendsSeveralStatements: true };
  readonly brake: Brake;

  constructor(survey: DatabaseSurvey, settings: SyncSettings) {
    this.#survey = survey;
    this.#settings = settings;
    this.#emit = createEmit(settings.onEvent);
    this.brake = createBrake(settings, this.#emit);
  }

  async execute(): Promise<TenantRepair[]> {
    try {
      const verified = await verifyDatabase(this.#survey, undefined);
      const repairs = verified.map((found) => this.#repairOf(found));
      for (const role of ["shared", "template", "tenant"] as const) {
        await this.#runPhase(repairs.filter((repair) => repair.role === role && repair.outcome === undefined));
      }
      return repairs.flatMap(({ outcome }) => outcome ?? []);
    } finally {
      this.brake.release();
    }
  }

  #repairOf({ schema, role, failure, found, pending }: VerifiedSchema): Repair {
    const states = [this.#survey.shared, this.#survey.template, ...this.#survey.tenants];
    const state = states.find((candidate) => candidate?.schema === schema);
    const job = createTenantJob(this.#survey.database, role, state ?? { schema, hasLedger: false, recorded: [] });
    const drift = found?.comparison.drift.map((item) => driftIn(schema, item, pending)) ?? [];
    const repair: Repair = { job, role, likeness: found?.likeness ?? "", drift, outcome: undefined };
    // Locked while it was looked at: it is tried again like one that is locked while it is changed.
    if (failure?.code === "LOCK_TIMEOUT" && !this.#settings.dryRun) job.isStale = true;
    else if (failure !== undefined) this.#settle(repair, { ...reportOf(job, "failed", failure) });
    else if (found === undefined) this.#settle(repair, reportOf(job, "gone"));
    else if (mendsOf(drift).length === 0) this.#settle(repair, reportOf(job, "up-to-date"));
    else if (this.#settings.dryRun) this.#settle(repair, reportOf(job, "migrated"));
    return repair;
  }

  async #runPhase(repairs: readonly Repair[]): Promise<void> {
    if (repairs.length === 0) return;
    const byJob = new Map(repairs.map((repair) => [repair.job, repair]));
    const { database } = this.#survey;
    const { workers } = await readWorkerLimit(database.db, {
      requested: this.#settings.concurrency,
      locksPerTenant: LOCKS_PER_REPAIR,
    });
    await runJobs(
      repairs.map(({ job }) => job),
      {
        settings: this.#settings,
        driver: this.#driver,
        brake: this.brake,
        emit: this.#emit,
        gate: createServerGate({ database, emit: this.#emit, pulled: this.brake.pulled }),
        workers,
        attempt: async (job) => await this.#attempt(byJob.get(job)),
        settle: (job, report) => {
          const repair = byJob.get(job);
          if (repair !== undefined) this.#settle(repair, report);
        },
      },
    );
  }

  async #attempt(repair: Repair | undefined): Promise<AttemptResult> {
    if (repair === undefined) throw new TypeError("a job without a repair");
    const { job, role } = repair;
    const part = role === "shared" ? "shared" : "tenant";
    const started = performance.now();
    job.attempts += 1;
    try {
      if (job.isStale && !(await this.#lookAgain(repair))) {
        return { kind: "finished", report: reportOf(job, "gone") };
      }
      const mends = mendsOf(repair.drift).map((mend) => mend.sql);
      if (mends.length > 0) {
        const { lockTimeoutMs, statementTimeoutMs } = this.#settings;
        const params = {
          schema: job.schema,
          part,
          likeness: repair.likeness,
          mends,
          lockTimeoutMs,
          statementTimeoutMs,
        } as const;
        await adapting(this.#driver, async () => {
          if (this.#driver.sendsSeveralStatements) await sendMessage(job.database.db, repairMessage(params));
          else {
            await inTransaction(job.database.db, async (trx) => {
              for (const text of repairStatements(params)) await sql.raw(scriptAsOneStatement(text)).execute(trx);
            });
          }
        });
      }
      job.durationMs += performance.now() - started;
      return { kind: "finished", report: reportOf(job, mends.length > 0 ? "migrated" : "up-to-date") };
    } catch (error) {
      job.durationMs += performance.now() - started;
      return await interrupted(job, { error, brake: this.brake });
    }
  }

  /** What is to be mended now; false when the schema is gone. */
  async #lookAgain(repair: Repair): Promise<boolean> {
    const { job, role } = repair;
    const part = role === "shared" ? "shared" : "tenant";
    const state = await surveySchema(job.database, job.schema);
    if (state === undefined) return false;
    if (isBusy(state)) throw state.error;
    const found = (await compareStructures(job.database.db, part, [state], raiseLocked)).get(job.schema);
    if (found === undefined) return false;
    const pending = this.#pendingOf(state.recorded, found.comparison.drift);
    repair.likeness = found.likeness;
    repair.drift = found.comparison.drift.map((item) => driftIn(job.schema, item, pending));
    job.state = state;
    job.isStale = false;
    return true;
  }

  #pendingOf(recorded: readonly string[], drift: readonly { readonly mendedBy: string }[]): readonly string[] {
    return drift.map(({ mendedBy }) => mendedBy).filter((name) => !recorded.includes(name));
  }

  #settle(repair: Repair, report: ReturnType<typeof reportOf>): void {
    const { role, drift, job } = repair;
    const refused = drift.flatMap(({ message, refusal }) => (refusal === undefined ? [] : [{ message, refusal }]));
    const isPending = drift.some(({ pendingMigration }) => pendingMigration !== undefined);
    const warnings = isPending ? [...report.warnings, "Pending migrations bring the rest: sync."] : report.warnings;
    const outcome = outcomeOf(report.outcome, refused.length, isPending);
    const { database, schema, attempts, durationMs, error, blockedBy } = report;
    repair.outcome = {
      database,
      schema,
      role,
      outcome,
      attempts,
      durationMs,
      warnings,
      refused,
      error,
      blockedBy,
      mends: outcome === "repaired" ? mendsOf(drift) : [],
    };
    if (outcome === "failed") {
      if (job.role === "shared" || job.role === "template") this.brake.pull(`the ${job.role} schema ${schema} failed`);
      this.brake.countFailure();
    }
  }
}

function mendsOf(drift: readonly Drift[]): { message: string; sql: string }[] {
  return drift.flatMap(({ message, mend }) => (mend === undefined ? [] : [{ message, sql: mend }]));
}

function outcomeOf(
  outcome: ReturnType<typeof reportOf>["outcome"],
  refused: number,
  isPending: boolean,
): TenantRepair["outcome"] {
  if (outcome === "migrated") return "repaired";
  if (outcome === "failed" || outcome === "gone" || outcome === "skipped") return outcome;
  if (refused > 0) return "refused";
  return isPending ? "skipped" : "canonical";
}
