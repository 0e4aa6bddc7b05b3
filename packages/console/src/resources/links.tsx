/**
 * What a resource is linked to, a table for each association and reference, in both directions.
 *
 * @module
 */

import { ActionIcon, Anchor, Badge, Group, Skeleton, Stack, Text, Tooltip } from '@mantine/core'
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
import type { ReadersLabels } from '../model/labels.ts'
import { useLabels } from '../model/use-labels.ts'
import { resourceAddress } from '../shell/addresses.ts'
import { texts } from '../texts/texts.ts'
import { EditReview } from './edit-review.tsx'
import { groupLabel, groupLinks, isRemovable, type Linked, type LinkGroup } from './group-links.ts'
import { LinkDialog } from './link-dialog.tsx'
import { useEdit } from './use-edit.ts'
import { useNeighbours } from './use-neighbours.ts'
import { valueText } from './value-text.ts'

const most = 1000

interface LinksProps {
  readonly type: string
  readonly id: string
  readonly name: string
  /** Those in which it may stand at an end. */
  readonly associations: readonly Association[]
}

export function Links({ type, id, name, associations }: LinksProps): ReactNode {
  const { may } = useSession()
  const { data, error, refetch } = useNeighbours(type, id, 1, most)
  const groups = useMemo(() => data && groupLinks(data), [data])
  if (error !== null) return <ErrorNotice error={error} retry={refetch} />
  if (groups === undefined || data === undefined) return <Skeleton h={240} />
  return (
    <Stack>
      {may('edit') && associations.length > 0 && (
        <Group justify="flex-end">
          <LinkDialog type={type} id={id} associations={associations} />
        </Group>
      )}
      {groups.length === 0 && (
        <EmptyState title={texts.resources.noLinks}>{texts.resources.noLinksHelp}</EmptyState>
      )}
      {groups.map((group) => (
        <LinkTable key={`${group.kind} ${group.name} ${group.end}`} group={group} name={name} />
      ))}
      {data.more && (
        <Text size="sm" c="dimmed">
          {texts.resources.moreLinks(wholeNumber(most))}
        </Text>
      )}
    </Stack>
  )
}

function LinkTable({ group, name }: { readonly group: LinkGroup; readonly name: string }): ReactNode {
  const labels = useLabels()
  const columns = useMemo(() => columnsOf(group, labels), [group, labels])
  const isIncoming = group.kind === 'reference' && group.end === 'to'
  const called = groupLabel(group, labels)
  const title = isIncoming ? texts.resources.whoRefers(called) : called
  return (
    <Section title={title} aside={<Badge color="gray">{wholeNumber(group.linked.length)}</Badge>} flush>
      <DataTable
        rows={group.linked}
        columns={columns}
        rowKey={({ link: { from, to } }) => `${from} ${to}`}
        label={`${name} ${title}`}
        maxHeight={360}
        empty={null}
      />
    </Section>
  )
}

function columnsOf({ linked, kind, name: of }: LinkGroup, labels: ReadersLabels): readonly Column<Linked>[] {
  const names = new Set(
    linked.flatMap(({ link }) => link.asserted.flatMap(({ properties }) => Object.keys(properties))),
  )
  const properties = [...names].map(
    (name): Column<Linked> => ({
      id: name,
      header: labels.property(of, name),
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
    {
      id: 'type',
      header: texts.resources.type,
      value: ({ resource }) => resource.entityType,
      cell: ({ resource }) => labels.type(resource.entityType),
    },
    ...properties,
    ...(kind === 'association' ? [by] : []),
  ]
}

function AssertedBy({ link, resource }: Linked): ReactNode {
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
