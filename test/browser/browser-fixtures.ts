import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { inject, test } from "vitest";
import { launchChromium } from "./chromium.js";

export const hasBrowser = inject("chromium") !== undefined;

/** A page in a tab of its own, and what it did besides being shown. */
export interface OpenedPage {
  readonly page: Page;
  /** The page's own address. */
  readonly url: string;
  readonly requests: readonly string[];
  /** What was written to the console, breaches of the page's policy included, and errors and dialogs. */
  readonly complaints: readonly string[];
}

/** `open` shows a page as a file, the way in which a report is looked at; without JavaScript unless it is asked for. */
export const browserTest = test
  .extend("browser", { scope: "file" }, async ({}, { onCleanup }) => {
    const browser = await launchChromium(inject("chromium") ?? "");
    onCleanup(() => browser.close());
    return browser;
  })
  .extend("open", async ({ browser }, { onCleanup }) => {
    const folder = mkdtempSync(join(tmpdir(), "marketplace-jobs-page-"));
    const contexts: BrowserContext[] = [];
    onCleanup(async () => {
      for (const context of contexts) await context.close();
      rmSync(folder, { recursive: true });
    });
    return async (html: string, options: BrowserContextOptions = {}): Promise<OpenedPage> => {
      const file = join(folder, "page.html");
      writeFileSync(file, html);
      const context = await browser.newContext({ javaScriptEnabled: false, ...options });
      contexts.push(context);
      const page = await context.newPage();
      const requests: string[] = [];
      const complaints: string[] = [];
      page.on("request", (request) => requests.push(request.url()));
      page.on("console", (message) => complaints.push(message.text()));
      page.on("pageerror", (error) => complaints.push(error.message));
      page.on("dialog", (dialog) => {
        complaints.push(`dialog: ${dialog.message()}`);
        void dialog.dismiss();
      });
      const url = pathToFileURL(file).href;
      await page.goto(url);
      return { page, url, requests, complaints };
    };
  });
