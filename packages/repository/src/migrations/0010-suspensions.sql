-- Sources that are not run for a while: a state of theirs, wherever they are defined.
create table sluice_suspension (
  source_id integer primary key references sluice_source,
  suspended_at timestamptz not null default clock_timestamp(),
  -- When it ends by itself.
  until_at timestamptz,
  reason text,
  by_kind text not null,
  by_name text not null,
  -- Somebody has ended it. It stays here: until then nobody could expect anything of the source.
  resumed_at timestamptz
);

alter table sluice_source_change drop constraint sluice_source_change_event_check;
alter table sluice_source_change add constraint sluice_source_change_event_check
  check (event in ('created', 'changed', 'renamed', 'deleted', 'suspended', 'resumed'));

-- How many resources of a shared type there were when a run of the source looked last whether those of its rows are there, and how many
-- Sluice has made and deleted since. As long as there are so many, nobody else has deleted any.
create table sluice_resource_count (
  source_id integer not null references sluice_source,
  entity_type text collate "C" not null,
  resources bigint not null,
  primary key (source_id, entity_type)
);
