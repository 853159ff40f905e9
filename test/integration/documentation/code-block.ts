/** A fenced block of a page or of a docstring's example. */
export interface CodeBlock {
  /** The file, relative to the repository. */
  readonly file: string;
  /** The line of the opening fence, from 1. */
  readonly line: number;
  readonly language: string;
  readonly code: string;
  readonly origin: "page" | "docstring";
  /** Why the block cannot be run here: ```` ```sh not-run: needs a server of its own ````. */
  readonly notRun: string | undefined;
  /** The name under which other blocks of the page import or call it: ```` ```ts file=migrations.ts ````. */
  readonly fileName: string | undefined;
}

export function titleOf({ file, line, language }: CodeBlock): string {
  return `${file}:${line} (${language === "" ? "no language" : language})`;
}
