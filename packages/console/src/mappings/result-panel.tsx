/**
 * What one root would give by the texts that are written, beside what it gives now.
 *
 * @module
 */
import { Alert, Code, Group, Skeleton, Stack, Switch, Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import type { TriedRoot } from '@sluice/model'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useSession } from '../api/session.tsx'
import { EmptyState } from '../design/empty-state.tsx'
import { ErrorNotice } from '../design/error-notice.tsx'
import { Section } from '../design/page.tsx'
import { texts } from '../texts/texts.ts'
import type { LanguagePosition } from './language/language.ts'
import { triedQuery } from './mapping-queries.ts'
import type { ModuleText } from './modules-draft.ts'
import { PlaceLink } from './place-link.tsx'
import { RootField } from './root-field.tsx'
import { TriedItemView } from './tried-item-view.tsx'

const { result: words } = texts.mappings

interface ResultPanelProps {
  readonly source: string
  readonly modules: readonly ModuleText[]
  readonly hasErrors: boolean
  readonly root: string | undefined
  readonly choose: (root: string | undefined) => void
  readonly onOpen: (file: string, position: LanguagePosition) => void
}

export function ResultPanel(props: ResultPanelProps): ReactNode {
  const { source, root, choose } = props
  const { may } = useSession()
  if (!may('decide')) return <EmptyState title={words.mayNot} />
  return (
    <Stack>
      <RootField source={source} root={root} choose={choose} />
      {root === undefined ? (
        <EmptyState title={words.choose}>{words.chooseHelp}</EmptyState>
      ) : (
        <Tried {...props} root={root} />
      )}
    </Stack>
  )
}

function Tried({
  source,
  modules,
  hasErrors,
  root,
  onOpen,
}: ResultPanelProps & { readonly root: string }): ReactNode {
  const [written] = useDebouncedValue(modules, 600)
  const { data, error, refetch } = useQuery({ ...triedQuery(source, root, written), enabled: !hasErrors })
  if (error !== null) return <ErrorNotice error={error} retry={refetch} />
  if (data === undefined) return hasErrors ? <EmptyState title={words.refused} /> : <Skeleton h={200} />
  return (
    <Stack aria-live="polite">
      {hasErrors && (
        <Text size="sm" c="dimmed">
          {words.errorsFirst}
        </Text>
      )}
      <Outcome tried={data} onOpen={onOpen} />
    </Stack>
  )
}

interface OutcomeProps {
  readonly tried: TriedRoot
  readonly onOpen: ResultPanelProps['onOpen']
}

function Outcome({ tried, onOpen }: OutcomeProps): ReactNode {
  switch (tried.state) {
    case 'gone':
      return <EmptyState title={words.gone} />
    case 'refused':
      return (
        <EmptyState title={words.refused}>{tried.errors.map(({ message }) => message).join(' ')}</EmptyState>
      )
    case 'failed':
      return (
        <Alert color="red" title={words.failed(tried.problem)}>
          {tried.message} <PlaceLink place={tried} onOpen={onOpen} />
        </Alert>
      )
    default:
      return <Given tried={tried} onOpen={onOpen} />
  }
}

type GivenTried = Extract<TriedRoot, { readonly items: unknown }>

function Given({ tried, onOpen }: OutcomeProps & { readonly tried: GivenTried }): ReactNode {
  const [onlyChanges, setOnlyChanges] = useState(true)
  const { items, state, truncated } = tried
  const changing = items.filter(({ change }) => change !== 'unchanged')
  const shown = onlyChanges && changing.length > 0 ? changing : items
  return (
    <>
      {state === 'destroyed' && <Alert color="yellow">{words.destroyed}</Alert>}
      <Group justify="space-between">
        <Text size="sm" fw={600}>
          {items.length === 0
            ? words.nothing
            : changing.length === 0
              ? words.same
              : words.gives(items.length)}
        </Text>
        {changing.length > 0 && changing.length < items.length && (
          <Switch
            size="xs"
            label={words.onlyChanges}
            checked={onlyChanges}
            onChange={(event) => setOnlyChanges(event.currentTarget.checked)}
          />
        )}
      </Group>
      {shown.length > 0 && (
        <Section flush>
          {shown.map((item) => (
            <TriedItemView key={JSON.stringify([item.mapping, ...item.names])} item={item} onOpen={onOpen} />
          ))}
        </Section>
      )}
      {truncated && <Text size="sm">{words.truncated}</Text>}
      <Said tried={tried} onOpen={onOpen} />
    </>
  )
}

/** Warnings, and what bodies have logged. */
function Said({
  tried: { warnings, log },
  onOpen,
}: OutcomeProps & { readonly tried: GivenTried }): ReactNode {
  return (
    <>
      {warnings.length > 0 && (
        <Section title={words.warnings}>
          {warnings.map((warning) => (
            <Text key={`${warning.code} ${warning.file} ${warning.line} ${warning.column}`} size="sm">
              {warning.message} <PlaceLink place={warning} onOpen={onOpen} />
            </Text>
          ))}
        </Section>
      )}
      {log.length > 0 && (
        <Section title={words.log}>
          <Code block style={{ whiteSpace: 'pre-wrap' }}>
            {log.map(([level, text]) => `${level}: ${text}`).join('\n')}
          </Code>
        </Section>
      )}
    </>
  )
}
