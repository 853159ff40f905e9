import { type TenantSchemaName, tenantSchemaName } from "marketplace-jobs";

/** Who makes a request: the user, and the schema that holds the tables of the user's company. */
export interface Session {
  readonly userId: number;
  readonly tenantSchema: TenantSchemaName;
}

/** A host puts its own here: a session cookie, a signed token. `undefined` means that nobody is logged in. */
export type Authenticate = (request: Request) => Promise<Session | undefined>;

/**
 * Bearer tokens from a list. What matters is where the schema's name comes from: it belongs to the session and is
 * never taken from the request, where a client could ask for another customer's.
 */
export function authenticateByToken(
  sessions: Readonly<Record<string, { readonly userId: number; readonly tenantSchema: string }>>,
): Authenticate {
  const sessionsByToken = new Map(
    Object.entries(sessions).map(([token, { userId, tenantSchema }]) => [
      token,
      { userId, tenantSchema: tenantSchemaName.parse(tenantSchema) },
    ]),
  );
  return (request) => {
    const token = /^Bearer (?<token>.+)$/u.exec(request.headers.get("authorization") ?? "")?.groups?.["token"];
    return Promise.resolve(token === undefined ? undefined : sessionsByToken.get(token));
  };
}
