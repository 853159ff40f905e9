import { aheadReport, skippedReport } from "./attempt-tenant.js";
import { type Brake, createBrake } from "./brake.js";
import type { Emit } from "./emit.js";
import type { MigrationSet } from "./migration-set.js";
import type { WorkContext } from "./run-jobs.js";
import { runJobs } from "./run-jobs.js";
import { createServerGate } from "./server-gate.js";
import { buildReport } from "./summary.js";
import { type DatabaseSurvey, surveyDatabase, surveyDatabases } from "./survey.js";
import type { NamedDatabase } from "./sync-databases.js";
import type { SyncPhase } from "./sync-event.js";
import type { SyncSettings } from "./sync-options.js";
import type { SyncReport, TenantSyncReport } from "./sync-report.js";
import { createTenantJob, reportOf, type TenantJob } from "./tenant-job.js";
import { assertReversible, planTenant, type TenantPlan } from "./tenant-plan.js";
import type { SchemaState } from "./schema-state.js";

export interface SyncRunParams {
  readonly databases: readonly NamedDatabase[];
  readonly settings: SyncSettings;
  readonly sharedSet: MigrationSet;
  readonly emit: Emit;
}

/** One run over all schemas of all databases: who goes when, and what becomes of whom. */
export class SyncRun {
  readonly #databases: readonly NamedDatabase[];
  readonly #settings: SyncSettings;
  readonly #sharedSettings: SyncSettings;
  readonly #emit: Emit;
  readonly #brake: Brake;
  readonly #reports: TenantSyncReport[] = [];
  readonly #contexts = new Map<NamedDatabase, Omit<WorkContext, "settings">>();

  constructor({ databases, settings, sharedSet, emit }: SyncRunParams) {
    this.#databases = databases;
    this.#settings = settings;
    this.#sharedSettings = { ...settings, set: sharedSet, target: sharedSet.names };
    this.#emit = emit;
    this.#brake = createBrake(settings, emit);
  }

  async execute(): Promise<SyncReport> {
    const startedAt = new Date();
    const started = performance.now();
    const { dryRun } = this.#settings;
    this.#emit({ type: "run-started", databases: this.#databases.map(({ name }) => name), dryRun });
    try {
      await this.#migrateAll();
    } finally {
      this.#brake.release();
    }
    const report = buildReport({
      tenants: this.#reports,
      startedAt,
      durationMs: performance.now() - started,
      dryRun,
      isAborted: this.#brake.isAborted,
    });
    this.#emit({ type: "run-finished", report });
    return report;
  }

  async #migrateAll(): Promise<void> {
    const started = performance.now();
    const surveys = await surveyDatabases(this.#databases, this.#settings);
    assertReversible(
      surveys.flatMap(({ template, tenants }) =>
        [...(template === undefined ? [] : [template]), ...tenants].map((state) => planTenant(state, this.#settings)),
      ),
    );
    for (const survey of surveys) this.#announce(survey, performance.now() - started);
    await this.#runPhase("shared", surveys, ({ shared }) => (shared === undefined ? [] : [shared]));
    await this.#runPhase("template", surveys, ({ template }) => (template === undefined ? [] : [template]));
    await this.#runPhase("tenant", surveys, ({ tenants }) => tenants);
    await this.#bringNewTenantsAlong(surveys);
  }

  #announce({ database, tenants }: DatabaseSurvey, durationMs: number): void {
    const plans = tenants.map((state) => planTenant(state, this.#settings));
    const countOf = (kind: TenantPlan["kind"]): number => plans.filter((plan) => plan.kind === kind).length;
    this.#emit({
      type: "database-surveyed",
      database: database.name,
      tenants: tenants.length,
      pending: countOf("steps"),
      ahead: countOf("ahead"),
      durationMs,
    });
  }

  /** One part of the run over all databases at once; a failure in the shared schema or a template ends the run. */
  async #runPhase(
    phase: SyncPhase,
    surveys: readonly DatabaseSurvey[],
    statesOf: (survey: DatabaseSurvey) => readonly SchemaState[],
  ): Promise<void> {
    const jobs = surveys.map((survey) =>
      statesOf(survey).map((state) => createTenantJob(survey.database, phase, state)),
    );
    this.#emit({ type: "phase-started", phase, schemas: jobs.flat().length });
    await Promise.all(
      surveys.map(async ({ database }, index) => await this.#runJobs(database, phase, jobs[index] ?? [])),
    );
  }

  async #runJobs(database: NamedDatabase, phase: SyncPhase, jobs: readonly TenantJob[]): Promise<void> {
    const settings = phase === "shared" ? this.#sharedSettings : this.#settings;
    const pending = jobs.filter((job) => !this.#settleAtOnce(job, settings));
    if (pending.length === 0) return;
    await runJobs(pending, { ...this.#contextOf(database), settings });
  }

  /** What the survey alone decides, and everything in a dry run, needs no worker. */
  #settleAtOnce(job: TenantJob, settings: SyncSettings): boolean {
    if (this.#brake.reason !== undefined) {
      this.#settle(job, skippedReport(job, this.#brake.reason));
      return true;
    }
    if (job.state.failure !== undefined) {
      this.#settle(job, reportOf(job, "failed", job.state.failure));
      return true;
    }
    const plan = planTenant(job.state, settings);
    if (plan.kind === "ahead") this.#settle(job, aheadReport(job, plan.unknown));
    else if (plan.kind === "up-to-date") this.#settle(job, reportOf(job, "up-to-date"));
    else if (settings.dryRun) {
      const isDown = plan.steps.every(({ direction }) => direction === "down");
      job.done.push(...plan.steps);
      this.#settle(job, reportOf(job, isDown ? "rolled-back" : "migrated"));
    } else return false;
    return true;
  }

  #settle(job: TenantJob, report: TenantSyncReport): void {
    this.#reports.push(report);
    this.#emit({ type: "tenant-finished", database: report.database, schema: report.schema, report });
    if (report.outcome !== "failed") return;
    if (job.role === "shared" || job.role === "template") {
      this.#brake.pull(`the ${job.role === "shared" ? "shared schema" : "template"} ${job.schema} failed`);
    }
    this.#brake.countFailure();
  }

  #contextOf(database: NamedDatabase): Omit<WorkContext, "settings"> {
    let context = this.#contexts.get(database);
    if (context === undefined) {
      context = {
        driver: { sendsSeveralStatements: true },
        brake: this.#brake,
        emit: this.#emit,
        gate: createServerGate(database, this.#emit, this.#brake.pulled),
        workers: this.#settings.concurrency,
        settle: (job, report) => this.#settle(job, report),
      };
      this.#contexts.set(database, context);
    }
    return context;
  }

  /** Looks again until nobody new is found: a tenant created, or renamed, while the run was at work. */
  async #bringNewTenantsAlong(surveys: readonly DatabaseSurvey[]): Promise<void> {
    if (Array.isArray(this.#settings.tenants) || this.#settings.dryRun) return;
    await Promise.all(
      surveys.map(async ({ database, tenants }) => {
        const known = new Set(tenants.map(({ schema }) => schema));
        while (this.#brake.reason === undefined) {
          const found = (await surveyDatabase(database, this.#settings)).tenants.filter(
            ({ schema }) => !known.has(schema),
          );
          if (found.length === 0) return;
          for (const { schema } of found) known.add(schema);
          this.#emit({ type: "tenants-found", database: database.name, schemas: found.map(({ schema }) => schema) });
          await this.#runJobs(
            database,
            "tenant",
            found.map((state) => createTenantJob(database, "tenant", state)),
          );
        }
      }),
    );
  }
}
