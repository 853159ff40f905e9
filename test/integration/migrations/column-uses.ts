/** Something of a host's that uses `marketplace_jobs.batch_id`; S is the tenant's schema. */
export interface ColumnUse {
  readonly title: string;
  readonly statements: readonly string[];
  /** How the refusal lists it. */
  readonly kind: string;
  readonly effect: "blocks" | "vanishes";
  readonly name: string;
}

const triggerFunction = (name: string, body: string): string =>
  `create function S.${name}() returns trigger language plpgsql as 'begin ${body} return new; end'`;

export const COLUMN_USES: readonly ColumnUse[] = [
  {
    title: "a view",
    statements: ["create view S.strings as select id, batch_id from S.marketplace_jobs"],
    kind: "view",
    effect: "blocks",
    name: "S.strings",
  },
  {
    title: "a view of all columns",
    statements: ["create view S.everything as select * from S.marketplace_jobs"],
    kind: "view",
    effect: "blocks",
    name: "S.everything",
  },
  {
    title: "a view that only filters by it",
    statements: ["create view S.filtered as select id from S.marketplace_jobs where batch_id is not null"],
    kind: "view",
    effect: "blocks",
    name: "S.filtered",
  },
  {
    title: "a materialized view",
    statements: [
      "create materialized view S.counts as select batch_id, count(*) from S.marketplace_jobs group by batch_id",
    ],
    kind: "materialized view",
    effect: "blocks",
    name: "S.counts",
  },
  {
    title: "a rule",
    statements: [
      "create table S.log (batch_id text)",
      "create rule logged as on insert to S.marketplace_jobs do also insert into S.log values (new.batch_id)",
    ],
    kind: "rule",
    effect: "blocks",
    name: "S.marketplace_jobs",
  },
  {
    title: "a function whose body is parsed",
    statements: [
      "create function S.jobs_of(string text) returns bigint language sql begin atomic select count(*) from S.marketplace_jobs where batch_id = string; end",
    ],
    kind: "function",
    effect: "blocks",
    name: "S.jobs_of",
  },
  {
    title: "a trigger of updates of it",
    statements: [
      triggerFunction("touch", "new.updated_at := now();"),
      "create trigger touched before update of batch_id on S.marketplace_jobs for each row execute function S.touch()",
    ],
    kind: "trigger",
    effect: "blocks",
    name: "touched on S.marketplace_jobs",
  },
  {
    title: "a trigger whose WHEN reads it",
    statements: [
      triggerFunction("touch", "new.updated_at := now();"),
      "create trigger touched before update on S.marketplace_jobs for each row when (new.batch_id is null) execute function S.touch()",
    ],
    kind: "trigger",
    effect: "blocks",
    name: "touched on S.marketplace_jobs",
  },
  {
    title: "a trigger function whose body names it, in capitals",
    statements: [
      triggerFunction("keep_string", "if new.\"status\" = ''paused'' then NEW.BATCH_ID := null; end if;"),
      "create trigger kept before update on S.marketplace_jobs for each row execute function S.keep_string()",
    ],
    kind: "trigger function",
    effect: "blocks",
    name: "S.keep_string",
  },
  {
    title: "a policy",
    statements: ["create policy visible on S.marketplace_jobs using (batch_id is null)"],
    kind: "policy",
    effect: "blocks",
    name: "visible on S.marketplace_jobs",
  },
  {
    title: "a policy of another table",
    statements: [
      "create table S.notes (id integer)",
      "create policy of_batch on S.notes using (exists (select from S.marketplace_jobs as job where job.batch_id = current_user))",
    ],
    kind: "policy",
    effect: "blocks",
    name: "of_batch on S.notes",
  },
  {
    title: "a generated column",
    statements: [
      "alter table S.marketplace_jobs add column is_batched boolean generated always as (batch_id is not null) stored",
    ],
    kind: "generated column",
    effect: "blocks",
    name: "S.marketplace_jobs.is_batched",
  },
  {
    title: "a publication with a column list",
    statements: ['create publication "P" for table S.marketplace_jobs (id, batch_id)'],
    kind: "publication",
    effect: "blocks",
    name: '"P"',
  },
  {
    title: "a publication with a filter",
    statements: [
      "create publication \"P\" for table S.marketplace_jobs where (batch_id is null) with (publish = 'insert')",
    ],
    kind: "publication",
    effect: "blocks",
    name: '"P"',
  },
  {
    title: "a foreign key that refers to it",
    statements: [
      "alter table S.marketplace_jobs add constraint one_job unique (batch_id)",
      "create table S.receipts (batch_id varchar(100) constraint receipt_of references S.marketplace_jobs (batch_id))",
    ],
    kind: "foreign key",
    effect: "blocks",
    name: "receipt_of of S.receipts",
  },
  {
    title: "an index on more than this column",
    statements: ["create index of_status on S.marketplace_jobs (status, batch_id)"],
    kind: "index",
    effect: "vanishes",
    name: "of_status",
  },
  {
    title: "an index that includes it",
    statements: ["create index of_status on S.marketplace_jobs (status) include (batch_id)"],
    kind: "index",
    effect: "vanishes",
    name: "of_status",
  },
  {
    title: "an index on another column whose WHERE reads it",
    statements: ["create index unbatched on S.marketplace_jobs (created_at) where batch_id is null"],
    kind: "index",
    effect: "vanishes",
    name: "unbatched",
  },
  {
    title: "a check of more than this column",
    statements: ["alter table S.marketplace_jobs add constraint priced check (batch_id is null or priority > 0)"],
    kind: "constraint",
    effect: "vanishes",
    name: "priced",
  },
  {
    title: "a unique constraint of more than this column",
    statements: ["alter table S.marketplace_jobs add constraint once unique (batch_id, product_id)"],
    kind: "constraint",
    effect: "vanishes",
    name: "once",
  },
  {
    title: "a unique constraint that includes it",
    statements: ["alter table S.marketplace_jobs add constraint once unique (id, product_id) include (batch_id)"],
    kind: "constraint",
    effect: "vanishes",
    name: "once",
  },
  {
    title: "extended statistics",
    statements: ["create statistics S.together on batch_id, status from S.marketplace_jobs"],
    kind: "statistics",
    effect: "vanishes",
    name: "together",
  },
];
