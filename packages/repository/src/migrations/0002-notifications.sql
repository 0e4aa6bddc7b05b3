-- What somebody has to be told, one row per receiver: written in the transaction in which it happens, sent afterwards.
create table sluice_notification (
  -- The same in each repetition, so that a receiver can tell one.
  notification_id uuid primary key default gen_random_uuid(),
  position bigint generated always as identity unique,
  -- Names, because both are configured: one may be gone when it is sent.
  receiver text collate "C" not null,
  source text collate "C",
  kind text collate "C" not null,
  run_id bigint,
  -- What of it tells that the same happens again.
  sameness text collate "C" not null,
  -- How often the same happened since, and was not told; and how often before it was.
  repetitions integer not null default 0,
  repeated_before integer not null default 0,
  content jsonb not null,
  state text not null default 'waiting' check (state in ('waiting', 'sent', 'givenUp')),
  created_at timestamptz not null default clock_timestamp(),
  attempts integer not null default 0,
  -- Whoever takes one puts this off for as long as an attempt may take: until then it is nobody else's to send.
  due_at timestamptz not null default clock_timestamp(),
  -- Tried for so long, counted from here: when it was written, or somebody wanted it tried again.
  tried_since timestamptz not null default clock_timestamp(),
  error text,
  finished_at timestamptz
);
create index sluice_notification_waiting on sluice_notification (receiver, due_at) where state = 'waiting';
create index sluice_notification_same on sluice_notification (source, kind, created_at desc);

-- Sources of which a run is expected now and then: since when, and since when it is late.
create table sluice_expected_source (
  -- Its name: it is expected before anything was ever loaded of it, too.
  source text collate "C" primary key,
  -- Of one of which no run was ever applied, the time counts from here.
  watched_since timestamptz not null default clock_timestamp(),
  late_since timestamptz
);
