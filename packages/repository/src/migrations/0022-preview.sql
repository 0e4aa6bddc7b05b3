-- Previews of rows that people ask agents for. The rows are nobody's: they leave this table as they are read, or after a minute; and being unlogged,
-- it reaches neither the write-ahead log nor what is made of that, replicas and archives. A crash empties it, and whoever waits asks again.
create unlogged table sluice_preview (
  preview_id uuid primary key default gen_random_uuid(),
  agent_id uuid not null references sluice_job_agent on delete cascade,
  source text collate "C" not null,
  mapping text,
  proposal text,
  rows integer not null,
  by_kind text not null,
  by_name text not null,
  asked_at timestamptz not null default clock_timestamp(),
  state text not null default 'waiting' check (state in ('waiting', 'taken', 'answered', 'expired')),
  answered_at timestamptz,
  answer jsonb
);
create index sluice_preview_agent on sluice_preview (agent_id);
