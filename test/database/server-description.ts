import pg from "pg";

/** Name and version of the server, in words: "PostgreSQL 18.4". Connects once, so it also proves that it answers. */
export async function describeServer(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ version: string }>("select current_setting('server_version') as version");
    return `PostgreSQL ${rows[0]?.version.split(" ")[0]}`;
  } finally {
    await client.end();
  }
}
