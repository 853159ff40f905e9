import { printable } from "../../report/printable.js";
import { duration, grouped } from "../../report/quantity.js";
import type { ProgressSnapshot } from "./sync-progress.js";

/** Below ten, a decimal tells whether it moves at all. */
function rate(perSecond: number): string {
  return `${perSecond < 10 ? perSecond.toFixed(1) : grouped(Math.round(perSecond))}/s`;
}

/** "812/2,002 schemas · 145/s · 8.2 s left · 2 failed · user_77 0004_link_jobs_to_batches for 3.2 s" */
export function progressLine({
  done,
  total,
  failed,
  waiting,
  perSecond,
  remainingMs,
  slowest,
}: ProgressSnapshot): string {
  return [
    `${grouped(done)}/${grouped(total)} schemas`,
    ...(perSecond === undefined ? [] : [rate(perSecond)]),
    ...(remainingMs === undefined ? [] : [`${duration(remainingMs)} left`]),
    `${grouped(failed)} failed`,
    ...(waiting === 0 ? [] : [`${grouped(waiting)} waiting`]),
    ...(slowest === undefined
      ? []
      : [
          [
            printable(slowest.schema),
            ...(slowest.migration === undefined ? [] : [slowest.migration]),
            `for ${duration(slowest.ms)}`,
          ].join(" "),
        ]),
  ].join(" · ");
}
