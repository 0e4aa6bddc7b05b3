/**
 * Of what rows can be previewed: mappings that there are, and, for who may propose some, those and what was suggested to begin with.
 *
 * @module
 */
import type { ReadersLabels } from '../model/labels.ts'
import { texts } from '../texts/texts.ts'
import type { Check } from './agent-queries.ts'
import { proposalOfMapping, proposalOfSuggestion } from './proposals.ts'
import type { DescribedSource } from './source-queries.ts'

const words = texts.preview

export interface PreviewChoice {
  readonly value: string
  readonly label: string
  /** A mapping that the agent has. */
  readonly mapping: string | undefined
  /** In place of it: YAML to begin with. */
  readonly proposal: string | undefined
}

type Discovered = NonNullable<NonNullable<Check['answer']>['discovered']>

export function previewChoices(
  { name, effective }: Pick<DescribedSource, 'name' | 'effective'>,
  discovered: Pick<Discovered, 'tables' | 'suggestion'> | undefined,
  mayPropose: boolean,
  labels: ReadersLabels,
): readonly PreviewChoice[] {
  const filesOf = (section: string) =>
    Object.entries(Object(effective[section])).map(
      ([mapping, of]) => [mapping, String(Object(of).file)] as const,
    )
  const entities = filesOf('entities')
  const mapped = [...entities, ...filesOf('associations')].map(([mapping, file]) => ({
    value: `mapped ${mapping}`,
    label: words.mapped(labels.type(mapping), file),
    mapping,
    proposal: undefined,
  }))
  if (!mayPropose) return mapped
  const changed = entities.map(([mapping, file]) => ({
    value: `changed ${mapping}`,
    label: words.changed(labels.type(mapping), file),
    mapping: undefined,
    proposal: proposalOfMapping(name, effective, mapping),
  }))
  const suggested = (discovered?.tables ?? []).flatMap(({ file }) => {
    const proposal = proposalOfSuggestion(name, discovered?.suggestion ?? '', file)
    return proposal === undefined
      ? []
      : [{ value: `suggested ${file}`, label: words.suggested(file), mapping: undefined, proposal }]
  })
  return [...mapped, ...changed, ...suggested]
}
