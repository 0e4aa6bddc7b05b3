/**
 * How the managed system of a source is reached: the options of its connector, as they are defined; and a check of the connection by its agent.
 *
 * @module
 */
import { Alert, Badge, SimpleGrid, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { IconFileText, IconLock } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { ErrorNotice } from '../design/error-notice.tsx'
import { PageSkeleton, Section } from '../design/page.tsx'
import { WithCode } from '../design/with-code.tsx'
import { texts } from '../texts/texts.ts'
import { agentsQuery, connectorQuery } from './agent-queries.ts'
import { CheckConnection } from './check-connection.tsx'
import { type OptionRow, optionRows } from './connector-options.ts'
import { DiscoveredSystem } from './discovered-system.tsx'
import { PreviewRows } from './preview-rows.tsx'
import type { SearchProps } from './source-page.tsx'
import { type DescribedSource, definitionQuery } from './source-queries.ts'

const words = texts.connection

interface ConnectionProps extends SearchProps {
  readonly name: string
}

export function SourceConnection({ name, search, onSearch }: ConnectionProps): ReactNode {
  const definition = useQuery(definitionQuery(name))
  const connector = useQuery(connectorQuery(name))
  const agents = useQuery(agentsQuery(name))
  const error = definition.error ?? connector.error ?? agents.error
  if (error !== null) return <ErrorNotice error={error} />
  if (definition.data === undefined || connector.data === undefined || agents.data === undefined)
    return <PageSkeleton />
  const there = agents.data.agents.find((one) => one.connector !== null)?.connector ?? undefined
  const here = connector.data.connector
  return (
    <Stack>
      {here === null ? (
        <WithoutConnector source={definition.data} atAgent={there} />
      ) : (
        <Options source={definition.data} connector={here} />
      )}
      {(here !== null || there !== undefined) && (
        <>
          <CheckConnection name={name} agents={agents.data.agents} />
          <DiscoveredSystem
            source={definition.data}
            agents={agents.data.agents}
            search={search}
            onSearch={onSearch}
          />
        </>
      )}
      {isMapped(definition.data) && <PreviewRows source={definition.data} agents={agents.data.agents} />}
    </Stack>
  )
}

/** Rows of open tables are at the server, and graphs have none. */
function isMapped({ effective }: DescribedSource): boolean {
  return effective['table'] !== true && effective['graph'] === undefined
}

interface WithoutProps {
  readonly source: DescribedSource
  readonly atAgent: string | undefined
}

function WithoutConnector({ source, atAgent }: WithoutProps): ReactNode {
  const usual = source.definedIn === 'stored' ? words.stored : words.noneHelp
  return (
    <Section title={words.title}>
      <Text size="sm" fw={600}>
        {atAgent === undefined ? words.none : words.atAgent(atAgent)}
      </Text>
      {atAgent === undefined && (
        <Text size="sm">
          <WithCode>{usual}</WithCode>
        </Text>
      )}
    </Section>
  )
}

interface OptionsProps {
  readonly source: DescribedSource
  readonly connector: {
    readonly name: string
    readonly title: string | null
    readonly schema: Readonly<Record<string, unknown>> | null
  }
}

function Options({ source, connector }: OptionsProps): ReactNode {
  const { name, title, schema } = connector
  const rows = optionRows(schema, { ...Object(source.effective['export']) })
  return (
    <Section title={words.title} aside={<Badge color="gray">{name}</Badge>}>
      {title !== null && <Text size="sm">{title}</Text>}
      {source.place !== null && (
        <Alert color="gray" icon={<IconFileText size={18} />} p="sm">
          <Text size="sm">{words.file(source.place)}</Text>
        </Alert>
      )}
      {schema === null && <Text size="sm">{words.noSchema}</Text>}
      <SimpleGrid cols={{ base: 1, md: 2 }} verticalSpacing="md">
        {rows.map((row) => (
          <Option key={row.name} row={row} />
        ))}
      </SimpleGrid>
    </Section>
  )
}

/** As a form shows it that nobody fills in here. */
function Option({ row }: { readonly row: OptionRow }): ReactNode {
  const { name, description, required, value, usual, secret, long } = row
  const shown = {
    label: name,
    description: description === '' ? undefined : description,
    withAsterisk: required,
    readOnly: true,
    size: 'xs',
    value: value ?? '',
    placeholder: usual === undefined ? words.notGiven : words.usual(usual),
  }
  const monospace = { input: { fontFamily: 'var(--mantine-font-family-monospace)' } }
  if (long) return <Textarea {...shown} autosize maxRows={12} styles={monospace} spellCheck={false} />
  return (
    <TextInput
      {...shown}
      styles={secret ? {} : monospace}
      leftSection={secret ? <IconLock size={14} aria-hidden /> : undefined}
    />
  )
}
