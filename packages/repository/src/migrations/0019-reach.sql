-- Sources are started by themselves, by the agents that deliver them: each is a job of one step.
-- The source that is synchronized; null: it is a job of the configuration.
alter table sluice_job add column source text collate "C";
alter table sluice_job_start add column source text collate "C", add column mode text;

-- Checks of connections to managed systems that people ask agents for, and what came of them. Kept for some days.
create table sluice_system_check (
  check_id uuid primary key default gen_random_uuid(),
  agent_id uuid not null references sluice_job_agent on delete cascade,
  source text collate "C" not null,
  kind text not null,
  by_kind text not null,
  by_name text not null,
  asked_at timestamptz not null default clock_timestamp(),
  state text not null default 'waiting' check (state in ('waiting', 'taken', 'answered', 'expired')),
  answered_at timestamptz,
  answer jsonb
);
-- Two who want to know the same ask once.
create unique index sluice_system_check_open on sluice_system_check (agent_id, source, kind) where state in ('waiting', 'taken');
create index sluice_system_check_source on sluice_system_check (source, kind, asked_at desc);
create index sluice_system_check_asked on sluice_system_check (asked_at);
