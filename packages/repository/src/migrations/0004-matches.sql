-- Rows of sources that several resources match, where a person is to decide: what a run has found, and what was decided.
create table sluice_match (
  -- In the order in which they came to be doubtful.
  position bigint generated always as identity primary key,
  source_id integer not null references sluice_source,
  entity_type text collate "C" not null,
  -- Of the source's row, which may be gone.
  key text collate "C" not null,
  state text not null default 'waiting' check (state in ('waiting', 'decided', 'applied', 'settled')),
  -- Since when it is in its state, and the run that found it; null: somebody has decided.
  state_since timestamptz not null default clock_timestamp(),
  state_run bigint,
  -- By which rule of the source, from 1, on which values (property → key); null where the resource is gone that had been decided for.
  rule integer,
  matched jsonb,
  -- How many resources matched, and the first of them.
  candidate_count integer not null default 0,
  candidates bigint[] not null default '{}',
  decision text check (decision in ('link', 'create', 'ignore')),
  -- That the row is of: the one it was decided for, or the one it has created since.
  resource_id bigint,
  decided_by_kind text,
  decided_by_name text,
  decided_at timestamptz,
  comment text,
  -- A run has to look at the row: something was decided of it, or taken back.
  due boolean not null default false,
  -- A run has to let the row go from its resource: its decision was carried out, and taken back.
  unlinks boolean not null default false,
  unique (source_id, entity_type, key),
  check ((state in ('decided', 'applied')) = (decision is not null))
);
create index sluice_match_waiting on sluice_match (source_id, entity_type) where state = 'waiting';
create index sluice_match_due on sluice_match (source_id, entity_type) where due;
