import fc from "fast-check";
import { AsyncResource } from "node:async_hooks";
import { describe, expect, test } from "vitest";
import { WaitingCalls } from "../../../src/repositories/waiting-calls.js";

const LEAST_REST = 100;

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

describe("waiting calls", () => {
  test("are each taken once and in their order, in groups of a share at least", () => {
    fc.assert(
      fc.property(jobsOfCalls, fc.integer({ min: 1, max: 3_000 }), (jobs, share) => {
        const waiting = waitingOf(jobs);
        const taken: Request[] = [];
        while (waiting.size > 0) {
          const before = waiting.jobs;
          const group = waiting.take(() => true, { share, leastRest: LEAST_REST });
          const ofGroup = group.reduce((sum, { request }) => sum + request.jobs, 0);
          expect(group.length).toBeGreaterThan(0);
          expect(waiting.jobs).toBe(before - ofGroup);
          expect(ofGroup >= share || waiting.size === 0).toBe(true);
          expect(waiting.size === 0 || waiting.jobs >= LEAST_REST).toBe(true);
          taken.push(...group.map(({ request }) => request));
        }
        expect(taken.map(({ place }) => place)).toEqual([...jobs.keys()]);
        expect(waiting.jobs).toBe(0);
      }),
    );
  });

  test("that do not join keep their places", () => {
    fc.assert(
      fc.property(jobsOfCalls, fc.integer({ min: 2, max: 5 }), (jobs, divisor) => {
        const waiting = waitingOf(jobs);
        const everyOne = { share: Number.POSITIVE_INFINITY, leastRest: LEAST_REST };
        const places = (joins: (request: Request) => boolean): number[] =>
          waiting.take(joins, everyOne).map(({ request }) => request.place);
        const first = places(({ place }) => place % divisor === 0);
        const rest = places(() => true);
        expect(first).toEqual([...jobs.keys()].filter((place) => place % divisor === 0));
        expect(rest).toEqual([...jobs.keys()].filter((place) => place % divisor !== 0));
      }),
    );
  });
});
