-- The latest runs of a source, asked for by `order by -run_id`. By `run_id desc` PostgreSQL goes back through all runs in the order of their
-- numbers until it finds some of the source, which of one that was not run for long are all runs there are.
create index sluice_run_latest on sluice_run (source_id, (-run_id)) where source_id is not null;
