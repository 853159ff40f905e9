import type { Emit } from "./emit.js";
import type { SyncSettings } from "./sync-options.js";

/** What makes a run start nothing more: an abort, too many failures, or a failure where one is too many. */
export interface Brake {
  readonly reason: string | undefined;
  readonly isAborted: boolean;
  /** Aborts when the brake is pulled, to wake whoever waits. */
  readonly pulled: AbortSignal;
  pull(reason: string): void;
  countFailure(): void;
  release(): void;
}

export function createBrake(settings: Pick<SyncSettings, "signal" | "onFailure" | "maxFailures">, emit: Emit): Brake {
  const { signal, onFailure, maxFailures } = settings;
  const controller = new AbortController();
  let reason: string | undefined;
  let isAborted = false;
  let failures = 0;
  const pull = (why: string): void => {
    if (reason !== undefined) return;
    reason = why;
    emit({ type: "run-stopping", reason: why });
    controller.abort();
  };
  const abort = (): void => {
    isAborted = true;
    pull("the run was aborted");
  };
  if (signal?.aborted === true) abort();
  signal?.addEventListener("abort", abort, { once: true });
  return {
    get reason() {
      return reason;
    },
    get isAborted() {
      return isAborted;
    },
    pulled: controller.signal,
    pull,
    countFailure() {
      failures += 1;
      if (onFailure === "stop") pull('a tenant failed and onFailure is "stop"');
      else if (maxFailures !== undefined && failures >= maxFailures) {
        pull(`${failures} tenants failed and maxFailures is ${maxFailures}`);
      }
    },
    release() {
      signal?.removeEventListener("abort", abort);
    },
  };
}
