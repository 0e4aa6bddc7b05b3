-- What managed systems should say: one row for each thing that an order says of a row of a source.
create table sluice_order (
  -- Of two that are of one time, the one that was stated last is the newer.
  position bigint generated always as identity primary key,
  -- Of whoever ordered it: rows of one order share it.
  order_id text collate "C" not null,
  source_id integer not null references sluice_source,
  entity_type text collate "C" not null,
  -- Of the source's row, which need not be there yet.
  key text collate "C" not null,
  expects text not null check (expects in ('value', 'exists', 'gone')),
  -- Of a value; null of it: none.
  property text collate "C",
  expected text collate "C",
  state text not null default 'pending' check (state in
    ('pending', 'executed', 'contradicted', 'overdue', 'cancelled', 'superseded')),
  by_kind text not null,
  by_name text not null,
  ordered_at timestamptz not null default now(),
  due_at timestamptz,
  -- What the source said when it was stated, and what it said when a run looked last.
  there_before boolean not null,
  asserted_before text collate "C",
  there boolean not null,
  asserted text collate "C",
  -- Since when it is in its state, and the run that found it.
  state_since timestamptz not null default clock_timestamp(),
  state_run bigint,
  -- When somebody was told that it is overdue: once.
  told_at timestamptz,
  check ((expects = 'value') = (property is not null)),
  check (expects = 'value' or expected is null),
  unique nulls not distinct (order_id, source_id, entity_type, key, property)
);
create index sluice_order_standing on sluice_order (source_id, entity_type, key)
  where state in ('pending', 'executed', 'contradicted', 'overdue');
create index sluice_order_due on sluice_order (due_at) where state = 'pending';
