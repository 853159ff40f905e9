import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const repository = fileURLToPath(new URL("../../..", import.meta.url));
const pages = globSync(["*.md", "docs/**/*.md", "examples/**/*.md", "bench/*.md"], {
  cwd: repository,
  exclude: ["docs/api/**"],
});

test("every link to another page or heading leads somewhere", () => {
  expect(pages.length).toBeGreaterThan(10);
  expect(pages.flatMap(brokenLinks)).toEqual([]);
});

test("every page of the documentation can be reached from its index", () => {
  const index = new Set(linksOf("docs/README.md").map(({ file }) => file));
  const documented = pages.filter((page) => /^docs\/[^/]+\.md$/.test(page) && page !== "docs/README.md");
  expect(documented.filter((page) => !index.has(page))).toEqual([]);
});

function brokenLinks(page: string): string[] {
  return linksOf(page)
    .filter(({ file, heading }) => {
      if (!existsSync(join(repository, file))) return true;
      return heading !== undefined && !headingsOf(file).has(heading);
    })
    .map(({ written }) => `${page}: ${written}`);
}

/** Links within the repository, as files relative to it. */
function linksOf(page: string): { readonly written: string; readonly file: string; readonly heading?: string }[] {
  const text = withoutCode(readFileSync(join(repository, page), "utf8"));
  return [...text.matchAll(/\]\((?!\w+:)([^)\s]+)\)/g)].map(([, written = ""]) => {
    const [path = "", heading] = written.split("#");
    const file = path === "" ? page : normalize(join(dirname(page), path));
    return { written, file, ...(heading === undefined ? {} : { heading }) };
  });
}

/** The anchors that GitHub gives a page's headings. */
function headingsOf(file: string): Set<string> {
  const headings = [...withoutCode(readFileSync(join(repository, file), "utf8")).matchAll(/^#+ (.+)$/gm)];
  return new Set(
    headings.map(([, heading = ""]) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
        .replaceAll(" ", "-"),
    ),
  );
}

function withoutCode(text: string): string {
  return text.replaceAll(/^( *)```.*?^\1```$/gms, "");
}
