import { doBlock, quoteIdentifier } from "./quoting.js";

/**
 * Links every job that carries a batch string to the batch row with that string, creating the rows that are missing,
 * and recounts. Running it again changes nothing: it takes part in 0004, and once more in 0005 for what the legacy
 * code wrote in between.
 */
export function linkJobsToBatches(schema: string): string {
  const jobs = `${quoteIdentifier(schema)}.marketplace_jobs`;
  const batches = `${quoteIdentifier(schema)}.batch_jobs`;
  return doBlock(`
declare
  conflict_count bigint;
  conflict_ids integer[];
  has_unlinked boolean;
  action_types constant regclass := to_regclass(format('%I.marketplace_action_types',
    coalesce(nullif(current_setting('marketplace_jobs.shared_schema', true), ''), 'public')));
  action_codes jsonb := '{}';
  joined integer[] := '{}';
begin
  -- Readers go on; a writer would slip a string or a status past the recount.
  lock table ${jobs} in share row exclusive mode;

  select count(*) filter (where batch.batch_id <> job.batch_id),
    coalesce(bool_or(job.batch_job_id is null), false)
  into conflict_count, has_unlinked
  from ${jobs} as job
  left join ${batches} as batch on batch.id = job.batch_job_id
  where job.batch_id <> '';
  if conflict_count > 0 then
    conflict_ids := array(
      select job.id
      from ${jobs} as job
      join ${batches} as batch on batch.id = job.batch_job_id
      where job.batch_id <> '' and batch.batch_id <> job.batch_id
      order by job.id
      limit 10);
    raise exception using errcode = 'MJ004',
      message = format('%s jobs carry the string of one batch and the key of another: %s.',
        conflict_count,
        array_to_string(conflict_ids, ', ') || case when conflict_count > 10 then ', …' else '' end),
      hint = 'Decide for each which is right, and correct batch_id or batch_job_id of these rows of marketplace_jobs.',
      detail = json_build_object('count', conflict_count, 'jobIds', conflict_ids);
  end if;
  if has_unlinked then
${createMissingBatches(jobs, batches)}
${joinBatches(jobs, batches)}
  end if;
  -- A tenant without batches is spared the planning of what follows, which takes longer than all of its rows.
  if exists (select from ${batches}) then
${recount(jobs, batches)}
  end if;
end`);
}

function createMissingBatches(jobs: string, batches: string): string {
  return `
    if action_types is not null then
      execute format('select coalesce(jsonb_object_agg(id, code), ''{}'') from %s', action_types) into action_codes;
    end if;
    insert into ${batches} (batch_id, marketplace, action_code, priority, created_at)
    select job.batch_id,
      mode() within group (order by job.marketplace collate "C"),
      left(coalesce(
        substring(job.batch_id from '^(.+)_[0-9]{8}_[0-9]{6}_'),
        case when count(distinct job.action_type_id) = 1 then action_codes ->> min(job.action_type_id)::text end,
        'unknown'), 50),
      min(job.priority),
      min(job.created_at)
    from ${jobs} as job
    where job.batch_id <> '' and job.batch_job_id is null
    group by job.batch_id
    order by min(job.created_at), job.batch_id
    on conflict (batch_id) do nothing;`;
}

function joinBatches(jobs: string, batches: string): string {
  return `
    -- The counters of a pruned batch are all that is left of its deleted jobs, so those that join are added to them.
    with joining as (
      update ${jobs} as job
      set batch_job_id = batch.id
      from ${batches} as batch
      where job.batch_id <> '' and job.batch_job_id is null and batch.batch_id = job.batch_id
      returning job.batch_job_id, job.status
    ), increment as (
      select batch_job_id,
        count(*) as total,
        count(*) filter (where status = 'completed') as completed,
        count(*) filter (where status in ('failed', 'expired')) as failed,
        count(*) filter (where status = 'cancelled') as cancelled
      from joining
      group by batch_job_id
    ), increased as (
      update ${batches} as batch
      set total_count = batch.total_count + increment.total,
        completed_count = batch.completed_count + increment.completed,
        failed_count = batch.failed_count + increment.failed,
        cancelled_count = batch.cancelled_count + increment.cancelled
      from increment
      where batch.id = increment.batch_job_id and batch.pruned_at is not null
    )
    select coalesce(array_agg(batch_job_id), '{}') into joined from increment;`;
}

function recount(jobs: string, batches: string): string {
  return `
  with counted as (
    select job.batch_job_id as id,
      count(*) as total,
      count(*) filter (where job.status = 'completed') as completed,
      count(*) filter (where job.status in ('failed', 'expired')) as failed,
      count(*) filter (where job.status = 'cancelled') as cancelled,
      count(*) filter (where job.status in ('pending', 'running', 'paused')) as unfinished,
      count(*) filter (where job.status = 'running') as running,
      min(job.started_at) as started_at,
      coalesce(max(job.completed_at), max(job.started_at), max(job.created_at)) as completed_at
    from ${jobs} as job
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
    left join ${batches} as history
      on history.id = counted.id and (history.pruned_at is not null or history.total_count > counted.total)
  ), added_up as (
    select corrected.*, completed + failed + cancelled as ended,
      greatest(completed + failed + cancelled + unfinished, total_count) as total
    from corrected
  ), judged as (
    select batch.id, added_up.total, added_up.completed, added_up.failed, added_up.cancelled,
      case
        -- Cancelled as a whole: whatever joins it, it stays so.
        when batch.status = 'cancelled' then 'cancelled'
        when added_up.ended < added_up.total then
          case
            -- What is gone is said to have ended, and nothing is left that could end.
            when added_up.unfinished = 0 and batch.status <> 'pending' then batch.status
            when added_up.running > 0 or added_up.ended > 0 or batch.status = 'running' then 'running'
            else 'pending'
          end
        when added_up.cancelled = added_up.total then 'cancelled'
        when added_up.failed = added_up.total then 'failed'
        when added_up.failed = 0 then 'completed'
        else 'partially_failed'
      end as status,
      case when batch.id = any (joined) then least(batch.started_at, added_up.started_at)
        else coalesce(batch.started_at, added_up.started_at) end as started_at,
      case
        when added_up.ended < added_up.total then
          case when batch.status = 'cancelled' or added_up.unfinished = 0 then batch.completed_at end
        when batch.id = any (joined) then greatest(batch.completed_at, added_up.completed_at)
        else coalesce(batch.completed_at, added_up.completed_at)
      end as completed_at,
      -- Counters that know of more ended jobs than there are must never be recounted again.
      case when added_up.ended > added_up.ended_here then coalesce(batch.pruned_at, now())
        else batch.pruned_at end as pruned_at
    from added_up
    join ${batches} as batch on batch.id = added_up.id
  )
  update ${batches} as batch
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
  update ${batches} as batch
  set pruned_at = now()
  where batch.pruned_at is null and batch.completed_count + batch.failed_count + batch.cancelled_count > 0
    and not exists (select from ${jobs} as job where job.batch_job_id = batch.id);`;
}
