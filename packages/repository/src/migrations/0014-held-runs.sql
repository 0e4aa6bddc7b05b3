-- Of the many runs of a source, those that somebody has to decide about: whoever looks at all sources asks for each.
create index sluice_run_held on sluice_run (source_id, run_id) where state = 'held';
