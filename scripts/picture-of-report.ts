/**
 * Takes the README's picture: the top of the page that a sync of legacy tenants gives, some of which fail, into
 * `docs/pictures/`. Needs a Chromium; run it when the page looks different: `npm run docs:picture`.
 */
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import { renderSyncReportHtml, type SyncReport, syncTenantSchemas } from "../src/index.js";
import { findChromium, launchChromium } from "../test/browser/chromium.js";
import { startEmbeddedServer } from "../test/database/embedded-server.js";
import {
  type LegacyVariant,
  loadLegacyShared,
  loadLegacyTemplate,
  loadLegacyTenant,
} from "../test/legacy/legacy-system.js";

const TENANTS = 400;
const WIDTH = 960;
const HEIGHT = 1_130;
const LARGEST_KILOBYTES = 150;

const chromium = findChromium();
if (chromium === undefined) throw new Error("No Chromium here: install one, or name one in CHROMIUM_PATH.");
const picture = fileURLToPath(new URL("../docs/pictures/sync-report.png", import.meta.url));
mkdirSync(fileURLToPath(new URL("../docs/pictures", import.meta.url)), { recursive: true });
await takePicture(await syncLegacyFleet(), chromium);
console.log(`${picture}: ${Math.round(statSync(picture).size / 1024)} kB`);

/** A run over every variant of the legacy system in which a tenant is refused, one fails and one is busy. */
async function syncLegacyFleet(): Promise<SyncReport> {
  const server = await startEmbeddedServer({ version: "18" });
  const pool = new pg.Pool({ connectionString: server.url, max: 6 });
  const db = new Kysely<any>({ dialect: new PostgresDialect({ pool }) });
  const report = new pg.Client({ connectionString: server.url, application_name: "nightly-report" });
  try {
    await loadLegacyShared(db);
    await loadLegacyTemplate(db);
    const variants: readonly LegacyVariant[] = ["a", "b", "c", "d", "e"];
    for (let number = 1; number <= TENANTS; number += 1) {
      const variant = variants[number % variants.length] ?? "a";
      await loadLegacyTenant(db, variant, `user_${number}`, number, { data: variant < "d" });
    }
    // An earlier run has done a few of them.
    await syncTenantSchemas(db, { tenants: Array.from({ length: 12 }, (_, index) => `user_${index * 31 + 7}`) });
    await pool.query(
      "create view user_121.jobs_by_batch as select batch_id, count(*) from user_121.marketplace_jobs group by 1",
    );
    await pool.query("create view user_304.batch_jobs as select 1 as id");
    await report.connect();
    await report.query("begin; select count(*) from user_260.marketplace_jobs");
    return await syncTenantSchemas(db, { canary: 1, lockTimeoutMs: 200, maxAttempts: 3, throwOnFailure: false });
  } finally {
    await report.end();
    await db.destroy();
    await server.stop();
  }
}

async function takePicture(report: SyncReport, executablePath: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "marketplace-jobs-picture-"));
  const browser = await launchChromium(executablePath);
  try {
    const file = join(folder, "sync.html");
    writeFileSync(file, renderSyncReportHtml(report));
    const page = await browser.newPage({ viewport: { width: WIDTH, height: HEIGHT }, colorScheme: "light" });
    await page.goto(pathToFileURL(file).href);
    await page.screenshot({ path: picture });
    if (statSync(picture).size > LARGEST_KILOBYTES * 1024) throw new Error("The picture is too large for a README.");
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true });
  }
}
