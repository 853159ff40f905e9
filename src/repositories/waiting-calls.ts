import type { AsyncResource } from "node:async_hooks";

export interface WaitingCall<Request, Row> {
  readonly request: Request;
  /** What the caller's tracing goes by: statements that it waits for must not be sent in another's name. */
  readonly context: AsyncResource;
  readonly receive: (rows: readonly Row[]) => void;
  readonly sendAlone: () => Promise<void>;
  readonly fail: (error: unknown) => void;
}

/** So many jobs are worth a statement of their own: to be one of more would save them little. */
export const LARGE_GROUP_JOBS = 100;

/**
 * Where a request goes: in the group that is made, in one that may be made right after it since this one is full, or in
 * neither.
 */
export type Placing = "joins" | "goes next" | "waits";

interface TakeParams {
  /** Over how many statements those that may be sent are divided, where each is large then. */
  readonly statements: number;
  /** Takes nothing that is of fewer jobs. */
  readonly least: number;
}

/** Calls in the order in which they were made, and of how many jobs they are. */
export class WaitingCalls<Request, Row> {
  readonly #jobsOf: (request: Request) => number;
  #calls: WaitingCall<Request, Row>[] = [];
  #jobs = 0;

  constructor(jobsOf: (request: Request) => number) {
    this.#jobsOf = jobsOf;
  }

  get size(): number {
    return this.#calls.length;
  }

  get jobs(): number {
    return this.#jobs;
  }

  add(call: WaitingCall<Request, Row>): void {
    this.#calls.push(call);
    this.#jobs += this.#jobsOf(call.request);
  }

  /** Takes the calls of the next group, in their order; the others keep their places. */
  take(place: (request: Request) => Placing, { statements, least }: TakeParams): readonly WaitingCall<Request, Row>[] {
    const placed = this.#calls.map((call) => ({ call, placing: place(call.request) }));
    const mayBeSent = placed.reduce(
      (sum, { call, placing }) => sum + (placing === "waits" ? 0 : this.#jobsOf(call.request)),
      0,
    );
    const share = mayBeSent / Math.min(statements, Math.max(1, Math.floor(mayBeSent / LARGE_GROUP_JOBS)));
    const taken = new Set<WaitingCall<Request, Row>>();
    let jobs = 0;
    for (const { call, placing } of placed) {
      if (jobs >= share && mayBeSent - jobs >= LARGE_GROUP_JOBS) break;
      if (placing !== "joins") continue;
      taken.add(call);
      jobs += this.#jobsOf(call.request);
    }
    if (jobs < least) return [];
    this.#calls = this.#calls.filter((call) => !taken.has(call));
    this.#jobs -= jobs;
    return [...taken];
  }
}
