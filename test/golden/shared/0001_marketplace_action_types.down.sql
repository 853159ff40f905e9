do '
declare
  rows_left bigint;
begin
  if to_regclass(''"public".marketplace_action_types'') is null then
    return;
  end if;
  lock table "public".marketplace_action_types in access exclusive mode;
  select count(*) into rows_left from "public".marketplace_action_types;
  if rows_left > 0 then
    raise exception using errcode = ''MJ006'',
      message = format(''Going back would drop marketplace_action_types, which holds %s rows.'', rows_left),
      hint = ''Copy the rows away and empty the table first, or stay at this migration.'',
      detail = json_build_object(''table'', ''marketplace_action_types'', ''rows'', rows_left);
  end if;
  drop table "public".marketplace_action_types;
end';