import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { BatchJobStatus } from "../../../src/entities/batch-job-status.js";
import { batchJobStatuses } from "../../../src/entities/batch-job-status.js";
import { batchStatus } from "../../../src/entities/batch-status-rule.js";
import { jobStatuses } from "../../../src/entities/job-status.js";
import { type JobTransition, jobTransitions } from "../../../src/entities/job-transition.js";

interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly causes: readonly string[];
}

const page = readFileSync(new URL("../../../docs/state-machines.md", import.meta.url), "utf8");
const [jobArrows = [], batchArrows = []] = [...page.matchAll(/```mermaid\n(.*?)```/gs)].map(([, diagram = ""]) =>
  [...diagram.matchAll(/^ {2}(\S+) --> (\S+?)(?:: (.+))?$/gm)].map(([, from = "", to = "", causes = ""]): Arrow => ({
    from,
    to,
    causes: causes.split(", "),
  })),
);

const METHODS: Readonly<Record<JobTransition, string>> = {
  start: "startJob",
  pause: "pauseJob",
  resume: "resumeJob",
  cancel: "cancelJob",
  complete: "completeJob",
  fail: "failJob",
  acknowledgeCancel: "acknowledgeCancel",
};

describe("the diagram of jobs", () => {
  test("has every status", () => {
    expect(statusesOf(jobArrows)).toEqual(new Set(jobStatuses));
  });

  test.each(Object.entries(METHODS) as [JobTransition, string][])(
    "draws %s from where it is allowed",
    (name, method) => {
      const drawn = jobArrows.filter(({ causes }) => causes.includes(method)).map(({ from }) => from);
      // A running job is only asked to be cancelled: its status stays, so there is no arrow.
      const allowed = jobTransitions[name].filter((status) => name !== "cancel" || status !== "running");
      expect(new Set(drawn)).toEqual(new Set(allowed));
    },
  );
});

describe("the diagram of batches", () => {
  test("has every status", () => {
    expect(statusesOf(batchArrows)).toEqual(new Set(batchJobStatuses));
  });

  test("draws what the batch rule gives for every small batch, and nothing else", () => {
    const drawn = batchArrows
      .filter(({ from, causes }) => from !== "[*]" && !causes.includes("retryFailedJobs"))
      .filter(({ to }) => to !== "[*]")
      .map(({ from, to }) => `${from} --> ${to}`);
    expect(new Set(drawn)).toEqual(arrowsOfTheRule());
  });

  test("lets a batch with failed jobs be reopened, and no other", () => {
    const reopened = batchArrows.filter(({ causes }) => causes.includes("retryFailedJobs")).map(({ from }) => from);
    expect(new Set(reopened)).toEqual(new Set(["failed", "partially_failed"]));
  });
});

function statusesOf(arrows: readonly Arrow[]): Set<string> {
  return new Set(arrows.flatMap(({ from, to }) => [from, to]).filter((status) => status !== "[*]"));
}

/** All steps of batches of up to four jobs. */
function arrowsOfTheRule(): Set<string> {
  const arrows = new Set<string>();
  const add = (from: BatchJobStatus, to: BatchJobStatus): void => {
    if (from !== to) arrows.add(`${from} --> ${to}`);
  };
  for (let totalCount = 1; totalCount <= 4; totalCount += 1) {
    for (let completedCount = 0; completedCount <= totalCount; completedCount += 1) {
      for (let failedCount = 0; failedCount <= totalCount - completedCount; failedCount += 1) {
        for (let cancelledCount = 0; cancelledCount <= totalCount - completedCount - failedCount; cancelledCount += 1) {
          const counters = { totalCount, completedCount, failedCount, cancelledCount };
          add("running", batchStatus(counters, "running"));
          // A pending batch has no job that started, and one call ends jobs in one way: all expire, or are cancelled.
          if (completedCount === 0 && (failedCount === 0 || cancelledCount === 0)) {
            add("pending", batchStatus(counters, "pending"));
          }
        }
      }
    }
  }
  return arrows;
}
