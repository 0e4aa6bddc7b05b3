-- Of a held run that was approved and had to be computed again: who approved it, why, and the sum of what was shown. It stands where the run that
-- takes its place comes to the same.
alter table sluice_run add column approval jsonb;
