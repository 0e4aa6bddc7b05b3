/**
 * What a source is defined as: where, in which parts, and what became of it.
 *
 * @module
 */
import { Alert, Anchor, Code, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { IconFileText, IconInfoCircle } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useMemo } from 'react'
import { useSession } from '../api/session.tsx'
import { Copy } from '../design/copy.tsx'
import { type Column, DataTable } from '../design/data-table.tsx'
import { EmptyState } from '../design/empty-state.tsx'
import { ErrorNotice } from '../design/error-notice.tsx'
import { exactTime, Moment } from '../design/moment.tsx'
import { PageSkeleton, Section } from '../design/page.tsx'
import { texts } from '../texts/texts.ts'
import { type AttributeRow, type MappingPart, partsOf, type Setting } from './definition-parts.ts'
import { EditDefinition } from './edit-definition.tsx'
import { FactsList } from './facts-list.tsx'
import { type DescribedSource, definitionHistoryQuery, definitionQuery } from './source-queries.ts'

const { definition: words } = texts.sources

export function SourceDefinition({ name }: { readonly name: string }): ReactNode {
  const { data, error, refetch } = useQuery(definitionQuery(name))
  const parts = useMemo(() => (data === undefined ? undefined : partsOf(data.effective)), [data])
  if (error !== null) return <ErrorNotice error={error} retry={refetch} />
  if (data === undefined || parts === undefined) return <PageSkeleton />
  return (
    <Stack>
      <Origin source={data} />
      <SimpleGrid cols={{ base: 1, lg: 2 }}>
        <Settings title={words.general} settings={parts.general} />
        <Settings title={words.schedule} settings={parts.schedule} />
      </SimpleGrid>
      {parts.thresholds.length > 0 && <Settings title={words.thresholds} settings={parts.thresholds} />}
      {parts.mappings.map((mapping) => (
        <Mapping
          key={`${mapping.kind} ${mapping.name}`}
          mapping={mapping}
          precedence={parts.general.find(([key]) => key === 'precedence')?.[1]}
        />
      ))}
      <Yaml source={data} />
      {data.definedIn === 'stored' && <History name={name} />}
    </Stack>
  )
}

function Origin({ source }: { readonly source: DescribedSource }): ReactNode {
  const { may } = useSession()
  const { definedIn, place, name } = source
  const isStored = definedIn === 'stored'
  const says = isStored ? words.stored : definedIn === 'file' ? words.file(place ?? '') : words.gone
  return (
    <Alert color="gray" icon={isStored ? <IconInfoCircle size={18} /> : <IconFileText size={18} />} p="sm">
      <Group justify="space-between">
        <Text size="sm" flex={1}>
          {says}
        </Text>
        {'graph' in source.effective && (
          <Anchor component={Link} to={`/mappings/${encodeURIComponent(name)}`} size="sm">
            {words.mappings}
          </Anchor>
        )}
        {isStored && may('administer') && <EditDefinition name={name} text={source.text ?? source.yaml} />}
      </Group>
    </Alert>
  )
}

interface SettingsProps {
  readonly title: string
  readonly settings: readonly Setting[]
}

function Settings({ title, settings }: SettingsProps): ReactNode {
  return (
    <Section title={title}>
      <SettingsList settings={settings} />
    </Section>
  )
}

function SettingsList({ settings }: Pick<SettingsProps, 'settings'>): ReactNode {
  if (settings.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {words.defaults}
      </Text>
    )
  const facts = settings.map(([name, value]) => [name, shown(value)] as const)
  return <FactsList facts={facts} />
}

function shown(value: string): ReactNode {
  if (!/^https?:\/\/[^{}]+$/.test(value)) return value
  return (
    <Anchor href={value} target="_blank" rel="noreferrer" inherit>
      {value}
    </Anchor>
  )
}

const attributes: readonly Column<AttributeRow>[] = [
  { id: 'property', header: words.property, value: ({ property }) => property },
  {
    id: 'column',
    header: words.column,
    value: ({ column }) => column,
    cell: ({ column }) => <Code>{column}</Code>,
  },
  { id: 'policy', header: words.policy, value: ({ policy }) => policy },
  {
    id: 'update',
    header: words.update,
    value: ({ update }) => (update === undefined ? '' : update ? words.yes : words.no),
  },
  { id: 'by', header: words.by, value: ({ by }) => by, wide: true },
  { id: 'more', header: words.more, value: ({ more }) => more, wide: true },
]

interface MappingProps {
  readonly mapping: MappingPart
  readonly precedence: string | undefined
}

function Mapping({ mapping, precedence }: MappingProps): ReactNode {
  const { name, general, reconciliation, deletion, thresholds } = mapping
  const groups = [
    [words.mapping, general],
    [words.reconciliation, reconciliation],
    [words.deletion, deletion],
    [words.thresholds, thresholds],
  ] as const
  return (
    <Section
      title={name}
      aside={
        precedence !== undefined && (
          <Text size="sm" c="dimmed">
            {words.precedence} {precedence}
          </Text>
        )
      }
      flush
    >
      <Stack p="md">
        {groups
          .filter(([, settings]) => settings.length > 0)
          .map(([title, settings]) => (
            <Stack key={title} gap={6}>
              <Title order={3}>{title}</Title>
              <SettingsList settings={settings} />
            </Stack>
          ))}
      </Stack>
      {mapping.attributes.length > 0 && (
        <DataTable
          label={`${name}-attributes`}
          rows={mapping.attributes}
          columns={attributes}
          rowKey={({ property }) => property}
          empty={null}
        />
      )}
    </Section>
  )
}

function Yaml({ source }: { readonly source: DescribedSource }): ReactNode {
  return (
    <Section title={words.yaml} aside={<Copy value={source.yaml} />}>
      <Code block mah={420} style={{ overflow: 'auto' }} tabIndex={0}>
        {source.text ?? source.yaml}
      </Code>
    </Section>
  )
}

function History({ name }: { readonly name: string }): ReactNode {
  const { data, error } = useQuery(definitionHistoryQuery(name))
  if (error !== null) return <ErrorNotice error={error} />
  return (
    <Section title={words.history} flush>
      <DataTable
        label={`${name}-history`}
        rows={data?.changes}
        columns={[
          {
            id: 'at',
            header: words.at,
            value: ({ changedAt }) => exactTime(changedAt),
            cell: ({ changedAt }) => <Moment at={changedAt} />,
          },
          { id: 'event', header: words.event, value: ({ event }) => event },
          { id: 'who', header: words.who, value: ({ by }) => by.name },
          { id: 'detail', header: words.detail, value: ({ detail }) => detail },
        ]}
        rowKey={({ changedAt, event }) => `${changedAt} ${event}`}
        empty={<EmptyState title={words.noHistory} />}
      />
    </Section>
  )
}
