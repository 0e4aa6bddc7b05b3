-- What a run has to be gone back by.

-- Beside old and new values as people read them: what those do not tell. {before: {property: …}, after: {property: …}}, each side the id
-- that a reference held; and before, of a file, {sha256, name, type}. Null where the values tell all.
alter table sluice_history add column exact jsonb;

-- Whose link it is or was; 0: people's.
alter table sluice_link_history add column source_id integer;

-- The contents of files that a run replaced or removed, each once.
create table sluice_kept_file (
  sha256 bytea primary key,
  content bytea not null
);

-- Replicas that a run took from their resources; and what a run that takes another back does to replicas.
create table sluice_replica_history (
  run_id bigint not null,
  source_id integer not null,
  entity_type text collate "C" not null,
  key text collate "C" not null,
  resource_id bigint,
  operation text not null check (operation in ('delete', 'restore', 'detach', 'attach')),
  -- Of a shared type: the row of what the source asserted, and of the replica.
  asserted jsonb,
  replica jsonb
);
create index sluice_replica_history_run on sluice_replica_history using brin (run_id) with (autosummarize = on);

-- A row that is rejected for its values, as it was staged: by staged column. Null where it is too long to be kept, or could not be read.
alter table sluice_rejected_row add column row jsonb;

alter table sluice_run drop constraint sluice_run_cause_check;
alter table sluice_run add constraint sluice_run_cause_check
  check (cause in ('delivery', 'replicas', 'edit', 'decision', 'revert', 'retry', 'ageing'));

-- The run that a run of the cause `revert` takes back.
alter table sluice_run add column reverts bigint;
create index sluice_run_reverts on sluice_run (reverts) where reverts is not null;
