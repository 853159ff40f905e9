import { Option } from "commander";
import type { TalkLevel } from "../output/talk.js";
import type { FlagGroup } from "./flag-group.js";

export interface OutputFlags {
  readonly json?: boolean | undefined;
  readonly color?: boolean | undefined;
  readonly quiet?: boolean | undefined;
  readonly verbose?: boolean | undefined;
}

export interface ReportFlags {
  readonly report?: string | undefined;
}

export interface PendingFlags {
  readonly failOnPending?: boolean | undefined;
}

const jsonFlag = (): Option => new Option("--json", "print the result as one JSON document");
const talkFlags = (): readonly Option[] => [
  new Option("-q, --quiet", "say nothing on standard error but what went wrong"),
  new Option("-v, --verbose", "say more on standard error, and list what is otherwise summed up").conflicts("quiet"),
  new Option("--no-color", "no colours (so does NO_COLOR in the environment)"),
];

export const outputFlags: FlagGroup = { heading: "Output:", options: () => [jsonFlag(), ...talkFlags()] };

/** For commands whose result is a report with a page of its own. */
export const reportFlag: FlagGroup = {
  heading: "Output:",
  options: () => [
    new Option("--report <file>", "write the report to this file as well, as an HTML page to look at and to send on"),
  ],
};

export const failOnPendingFlag: FlagGroup = {
  heading: "Check:",
  options: () => [new Option("--fail-on-pending", "exit with 3 when a schema lacks migrations")],
};

export function talkLevel({ quiet, verbose }: OutputFlags): TalkLevel {
  if (quiet === true) return "quiet";
  return verbose === true ? "verbose" : "normal";
}
