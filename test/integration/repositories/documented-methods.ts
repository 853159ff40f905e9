import { readFile } from "node:fs/promises";

/** What the page says of one method. */
export interface DocumentedMethod {
  readonly statements: number;
  /** How many pages a call touches at most in the data set of the test. */
  readonly pages: number;
  readonly indexes: readonly string[];
  /** Tables whose rows the call locks or writes. */
  readonly locks: readonly string[];
  readonly errors: readonly string[];
}

const PAGE = new URL("../../../docs/repository-methods.md", import.meta.url);

/** The tables of docs/repository-methods.md, by method. */
export async function documentedMethods(): Promise<ReadonlyMap<string, DocumentedMethod>> {
  const text = await readFile(PAGE, "utf8");
  const rows = text.split("\n").filter((line) => line.startsWith("| `"));
  return new Map(
    rows.map((line) => {
      const [method, statements, pages, indexes, locks, errors] = line.split("|").slice(1, -1);
      return [
        names(method!)[0]!,
        {
          statements: Number(statements),
          pages: Number(pages),
          indexes: names(indexes!),
          locks: names(locks!),
          errors: names(errors!),
        },
      ];
    }),
  );
}

function names(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name!);
}
