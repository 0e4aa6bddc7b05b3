/**
 * What an agent sees of a run: the part of its own sources.
 *
 * A run of one source may change resources and links of others: they refer to what goes, or wait for what comes. Whoever holds an agent's token
 * knows what he delivers, and learns nothing else by delivering it. Whoever reads the repository sees all.
 *
 * @module
 */
import type { Change, Configuration, RejectedRow, RunReport, Source, SummarizedType } from '@sluice/model'
import { type Caller, reaches } from './caller.ts'

export interface OwnPart {
  change(change: Change): boolean
  summary(of: SummarizedType): boolean
  rejected(row: RejectedRow): boolean
  report(report: RunReport): RunReport
}

const everything: OwnPart = {
  change: () => true,
  summary: () => true,
  rejected: () => true,
  report: (report) => report,
}

export function ownPartOf(caller: Caller, { sources }: Pick<Configuration, 'sources'>): OwnPart {
  if (caller.role !== 'agent') return everything
  const own = [...sources.values()].filter(({ name }) => reaches(caller, name))
  const types = new Set(own.flatMap(({ entities }) => entities.map(({ entityType }) => entityType)))
  const associations = new Set(own.flatMap((source) => source.associations.map((one) => one.association)))
  const mappings = new Set(own.flatMap(mappingsOf))
  const ownMapping = ({ mapping }: { readonly mapping: string }) => mappings.has(mapping)
  const reached = ({ source }: { readonly source?: string | null | undefined }) =>
    typeof source !== 'string' || reaches(caller, source)
  const ownReport = (part: { readonly source: string | null; readonly mapping: string }) =>
    part.source === null ? ownMapping(part) : reached(part)
  return {
    change: (change) =>
      change.kind === 'entity' ? types.has(change.entityType) : associations.has(change.association),
    summary: ({ kind, type }) => (kind === 'entity' ? types : associations).has(type),
    rejected: ownMapping,
    report: (report) => ({
      ...report,
      entities: report.entities.filter(ownReport),
      associations: report.associations.filter(ownReport),
      exceeded: report.exceeded.filter(reached),
      drift: report.drift && {
        ...report.drift,
        entities: report.drift.entities.filter(ownMapping),
        associations: report.drift.associations.filter(ownMapping),
      },
    }),
  }
}

function mappingsOf({ entities, associations }: Source): readonly string[] {
  return [...entities, ...associations].map(({ name }) => name)
}

/** Of what a plan, a load or a run of a table answers. */
export function seenPart<
  Answer extends {
    readonly report: RunReport | null
    readonly changes: readonly Change[]
    readonly rejected: readonly RejectedRow[]
  },
>(part: OwnPart, answer: Answer): Answer {
  const { report, changes, rejected } = answer
  return {
    ...answer,
    report: report && part.report(report),
    changes: changes.filter(part.change),
    rejected: rejected.filter(part.rejected),
  }
}
