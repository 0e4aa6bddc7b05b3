/**
 * What a run did: stages, rows, effects, notes, and what went wrong.
 *
 * @module
 */
import { Alert, Button, Code, List, Stack, Text } from '@mantine/core'
import type { AssociationReport, EntityReport, RunReport } from '@sluice/model'
import { IconAlertTriangle } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { Copy } from '../design/copy.tsx'
import { type Column, DataTable } from '../design/data-table.tsx'
import { Amount } from '../design/moment.tsx'
import { Section } from '../design/page.tsx'
import { labelledColumn } from '../model/labelled-column.ts'
import type { ReadersLabels } from '../model/labels.ts'
import { useLabelled } from '../model/use-labels.ts'
import { texts } from '../texts/texts.ts'
import { RowAccounting } from './row-accounting.tsx'
import { Stages } from './stages.tsx'

const { columns } = texts.runs

export function RunSummary({ report }: { readonly report: RunReport }): ReactNode {
  return (
    <Stack>
      {report.error !== null && <RunError error={report.error} />}
      {report.notes.length > 0 && <Notes notes={report.notes} />}
      <Stages report={report} />
      <RowAccounting report={report} />
      <Effects report={report} />
    </Stack>
  )
}

function RunError({
  error: { code, message, remedy },
}: {
  readonly error: NonNullable<RunReport['error']>
}): ReactNode {
  return (
    <Alert color="red" icon={<IconAlertTriangle size={18} />} title={message} role="alert">
      <Stack gap="xs" align="flex-start">
        {remedy !== undefined && <Text size="sm">{remedy}</Text>}
        <span>
          <Code>{code}</Code> <Copy value={`${code}: ${message}`} />
        </span>
      </Stack>
    </Alert>
  )
}

function Notes({ notes }: { readonly notes: readonly string[] }): ReactNode {
  return (
    <Section title={texts.runs.notes}>
      <List size="sm" spacing={4}>
        {notes.map((note) => (
          <List.Item key={note}>{note}</List.Item>
        ))}
      </List>
    </Section>
  )
}

type Part = EntityReport | AssociationReport

const count = (id: string, header: string, value: (part: Part) => number): Column<Part> => ({
  id,
  header,
  value,
  cell: (part) => <Amount value={value(part)} />,
  align: 'right',
})

const effectsOf = (labels: ReadersLabels): readonly Column<Part>[] => [
  labelledColumn(
    {
      id: 'mapping',
      header: texts.runs.effectsMapping,
      text: ({ mapping, source }, as) =>
        source === null ? as.type(mapping) : `${source} · ${as.type(mapping)}`,
    },
    labels,
  ),
  count('stored', texts.runs.effectsStored, ({ stored }) => stored),
  count('inserted', columns.inserted, ({ changes }) => changes.inserted),
  count('updated', columns.updated, ({ changes }) => changes.updated),
  count('deleted', columns.deleted, ({ changes }) => changes.deleted),
  { ...count('withheld', texts.runs.withheld, ({ withheld }) => withheld), wide: true },
]

function Effects({ report }: { readonly report: RunReport }): ReactNode {
  const effects = useLabelled(effectsOf)
  const parts = [...report.entities, ...report.associations]
  if (parts.length === 0) return null
  return (
    <Section title={texts.runs.effects} flush>
      <DataTable
        label={`run-${report.run}-effects`}
        rows={parts}
        columns={effects}
        rowKey={({ mapping, source }) => `${source} ${mapping}`}
        empty={null}
      />
    </Section>
  )
}

/** The report as it stands, for whoever wants all of it. */
export function RunLog({ report }: { readonly report: RunReport }): ReactNode {
  const text = JSON.stringify(report, null, 2)
  const save = `data:application/json;charset=utf-8,${encodeURIComponent(text)}`
  return (
    <Stack>
      {report.notes.length > 0 && <Notes notes={report.notes} />}
      {report.error !== null && <RunError error={report.error} />}
      <Section
        title={texts.runs.report}
        aside={
          <span>
            <Copy value={text} />
            <Button component="a" href={save} download={`run-${report.run}.json`} variant="subtle">
              {texts.common.json}
            </Button>
          </span>
        }
      >
        <Code block mah={600} style={{ overflow: 'auto' }} tabIndex={0}>
          {text}
        </Code>
      </Section>
    </Stack>
  )
}
