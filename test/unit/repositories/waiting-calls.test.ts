import fc from "fast-check";
import { AsyncResource } from "node:async_hooks";
import { describe, expect, test } from "vitest";
import { LARGE_GROUP_JOBS, type Placing, WaitingCalls } from "../../../src/repositories/waiting-calls.js";

interface Request {
  readonly place: number;
  readonly jobs: number;
}

function waitingOf(jobs: readonly number[]): WaitingCalls<Request, never> {
  const waiting = new WaitingCalls<Request, never>((request) => request.jobs);
  for (const [place, count] of jobs.entries()) {
    waiting.add({
      request: { place, jobs: count },
      context: new AsyncResource("TEST"),
      receive: () => {},
      sendAlone: () => Promise.resolve(),
      fail: () => {},
    });
  }
  return waiting;
}

const jobsOfCalls = fc.array(fc.integer({ min: 1, max: 1_000 }), { minLength: 1, maxLength: 50 });

const jobsOf = (group: readonly { readonly request: Request }[]): number =>
  group.reduce((sum, { request }) => sum + request.jobs, 0);

const placesOf = (group: readonly { readonly request: Request }[]): number[] =>
  group.map(({ request }) => request.place);

describe("waiting calls", () => {
  test("are divided over the free statements in their order, each of a hundred jobs at least", () => {
    fc.assert(
      fc.property(jobsOfCalls, fc.integer({ min: 1, max: 4 }), (jobs, statements) => {
        const waiting = waitingOf(jobs);
        const all = waiting.jobs;
        const groups: number[] = [];
        const places: number[] = [];
        for (let free = statements; free > 0 && waiting.size > 0; free -= 1) {
          const before = waiting.jobs;
          const group = waiting.take(() => "joins", { statements: free, least: 0 });
          expect(waiting.jobs).toBe(before - jobsOf(group));
          groups.push(jobsOf(group));
          places.push(...placesOf(group));
        }
        expect(places).toEqual([...jobs.keys()]);
        expect(groups.length === 1 || Math.min(...groups) >= LARGE_GROUP_JOBS).toBe(true);
        // As even as the calls let them be: none has more than its part and one more call.
        expect(Math.max(...groups) - Math.max(...jobs)).toBeLessThanOrEqual(
          Math.max(2 * LARGE_GROUP_JOBS, all / Math.min(statements, Math.max(1, Math.floor(all / LARGE_GROUP_JOBS)))),
        );
      }),
    );
  });

  test("that do not join keep their places, and those that wait have no part in the division", () => {
    fc.assert(
      fc.property(jobsOfCalls, fc.integer({ min: 2, max: 5 }), (jobs, divisor) => {
        const waiting = waitingOf(jobs);
        const joining = ({ place }: Request): Placing => (place % divisor === 0 ? "joins" : "waits");
        const first = waiting.take(joining, { statements: 1, least: 0 });
        const rest = waiting.take(() => "joins", { statements: 1, least: 0 });
        expect(placesOf(first)).toEqual([...jobs.keys()].filter((place) => place % divisor === 0));
        expect(placesOf(rest)).toEqual([...jobs.keys()].filter((place) => place % divisor !== 0));
      }),
    );
    const waiting = waitingOf([100, 100, 1_000]);
    const isFirst = ({ place }: Request): Placing => (place < 2 ? "joins" : "waits");
    expect(placesOf(waiting.take(isFirst, { statements: 2, least: 0 }))).toEqual([0]);
  });

  test("are left when there is less to take than is worth it", () => {
    const waiting = waitingOf([60, 39, 500]);
    const isFirst = ({ place }: Request): Placing => (place < 2 ? "joins" : "waits");
    expect(waiting.take(isFirst, { statements: 1, least: LARGE_GROUP_JOBS })).toEqual([]);
    expect(waiting.jobs).toBe(599);
    expect(placesOf(waiting.take(() => "joins", { statements: 1, least: LARGE_GROUP_JOBS }))).toEqual([0, 1, 2]);
  });

  test("that go next have a part in the division", () => {
    const waiting = waitingOf([250, 250, 250, 250, 250, 250]);
    const place = ({ place: at }: Request): Placing => (at < 4 ? "joins" : "goes next");
    expect(placesOf(waiting.take(place, { statements: 2, least: 0 }))).toEqual([0, 1, 2]);
  });
});
