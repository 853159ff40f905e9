import { type Kysely, sql } from "kysely";
import { afterAll, describe, expect } from "vitest";
import { seededRandom } from "../../seeded-random.js";
import { databaseTest as test } from "../../database/fixtures.js";
import { TestDatabases } from "../../database/test-database.js";
import { startOwnServer } from "../../database/test-server.js";
import { mountSmallDisk, type SmallDisk } from "../../database/small-disk.js";
import { hostKysely } from "../sync/fleet.js";
import { countedMigrations } from "./counted-migrations.js";
import { FaultFleet } from "./fault-fleet.js";
import type { FaultKind } from "./fault-kind.js";
import { cancelledStatements } from "./kinds/cancelled-statements.js";
import { comingAndGoing } from "./kinds/coming-and-going.js";
import { crashedServer } from "./kinds/crashed-server.js";
import { cutConnections } from "./kinds/cut-connections.js";
import { endedSessions } from "./kinds/ended-sessions.js";
import { fullDisk } from "./kinds/full-disk.js";
import { killedProcesses } from "./kinds/killed-processes.js";
import { lockHolders } from "./kinds/lock-holders.js";
import { refusedSpace } from "./kinds/refused-space.js";
import { simultaneousRuns } from "./kinds/simultaneous-runs.js";
import { statementTimeouts } from "./kinds/statement-timeouts.js";
import { faultsOf, recordSurvived, SEED, survivedTable, timeoutFor } from "./survived-faults.js";

/** A kind that strikes so seldom is one that does not work any more. */
const SCENES_PER_FAULT = 5;

const CRASHES = 2;
const FULL = 3;

const KINDS: readonly FaultKind[] = [
  killedProcesses,
  endedSessions,
  cutConnections,
  cancelledStatements,
  statementTimeouts,
  lockHolders,
  refusedSpace,
  simultaneousRuns(2),
  simultaneousRuns(4),
  comingAndGoing,
];

/** Strikes a fleet on its way up, and now and then down, and looks at everything after each scene. */
async function survive(db: Kysely<any>, url: string, kind: FaultKind): Promise<void> {
  const random = seededRandom(SEED);
  const wanted = faultsOf(kind.few);
  const fleet = await FaultFleet.load(db);
  const { schemas } = fleet;
  const migrations = countedMigrations;
  let faults = 0;
  for (let scene = 0; faults < wanted && scene < wanted * SCENES_PER_FAULT; scene += 1) {
    const level = fleet.chooseLevel(random);
    if (level === undefined) await fleet.loadAgain();
    else {
      await fleet.settle();
      if (random() < 0.5) faults += await kind.strike({ url, db, schemas, random, options: { migrations, to: level } });
      await fleet.settle(level);
    }
    faults += await kind.strike({ url, db, schemas, random, options: { migrations } });
    await fleet.settle();
  }
  expect(faults).toBeGreaterThanOrEqual(wanted);
  recordSurvived(kind.name, faults);
}

const own = test
  .extend("disk", { scope: "file" }, async ({}, { onCleanup }): Promise<SmallDisk | undefined> => {
    const disk = await mountSmallDisk(128);
    onCleanup(async () => await disk?.remove());
    return disk;
  })
  .extend("server", { scope: "file" }, async ({ disk: _ }, { onCleanup }) => {
    const server = await startOwnServer();
    onCleanup(async () => await server.stop());
    return server;
  });

describe("after any fault and one more run, every tenant has each migration once, its structure and its rows", () => {
  afterAll(() => console.log(survivedTable()));

  for (const kind of KINDS) {
    test(kind.name, { timeout: timeoutFor(faultsOf(kind.few)) }, async ({ database, db }) => {
      await survive(db, database.url, kind);
    });
  }

  own("servers crashed under the run", { timeout: timeoutFor(faultsOf(CRASHES)) }, async ({ server }) => {
    const databases = new TestDatabases({ url: server.url, databasePrefix: "crashing_" });
    const { url } = await databases.create();
    await databases.end();
    const db = hostKysely({ connectionString: url });
    try {
      await survive(db, url, crashedServer(server, CRASHES));
    } finally {
      await db.destroy();
    }
  });

  own("tenants on a disk that ran full", { timeout: timeoutFor(faultsOf(FULL)) }, async ({ server, disk, skip }) => {
    if (disk === undefined) return skip("a small disk can be mounted by root only, and not in every container");
    const administrator = hostKysely({ connectionString: server.url });
    await sql`create tablespace small location ${sql.lit(disk.folder)}`.execute(administrator);
    await sql`create database full_soon template template0 tablespace small`.execute(administrator);
    await administrator.destroy();
    const { href } = new URL("/full_soon", server.url);
    const db = hostKysely({ connectionString: href });
    try {
      await survive(db, href, fullDisk(disk, FULL));
    } finally {
      await db.destroy();
    }
  });
});
