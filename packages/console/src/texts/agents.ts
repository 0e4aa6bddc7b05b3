export const agentTexts = {
  title: 'Agents',
  synchronize: 'Synchronize now…',
  synchronizeTitle: (source: string) => `Synchronize ${source}`,
  mode: 'Mode',
  modes: {
    configured: 'As it is defined',
    complete: 'Complete',
    incremental: 'Incremental',
  },
  modeHelp: {
    configured: (mode: string) =>
      mode === 'auto'
        ? 'Its definition leaves it open: everything is compared, and loaded without comparing the first time.'
        : `Its definition says ${mode}. Where an incremental cannot build on what was before, it is a complete.`,
    complete:
      'All rows are exported and compared. Rows that are gone there disappear here, and what differs is repaired.',
    incremental:
      'Only what has changed since the last delivery. It is refused where that cannot be told, and while a run is held.',
  },
  hold: 'Hold the run until it is approved',
  holdHelp: 'What it would change is computed and shown, and nothing is applied before somebody approves it.',
  holdUnknown: 'The agent is of a version that cannot hold its run.',
  agent: 'Agent',
  start: 'Synchronize',
  asked: (host: string) => `${host} is asked, and begins within seconds…`,
  begun: (source: string, host: string) => `${source} is synchronized by ${host}`,
  notBegun: (state: string, reason: string | null) =>
    `It does not begin (${state}): ${reason ?? 'no reason is known.'}`,
  none: 'No agent delivers this source',
  noneHelp:
    'A server cannot reach a managed system. An agent beside it does, which asks this server for work: start it where the source is exported.',
  agentCommand: 'sluice agent',
  away: 'The agent is away',
  awayHelp: (host: string, folder: string) =>
    `Start it again on ${host}, in the project whose work folder is ${folder}.`,
  there: 'there',
  isAway: 'away',
  lastAsked: 'Asked last',
  folder: 'Work folder',
  byItself: 'By itself',
  waits: (by: string) => `to begin, as ${by} asks`,
  since: 'begun',
  by: (name: string) => `by ${name}`,
  stopping: (by: string) => `is stopped, as ${by} asks`,
  never: 'Nobody has asked for it by itself yet.',
  stop: 'Stop',
  stopped: (source: string) => `The synchronization of ${source} is asked to stop`,
}
