import type { AsyncResource } from "node:async_hooks";

export interface WaitingCall<Request, Row> {
  readonly request: Request;
  /** What the caller's tracing goes by: statements that it waits for must not be sent in another's name. */
  readonly context: AsyncResource;
  readonly receive: (rows: readonly Row[]) => void;
  readonly sendAlone: () => Promise<void>;
  readonly fail: (error: unknown) => void;
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

  /** Takes those that join, in their order, until they are of `share` jobs; a rest of fewer than `leastRest` comes along. */
  take(
    joins: (request: Request) => boolean,
    { share, leastRest }: { readonly share: number; readonly leastRest: number },
  ): readonly WaitingCall<Request, Row>[] {
    const taken: WaitingCall<Request, Row>[] = [];
    const others: WaitingCall<Request, Row>[] = [];
    let jobs = 0;
    for (const call of this.#calls) {
      const isFull = jobs >= share && this.#jobs - jobs >= leastRest;
      if (isFull || !joins(call.request)) {
        others.push(call);
        continue;
      }
      taken.push(call);
      jobs += this.#jobsOf(call.request);
    }
    this.#calls = others;
    this.#jobs -= jobs;
    return taken;
  }
}
