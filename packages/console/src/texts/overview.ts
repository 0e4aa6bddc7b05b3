import { counted } from './counted.ts'

export const overviewTexts = {
  title: 'Overview',
  decisions: 'Needs you',
  nothingToDecide: 'Nothing needs you',
  nothingToDecideHelp: 'No run is held, no source is late, and every row found its resource.',
  sources: 'Sources',
  size: 'Repository',
  recent: 'Recent runs',
  noRuns: 'Nothing has run yet',
  look: 'Look',
  decide: 'Decide',
  tiles: {
    sources: 'Sources in order',
    decisions: 'Waiting for you',
    resources: 'Resources',
    applied: 'Last applied',
    of: (all: string) => `of ${all}`,
    types: (count: number) => `in ${counted(count, 'entity type', 'entity types')}`,
    by: (source: string) => `by ${source}`,
    none: 'never',
  },
  columns: {
    lastRun: 'Last run',
    rows: 'Rows',
    rejected: 'Rejected',
  },
  changes: { inserted: 'new', updated: 'changed', deleted: 'deleted', nothing: 'nothing changed' },
  causes: {
    delivery: 'delivered',
    replicas: 'synchronized',
    edit: 'edited',
    decision: 'decided',
    revert: 'reverted',
    ageing: 'aged',
  } as Readonly<Record<string, string>>,
  graphs: 'evaluated',
}
