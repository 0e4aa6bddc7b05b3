-- Work folders in which jobs are executed, as they were heard of last.
create table sluice_job_agent (
  agent_id uuid primary key,
  host text not null,
  folder text not null,
  -- The token that it comes with; null where it opens the repository itself.
  token text collate "C",
  heard_at timestamptz not null default clock_timestamp(),
  -- When it last asked whether a job is to be started; null: it does not, or has said that it ends.
  asked_at timestamptz
);

-- The jobs of those that ask, as they announced them last.
create table sluice_job (
  agent_id uuid not null references sluice_job_agent on delete cascade,
  job text collate "C" not null,
  -- In the order of the configuration.
  position integer not null,
  announced jsonb not null,
  primary key (agent_id, job)
);

-- One row for each execution of a job. Of each job of an agent the last ones are kept.
create table sluice_job_execution (
  execution_id uuid primary key,
  agent_id uuid not null references sluice_job_agent on delete cascade,
  job text collate "C" not null,
  state text not null check (state in ('running', 'done', 'held', 'failed', 'waiting', 'stopped', 'interrupted')),
  -- By the clock of the agent.
  started_at timestamptz not null,
  finished_at timestamptz,
  -- By ours. One that is at work says now and then that it is.
  heard_at timestamptz not null default clock_timestamp(),
  -- Somebody asks for it to be stopped.
  stop_by_kind text,
  stop_by_name text,
  stop_at timestamptz,
  -- By what it was begun, and its steps.
  document jsonb not null
);
create index sluice_job_execution_job on sluice_job_execution (agent_id, job, started_at desc);
create index sluice_job_execution_started on sluice_job_execution (started_at desc);

-- Jobs that somebody wants to be started; their agents fetch it.
create table sluice_job_start (
  start_id uuid primary key default gen_random_uuid(),
  agent_id uuid not null references sluice_job_agent on delete cascade,
  job text collate "C" not null,
  by_kind text not null,
  by_name text not null,
  asked_at timestamptz not null default clock_timestamp(),
  state text not null default 'waiting'
    check (state in ('waiting', 'taken', 'begun', 'refused', 'expired', 'cancelled')),
  reason text,
  -- Who asked for the job to be stopped before it began.
  cancelled_by_kind text,
  cancelled_by_name text,
  execution_id uuid
);
-- Two who want the same want it once.
create unique index sluice_job_start_open on sluice_job_start (agent_id, job) where state in ('waiting', 'taken');
create index sluice_job_start_asked on sluice_job_start (asked_at);
