/**
 * The rows of a source as they were taken, by status and error; and what can be done with them.
 *
 * @module
 */
import { Button, Checkbox, Select, Text } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { type ReactNode, useMemo, useState } from 'react'
import { askLines, type Reply } from '../api/ask.ts'
import { keptWithin } from '../api/query-client.ts'
import { useSession } from '../api/session.tsx'
import { type Column, DataTable } from '../design/data-table.tsx'
import { EmptyState } from '../design/empty-state.tsx'
import { ErrorNotice } from '../design/error-notice.tsx'
import { Moment } from '../design/moment.tsx'
import { Section } from '../design/page.tsx'
import { StateBadge } from '../design/state-badge.tsx'
import { choicesOf } from '../model/labels.ts'
import { useLabels } from '../model/use-labels.ts'
import { texts } from '../texts/texts.ts'
import { ages, instantBefore, lengthOf } from './age.ts'
import { ReplicaDialog, type Wanted } from './replica-dialog.tsx'
import type { SearchProps, SourceProps } from './source-page.tsx'
import { replicaStatusNames } from './sources-search.ts'

const { replicas: words } = texts.sources
const inPage = 500

export type Replica = Reply<'GET /sources/:source/replicas'>

const columns: readonly Column<Replica>[] = [
  { id: 'key', header: words.key, value: ({ key }) => key },
  {
    id: 'status',
    header: words.state,
    value: ({ status }) => status,
    cell: ({ status }) => <StateBadge state={status} />,
  },
  { id: 'resource', header: words.resource, value: ({ display }) => display },
  {
    id: 'error',
    header: words.error,
    value: ({ error, warnings }) => error?.text ?? warnings[0]?.text,
    cell: ({ error, warnings }) => {
      const text = error?.text ?? warnings[0]?.text ?? ''
      return (
        <Text span size="sm" c={error === null ? undefined : 'red'} title={text}>
          {text}
        </Text>
      )
    },
  },
  {
    id: 'creator',
    header: words.creator,
    value: ({ creator }) => (creator ? texts.sources.definition.yes : ''),
    wide: true,
  },
  {
    id: 'lastSeen',
    header: words.lastSeen,
    value: ({ lastSeen }) => lastSeen,
    cell: ({ lastSeen }) => <Moment at={lastSeen} />,
    align: 'right',
    wide: true,
  },
]

export function SourceReplicas({ record, ...props }: SourceProps & SearchProps): ReactNode {
  const types = record?.entityTypes ?? []
  const type = props.search.type ?? types[0]
  if (type === undefined) return <EmptyState title={words.notShared} />
  return <Replicas {...props} types={types} type={type} />
}

interface ReplicasProps extends SearchProps {
  readonly name: string
  readonly types: readonly string[]
  readonly type: string
}

function Replicas(props: ReplicasProps): ReactNode {
  const { name, type, search } = props
  const { status, errors, unseen } = search
  const { may } = useSession()
  const [wanted, setWanted] = useState<Wanted>()
  const { data, error, refetch, hasNextPage, isFetching, fetchNextPage } = useInfiniteQuery({
    queryKey: ['replicas', name, type, status, errors, unseen],
    ...keptWithin('replicas', name, type),
    queryFn: ({ pageParam, signal }) =>
      askLines('GET /sources/:source/replicas', {
        params: { source: name },
        query: {
          type,
          limit: inPage,
          ...(status === undefined ? {} : { status }),
          ...(errors === true ? { errors } : {}),
          ...(unseen === undefined ? {} : { notSeenSince: instantBefore(unseen) }),
          ...(pageParam === undefined ? {} : { after: pageParam }),
        },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => (page.length < inPage ? undefined : page.at(-1)?.key),
  })
  const rows = useMemo(() => data?.pages.flat(), [data])
  const act = () => setWanted({ source: name, type, status, errors, unseen })
  return (
    <Section flush>
      {error !== null && <ErrorNotice error={error} retry={refetch} />}
      <DataTable
        label={`${name}-replicas`}
        rows={error === null ? rows : []}
        columns={columns}
        rowKey={({ key }) => key}
        onEnd={() => {
          if (hasNextPage && !isFetching) void fetchNextPage()
        }}
        unsorted={hasNextPage}
        onOpen={(replica) => setWanted({ source: name, type, replica })}
        tools={<Filters {...props} onAct={may('decide') && rows?.length !== 0 ? act : undefined} />}
        empty={<EmptyState title={words.none}>{words.noneHelp}</EmptyState>}
      />
      <ReplicaDialog wanted={wanted} onClose={() => setWanted(undefined)} />
    </Section>
  )
}

/** One that stands in the address is among them. */
function unseenChoices(chosen: string | undefined): readonly string[] {
  return [...new Set([...ages, ...(chosen === undefined ? [] : [chosen])])]
}

function unseenText(age: string): string {
  const { count, unit } = lengthOf(age)
  return words.unseenFor(count, unit)
}

function Filters({
  types,
  type,
  search,
  onSearch,
  onAct,
}: ReplicasProps & { readonly onAct: (() => void) | undefined }): ReactNode {
  const labels = useLabels()
  return (
    <>
      {types.length > 1 && (
        <Select
          aria-label={words.type}
          data={choicesOf(types, labels.type)}
          value={type}
          onChange={(chosen) => onSearch({ ...search, type: chosen ?? undefined })}
          allowDeselect={false}
          w={150}
        />
      )}
      <Select
        aria-label={words.status}
        placeholder={words.allStatuses}
        data={[...replicaStatusNames]}
        value={search.status ?? null}
        onChange={(chosen) =>
          onSearch({ ...search, status: replicaStatusNames.find((one) => one === chosen) })
        }
        clearable
        w={150}
      />
      <Select
        aria-label={words.unseen}
        placeholder={words.everSeen}
        data={unseenChoices(search.unseen).map((age) => ({ value: age, label: unseenText(age) }))}
        value={search.unseen ?? null}
        onChange={(chosen) => onSearch({ ...search, unseen: chosen ?? undefined })}
        clearable
        w={190}
      />
      <Checkbox
        size="xs"
        label={words.errors}
        checked={search.errors === true}
        onChange={(event) => onSearch({ ...search, errors: event.currentTarget.checked || undefined })}
      />
      {onAct !== undefined && (
        <Button variant="default" onClick={onAct}>
          {words.act}
        </Button>
      )}
    </>
  )
}
