import { AsyncResource } from "node:async_hooks";
import { readSqlError } from "../tenancy/sql-error.js";
import type { Placing, WaitingCall } from "./waiting-calls.js";
import { LARGE_GROUP_JOBS, WaitingCalls } from "./waiting-calls.js";

/** Large groups keep the server at two statements at a time: with one, its other processors would be idle. */
const LARGE_GROUP_CONCURRENCY = 2;

export interface CallGroupsParams<Request, Row> {
  /** How many statements of few jobs may be under way at a time. */
  readonly concurrency: number;
  /** How many jobs a request is about. */
  readonly jobsOf: (request: Request) => number;
  /**
   * Begins a group: says of one waiting request after the other where it goes. The first one joins, unless it may not go
   * beside those of `past`, which are under way and which this group would go past.
   */
  readonly beginGroup: (past: readonly Request[]) => (request: Request) => Placing;
  /** Sends one statement for a group of several. */
  readonly send: (group: readonly Request[]) => Promise<readonly Row[]>;
  /** What each request of the group gets of the rows. */
  readonly share: (group: readonly Request[], rows: readonly Row[]) => readonly (readonly Row[])[];
}

export interface GroupedCallParams<Row, Result> {
  /** Does the same by a statement of its own. */
  readonly alone: () => Promise<Result>;
  /** What the caller gets of its share of the rows; it may throw what is the caller's alone. */
  readonly answer: (rows: readonly Row[]) => Result;
}

/**
 * Calls that wait for a free statement, and go together in the next. A call is sent in the turn of the event loop in
 * which it is made when a statement is free, so that nobody waits for a timer, and nothing is left when all have their
 * answers. What is worth two statements goes in two at once.
 */
export class CallGroups<Request, Row> {
  readonly #params: CallGroupsParams<Request, Row>;
  readonly #underWay = new Set<readonly Request[]>();
  readonly #waiting: WaitingCalls<Request, Row>;
  #isTurnEnding = false;

  constructor(params: CallGroupsParams<Request, Row>) {
    this.#params = params;
    this.#waiting = new WaitingCalls(params.jobsOf);
  }

  call<Result>(request: Request, { alone, answer }: GroupedCallParams<Row, Result>): Promise<Result> {
    const { promise, resolve, reject } = Promise.withResolvers<Result>();
    const context = new AsyncResource("MARKETPLACE_JOBS_CALL");
    this.#waiting.add({
      request,
      context,
      receive: (rows) => {
        try {
          resolve(answer(rows));
        } catch (error) {
          reject(error);
        }
      },
      sendAlone: () => context.runInAsyncScope(alone).then(resolve, reject),
      fail: reject,
    });
    this.#sendAtEndOfTurn();
    return promise;
  }

  /** Whoever is called back in this turn may make its next call in it: answers of one statement wake many callers. */
  #sendAtEndOfTurn(): void {
    if (this.#isTurnEnding || !this.#hasRoom()) return;
    this.#isTurnEnding = true;
    setImmediate(() => {
      this.#isTurnEnding = false;
      while (this.#hasRoom()) {
        const group = this.#nextGroup();
        if (group.length === 0) break;
        void this.#send(group);
      }
    });
  }

  #hasRoom(): boolean {
    const isLarge = this.#waiting.jobs >= LARGE_GROUP_JOBS;
    return this.#waiting.size > 0 && this.#underWay.size < (isLarge ? this.#mostUnderWay : this.#params.concurrency);
  }

  get #mostUnderWay(): number {
    return Math.max(this.#params.concurrency, LARGE_GROUP_CONCURRENCY);
  }

  /** None when all that may be sent is too little to go beside what is under way. */
  #nextGroup(): readonly WaitingCall<Request, Row>[] {
    const isPast = this.#underWay.size >= this.#params.concurrency;
    return this.#waiting.take(this.#params.beginGroup(isPast ? [...this.#underWay].flat() : []), {
      statements: this.#mostUnderWay - this.#underWay.size,
      least: isPast ? LARGE_GROUP_JOBS : 0,
    });
  }

  async #send(group: readonly WaitingCall<Request, Row>[]): Promise<void> {
    const requests = group.map(({ request }) => request);
    this.#underWay.add(requests);
    try {
      if (group.length === 1) await group[0]!.sendAlone();
      else await this.#sendTogether(group, requests);
    } catch (error) {
      // What was thrown cannot even be looked at; nobody may wait for ever.
      for (const call of group) call.fail(error);
    } finally {
      this.#underWay.delete(requests);
      this.#sendAtEndOfTurn();
    }
  }

  async #sendTogether(group: readonly WaitingCall<Request, Row>[], requests: readonly Request[]): Promise<void> {
    let rows: readonly Row[];
    try {
      rows = await group[0]!.context.runInAsyncScope(this.#params.send, undefined, requests);
    } catch (error) {
      await this.#failTogether(group, error);
      return;
    }
    try {
      const shares = this.#params.share(requests, rows);
      for (const [place, call] of group.entries()) call.receive(shares[place]!);
    } catch (error) {
      // The statement is committed, and nobody can say whose rows these are.
      for (const call of group) call.fail(error);
    }
  }

  /**
   * What the server refused it has not done, and one call's value, trigger or lock may be all that is wrong: each is
   * sent by itself, one after the other, since the group has one connection. Where it said nothing, or ended the
   * connection, nobody knows what was done, and only the callers can say whether to do it again.
   */
  async #failTogether(group: readonly WaitingCall<Request, Row>[], error: unknown): Promise<void> {
    const { sqlState, isConnectionLost } = readSqlError(error);
    const isRefused = sqlState !== undefined && !isConnectionLost;
    for (const call of group) {
      if (isRefused) await call.sendAlone();
      else call.fail(error);
    }
  }
}
