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
