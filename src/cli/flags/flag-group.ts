import type { Option } from "commander";

/** Flags that belong together, under the heading that `--help` gives them. */
export interface FlagGroup {
  readonly heading: string;
  /** Made anew for each command, because a parser keeps them. */
  readonly options: () => readonly Option[];
}
