import type { TestProject } from "vitest/node";
import { findChromium } from "./chromium.js";

declare module "vitest" {
  interface ProvidedContext {
    /** The browser's program; undefined where there is none. */
    chromium: string | undefined;
  }
}

export default function setup(project: TestProject): void {
  const chromium = findChromium();
  process.stderr.write(
    chromium === undefined
      ? "No Chromium here: the tests that look at pages are skipped. Debian's package is chromium; CHROMIUM_PATH names another.\n"
      : `Pages are looked at in ${chromium}.\n`,
  );
  project.provide("chromium", chromium);
}
