/** What an edit would change, as a dry run answers. @module */
import { Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import type { Reply } from '../api/ask.ts'
import { texts } from '../texts/texts.ts'
import { ChangedValues } from './changed-values.tsx'
import { valueChanges } from './history-entries.ts'

export type Edited = Reply<'PATCH /resources/:entityType/:key'>
type Change = Edited['changes'][number]

export function PlannedChanges({ changes }: { readonly changes: readonly Change[] }): ReactNode {
  if (changes.length === 0) return <Text size="sm">{texts.resources.nothingChanges}</Text>
  return (
    <Stack gap="xs">
      {changes.map((change) => (
        <Stack gap={2} key={nameOf(change)}>
          <Text size="sm" fw={600}>
            {nameOf(change)}
          </Text>
          <ChangedValues changes={valueChanges(change)} />
        </Stack>
      ))}
    </Stack>
  )
}

function nameOf(change: Change): string {
  if (change.kind === 'link')
    return `${change.association}: ${change.from} → ${change.to} · ${texts.resources.linked[change.operation]}`
  const { entityType, key, resourceId, operation } = change
  return `${entityType} ${key ?? `#${resourceId}`} · ${texts.resources.operations[operation]}`
}
