import axe from "axe-core";
import type { Page } from "playwright-core";

/** What stands in the way of readers, in words: contrast, labels, order of headings, table cells, landmarks. */
export async function accessibilityProblems(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  return await page.evaluate(async () => {
    // What the source has just brought into the page.
    const { run } = (globalThis as unknown as { readonly axe: typeof axe }).axe;
    const { violations } = await run();
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html}: ${failureSummary}`),
    );
  });
}
