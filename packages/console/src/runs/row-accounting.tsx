/**
 * Where the rows of each mapping went, as a picture in which nothing is missing.
 *
 * @module
 */
import { Group, Stack, Text } from '@mantine/core'
import type { RunReport } from '@sluice/model'
import type { ReactNode } from 'react'
import { Amount, wholeNumber } from '../design/moment.tsx'
import { Section } from '../design/page.tsx'
import { useLabels } from '../model/use-labels.ts'
import { texts } from '../texts/texts.ts'
import { accountingOf, type RowPart } from './accounting.ts'
import { PartsBar } from './parts-bar.tsx'

const colors: Readonly<Record<RowPart, string>> = {
  unchanged: 'var(--mantine-color-gray-5)',
  updated: 'var(--mantine-color-brand-5)',
  inserted: 'var(--mantine-color-teal-6)',
  deleted: 'var(--mantine-color-pink-7)',
  filtered: 'var(--mantine-color-gray-4)',
  noLink: 'var(--mantine-color-gray-3)',
  orphan: 'var(--mantine-color-yellow-6)',
  nullKey: 'var(--mantine-color-orange-4)',
  duplicate: 'var(--mantine-color-orange-6)',
  rejected: 'var(--mantine-color-red-6)',
  missing: 'var(--mantine-color-red-9)',
}

export function RowAccounting({ report }: { readonly report: RunReport }): ReactNode {
  const labels = useLabels()
  const mappings = [...report.entities, ...report.associations].flatMap(({ mapping, rows }) =>
    rows === null ? [] : [{ mapping, label: labels.type(mapping), ...accountingOf(rows) }],
  )
  return (
    <Section
      title={texts.runs.accounting}
      aside={
        <Text size="xs" c="dimmed" visibleFrom="sm">
          {texts.runs.accountingHelp}
        </Text>
      }
    >
      {mappings.length === 0 && (
        <Text size="sm" c="dimmed">
          {report.state === 'running' ? texts.runs.rowsLater : texts.runs.noRows}
        </Text>
      )}
      {mappings.map(({ mapping, label, read, parts }) => (
        <Stack key={mapping} gap={6}>
          <Group justify="space-between" gap="xs">
            <Text size="sm" fw={600}>
              {label}
            </Text>
            <Text size="sm" c="dimmed">
              {texts.runs.read(wholeNumber(read))}
            </Text>
          </Group>
          <PartsBar
            label={texts.runs.accountingLabel(label, wholeNumber(read))}
            parts={parts.map(({ part, count }) => ({
              name: texts.runs.parts[part],
              size: count,
              shown: <Amount value={count} />,
              color: colors[part],
            }))}
          />
        </Stack>
      ))}
    </Section>
  )
}
