import { describe, expect, test } from "vitest";
import { run } from "./command-line.js";

describe("wrong usage ends with 2 before anything is connected to", () => {
  test.each([
    [
      "a flag that is misspelt is answered with the nearest one",
      ["sync", "--concurency", "4"],
      "Did you mean --concurrency?",
    ],
    ["a command that is misspelt is answered with the nearest one", ["verfy"], "Did you mean verify?"],
    ["a flag of another command is none", ["verify", "--canary", "1"], "unknown option '--canary'"],
    ["a number must be one", ["sync", "--concurrency", "many"], "Give a whole number, 1 or more."],
    ["zero workers do nothing", ["sync", "--concurrency", "0"], "Give a whole number, 1 or more."],
    ["a duration needs a unit that is known", ["sync", "--lock-timeout", "2 fortnights"], "such as 500ms, 2s or 1min"],
    ["a timeout of nothing would wait for ever", ["sync", "--lock-timeout", "0"], "such as 500ms, 2s or 1min"],
    ["a pattern must be a regular expression", ["status", "--tenants-matching", "user_("], "Unterminated group"],
    [
      "tenants are listed or matched",
      ["status", "--tenant", "user_1", "--tenants-matching", "^user"],
      "cannot be used with",
    ],
    [
      "canaries are counted or named",
      ["sync", "--canary", "1", "--canary", "user_1"],
      "Give a number or names, not both.",
    ],
    ["quiet and verbose exclude each other", ["status", "--quiet", "--verbose"], "cannot be used with"],
    [
      "a choice is one of those that there are",
      ["sync", "--on-failure", "panic"],
      "Allowed choices are continue, stop.",
    ],
    ["a flag that wants a value needs it", ["status", "--tenant"], "argument missing"],
    ["going back says where to", ["rollback"], "required option '--to <migration>' not specified"],
    [
      "going back to what does not exist names the nearest",
      ["rollback", "--to", "0004_link_jobs"],
      'Did you mean "0004_link_jobs_to_batches"?',
    ],
    ["a new tenant needs a name", ["provision"], "missing required argument 'schema'"],
    ["the shared schema is no tenant", ["provision", "public"], "INVALID_TENANT_SCHEMA"],
    [
      "a sync leaves nothing pending to fail on",
      ["sync", "--fail-on-pending"],
      "--fail-on-pending goes with --dry-run",
    ],
    ["no database is guessed", ["status"], "No database is named"],
    [
      "a database is named by a URL",
      ["status", "--database-url", "shop"],
      "--database-url is no connection URL: write postgres://<user>:<password>@<host>:<port>/<database>,",
    ],
    [
      "a certificate has to be there",
      ["status", "--database-url", "postgres://localhost/shop?sslmode=verify-full&sslrootcert=/no/such/root.crt"],
      "--database-url names a file that cannot be read, /no/such/root.crt",
    ],
    ["nothing else is taken", ["status", "user_1"], "too many arguments"],
  ])("%s", async (_, args, said) => {
    const { exitCode, stdout, stderr } = await run(args);
    expect(stderr).toContain(said);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  test("without a command it shows what there is", async () => {
    const { exitCode, stderr } = await run([]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("Usage: marketplace-jobs [options] [command]");
  });
});

describe("a password that should have been encoded is refused, and no part of it is printed:", () => {
  test.for([
    ["with a slash", "postgres://anna:correct@horse/7@localhost/shop"],
    ["with a slash after digits", "postgres://anna:1234/horse@localhost/shop"],
    ["with a question mark", "postgres://anna:1234?horse@localhost/shop"],
    ["with a hash", "postgres://anna:1234#horse@localhost/shop"],
  ] as const)("%s", async ([, url]) => {
    const { exitCode, stdout, stderr } = await run(["status"], { env: { DATABASE_URL: url } });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain("DATABASE_URL is no connection URL");
    expect(stderr).not.toMatch(/horse|correct@|1234/);
  });
});

test("asking for help or the version is no mistake", async () => {
  expect(await run(["--version"])).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  const { exitCode, stdout, stderr } = await run(["help", "sync"]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  expect(stdout).toContain("Usage: marketplace-jobs sync [options]");
});
