/** What an edit would change, as a dry run answers. @module */
import { Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import type { Reply } from '../api/ask.ts'
import { byName, type ReadersLabels } from '../model/labels.ts'
import { useLabels } from '../model/use-labels.ts'
import { texts } from '../texts/texts.ts'
import { ChangedValues } from './changed-values.tsx'
import { valueChanges } from './history-entries.ts'

export type Edited = Reply<'PATCH /resources/:entityType/:key'>
type Change = Edited['changes'][number]

export function PlannedChanges({ changes }: { readonly changes: readonly Change[] }): ReactNode {
  const labels = useLabels()
  if (changes.length === 0) return <Text size="sm">{texts.resources.nothingChanges}</Text>
  return (
    <Stack gap="xs">
      {changes.map((change) => (
        <Stack gap={2} key={nameOf(change, byName)}>
          <Text size="sm" fw={600}>
            {nameOf(change, labels)}
          </Text>
          <ChangedValues of={typeOf(change)} changes={valueChanges(change)} />
        </Stack>
      ))}
    </Stack>
  )
}

function typeOf(change: Change): string {
  return change.kind === 'link' ? change.association : change.entityType
}

function nameOf(change: Change, labels: ReadersLabels): string {
  const type = labels.type(typeOf(change))
  if (change.kind === 'link')
    return `${type}: ${change.from} → ${change.to} · ${texts.resources.linked[change.operation]}`
  const { key, resourceId, operation } = change
  return `${type} ${key ?? `#${resourceId}`} · ${texts.resources.operations[operation]}`
}
