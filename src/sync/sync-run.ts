import { aheadReport, skippedReport } from "./attempt-tenant.js";
import { type Brake, createBrake } from "./brake.js";
import { DatabaseRun } from "./database-run.js";
import type { Emit } from "./emit.js";
import { failureOf } from "./failure.js";
import type { MigrationSet } from "../tenancy/migration-set.js";
import { assertCanariesAreTenants, runCanaries } from "./run-canaries.js";
import { runJobs, type WorkContext } from "./run-jobs.js";
import { RunReports } from "./run-reports.js";
import { isBusy, type SchemaState } from "./schema-state.js";
import { buildReport } from "./summary.js";
import { assertSchemasExist, surveyDatabase, type DatabaseSurvey } from "./survey.js";
import type { NamedDatabase } from "./sync-databases.js";
import type { SyncPhase } from "./sync-event.js";
import type { SyncSettings } from "./sync-options.js";
import type { SyncReport, TenantSyncReport } from "./sync-report.js";
import { createTenantJob, reportOf, type TenantJob } from "./tenant-job.js";
import { assertReversible, planTenant, type TenantPlan } from "./tenant-plan.js";
import { connectionLost } from "./unreachable-database.js";
import { waitForAll } from "../tenancy/wait-for-all.js";

export interface SyncRunParams {
  readonly databases: readonly NamedDatabase[];
  readonly settings: SyncSettings;
  readonly sharedSet: MigrationSet;
  readonly emit: Emit;
}

/** One run over all schemas of all databases: who goes when, and what becomes of whom. */
export class SyncRun {
  readonly #settings: SyncSettings;
  readonly #sharedSettings: SyncSettings;
  readonly #emit: Emit;
  readonly #brake: Brake;
  readonly #databases: readonly DatabaseRun[];
  readonly #reports = new RunReports();
  #trouble: unknown;

  constructor({ databases, settings, sharedSet, emit }: SyncRunParams) {
    this.#settings = settings;
    this.#sharedSettings = { ...settings, set: sharedSet, target: sharedSet.names };
    this.#emit = emit;
    this.#brake = createBrake(settings, emit);
    this.#databases = databases.map((database) => new DatabaseRun({ database, settings, emit, brake: this.#brake }));
  }

  /** What went wrong with the run itself rather than with one of its schemas. */
  get trouble(): unknown {
    return this.#trouble;
  }

  async execute(): Promise<SyncReport> {
    const startedAt = new Date();
    const started = performance.now();
    const { dryRun } = this.#settings;
    this.#emit({ type: "run-started", databases: this.#databases.map(({ database }) => database.name), dryRun });
    try {
      await this.#migrateAll();
    } finally {
      this.#brake.release();
      await waitForAll(this.#databases.map((run) => run.settled()));
    }
    const report = buildReport({
      tenants: this.#reports.all(),
      startedAt,
      durationMs: performance.now() - started,
      dryRun,
      isAborted: this.#brake.isAborted,
      isTroubled: this.#trouble !== undefined,
    });
    this.#emit({ type: "run-finished", report });
    return report;
  }

  async #migrateAll(): Promise<void> {
    const surveys = await waitForAll(this.#databases.map((run) => this.#survey(run)));
    assertSchemasExist(surveys, this.#settings);
    assertCanariesAreTenants(surveys, this.#settings);
    assertReversible(
      surveys
        .flatMap(({ template, tenants }) => [...(template === undefined ? [] : [template]), ...tenants])
        .map((state) => planTenant(state, this.#settings)),
    );
    const jobsOf = (
      role: SyncPhase,
      states: (survey: DatabaseSurvey) => readonly (SchemaState | undefined)[],
    ): TenantJob[] =>
      surveys.flatMap((survey) =>
        states(survey)
          .filter((state) => state !== undefined)
          .map((state) => this.#reports.expect(createTenantJob(survey.database, role, state))),
      );
    const shared = jobsOf("shared", (survey) => [survey.shared]);
    const templates = jobsOf("template", (survey) => [survey.template]);
    const tenants = jobsOf("tenant", (survey) => survey.tenants);
    await this.#runPhase("shared", shared);
    await this.#runPhase("template", templates);
    await this.#runPhase("tenant", await this.#sendCanariesAhead(tenants));
    await waitForAll(this.#databases.map((run) => this.#finish(run, tenants)));
  }

  async #survey(run: DatabaseRun): Promise<DatabaseSurvey> {
    const started = performance.now();
    const survey = await run.reconnecting(() =>
      surveyDatabase(run.database, this.#settings, { onFound: (found) => run.openAhead(found) }),
    );
    const plans = survey.tenants.map((state) => planTenant(state, this.#settings));
    const countOf = (kind: TenantPlan["kind"]): number => plans.filter((plan) => plan.kind === kind).length;
    this.#emit({
      type: "database-surveyed",
      database: run.database.name,
      tenants: survey.tenants.length,
      pending: countOf("steps"),
      ahead: countOf("ahead"),
      durationMs: performance.now() - started,
    });
    return survey;
  }

  /** One part of the run over all databases at once. */
  async #runPhase(phase: SyncPhase, jobs: readonly TenantJob[]): Promise<void> {
    this.#emit({ type: "phase-started", phase, schemas: jobs.length });
    await waitForAll(
      this.#databases.map(
        async (run) =>
          await this.#runJobs(
            run,
            jobs.filter(({ database }) => database === run.database),
          ),
      ),
    );
  }

  async #runJobs(run: DatabaseRun, jobs: readonly TenantJob[]): Promise<void> {
    const pending = jobs.filter((job) => !this.#settleAtOnce(job));
    if (pending.length === 0) return;
    const context = this.#contextOf(run, pending[0]?.role ?? "tenant");
    await runJobs(pending, { ...context, workers: await run.chooseWorkers(pending, context) });
    if (run.givenUp !== undefined) this.#trouble ??= connectionLost(run.database, run.givenUp);
  }

  async #sendCanariesAhead(tenants: readonly TenantJob[]): Promise<readonly TenantJob[]> {
    const { canary } = this.#settings;
    if (canary === undefined || this.#settings.dryRun) return tenants;
    const named = typeof canary === "number" ? [] : canary;
    const pending = tenants.filter(
      ({ state }) => state.failure === undefined && planTenant(state, this.#settings).kind === "steps",
    );
    const candidates = [
      ...named.flatMap((name) => tenants.filter(({ schema }) => schema === name)),
      ...pending.filter(({ schema }) => !named.includes(schema)),
    ];
    this.#emit({ type: "phase-started", phase: "canary", schemas: candidates.length });
    const settled = await runCanaries({
      candidates,
      wanted: typeof canary === "number" ? canary : named.length,
      contextOf: (job) => this.#contextOf(this.#runOf(job.database), "canary"),
    });
    return tenants.filter((job) => !settled.has(job));
  }

  #runOf(database: NamedDatabase): DatabaseRun {
    const run = this.#databases.find((candidate) => candidate.database === database);
    if (run === undefined) throw new TypeError(`"${database.name}" is no database of this run`);
    return run;
  }

  #contextOf(run: DatabaseRun, phase: SyncPhase): WorkContext {
    return {
      ...run.context,
      settings: phase === "shared" ? this.#sharedSettings : this.#settings,
      settle: (job, report) => this.#settle(job, report),
    };
  }

  /** What the survey alone decides, and everything in a dry run, needs no worker. */
  #settleAtOnce(job: TenantJob): boolean {
    const settings = job.role === "shared" ? this.#sharedSettings : this.#settings;
    const plan = planTenant(job.state, settings);
    const stoppedBy = this.#brake.reason ?? this.#runOf(job.database).givenUp;
    // Nothing is known about a tenant whose ledger is locked: a worker looks again, and again.
    if (isBusy(job.state) && !settings.dryRun && stoppedBy === undefined) return false;
    if (job.state.isGone === true) this.#settle(job, reportOf(job, "gone"));
    else if (job.state.failure !== undefined) {
      const { failure } = job.state;
      this.#settle(job, stoppedBy === undefined ? reportOf(job, "failed", failure) : skippedReport(job, stoppedBy));
    } else if (plan.kind === "ahead") this.#settle(job, aheadReport(job, plan.unknown));
    else if (plan.kind === "up-to-date") this.#settle(job, reportOf(job, "up-to-date"));
    else if (stoppedBy !== undefined) this.#settle(job, skippedReport(job, stoppedBy));
    else if (settings.dryRun) {
      job.done.push(...plan.steps);
      const isDown = plan.steps.every(({ direction }) => direction === "down");
      this.#settle(job, reportOf(job, isDown ? "rolled-back" : "migrated"));
    } else return false;
    return true;
  }

  #settle(job: TenantJob, report: TenantSyncReport): void {
    this.#reports.set(job, report);
    this.#emit({ type: "tenant-finished", database: report.database, schema: report.schema, report });
    if (report.outcome !== "failed") return;
    if (job.role === "shared") this.#brake.pull(`the shared schema ${job.schema} failed`);
    if (job.role === "template") this.#brake.pull(`the template ${job.schema} failed`);
    this.#brake.countFailure();
  }

  /** Brings along who came meanwhile. */
  async #finish(run: DatabaseRun, tenants: readonly TenantJob[]): Promise<void> {
    if (this.#settings.dryRun) return;
    try {
      await this.#bringNewTenantsAlong(run, tenants);
    } catch (error) {
      // Every tenant that was found has its report; it must not be lost because the last look failed.
      this.#trouble = error;
      this.#emit({ type: "warning", database: run.database.name, message: failureOf(error).message });
    }
  }

  /** Looks again until nobody new is found: a tenant created, or renamed, while the run was at work. */
  async #bringNewTenantsAlong(run: DatabaseRun, tenants: readonly TenantJob[]): Promise<void> {
    if (Array.isArray(this.#settings.tenants)) return;
    const known = new Set(tenants.filter(({ database }) => database === run.database).map(({ schema }) => schema));
    while (this.#brake.reason === undefined && run.givenUp === undefined) {
      const survey = await run.reconnecting(() => surveyDatabase(run.database, this.#settings, { known }));
      if (survey.tenants.length === 0) return;
      for (const { schema } of survey.tenants) known.add(schema);
      this.#emit({
        type: "tenants-found",
        database: run.database.name,
        schemas: survey.tenants.map(({ schema }) => schema),
      });
      await this.#runJobs(
        run,
        survey.tenants.map((state) => this.#reports.expect(createTenantJob(run.database, "tenant", state))),
      );
    }
  }
}
