import { doBlock } from "./quoting.js";

/**
 * What every script of ours begins with; each setting lasts until the end of the transaction.
 *
 * A migration decides by what it sees, so what hides rows from it must make it fail: an isolation level whose snapshot
 * is older than its locks, or a row security policy. Definitions are recognised as they are printed, which one setting
 * changes. And an event that waits for the commit (a deferred constraint, a host's constraint trigger) would keep the
 * table from being altered.
 */
export const OPENING = [
  doBlock(`
begin
  if current_setting('transaction_isolation') <> 'read committed' then
    raise exception using errcode = 'MJ008',
      message = format('A migration in a transaction that is %s would not see what was written before it got its locks.',
        current_setting('transaction_isolation')),
      hint = 'Set default_transaction_isolation to read committed for the role or the connection that migrates.';
  end if;
end`),
  "set local row_security = off;",
  "set local quote_all_identifiers = off;",
  "set constraints all immediate;",
].join("\n");
