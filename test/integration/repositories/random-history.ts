import type { Kysely, RawBuilder } from "kysely";
import { sql } from "kysely";
import type { BatchJob } from "../../../src/entities/batch-job.js";
import type { MarketplaceJob } from "../../../src/entities/marketplace-job.js";
import { MarketplaceJobsError } from "../../../src/errors/marketplace-jobs-error.js";
import type { TenantRepositories } from "../../../src/repositories/for-tenant.js";
import { seededRandom } from "../../seeded-random.js";

/** What is refused because another worker was quicker. Anything else that a worker hears fails the test. */
const REFUSALS = new Set(["ILLEGAL_JOB_TRANSITION", "STALE_ATTEMPT", "BATCH_ALREADY_FINISHED"]);

interface RandomWorkerParams {
  readonly db: Kysely<any>;
  readonly tenant: TenantRepositories;
  readonly jobsTable: RawBuilder<unknown>;
  readonly seed: number;
  readonly batchIds: string[];
  /** Hears of every batch that a call of this worker finished. */
  readonly hear: (batch: BatchJob) => void;
}

/** A worker, a user and a janitor in one: does anything at random that the repositories offer. */
export class RandomWorker {
  readonly #db: Kysely<any>;
  readonly #tenant: TenantRepositories;
  readonly #jobsTable: RawBuilder<unknown>;
  readonly #random: () => number;
  readonly #batchIds: string[];
  readonly #hear: (batch: BatchJob) => void;
  #held: MarketplaceJob[] = [];

  constructor(params: RandomWorkerParams) {
    this.#db = params.db;
    this.#tenant = params.tenant;
    this.#jobsTable = params.jobsTable;
    this.#random = seededRandom(params.seed);
    this.#batchIds = params.batchIds;
    this.#hear = params.hear;
  }

  async run(steps: number): Promise<void> {
    const { jobs, batches } = this.#tenant;
    const actions: readonly (() => Promise<unknown>)[] = [
      () => this.#createBatch(),
      () => this.#claim(),
      () => this.#claim(),
      () => this.#claim(),
      () => this.#settleOne(),
      () => this.#settleOne(),
      () => this.#settleOne(),
      () => this.#settleMany(),
      () => this.#extend(),
      () => this.#abandon(),
      () => this.#withJob((id) => jobs.cancelJob(id)),
      () => this.#withJob((id) => jobs.pauseJob(id)),
      () => this.#withJob((id) => jobs.resumeJob(id)),
      () => this.#withBatch((batchId) => batches.cancelBatch(batchId), 0.3),
      () => this.#withBatch((batchId) => jobs.retryFailedJobs(batchId), 0.5),
      () => this.#withBatch((batchId) => jobs.createJob({ marketplace: "vinted", actionCode: "update", batchId }), 0.5),
      () => this.#letTimePass("expires_at", "pending"),
      () => this.#letTimePass("lease_expires_at", "running"),
      () => jobs.expireOverdueJobs({ limit: 5 }),
      () => jobs.rescueLostJobs({ limit: 5 }),
      () => (this.#random() < 0.2 ? jobs.deleteFinishedJobs({ olderThan: new Date(), limit: 3 }) : Promise.resolve()),
    ];
    for (let step = 0; step < steps; step += 1) {
      try {
        this.#listen(await actions[Math.floor(this.#random() * actions.length)]?.());
      } catch (error) {
        if (!(error instanceof MarketplaceJobsError && REFUSALS.has(error.code))) throw error;
      }
    }
  }

  /** Every result that can name finished batches does it by one of two names. */
  #listen(result: unknown): void {
    const { finishedBatch, finishedBatches } = (result ?? {}) as {
      readonly finishedBatch?: BatchJob;
      readonly finishedBatches?: readonly BatchJob[];
    };
    for (const batch of [...(finishedBatches ?? []), ...(finishedBatch === undefined ? [] : [finishedBatch])]) {
      this.#hear(batch);
    }
  }

  async #createBatch(): Promise<void> {
    const productIds = Array.from({ length: 1 + Math.floor(this.#random() * 6) }, (_, index) => index + 1);
    const { batch } = await this.#tenant.batches.createBatch({
      marketplace: "vinted",
      actionCode: "publish",
      productIds,
      priority: 1 + Math.floor(this.#random() * 4),
    });
    this.#batchIds.push(batch.batchId);
  }

  async #claim(): Promise<void> {
    const limit = 1 + Math.floor(this.#random() * 4);
    const claimed = await this.#tenant.jobs.claimJobs({ marketplace: "vinted", limit });
    // One that it lost may come back to it, and only the newest attempt counts.
    const others = this.#held.filter(({ id }) => !claimed.some((job) => job.id === id));
    this.#held = [...others, ...claimed];
  }

  async #settleOne(): Promise<unknown> {
    const job = this.#held.shift();
    if (job === undefined) return undefined;
    const chance = this.#random();
    if (chance < 0.5) return this.#tenant.jobs.completeJob(job, { done: true });
    if (chance < 0.6) return this.#tenant.jobs.acknowledgeCancel(job);
    return this.#tenant.jobs.failJob(job, "refused", { retry: chance < 0.85, retryAfterMs: 0 });
  }

  async #settleMany(): Promise<unknown> {
    const held = this.#held.splice(0);
    if (held.length === 0) return undefined;
    return this.#tenant.jobs.settleJobs(
      held.map((job) =>
        this.#random() < 0.6
          ? { job, outcome: "completed" }
          : { job, outcome: "failed", error: "refused", retryAfterMs: 0 },
      ),
    );
  }

  async #extend(): Promise<void> {
    if (this.#held.length === 0) return;
    const { lost } = await this.#tenant.jobs.extendLeases(this.#held);
    this.#held = this.#held.filter(({ id }) => !lost.some((job) => job.id === id));
  }

  /** A worker that dies: nobody will ever settle what it held. */
  #abandon(): Promise<void> {
    if (this.#random() < 0.2) this.#held = [];
    return Promise.resolve();
  }

  async #withJob(act: (id: number) => Promise<unknown>): Promise<unknown> {
    const { rows } = await sql<{ id: number }>`
      select id from ${this.#jobsTable} offset floor(${this.#random()}::float8 * (select count(*) from ${this.#jobsTable})) limit 1
    `.execute(this.#db);
    return rows[0] === undefined ? undefined : act(rows[0].id);
  }

  async #withBatch(act: (batchId: string) => Promise<unknown>, chance: number): Promise<unknown> {
    const batchId = this.#batchIds[Math.floor(this.#random() * this.#batchIds.length)];
    return batchId === undefined || this.#random() > chance ? undefined : act(batchId);
  }

  /** An hour goes by for one job that nobody is changing at this moment. */
  async #letTimePass(column: "expires_at" | "lease_expires_at", status: string): Promise<void> {
    await sql`
      update ${this.#jobsTable} set ${sql.ref(column)} = now() - interval '1 second'
      where id = (
        select id from ${this.#jobsTable} where status = ${status} order by random() limit 1 for update skip locked
      )`.execute(this.#db);
  }
}
