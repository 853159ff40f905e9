import { readFileSync, writeFileSync } from "node:fs";
import { migrations, sharedMigrations } from "../migrations/index.js";
import { type Seals, sealsOf } from "../test/golden/seals.js";

// `npm run migrations:seal`, once for each release: records what its migrations are. What is recorded is never changed.
const file = new URL("../test/golden/released.json", import.meta.url);
const released = JSON.parse(readFileSync(file, "utf8")) as Seals;
const current = { ...sealsOf("tenant", migrations), ...sealsOf("shared", sharedMigrations) };
const added = Object.keys(current).filter((name) => !(name in released));
writeFileSync(file, `${JSON.stringify({ ...current, ...released }, undefined, 2)}\n`);
process.stdout.write(added.length === 0 ? "Every migration was sealed before.\n" : `Sealed: ${added.join(", ")}\n`);
