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

lock table "user_1".marketplace_jobs in access exclusive mode;

do E'
declare
  relation constant regclass := ''"user_1".marketplace_jobs'';
  attribute_number constant smallint := (
    select attnum from pg_attribute where attrelid = relation and attname = ''batch_id'' and not attisdropped);
  uses jsonb;
  listed text;
  mentioned_by text;
begin
  -- Nearly always nothing hangs on the column but its own index, which one look-up tells.
  if exists (
    select from pg_depend as dependency
    where dependency.refclassid = ''pg_class''::regclass
      and dependency.refobjid = relation and dependency.refobjsubid = attribute_number
      and not (dependency.classid = ''pg_class''::regclass and exists (
        select from pg_index as index
        where index.indexrelid = dependency.objid and index.indrelid = relation
          and index.indnatts = 1 and index.indexprs is null and index.indpred is null))
  ) or exists (select from pg_trigger where tgrelid = relation and not tgisinternal)
  then
    select jsonb_agg(jsonb_build_object(''effect'', used.effect, ''kind'', used.kind, ''name'', used.name)
        order by used.effect, used.kind, used.name),
      string_agg(used.kind || '' '' || used.name, '', '' order by used.effect, used.kind, used.name)
    into uses, listed
    from (
    -- Views, materialized views and rules.
    select ''blocks'' as effect,
      case used_by.relkind when ''v'' then ''view'' when ''m'' then ''materialized view'' else ''rule'' end as kind,
      format(''%I.%I'', namespace.nspname, used_by.relname) as name
    from pg_depend as dependency
    join pg_rewrite as rewrite on rewrite.oid = dependency.objid
    join pg_class as used_by on used_by.oid = rewrite.ev_class
    join pg_namespace as namespace on namespace.oid = used_by.relnamespace
    where dependency.classid = ''pg_rewrite''::regclass
      and dependency.refclassid = ''pg_class''::regclass
      and dependency.refobjid = relation and dependency.refobjsubid = attribute_number
    union
    -- Functions whose body PostgreSQL has parsed (BEGIN ATOMIC).
    select ''blocks'', ''function'', format(''%I.%I'', namespace.nspname, function.proname)
    from pg_depend as dependency
    join pg_proc as function on function.oid = dependency.objid
    join pg_namespace as namespace on namespace.oid = function.pronamespace
    where dependency.classid = ''pg_proc''::regclass
      and dependency.refclassid = ''pg_class''::regclass
      and dependency.refobjid = relation and dependency.refobjsubid = attribute_number
    union
    -- Triggers of UPDATE OF the column, or whose WHEN reads it.
    select ''blocks'', ''trigger'', format(''%I on %s'', used_by.tgname, used_by.tgrelid::regclass)
    from pg_depend as dependency
    join pg_trigger as used_by on used_by.oid = dependency.objid
    where dependency.classid = ''pg_trigger''::regclass and not used_by.tgisinternal
      and dependency.refclassid = ''pg_class''::regclass
      and dependency.refobjid = relation and dependency.refobjsubid = attribute_number
    union
    select ''blocks'', ''policy'', format(''%I on %s'', policy.polname, policy.polrelid::regclass)
    from pg_depend as dependency
    join pg_policy as policy on policy.oid = dependency.objid
    where dependency.classid = ''pg_policy''::regclass
      and dependency.refclassid = ''pg_class''::regclass
      and dependency.refobjid = relation and dependency.refobjsubid = attribute_number
    union
    select ''blocks'', ''generated column'', format(''%s.%I'', generated.attrelid::regclass, generated.attname)
    from pg_depend as dependency
    join pg_attrdef as expression on expression.oid = dependency.objid
    join pg_attribute as generated on generated.attrelid = expression.adrelid and generated.attnum = expression.adnum
    where dependency.classid = ''pg_attrdef''::regclass
      and dependency.refclassid = ''pg_class''::regclass
      and dependency.refobjid = relation and dependency.refobjsubid = attribute_number
      and (expression.adrelid, expression.adnum) <> (relation, attribute_number)
    union
    -- Publications with a column list or a WHERE that names the column.
    select ''blocks'', ''publication'', quote_ident(publication.pubname)
    from pg_depend as dependency
    join pg_publication_rel as published on published.oid = dependency.objid
    join pg_publication as publication on publication.oid = published.prpubid
    where dependency.classid = ''pg_publication_rel''::regclass
      and dependency.refclassid = ''pg_class''::regclass
      and dependency.refobjid = relation and dependency.refobjsubid = attribute_number
    union
    -- By pg_depend, like all others: the constraints of ten thousand tenants have no index on the table referred to.
    select ''blocks'', ''foreign key'', format(''%I of %s'', referencing.conname, referencing.conrelid::regclass)
    from pg_depend as dependency
    join pg_constraint as referencing on referencing.oid = dependency.objid
    where dependency.classid = ''pg_constraint''::regclass
      and dependency.refclassid = ''pg_class''::regclass
      and dependency.refobjid = relation and dependency.refobjsubid = attribute_number
      and referencing.contype = ''f'' and referencing.confrelid = relation and attribute_number = any (referencing.confkey)
    union
    select ''vanishes'', ''index'', quote_ident(index_relation.relname)
    from pg_index as index
    join pg_class as index_relation on index_relation.oid = index.indexrelid
    where index.indrelid = relation
      and exists (
        select from pg_depend as dependency
        where dependency.classid = ''pg_class''::regclass and dependency.objid = index.indexrelid
          and dependency.refobjid = relation and dependency.refobjsubid = attribute_number)
      and exists (
        select from pg_depend as dependency
        where dependency.classid = ''pg_class''::regclass and dependency.objid = index.indexrelid
          and dependency.refobjid = relation and dependency.refobjsubid not in (0, attribute_number))
    union
    -- By pg_depend: conkey leaves out what a unique constraint merely includes.
    select ''vanishes'', ''constraint'', quote_ident(shared.conname)
    from pg_depend as dependency
    join pg_constraint as shared on shared.oid = dependency.objid and shared.conrelid = relation
    where dependency.classid = ''pg_constraint''::regclass
      and dependency.refclassid = ''pg_class''::regclass
      and dependency.refobjid = relation and dependency.refobjsubid = attribute_number
      and exists (
        select from pg_depend as other
        where other.classid = ''pg_constraint''::regclass and other.objid = shared.oid
          and other.refclassid = ''pg_class''::regclass
          and other.refobjid = relation and other.refobjsubid not in (0, attribute_number))
      and not (shared.contype = ''f'' and shared.confrelid = relation and attribute_number = any (shared.confkey))
    union
    select ''vanishes'', ''statistics'', quote_ident(statistics.stxname)
    from pg_statistic_ext as statistics
    where statistics.stxrelid = relation
      and exists (
        select from pg_depend as dependency
        where dependency.classid = ''pg_statistic_ext''::regclass and dependency.objid = statistics.oid
          and dependency.refobjid = relation and dependency.refobjsubid = attribute_number)
    union
    select distinct ''blocks'' as effect, ''trigger function'' as kind,
      format(''%I.%I'', namespace.nspname, function.proname) as name
    from pg_trigger as used_by
    join pg_proc as function on function.oid = used_by.tgfoid
    join pg_namespace as namespace on namespace.oid = function.pronamespace
    where used_by.tgrelid = relation and not used_by.tgisinternal
      and regexp_replace(function.prosrc, E''\\\\mbatch_jobs"?\\\\s*\\\\.\\\\s*"?batch_id\\\\M'', '''', ''gi'') ~* E''\\\\mbatch_id\\\\M''
    ) as used;
  end if;
  if uses is not null then
    raise exception using errcode = ''MJ005'',
      message = format(''marketplace_jobs.batch_id is still used by %s: %s.'',
        case jsonb_array_length(uses) when 1 then ''one object'' else jsonb_array_length(uses) || '' objects'' end, listed),
      hint = ''Drop each of them, or make it read batch_jobs.batch_id through batch_job_id, and run again.'',
      detail = jsonb_build_object(''table'', ''marketplace_jobs'', ''column'', ''batch_id'', ''dependents'', uses);
  end if;

  -- A body is text until it runs: nobody knows whether it means this column. Only sync reads warnings.
  if current_setting(''marketplace_jobs.acknowledged'', true) ~ ''^report''
    and not ''functions_naming_batch_id'' = any (string_to_array(current_setting(''marketplace_jobs.acknowledged'', true), '',''))
    -- Few tenants have functions, and to read bodies costs as much as the whole rest.
    and exists (
      select from pg_depend
      where refclassid = ''pg_namespace''::regclass
        and refobjid = (select relnamespace from pg_class where oid = relation)
        and classid = ''pg_proc''::regclass)
  then
    select string_agg(format(''%I.%I'', ''user_1'', function.proname), '', '' order by function.proname)
    into mentioned_by
    from pg_depend as belongs
    join pg_proc as function on function.oid = belongs.objid
    join pg_language as language on language.oid = function.prolang and language.lanname in (''plpgsql'', ''sql'')
    where belongs.classid = ''pg_proc''::regclass and belongs.refclassid = ''pg_namespace''::regclass
      and belongs.refobjid = (select relnamespace from pg_class where oid = relation)
      and function.prosrc ~* E''\\\\mmarketplace_jobs\\\\M'' and function.prosrc ~* E''\\\\mbatch_id\\\\M'';
    if mentioned_by is not null then
      raise exception using errcode = ''MJ003'',
        message = ''Functions may still name the column.'',
        detail = json_build_object(
          ''acknowledge'', ''functions_naming_batch_id'',
          ''warning'', ''these functions name marketplace_jobs and batch_id, and fail if they mean the dropped column: ''
            || mentioned_by);
    end if;
  end if;
end';

do '
declare
  conflict_count bigint;
  conflict_ids integer[];
  has_unlinked boolean;
  action_types constant regclass := to_regclass(format(''%I.marketplace_action_types'',
    coalesce(nullif(current_setting(''marketplace_jobs.shared_schema'', true), ''''), ''public'')));
  action_codes jsonb := ''{}'';
  joined integer[] := ''{}'';
begin
  -- Readers go on; a writer would slip a string or a status past the recount.
  lock table "user_1".marketplace_jobs in share row exclusive mode;

  select count(*) filter (where batch.batch_id <> job.batch_id),
    coalesce(bool_or(job.batch_job_id is null), false)
  into conflict_count, has_unlinked
  from "user_1".marketplace_jobs as job
  left join "user_1".batch_jobs as batch on batch.id = job.batch_job_id
  where job.batch_id <> '''';
  if conflict_count > 0 then
    conflict_ids := array(
      select job.id
      from "user_1".marketplace_jobs as job
      join "user_1".batch_jobs as batch on batch.id = job.batch_job_id
      where job.batch_id <> '''' and batch.batch_id <> job.batch_id
      order by job.id
      limit 10);
    raise exception using errcode = ''MJ004'',
      message = format(''%s jobs carry the string of one batch and the key of another: %s.'',
        conflict_count,
        array_to_string(conflict_ids, '', '') || case when conflict_count > 10 then '', …'' else '''' end),
      hint = ''Decide for each which is right, and correct batch_id or batch_job_id of these rows of marketplace_jobs.'',
      detail = json_build_object(''count'', conflict_count, ''jobIds'', conflict_ids);
  end if;
  if has_unlinked then

    if action_types is not null then
      execute format(''select coalesce(jsonb_object_agg(id, code), ''''{}'''') from %s'', action_types) into action_codes;
    end if;
    insert into "user_1".batch_jobs (batch_id, marketplace, action_code, priority, created_at)
    select job.batch_id,
      mode() within group (order by job.marketplace collate "C"),
      left(coalesce(
        substring(job.batch_id from ''^(.+)_[0-9]{8}_[0-9]{6}_''),
        case when count(distinct job.action_type_id) = 1 then action_codes ->> min(job.action_type_id)::text end,
        ''unknown''), 50),
      min(job.priority),
      min(job.created_at)
    from "user_1".marketplace_jobs as job
    where job.batch_id <> '''' and job.batch_job_id is null
    group by job.batch_id
    order by min(job.created_at), job.batch_id
    on conflict (batch_id) do nothing;

    -- The counters of a pruned batch are all that is left of its deleted jobs, so those that join are added to them.
    with joining as (
      update "user_1".marketplace_jobs as job
      set batch_job_id = batch.id
      from "user_1".batch_jobs as batch
      where job.batch_id <> '''' and job.batch_job_id is null and batch.batch_id = job.batch_id
      returning job.batch_job_id, job.status
    ), increment as (
      select batch_job_id,
        count(*) as total,
        count(*) filter (where status = ''completed'') as completed,
        count(*) filter (where status in (''failed'', ''expired'')) as failed,
        count(*) filter (where status = ''cancelled'') as cancelled
      from joining
      group by batch_job_id
    ), increased as (
      update "user_1".batch_jobs as batch
      set total_count = batch.total_count + increment.total,
        completed_count = batch.completed_count + increment.completed,
        failed_count = batch.failed_count + increment.failed,
        cancelled_count = batch.cancelled_count + increment.cancelled
      from increment
      where batch.id = increment.batch_job_id and batch.pruned_at is not null
    )
    select coalesce(array_agg(batch_job_id), ''{}'') into joined from increment;
  end if;
  -- A tenant without batches is spared the planning of what follows, which takes longer than all of its rows.
  if exists (select from "user_1".batch_jobs) then

  with counted as (
    select job.batch_job_id as id,
      count(*) as total,
      count(*) filter (where job.status = ''completed'') as completed,
      count(*) filter (where job.status in (''failed'', ''expired'')) as failed,
      count(*) filter (where job.status = ''cancelled'') as cancelled,
      count(*) filter (where job.status in (''pending'', ''running'', ''paused'')) as unfinished,
      count(*) filter (where job.status = ''running'') as running,
      min(job.started_at) as started_at,
      coalesce(max(job.completed_at), max(job.started_at), max(job.created_at)) as completed_at
    from "user_1".marketplace_jobs as job
    where job.batch_job_id is not null
    group by job.batch_job_id
  ), corrected as (
    -- A batch with fewer jobs than it says has lost some, and its counters are history: they only rise, to what the
    -- jobs that are left prove. For all others history is null, which greatest() ignores.
    select counted.id, counted.unfinished, counted.running, counted.started_at, counted.completed_at,
      counted.total - counted.unfinished as ended_here, history.total_count,
      greatest(counted.completed, history.completed_count) as completed,
      greatest(counted.failed, history.failed_count) as failed,
      greatest(counted.cancelled, history.cancelled_count) as cancelled
    from counted
    left join "user_1".batch_jobs as history
      on history.id = counted.id and (history.pruned_at is not null or history.total_count > counted.total)
  ), added_up as (
    select corrected.*, completed + failed + cancelled as ended,
      greatest(completed + failed + cancelled + unfinished, total_count) as total
    from corrected
  ), judged as (
    select batch.id, added_up.total, added_up.completed, added_up.failed, added_up.cancelled,
      case
        -- Cancelled as a whole: whatever joins it, it stays so.
        when batch.status = ''cancelled'' then ''cancelled''
        when added_up.ended < added_up.total then
          case
            -- What is gone is said to have ended, and nothing is left that could end.
            when added_up.unfinished = 0 and batch.status <> ''pending'' then batch.status
            when added_up.running > 0 or added_up.ended > 0 or batch.status = ''running'' then ''running''
            else ''pending''
          end
        when added_up.cancelled = added_up.total then ''cancelled''
        when added_up.failed = added_up.total then ''failed''
        when added_up.failed = 0 then ''completed''
        else ''partially_failed''
      end as status,
      case when batch.id = any (joined) then least(batch.started_at, added_up.started_at)
        else coalesce(batch.started_at, added_up.started_at) end as started_at,
      case
        when added_up.ended < added_up.total then
          case when batch.status = ''cancelled'' or added_up.unfinished = 0 then batch.completed_at end
        when batch.id = any (joined) then greatest(batch.completed_at, added_up.completed_at)
        else coalesce(batch.completed_at, added_up.completed_at)
      end as completed_at,
      -- Counters that know of more ended jobs than there are must never be recounted again.
      case when added_up.ended > added_up.ended_here then coalesce(batch.pruned_at, now())
        else batch.pruned_at end as pruned_at
    from added_up
    join "user_1".batch_jobs as batch on batch.id = added_up.id
  )
  update "user_1".batch_jobs as batch
  set total_count = judged.total, completed_count = judged.completed, failed_count = judged.failed,
    cancelled_count = judged.cancelled, status = judged.status, started_at = judged.started_at,
    completed_at = judged.completed_at, pruned_at = judged.pruned_at
  from judged
  where batch.id = judged.id
    and (batch.total_count, batch.completed_count, batch.failed_count, batch.cancelled_count,
        batch.status, batch.started_at, batch.completed_at, batch.pruned_at)
      is distinct from (judged.total, judged.completed, judged.failed, judged.cancelled,
        judged.status, judged.started_at, judged.completed_at, judged.pruned_at);

  -- Nor those of a batch that has lost all its jobs.
  update "user_1".batch_jobs as batch
  set pruned_at = now()
  where batch.pruned_at is null and batch.completed_count + batch.failed_count + batch.cancelled_count > 0
    and not exists (select from "user_1".marketplace_jobs as job where job.batch_job_id = batch.id);
  end if;
end';

do '
declare
  unproven bigint;
begin
  select count(*) into unproven
  from "user_1".marketplace_jobs as job
  left join "user_1".batch_jobs as batch on batch.id = job.batch_job_id
  where job.batch_id <> '''' and batch.batch_id is distinct from job.batch_id;
  if unproven > 0 then
    raise exception using errcode = ''MJ004'',
      message = format(''%s jobs carry a string that their batch does not hold.'', unproven),
      hint = ''Run 0004_link_jobs_to_batches again: going back to 0003 and up links what is missing.'',
      detail = json_build_object(''count'', unproven);
  end if;
end';

alter table "user_1".marketplace_jobs drop column batch_id, alter column marketplace drop default;

lock table "user_1".marketplace_job_stats in access exclusive mode;

do E'
declare
  relation constant regclass := ''"user_1".marketplace_job_stats'';
  attribute_number constant smallint := (
    select attnum from pg_attribute where attrelid = relation and attname = ''avg_duration_ms'' and not attisdropped);
  uses jsonb;
  listed text;
  mentioned_by text;
begin
  -- Nearly always nothing hangs on the column but its own index, which one look-up tells.
  if exists (
    select from pg_depend as dependency
    where dependency.refclassid = ''pg_class''::regclass
      and dependency.refobjid = relation and dependency.refobjsubid = attribute_number
      and not (dependency.classid = ''pg_class''::regclass and exists (
        select from pg_index as index
        where index.indexrelid = dependency.objid and index.indrelid = relation
          and index.indnatts = 1 and index.indexprs is null and index.indpred is null))
  ) or exists (select from pg_trigger where tgrelid = relation and not tgisinternal)
  then
    select jsonb_agg(jsonb_build_object(''effect'', used.effect, ''kind'', used.kind, ''name'', used.name)
        order by used.effect, used.kind, used.name),
      string_agg(used.kind || '' '' || used.name, '', '' order by used.effect, used.kind, used.name)
    into uses, listed
    from (
    -- Views, materialized views and rules.
    select ''blocks'' as effect,
      case used_by.relkind when ''v'' then ''view'' when ''m'' then ''materialized view'' else ''rule'' end as kind,
      format(''%I.%I'', namespace.nspname, used_by.relname) as name
    from pg_depend as dependency
    join pg_rewrite as rewrite on rewrite.oid = dependency.objid
    join pg_class as used_by on used_by.oid = rewrite.ev_class
    join pg_namespace as namespace on namespace.oid = used_by.relnamespace
    where dependency.classid = ''pg_rewrite''::regclass
      and dependency.refclassid = ''pg_class''::regclass
      and dependency.refobjid = relation and dependency.refobjsubid = attribute_number
    union
    -- Functions whose body PostgreSQL has parsed (BEGIN ATOMIC).
    select ''blocks'', ''function'', format(''%I.%I'', namespace.nspname, function.proname)
    from pg_depend as dependency
    join pg_proc as function on function.oid = dependency.objid
    join pg_namespace as namespace on namespace.oid = function.pronamespace
    where dependency.classid = ''pg_proc''::regclass
      and dependency.refclassid = ''pg_class''::regclass
      and dependency.refobjid = relation and dependency.refobjsubid = attribute_number
    union
    -- Triggers of UPDATE OF the column, or whose WHEN reads it.
    select ''blocks'', ''trigger'', format(''%I on %s'', used_by.tgname, used_by.tgrelid::regclass)
    from pg_depend as dependency
    join pg_trigger as used_by on used_by.oid = dependency.objid
    where dependency.classid = ''pg_trigger''::regclass and not used_by.tgisinternal
      and dependency.refclassid = ''pg_class''::regclass
      and dependency.refobjid = relation and dependency.refobjsubid = attribute_number
    union
    select ''blocks'', ''policy'', format(''%I on %s'', policy.polname, policy.polrelid::regclass)
    from pg_depend as dependency
    join pg_policy as policy on policy.oid = dependency.objid
    where dependency.classid = ''pg_policy''::regclass
      and dependency.refclassid = ''pg_class''::regclass
      and dependency.refobjid = relation and dependency.refobjsubid = attribute_number
    union
    select ''blocks'', ''generated column'', format(''%s.%I'', generated.attrelid::regclass, generated.attname)
    from pg_depend as dependency
    join pg_attrdef as expression on expression.oid = dependency.objid
    join pg_attribute as generated on generated.attrelid = expression.adrelid and generated.attnum = expression.adnum
    where dependency.classid = ''pg_attrdef''::regclass
      and dependency.refclassid = ''pg_class''::regclass
      and dependency.refobjid = relation and dependency.refobjsubid = attribute_number
      and (expression.adrelid, expression.adnum) <> (relation, attribute_number)
    union
    -- Publications with a column list or a WHERE that names the column.
    select ''blocks'', ''publication'', quote_ident(publication.pubname)
    from pg_depend as dependency
    join pg_publication_rel as published on published.oid = dependency.objid
    join pg_publication as publication on publication.oid = published.prpubid
    where dependency.classid = ''pg_publication_rel''::regclass
      and dependency.refclassid = ''pg_class''::regclass
      and dependency.refobjid = relation and dependency.refobjsubid = attribute_number
    union
    -- By pg_depend, like all others: the constraints of ten thousand tenants have no index on the table referred to.
    select ''blocks'', ''foreign key'', format(''%I of %s'', referencing.conname, referencing.conrelid::regclass)
    from pg_depend as dependency
    join pg_constraint as referencing on referencing.oid = dependency.objid
    where dependency.classid = ''pg_constraint''::regclass
      and dependency.refclassid = ''pg_class''::regclass
      and dependency.refobjid = relation and dependency.refobjsubid = attribute_number
      and referencing.contype = ''f'' and referencing.confrelid = relation and attribute_number = any (referencing.confkey)
    union
    select ''vanishes'', ''index'', quote_ident(index_relation.relname)
    from pg_index as index
    join pg_class as index_relation on index_relation.oid = index.indexrelid
    where index.indrelid = relation
      and exists (
        select from pg_depend as dependency
        where dependency.classid = ''pg_class''::regclass and dependency.objid = index.indexrelid
          and dependency.refobjid = relation and dependency.refobjsubid = attribute_number)
      and exists (
        select from pg_depend as dependency
        where dependency.classid = ''pg_class''::regclass and dependency.objid = index.indexrelid
          and dependency.refobjid = relation and dependency.refobjsubid not in (0, attribute_number))
    union
    -- By pg_depend: conkey leaves out what a unique constraint merely includes.
    select ''vanishes'', ''constraint'', quote_ident(shared.conname)
    from pg_depend as dependency
    join pg_constraint as shared on shared.oid = dependency.objid and shared.conrelid = relation
    where dependency.classid = ''pg_constraint''::regclass
      and dependency.refclassid = ''pg_class''::regclass
      and dependency.refobjid = relation and dependency.refobjsubid = attribute_number
      and exists (
        select from pg_depend as other
        where other.classid = ''pg_constraint''::regclass and other.objid = shared.oid
          and other.refclassid = ''pg_class''::regclass
          and other.refobjid = relation and other.refobjsubid not in (0, attribute_number))
      and not (shared.contype = ''f'' and shared.confrelid = relation and attribute_number = any (shared.confkey))
    union
    select ''vanishes'', ''statistics'', quote_ident(statistics.stxname)
    from pg_statistic_ext as statistics
    where statistics.stxrelid = relation
      and exists (
        select from pg_depend as dependency
        where dependency.classid = ''pg_statistic_ext''::regclass and dependency.objid = statistics.oid
          and dependency.refobjid = relation and dependency.refobjsubid = attribute_number)
    union
    select distinct ''blocks'' as effect, ''trigger function'' as kind,
      format(''%I.%I'', namespace.nspname, function.proname) as name
    from pg_trigger as used_by
    join pg_proc as function on function.oid = used_by.tgfoid
    join pg_namespace as namespace on namespace.oid = function.pronamespace
    where used_by.tgrelid = relation and not used_by.tgisinternal
      and regexp_replace(function.prosrc, E''\\\\mbatch_jobs"?\\\\s*\\\\.\\\\s*"?batch_id\\\\M'', '''', ''gi'') ~* E''\\\\mavg_duration_ms\\\\M''
    ) as used;
  end if;
  if uses is not null then
    raise exception using errcode = ''MJ005'',
      message = format(''marketplace_job_stats.avg_duration_ms is still used by %s: %s.'',
        case jsonb_array_length(uses) when 1 then ''one object'' else jsonb_array_length(uses) || '' objects'' end, listed),
      hint = ''Drop each of them, or make it divide duration_ms_sum by duration_count, and run again.'',
      detail = jsonb_build_object(''table'', ''marketplace_job_stats'', ''column'', ''avg_duration_ms'', ''dependents'', uses);
  end if;

  -- A body is text until it runs: nobody knows whether it means this column. Only sync reads warnings.
  if current_setting(''marketplace_jobs.acknowledged'', true) ~ ''^report''
    and not ''functions_naming_avg_duration_ms'' = any (string_to_array(current_setting(''marketplace_jobs.acknowledged'', true), '',''))
    -- Few tenants have functions, and to read bodies costs as much as the whole rest.
    and exists (
      select from pg_depend
      where refclassid = ''pg_namespace''::regclass
        and refobjid = (select relnamespace from pg_class where oid = relation)
        and classid = ''pg_proc''::regclass)
  then
    select string_agg(format(''%I.%I'', ''user_1'', function.proname), '', '' order by function.proname)
    into mentioned_by
    from pg_depend as belongs
    join pg_proc as function on function.oid = belongs.objid
    join pg_language as language on language.oid = function.prolang and language.lanname in (''plpgsql'', ''sql'')
    where belongs.classid = ''pg_proc''::regclass and belongs.refclassid = ''pg_namespace''::regclass
      and belongs.refobjid = (select relnamespace from pg_class where oid = relation)
      and function.prosrc ~* E''\\\\mmarketplace_job_stats\\\\M'' and function.prosrc ~* E''\\\\mavg_duration_ms\\\\M'';
    if mentioned_by is not null then
      raise exception using errcode = ''MJ003'',
        message = ''Functions may still name the column.'',
        detail = json_build_object(
          ''acknowledge'', ''functions_naming_avg_duration_ms'',
          ''warning'', ''these functions name marketplace_job_stats and avg_duration_ms, and fail if they mean the dropped column: ''
            || mentioned_by);
    end if;
  end if;
end';

update "user_1".marketplace_job_stats
set duration_ms_sum = avg_duration_ms::bigint * success_count, duration_count = success_count
where avg_duration_ms is not null and success_count > duration_count
  and (duration_count = 0 or avg_duration_ms <> least(round(duration_ms_sum::numeric / nullif(duration_count, 0)), 2147483647));

alter table "user_1".marketplace_job_stats drop column avg_duration_ms, alter column marketplace drop default;

do '
declare
  status constant regtype := to_regtype(''"user_1".batch_job_status'');
begin
  -- Kept while a host uses it for something of its own.
  if status is not null and not exists (
    select from pg_depend
    where refclassid = ''pg_type''::regclass and refobjid in (status, (select typarray from pg_type where oid = status))
      and deptype = ''n''
  ) then
    drop type "user_1".batch_job_status;
  end if;
end';

do '
declare
  item record;
begin
  for item in
    select format(''%I.%I'', ''user_1'', own.relname) as own,
      to_regclass(substr(obj_description(own.oid, ''pg_class''), 16)) as former
    from pg_class as own
    where own.relnamespace = (select oid from pg_namespace where nspname = ''user_1'')
      and own.relname in (''batch_jobs_id_seq'', ''marketplace_jobs_id_seq'', ''marketplace_job_stats_id_seq'')
      and own.relkind = ''S'' and starts_with(obj_description(own.oid, ''pg_class''), ''Took over from '')
    order by own.relname
  loop
    execute format(''comment on sequence %s is null'', item.own);
    if item.former is not null and not exists (
        select from pg_depend where refclassid = ''pg_class''::regclass and refobjid = item.former and deptype = ''n'') and (select obj_description(left_over.oid, ''pg_class'') = ''Left over by marketplace-jobs: dropped by the tenant that draws from it last.''
          and pg_has_role(left_over.relowner, ''usage'')
          and not exists (
            select from pg_depend
            where classid = ''pg_class''::regclass and objid = left_over.oid and deptype in (''a'', ''i''))
        from pg_class as left_over where left_over.oid = item.former) then
      execute format(''drop sequence if exists %s'', item.former);
    end if;
  end loop;
end';