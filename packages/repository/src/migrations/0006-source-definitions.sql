-- Sources that are defined here and in no file. Whoever opens the repository works with the same ones.
create table sluice_source_definition (
  source text collate "C" primary key,
  -- YAML, as a file would hold it.
  definition text not null,
  changed_at timestamptz not null default clock_timestamp(),
  by_kind text not null,
  by_name text not null
);

-- What became of definitions, and of the names of sources. Its last position tells whether any has changed.
create table sluice_source_change (
  position bigint generated always as identity primary key,
  source text collate "C" not null,
  event text not null check (event in ('created', 'changed', 'renamed', 'deleted')),
  -- From then on; of one that was renamed or deleted none need be stored.
  definition text,
  -- Of a new name: the one before. Of a deletion: what became of its resources.
  detail text,
  changed_at timestamptz not null default clock_timestamp(),
  by_kind text not null,
  by_name text not null
);
create index sluice_source_change_source on sluice_source_change (source, position);

-- Resources that a source which was deleted has left: nobody's, and so no other source's to sweep away. Ids are never given again.
create table sluice_free_resource (
  resource_id bigint primary key,
  run_id bigint not null
);

alter table sluice_run drop constraint sluice_run_cause_check;
alter table sluice_run add constraint sluice_run_cause_check
  check (cause in ('delivery', 'replicas', 'edit', 'decision', 'revert', 'retry', 'ageing', 'removal'));
