-- Who is notified of jobs, and pauses of notifications that go by no clock that somebody sets.

-- As what somebody was notified of it last, or would have been: failed or interrupted; null: not yet.
alter table sluice_job_execution add column notified_of text;
-- Nobody is told now of what went silent long ago.
update sluice_job_execution set notified_of = 'interrupted' where heard_at < clock_timestamp() - interval '1 day';

alter table sluice_notification
  -- For how many milliseconds it was put off when its due time was set.
  add column put_off float8 not null default 0,
  -- For how many milliseconds it had waited before, all in all.
  add column waited float8 not null default 0;
update sluice_notification set
  put_off = greatest(0, extract(epoch from due_at - clock_timestamp())::float8 * 1000),
  waited = greatest(0, extract(epoch from clock_timestamp() - tried_since)::float8 * 1000)
where state = 'waiting';
