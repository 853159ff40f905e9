do '
begin
  if current_setting(''transaction_isolation'') <> ''read committed'' then
    raise exception using errcode = ''MJ008'',
      message = format(''A migration in a transaction that is %s would not see what was written before it got its locks.'',
        current_setting(''transaction_isolation'')),
      hint = ''Set default_transaction_isolation to read committed for the role or the connection that migrates.'';
  end if;
end';
set local row_security = off;
set local quote_all_identifiers = off;
set constraints all immediate;

do '
declare
  rows_left bigint;
begin
  if to_regclass(''"user_1".marketplace_jobs'') is null then
    return;
  end if;
  lock table "user_1".marketplace_jobs in access exclusive mode;
  select count(*) into rows_left from "user_1".marketplace_jobs;
  if rows_left > 0 then
    raise exception using errcode = ''MJ006'',
      message = format(''Going back would drop marketplace_jobs, which holds %s rows.'', rows_left),
      hint = ''Copy the rows away and empty the table first, or stay at this migration.'',
      detail = json_build_object(''table'', ''marketplace_jobs'', ''rows'', rows_left);
  end if;
  drop table "user_1".marketplace_jobs;
end';