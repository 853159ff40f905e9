import type { Talk } from "../output/talk.js";
import { ProgressBar } from "./progress-bar.js";
import { ProgressLines } from "./progress-lines.js";
import type { SyncProgress } from "./sync-progress.js";

/** Shows how far a run is while it runs. */
export interface ProgressDisplay {
  /** Something happened: a display that writes lines may write one. */
  changed(): void;
  stop(): void;
}

/** A bar on a terminal; lines where standard error goes to a file or a pipeline's log; nothing with `--quiet`. */
export function progressDisplay(progress: SyncProgress, talk: Talk): ProgressDisplay {
  if (talk.level === "quiet") return { changed: () => {}, stop: () => {} };
  const { CI: ci, TERM: terminal } = process.env;
  const isForEyes = process.stderr.isTTY && terminal !== "dumb" && (ci === undefined || ci === "" || ci === "false");
  return isForEyes ? new ProgressBar(progress, talk) : new ProgressLines(progress, talk);
}
