-- Sources are started by themselves, by the agents that deliver them: each is a job of one step.
-- The source that is synchronized; null: it is a job of the configuration.
alter table sluice_job add column source text collate "C";
alter table sluice_job_start add column source text collate "C", add column mode text;
