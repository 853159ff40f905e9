import type { RawBuilder } from "kysely";
import { sql } from "kysely";
import { JOB_EXPIRY_MS } from "../entities/job-timing.js";
import type { JobTransition } from "../entities/job-transition.js";
import { jobTransitions } from "../entities/job-transition.js";
import { duration } from "./duration.js";
import type { JobChanges } from "./job-changes.js";
import type { SingleJobMove } from "./single-job-move.js";

/** What a job that starts is given; whoever holds its lease holds it by the new attempt. */
export function jobStartChanges(leaseMs: RawBuilder<number>): JobChanges {
  return {
    status: sql`'running'`,
    attempt: sql`j.attempt + 1`,
    started_at: sql`statement_timestamp()`,
    lease_expires_at: sql`statement_timestamp() + ${duration(leaseMs)}`,
  };
}

/** By hand a job may start before its time, but not after it. */
export function startMove(leaseMs: number): SingleJobMove<{ leaseMs: number }> {
  return {
    transition: "start",
    consequence: "start",
    values: { leaseMs },
    write: (values) => ({
      rejection: illegalUnless(
        sql`${isIn("start")} and (l.expires_at is null or l.expires_at > statement_timestamp())`,
      ),
      changes: jobStartChanges(values.leaseMs),
    }),
  };
}

export const pauseMove: SingleJobMove = {
  transition: "pause",
  consequence: "none",
  values: {},
  write: () => ({ rejection: illegalUnless(isIn("pause")), changes: { status: sql`'paused'` } }),
};

/** A job that was set aside for long is not to expire the moment it comes back. */
export const resumeMove: SingleJobMove = {
  transition: "resume",
  consequence: "none",
  values: {},
  write: () => ({
    rejection: illegalUnless(isIn("resume")),
    changes: {
      status: sql`'pending'`,
      expires_at: sql`greatest(j.run_at, statement_timestamp()) + ${duration(JOB_EXPIRY_MS)}`,
    },
  }),
};

/** Ends a waiting job; asks the worker of a running one, and asking again changes nothing. */
export const cancelChanges: JobChanges = {
  status: sql`case j.status when 'running' then 'running' else 'cancelled' end`,
  completed_at: sql`case when j.status <> 'running' then statement_timestamp() end`,
  cancel_requested: sql`j.cancel_requested or j.status = 'running'`,
  cancel_requested_at: sql`case
    when j.status = 'running' then coalesce(j.cancel_requested_at, statement_timestamp())
    else j.cancel_requested_at
  end`,
  updated_at: sql`case when j.status = 'running' and j.cancel_requested then j.updated_at else statement_timestamp() end`,
};

export const cancelMove: SingleJobMove = {
  transition: "cancel",
  consequence: "end",
  values: {},
  write: () => ({ rejection: illegalUnless(isIn("cancel")), changes: cancelChanges }),
};

function isIn(transition: JobTransition): RawBuilder<unknown> {
  return sql`l.status in (${sql.join(jobTransitions[transition].map((status) => sql.lit(status)))})`;
}

function illegalUnless(isAllowed: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`case when not (${isAllowed}) then 'ILLEGAL_JOB_TRANSITION' end`;
}
