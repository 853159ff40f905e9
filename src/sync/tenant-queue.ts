import type { TenantJob } from "./tenant-job.js";

interface PostponedJob {
  readonly job: TenantJob;
  readonly dueAt: number;
}

/** Tenants that wait for a worker: new ones in their order, busy ones behind until their time has come. */
export class TenantQueue {
  readonly #ready: TenantJob[];
  #next = 0;
  #postponed: PostponedJob[] = [];

  constructor(jobs: readonly TenantJob[]) {
    this.#ready = [...jobs];
  }

  postpone(job: TenantJob, dueAt: number): void {
    this.#postponed.push({ job, dueAt });
  }

  /** New ones first: a tenant that was busy a moment ago is the likeliest to be busy still. */
  take(now: number): TenantJob | undefined {
    const fresh = this.#ready[this.#next];
    if (fresh !== undefined) {
      this.#next += 1;
      return fresh;
    }
    const due = this.#postponed.find(({ dueAt }) => dueAt <= now);
    if (due === undefined) return undefined;
    this.#postponed = this.#postponed.filter((other) => other !== due);
    return due.job;
  }

  /** When the next postponed tenant is due; `undefined` when none waits. */
  nextDueAt(): number | undefined {
    return this.#postponed.length === 0 ? undefined : Math.min(...this.#postponed.map(({ dueAt }) => dueAt));
  }

  /** Empties the queue. */
  drain(): TenantJob[] {
    const left = [...this.#ready.slice(this.#next), ...this.#postponed.map(({ job }) => job)];
    this.#next = this.#ready.length;
    this.#postponed = [];
    return left;
  }
}
