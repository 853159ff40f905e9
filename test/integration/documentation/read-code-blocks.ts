import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { CodeBlock } from "./code-block.js";

export const repository = fileURLToPath(new URL("../../..", import.meta.url));

/** Everything a reader may copy from. The API reference is made of the docstrings, whose blocks are read there. */
export function readCodeBlocks(): CodeBlock[] {
  const pages = globSync(["*.md", "docs/**/*.md", "examples/**/*.md"], {
    cwd: repository,
    exclude: ["docs/api/**", "**/node_modules/**"],
  });
  const sources = globSync(["src/**/*.ts", "migrations/**/*.ts"], { cwd: repository });
  return [
    ...pages.toSorted().flatMap((file) => blocksOfPage(file, read(file))),
    ...sources.toSorted().flatMap((file) => blocksOfDocstrings(file, read(file))),
  ];
}

export function blocksOfPage(file: string, text: string): CodeBlock[] {
  return fencedBlocks(text.split("\n")).map((block) => ({ file, origin: "page", ...block }));
}

/** The blocks of all doc comments, with the lines that they have in the file. */
export function blocksOfDocstrings(file: string, text: string): CodeBlock[] {
  let isComment = false;
  const lines = text.split("\n").map((line) => {
    if (line.trimStart().startsWith("/**")) isComment = true;
    const content = isComment ? line.replace(/^\s*(\/\*\*|\*(?!\/)) ?/, "") : "";
    if (line.includes("*/")) isComment = false;
    return content;
  });
  return fencedBlocks(lines).map((block) => ({ file, origin: "docstring", ...block }));
}

type FencedBlock = Omit<CodeBlock, "file" | "origin">;

function fencedBlocks(lines: readonly string[]): FencedBlock[] {
  const blocks: FencedBlock[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    const opening = /^(?<indent>\s*)(?<fence>`{3,})(?<info>[^`]*)$/.exec(lines[index] ?? "");
    if (opening === null) continue;
    const { indent = "", fence = "", info = "" } = opening.groups ?? {};
    const end = lines.findIndex((line, at) => at > index && line.trim() === fence);
    if (end < 0) throw new Error(`A fence in line ${index + 1} is never closed.`);
    const code = lines
      .slice(index + 1, end)
      .map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line.trimStart()))
      .join("\n");
    blocks.push({ line: index + 1, code: `${code}\n`, ...parseInfo(info.trim()) });
    index = end;
  }
  return blocks;
}

function parseInfo(info: string): Pick<CodeBlock, "language" | "notRun" | "fileName"> {
  const [language = ""] = info.split(/\s/, 1);
  const rest = info.slice(language.length).trim();
  const notRun = /^not-run: (?<reason>.+)$/.exec(rest)?.groups?.["reason"];
  const fileName = /^file=(?<name>[\w.-]+)$/.exec(rest)?.groups?.["name"];
  if (rest !== "" && notRun === undefined && fileName === undefined) {
    throw new Error(`After the language of a fence stands "not-run: <reason>" or "file=<name>", not "${rest}".`);
  }
  return { language, notRun, fileName };
}

function read(file: string): string {
  return readFileSync(`${repository}${file}`, "utf8");
}
