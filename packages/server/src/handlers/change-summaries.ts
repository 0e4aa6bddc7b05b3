/**
 * What runs change, counted once as they are held and once as they are decided: their change sets stay as they are, and where the
 * repository moves under one that is held, it is computed again, in a run of its own.
 *
 * @module
 */
import {
  type AssociationReport,
  type ChangedProperty,
  type Configuration,
  type EntityReport,
  type RunReport,
  runLife,
  type SummarizedType,
} from '@sluice/model'

/** So many runs are kept in mind. */
const mostKept = 200

interface ChangeSummaries {
  of(
    report: RunReport,
    changedProperties: () => Promise<readonly ChangedProperty[]>,
  ): Promise<readonly SummarizedType[]>
}

export function changeSummaries(configuration: Pick<Configuration, 'sources'>): ChangeSummaries {
  const kept = new Map<string, readonly SummarizedType[]>()
  return {
    async of(report, changedProperties) {
      const at = `${report.run} ${report.state}`
      const known = kept.get(at)
      if (known !== undefined) return known
      const summary = summaryOf(report, await changedProperties(), configuration)
      if (report.state !== runLife.start) kept.set(at, summary)
      const [oldest] = kept.keys()
      if (kept.size > mostKept && oldest !== undefined) kept.delete(oldest)
      return summary
    },
  }
}

type Part = Pick<EntityReport | AssociationReport, 'mapping' | 'source' | 'changes' | 'stored'>

/** Mappings of one entity type together, those that change most first. */
function summaryOf(
  { entities, associations }: Pick<RunReport, 'entities' | 'associations'>,
  properties: readonly ChangedProperty[],
  { sources }: Pick<Configuration, 'sources'>,
): readonly SummarizedType[] {
  const types = new Map<string, SummarizedType>()
  const add = (kind: SummarizedType['kind'], part: Part, type: string) => {
    const { changes, stored } = part
    const sofar = types.get(`${kind} ${type}`)
    types.set(`${kind} ${type}`, {
      kind,
      type,
      stored: stored + (sofar?.stored ?? 0),
      inserted: changes.inserted + (sofar?.inserted ?? 0),
      updated: changes.updated + (sofar?.updated ?? 0),
      deleted: changes.deleted + (sofar?.deleted ?? 0),
      properties: properties
        .filter((one) => one.kind === kind && one.type === type)
        .map(({ property, changes: count }) => ({ property, changes: count }))
        .sort((a, b) => b.changes - a.changes),
    })
  }
  const mappingOf = ({ source, mapping }: Part) => {
    const { entities: ofTypes = [], associations: ofLinks = [] } = sources.get(source ?? '') ?? {}
    return {
      entityType: ofTypes.find(({ name }) => name === mapping)?.entityType ?? mapping,
      association: ofLinks.find(({ name }) => name === mapping)?.association ?? mapping,
    }
  }
  for (const part of entities) add('entity', part, mappingOf(part).entityType)
  for (const part of associations) add('link', part, mappingOf(part).association)
  return [...types.values()].filter(({ inserted, updated, deleted }) => inserted + updated + deleted > 0)
}
