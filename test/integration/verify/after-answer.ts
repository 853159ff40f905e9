import type { Kysely, KyselyPlugin } from "kysely";

/** Does something after the first answer to a query that matches, while the caller waits for it. */
export function after(db: Kysely<any>, pattern: RegExp, work: () => Promise<unknown>): Kysely<any> {
  let isDone = false;
  const pending = new WeakSet<object>();
  const plugin: KyselyPlugin = {
    transformQuery: ({ node, queryId }) => {
      if (pattern.test(JSON.stringify(node))) pending.add(queryId);
      return node;
    },
    transformResult: async ({ result, queryId }) => {
      if (!isDone && pending.has(queryId)) {
        isDone = true;
        await work();
      }
      return result;
    },
  };
  return db.withPlugin(plugin);
}
