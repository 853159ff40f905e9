import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { CodeBlock } from "./code-block.js";

const stageFile = fileURLToPath(new URL("block-stage.js", import.meta.url));

/** What a console call is said to print, by the line of the page. */
export type ExpectedOutput = ReadonlyMap<number, string>;

/** A block as a file of its own, whose lines are one after those of the block. */
export interface GeneratedBlock {
  readonly block: CodeBlock;
  /** Names the stage on which it is run. */
  readonly id: string;
  readonly path: string;
  readonly expectedOutput: ExpectedOutput;
}

/** The folder of a page's files; a block that has a name is written under it, as it stands. */
export function folderOf(root: string, { file }: CodeBlock): string {
  return join(root, file.replaceAll(/[/.]/g, "-"));
}

/** Writes a `ts` block as a module. */
export function generate(root: string, block: CodeBlock): GeneratedBlock {
  const path = join(folderOf(root, block), block.fileName ?? `line-${block.line}.ts`);
  mkdirSync(dirname(path), { recursive: true });
  if (block.fileName !== undefined) {
    writeFileSync(path, block.code);
    return { block, id: path, path, expectedOutput: new Map() };
  }
  const expectedOutput = new Map<number, string>();
  const code = block.code.split("\n").map((text, index, lines) => {
    const line = block.line + 1 + index;
    const expected = outputBeside(text, lines[index + 1]);
    if (expected === undefined) return text;
    expectedOutput.set(line, expected);
    return text.replace("console.log(", `console.at(${line}).log(`);
  });
  writeFileSync(path, [firstLine(block, path), ...code, "export {};", ""].join("\n"));
  return { block, id: path, path, expectedOutput };
}

/** Where an error in a generated file stands in the page. */
export function lineInPage({ block }: GeneratedBlock, line: number): number {
  return block.line + line - (block.fileName === undefined ? 1 : 0);
}

function firstLine(block: CodeBlock, path: string): string {
  const needsDb = block.file !== "README.md" && /\bdb\b/.test(block.code) && !/^const db\b/m.test(block.code);
  const names = ["console", "process", ...(needsDb ? ["db"] : [])];
  const from = relative(dirname(path), stageFile).replaceAll("\\", "/");
  return `import { stage } from "${from}"; const { ${names.join(", ")} } = stage(${JSON.stringify(path)});`;
}

/** The comment beside a call of console.log is what it prints; a list or an object may stand in the line below. */
function outputBeside(line: string, next: string | undefined): string | undefined {
  const beside = /^\s*(?:if \(.*\) )?console\.log\(.*\);\s+\/\/ (?<output>.+)$/.exec(line)?.groups?.["output"];
  if (beside !== undefined) return beside;
  if (!/^\s*console\.log\(.*\);$/.test(line)) return undefined;
  return /^\s*\/\/ (?<output>[[{].*)$/.exec(next ?? "")?.groups?.["output"];
}
