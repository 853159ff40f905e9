import { AsyncResource } from "node:async_hooks";
import { readSqlError } from "../tenancy/sql-error.js";

export interface CallGroupsParams<Request, Row> {
  /** How many statements may be under way at a time. */
  readonly concurrency: number;
  /** Begins a group: says of one waiting request after the other whether it joins. The first one always does. */
  readonly beginGroup: () => (request: Request) => boolean;
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

interface WaitingCall<Request, Row> {
  readonly request: Request;
  /** What the caller's tracing goes by: statements that it waits for must not be sent in another's name. */
  readonly context: AsyncResource;
  readonly receive: (rows: readonly Row[]) => void;
  readonly sendAlone: () => Promise<void>;
  readonly fail: (error: unknown) => void;
}

/**
 * Calls that wait for a free statement, and go together in the next. A call is sent in the turn of the event loop in
 * which it is made when a statement is free, so that nobody waits for a timer, and nothing is left when all have their
 * answers.
 */
export class CallGroups<Request, Row> {
  readonly #params: CallGroupsParams<Request, Row>;
  #waiting: WaitingCall<Request, Row>[] = [];
  #underWay = 0;
  #isTurnEnding = false;

  constructor(params: CallGroupsParams<Request, Row>) {
    this.#params = params;
  }

  call<Result>(request: Request, { alone, answer }: GroupedCallParams<Row, Result>): Promise<Result> {
    const { promise, resolve, reject } = Promise.withResolvers<Result>();
    const context = new AsyncResource("MARKETPLACE_JOBS_CALL");
    this.#waiting.push({
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
    if (this.#isTurnEnding || this.#waiting.length === 0 || this.#underWay >= this.#params.concurrency) return;
    this.#isTurnEnding = true;
    setImmediate(() => {
      this.#isTurnEnding = false;
      while (this.#waiting.length > 0 && this.#underWay < this.#params.concurrency) void this.#send(this.#nextGroup());
    });
  }

  #nextGroup(): readonly WaitingCall<Request, Row>[] {
    const joins = this.#params.beginGroup();
    const group: WaitingCall<Request, Row>[] = [];
    const others: WaitingCall<Request, Row>[] = [];
    for (const call of this.#waiting) (joins(call.request) ? group : others).push(call);
    this.#waiting = others;
    return group;
  }

  async #send(group: readonly WaitingCall<Request, Row>[]): Promise<void> {
    this.#underWay += 1;
    try {
      if (group.length === 1) await group[0]!.sendAlone();
      else await this.#sendTogether(group);
    } catch (error) {
      // What was thrown cannot even be looked at; nobody may wait for ever.
      for (const call of group) call.fail(error);
    } finally {
      this.#underWay -= 1;
      this.#sendAtEndOfTurn();
    }
  }

  async #sendTogether(group: readonly WaitingCall<Request, Row>[]): Promise<void> {
    const requests = group.map(({ request }) => request);
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
   * sent by itself, one after the other, since the group has one connection. Where it said nothing, or ended the connection, nobody knows what was done, and only the callers can
   * say whether to do it again.
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
