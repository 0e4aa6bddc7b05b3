/**
 * Which tables and columns the managed system of a source has, which of them are mapped, and a mapping to begin with. No rows are read.
 *
 * @module
 */
import { Code, SegmentedControl, Stack, Text } from '@mantine/core'
import { IconTableColumn } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useMemo } from 'react'
import { Copy } from '../design/copy.tsx'
import { type Column, DataTable } from '../design/data-table.tsx'
import { EmptyState } from '../design/empty-state.tsx'
import { ErrorNotice } from '../design/error-notice.tsx'
import { Amount } from '../design/moment.tsx'
import { Section } from '../design/page.tsx'
import { texts } from '../texts/texts.ts'
import { type Check, checksQuery, type DeliveringAgent } from './agent-queries.ts'
import { AskAgent, CheckState, isOpen, useAsking } from './ask-agent.tsx'
import { mappedColumns } from './mapped-columns.ts'
import type { SearchProps } from './source-page.tsx'
import type { DescribedSource } from './source-queries.ts'

const words = texts.connection.discovered

interface DiscoveredProps extends SearchProps {
  readonly source: DescribedSource
  readonly agents: readonly DeliveringAgent[]
}

export function DiscoveredSystem({ source, agents, search, onSearch }: DiscoveredProps): ReactNode {
  const { name } = source
  const { data, error } = useQuery(checksQuery(name, 'discover'))
  const asking = useAsking(name, 'discover')
  const newest = data?.checks[0]
  const problem = asking.error ?? error
  return (
    <>
      <Section
        title={words.title}
        aside={
          <AskAgent agents={agents} busy={asking.isPending || isOpen(newest)} onAsk={asking.mutate}>
            <IconTableColumn size={14} />
            {words.look}
          </AskAgent>
        }
      >
        <Text size="sm" c="dimmed">
          {words.help}
        </Text>
        {problem !== null && <ErrorNotice error={problem} />}
        {newest !== undefined && <CheckState check={newest} />}
      </Section>
      {newest?.answer?.discovered != null && (
        <Found source={source} found={newest.answer.discovered} search={search} onSearch={onSearch} />
      )}
    </>
  )
}

type Found = NonNullable<NonNullable<Check['answer']>['discovered']>

interface FoundProps extends SearchProps {
  readonly source: DescribedSource
  readonly found: Found
}

interface ColumnRow {
  readonly file: string
  readonly rows: number | null
  readonly column: string
  readonly type: string
  readonly key: boolean
  readonly references: string | null
  readonly mapped: string
}

function Found({ source, found, search, onSearch }: FoundProps): ReactNode {
  const rows = useMemo(() => rowsOf(source, found), [source, found])
  const mapped = rows.filter((row) => row.mapped !== '').length
  const shown = search.unmapped === true ? rows.filter((row) => row.mapped === '') : rows
  return (
    <>
      <Section title={words.columnsTitle} flush>
        <Stack p="md" gap="xs">
          <Text size="sm">{words.counts(found.tables.length, rows.length, mapped)}</Text>
          {found.notes.map((note) => (
            <Text key={note} size="sm" c="dimmed">
              {note}
            </Text>
          ))}
        </Stack>
        <DataTable
          label={`${source.name}-columns`}
          rows={shown}
          columns={columns}
          tools={<Which search={search} onSearch={onSearch} />}
          rowKey={({ file, column }) => `${file} ${column}`}
          empty={<EmptyState title={words.none} />}
        />
      </Section>
      {found.suggestion !== '' && (
        <Section title={words.suggestion} aside={<Copy value={found.suggestion} />}>
          <Text size="sm" c="dimmed">
            {words.suggestionHelp(source.place ?? 'sluice.yaml')}
          </Text>
          <Code block mah={420} style={{ overflow: 'auto' }} tabIndex={0}>
            {found.suggestion}
          </Code>
        </Section>
      )}
    </>
  )
}

function Which({ search, onSearch }: SearchProps): ReactNode {
  return (
    <SegmentedControl
      size="xs"
      aria-label={words.which}
      value={search.unmapped === true ? 'unmapped' : 'all'}
      onChange={(value) => onSearch({ ...search, unmapped: value === 'unmapped' ? true : undefined })}
      data={[
        { value: 'all', label: words.all },
        { value: 'unmapped', label: words.unmapped },
      ]}
    />
  )
}

function rowsOf({ effective }: DescribedSource, { tables }: Found): readonly ColumnRow[] {
  const mapped = mappedColumns(effective)
  return tables.flatMap(({ file, rows, columns: all }) =>
    all.map(({ name, type, key, references }) => ({
      file,
      rows,
      column: name,
      type,
      key,
      references,
      mapped: mapped.get(file)?.get(name)?.join(', ') ?? '',
    })),
  )
}

const columns: readonly Column<ColumnRow>[] = [
  { id: 'file', header: words.columns.file, value: ({ file }) => file },
  {
    id: 'column',
    header: words.columns.column,
    value: ({ column }) => column,
    cell: ({ column }) => <Code>{column}</Code>,
  },
  { id: 'type', header: words.columns.type, value: ({ type }) => type },
  { id: 'key', header: words.columns.key, value: ({ key }) => (key ? words.key : '') },
  { id: 'references', header: words.columns.references, value: ({ references }) => references ?? '' },
  { id: 'mapped', header: words.columns.mapped, value: ({ mapped }) => mapped, wide: true },
  {
    id: 'rows',
    header: words.columns.rows,
    value: ({ rows }) => rows ?? '',
    cell: ({ rows }) => <Amount value={rows} />,
  },
]
