/** What every tenant schema should have: the package's migrations, and after them the application's own. */
import type { Kysely } from "kysely";
import {
  migrations as jobMigrations,
  type Migration,
  plainSqlMigration,
  quoteIdentifier,
} from "marketplace-jobs/migrations";

/** Plain SQL: one round trip for each tenant. */
const productNotes = plainSqlMigration({
  up: (schema) => `
    create table ${quoteIdentifier(schema)}.product_notes (
      id bigint generated always as identity primary key,
      product_id bigint not null,
      note text not null
    );`,
  down: (schema) => `drop table ${quoteIdentifier(schema)}.product_notes;`,
});

/** Kysely: statement by statement, for what is easier to say so. The instance it is given is in the tenant's schema. */
const productNoteAuthors: Migration = {
  async up(db: Kysely<any>) {
    await db.schema.alterTable("product_notes").addColumn("author", "text").execute();
    await db.updateTable("product_notes").set({ author: "unknown" }).execute();
  },
  async down(db: Kysely<any>) {
    await db.schema.alterTable("product_notes").dropColumn("author").execute();
  },
};

export const migrations: Readonly<Record<string, Migration>> = {
  ...jobMigrations,
  "0100_product_notes": productNotes,
  "0101_product_note_authors": productNoteAuthors,
};
