/**
 * What a complete has to call drift, as far as that is plain to see from what an external write did.
 *
 * @module
 */
import type { ChangeCounts, RunReport } from '@sluice/project'
import { cleansed, type Files, isBad, type MappingName, type SourceName, type Stored } from './sources.ts'
import type { ExternalWrite } from './steps.ts'

const typeOf = (source: SourceName) => (source === 'hr' ? 'Person' : 'Unit')

/** Changes of the source's resources that no change of its files explains; `undefined` where that is hard to tell. */
export function expectedDrift(
  source: SourceName,
  externalWrites: readonly ExternalWrite[],
  { before, after, stored }: { readonly before: Files; readonly after: Files; readonly stored: Stored },
): ChangeCounts | undefined {
  const type = typeOf(source)
  const was = cleansed(type, before[type] ?? [])
  if (externalWrites.length === 0 || was.unreadable.size > 0) return undefined
  if (externalWrites.some((write) => write.type !== type || write.does === undefined)) return undefined
  const drifted = new Map<string, 'update' | 'delete'>()
  for (const { key, does } of externalWrites) {
    const row = was.rows.get(key)
    if (!stored[type].has(key) || row === undefined || isBad(row)) continue
    if (isChanged(type, key, before, after)) continue
    if (does !== undefined && drifted.get(key) !== 'delete') drifted.set(key, does)
  }
  const count = (kind: string) => [...drifted.values()].filter((does) => does === kind).length
  return { inserted: count('delete'), updated: count('update'), deleted: 0 }
}

export function driftOf({ drift }: RunReport, source: SourceName): ChangeCounts | undefined {
  return drift?.entities.find(({ mapping }) => mapping === typeOf(source))?.changes
}

/** The source says something else of the key. */
export function isChanged(mapping: MappingName, key: string, before: Files, after: Files): boolean {
  const [was, is] = [before, after].map((files) => cleansed(mapping, files[mapping] ?? []).rows.get(key))
  return JSON.stringify(was) !== JSON.stringify(is)
}
