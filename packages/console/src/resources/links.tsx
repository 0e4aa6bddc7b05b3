/**
 * What a resource is linked to, a table for each association and reference, in both directions.
 *
 * @module
 */

import { ActionIcon, Anchor, Badge, Group, Skeleton, Stack, Tooltip } from '@mantine/core'
import type { Association } from '@sluice/model'
import { IconLock, IconTrash } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useMemo, useState } from 'react'
import { ask } from '../api/ask.ts'
import { useSession } from '../api/session.tsx'
import { type Column, DataTable } from '../design/data-table.tsx'
import { EmptyState } from '../design/empty-state.tsx'
import { ErrorNotice } from '../design/error-notice.tsx'
import { wholeNumber } from '../design/moment.tsx'
import { Section } from '../design/page.tsx'
import { SavePages } from '../design/save-pages.tsx'
import { labelledColumn } from '../model/labelled-column.ts'
import { byName, type ReadersLabels } from '../model/labels.ts'
import { useLabels } from '../model/use-labels.ts'
import { resourceAddress } from '../shell/addresses.ts'
import { texts } from '../texts/texts.ts'
import { EditReview } from './edit-review.tsx'
import { LinkDialog } from './link-dialog.tsx'
import { isRemovable, type Linked, type LinkedCount, linkLabel } from './linked.ts'
import { useEdit } from './use-edit.ts'
import { useLinked, useLinkedCounts } from './use-linked.ts'
import { valueText } from './value-text.ts'

interface LinksProps {
  readonly type: string
  readonly id: string
  readonly name: string
  /** Those in which it may stand at an end. */
  readonly associations: readonly Association[]
}

export function Links({ type, id, name, associations }: LinksProps): ReactNode {
  const { may } = useSession()
  const { data, error, refetch } = useLinkedCounts(type, id)
  if (error !== null) return <ErrorNotice error={error} retry={refetch} />
  if (data === undefined) return <Skeleton h={240} />
  return (
    <Stack>
      {may('edit') && associations.length > 0 && (
        <Group justify="flex-end">
          <LinkDialog type={type} id={id} associations={associations} />
        </Group>
      )}
      {data.counts.length === 0 && (
        <EmptyState title={texts.resources.noLinks}>{texts.resources.noLinksHelp}</EmptyState>
      )}
      {data.counts.map((list) => (
        <LinkTable
          key={`${list.kind} ${list.name} ${list.end}`}
          of={{ type, id, name }}
          list={list}
          association={associations.find((one) => one.name === list.name)}
        />
      ))}
    </Stack>
  )
}

interface LinkTableProps {
  readonly of: Pick<LinksProps, 'type' | 'id' | 'name'>
  readonly list: LinkedCount
  /** `undefined`: it is a reference. */
  readonly association: Association | undefined
}

function LinkTable({ of: { type, id, name }, list, association }: LinkTableProps): ReactNode {
  const { rows, error, refetch, more, isWhole, readPage } = useLinked(type, id, list)
  const labels = useLabels()
  const columns = useMemo(() => columnsOf(association, labels), [association, labels])
  const title = titleOf(list, labels)
  if (error !== null) return <ErrorNotice error={error} retry={refetch} />
  return (
    <Section title={title} aside={<Badge color="gray">{wholeNumber(list.count)}</Badge>} flush>
      <DataTable
        rows={rows}
        columns={columns}
        rowKey={({ cursor }) => cursor}
        label={`${name} ${title}`}
        maxHeight={360}
        empty={null}
        onEnd={more}
        unsorted={!isWhole}
        saving={<SavePages name={`${name} ${titleOf(list, byName)}`} columns={columns} readPage={readPage} />}
      />
    </Section>
  )
}

function titleOf(list: LinkedCount, labels: ReadersLabels): string {
  const called = linkLabel(list, labels)
  const isIncoming = list.kind === 'reference' && list.end === 'to'
  return isIncoming ? texts.resources.whoRefers(called) : called
}

function columnsOf(association: Association | undefined, labels: ReadersLabels): readonly Column<Linked>[] {
  const properties = (association?.properties ?? []).map(
    ({ name }): Column<Linked> => ({
      id: name,
      header: labels.property(association?.name ?? '', name),
      value: ({ link }) => valueText(link.asserted[0]?.properties[name]),
    }),
  )
  const by: Column<Linked> = {
    id: 'by',
    header: texts.resources.by,
    value: ({ link }) => link.asserted.map(({ source }) => source ?? texts.resources.aPerson).join(', '),
    cell: (row) => <AssertedBy {...row} />,
  }
  return [
    {
      id: 'resource',
      header: texts.resources.other,
      value: ({ resource }) => resource.display ?? `#${resource.resourceId}`,
      cell: ({ resource: { entityType, resourceId, display } }) => (
        <Anchor component={Link} to={resourceAddress(entityType, resourceId)} inherit>
          {display ?? `#${resourceId}`}
        </Anchor>
      ),
    },
    labelledColumn(
      { id: 'type', header: texts.resources.type, text: ({ resource }, as) => as.type(resource.entityType) },
      labels,
    ),
    ...properties,
    ...(association === undefined ? [] : [by]),
  ]
}

function AssertedBy({ link, resource }: Pick<Linked, 'link' | 'resource'>): ReactNode {
  const { may } = useSession()
  const sources = link.asserted.flatMap(({ source }) => source ?? [])
  const name = resource.display ?? `#${resource.resourceId}`
  return (
    <Group gap={6} wrap="nowrap">
      {sources.map((source) => (
        <Tooltip key={source} label={texts.resources.linkLocked(source)}>
          <Group gap={4} wrap="nowrap" component="span">
            <IconLock size={13} aria-label={texts.resources.linkLocked(source)} />
            {source}
          </Group>
        </Tooltip>
      ))}
      {isRemovable(link) && texts.resources.aPerson}
      {isRemovable(link) && may('edit') && <Unlink link={link} name={name} />}
    </Group>
  )
}

function Unlink({ link, name }: { readonly link: Linked['link']; readonly name: string }): ReactNode {
  const [comment, setComment] = useState('')
  const edit = useEdit(
    (dryRun) =>
      ask('DELETE /links/:association/:from/:to', {
        params: { association: link.name, from: link.from, to: link.to },
        query: { dryRun, ...(comment === '' ? {} : { comment }) },
      }),
    () => setComment(''),
  )
  const label = texts.resources.unlink(name)
  return (
    <>
      <Tooltip label={label}>
        <ActionIcon size="sm" aria-label={label} loading={edit.busy} onClick={() => void edit.plan()}>
          <IconTrash size={14} />
        </ActionIcon>
      </Tooltip>
      <EditReview
        edit={edit}
        title={label}
        comment={comment}
        onComment={setComment}
        dangerous
        applyText={texts.resources.remove}
        onClose={edit.reset}
      />
    </>
  )
}
