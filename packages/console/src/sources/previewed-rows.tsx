/**
 * Rows that an agent has shown: as they are in the file, and beside it what a mapping makes of them, or why nothing.
 *
 * @module
 */
import { Badge, Code, List, Stack, Table, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { ProblemNotice } from '../design/error-notice.tsx'
import { Section } from '../design/page.tsx'
import { tones } from '../design/theme.ts'
import type { ReadersLabels } from '../model/labels.ts'
import { useLabels } from '../model/use-labels.ts'
import { texts } from '../texts/texts.ts'
import classes from './agents.module.css'
import type { Preview, PreviewedRow } from './preview-queries.ts'

const words = texts.preview

interface PreviewedProps {
  readonly preview: Preview
}

/** Why there are no rows, and what is wrong with what was proposed. */
export function PreviewProblems({ preview: { answer, agent } }: PreviewedProps): ReactNode {
  if (answer === null) return <ProblemNotice message={words.noAnswer(agent.host)} />
  return (
    <>
      {answer.error !== null && <ProblemNotice {...answer.error} />}
      <Findings findings={answer.findings} />
    </>
  )
}

export function PreviewedRows({ preview: { answer } }: PreviewedProps): ReactNode {
  if (answer === null || answer.mapping === null) return null
  return <Rows mapping={answer.mapping} rows={answer.rows} />
}

function Findings({
  findings,
}: {
  readonly findings: NonNullable<Preview['answer']>['findings']
}): ReactNode {
  if (findings.length === 0) return null
  return (
    <div role="alert">
      <Text size="sm" fw={600}>
        {words.findings}
      </Text>
      <List size="sm">
        {findings.map(({ line, column, code, message, remedy }) => (
          <List.Item key={`${line} ${column} ${message}`}>
            {words.finding(line, column)}
            {message} {remedy} <Code>{code}</Code>
          </List.Item>
        ))}
      </List>
    </div>
  )
}

interface RowsProps {
  readonly mapping: string
  readonly rows: readonly PreviewedRow[]
}

function Rows({ mapping, rows }: RowsProps): ReactNode {
  const labels = useLabels()
  const ended = (outcome: PreviewedRow['outcome']) => rows.filter((row) => row.outcome === outcome).length
  return (
    <Section title={words.result(labels.type(mapping))} flush>
      <Text size="sm" p="md">
        {rows.length === 0 ? words.none : words.counts(rows.length, ended('rejected'), ended('filtered'))}
      </Text>
      {rows.length > 0 && (
        <Table.ScrollContainer minWidth={640}>
          <Table verticalSpacing="sm" layout="fixed">
            <Table.Thead>
              <Table.Tr>
                <Table.Th w={170}>{words.columns.line}</Table.Th>
                <Table.Th>{words.columns.before}</Table.Th>
                <Table.Th>{words.columns.after}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.map((row) => (
                <Table.Tr key={`${row.file} ${row.line}`} style={{ verticalAlign: 'top' }}>
                  <Table.Td style={{ overflowWrap: 'anywhere' }}>
                    {row.file}:{row.line}
                  </Table.Td>
                  <Table.Td>
                    <Values values={row.before} />
                  </Table.Td>
                  <Table.Td>
                    <After row={row} mapping={mapping} labels={labels} />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Section>
  )
}

interface AfterProps {
  readonly row: PreviewedRow
  readonly mapping: string
  readonly labels: ReadersLabels
}

function After({ row: { outcome, reason, after }, mapping, labels }: AfterProps): ReactNode {
  if (outcome === 'rejected')
    return (
      <Stack gap="xs" align="flex-start">
        <Badge color={tones.bad}>{words.rejected}</Badge>
        <Text size="sm">{reason}</Text>
      </Stack>
    )
  if (outcome === 'filtered') return <Badge color={tones.quiet}>{words.filtered}</Badge>
  return (
    <Stack>
      {[...after.entries()].map(([number, values]) => (
        <Values
          key={number}
          values={values.map(({ name, value }) => ({
            name: labels.property(mapping, name),
            value: labels.value(mapping, name, value),
          }))}
        />
      ))}
    </Stack>
  )
}

function Values({ values }: { readonly values: PreviewedRow['before'] }): ReactNode {
  return (
    <dl className={classes['said']}>
      {values.map(({ name, value }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            {value === '' ? (
              <Text span size="sm" c="dimmed" fs="italic">
                {words.empty}
              </Text>
            ) : (
              value
            )}
          </dd>
        </div>
      ))}
    </dl>
  )
}
