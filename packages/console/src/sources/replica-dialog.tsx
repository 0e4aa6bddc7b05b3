/**
 * What is known of a row, and what is to be done with it; or with all that fit a filter.
 *
 * @module
 */
import { Button, Group, List, Modal, Radio, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import type { ReplicaAction, ReplicaStatus } from '@sluice/model'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { ask } from '../api/ask.ts'
import { useSession } from '../api/session.tsx'
import { ErrorNotice } from '../design/error-notice.tsx'
import { wholeNumber } from '../design/moment.tsx'
import { ReasonField } from '../design/reason-field.tsx'
import { StateBadge } from '../design/state-badge.tsx'
import { texts } from '../texts/texts.ts'
import { instantBefore } from './age.ts'
import { FactsList } from './facts-list.tsx'
import type { Replica } from './source-replicas.tsx'

const { replicas: words } = texts.sources

export interface Wanted {
  readonly source: string
  readonly type: string
  /** Absent: all that fit. */
  readonly replica?: Replica
  readonly status?: ReplicaStatus | undefined
  readonly errors?: boolean | undefined
  /** Not seen for so long. */
  readonly unseen?: string | undefined
}

interface DialogProps {
  readonly wanted: Wanted | undefined
  readonly onClose: () => void
}

export function ReplicaDialog({ wanted, onClose }: DialogProps): ReactNode {
  const { may } = useSession()
  const title = wanted?.replica === undefined ? words.actOnAll : words.actOn(wanted.replica.key)
  return (
    <Modal opened={wanted !== undefined} onClose={onClose} title={title} size="lg">
      <Stack>
        {wanted?.replica !== undefined && <ReplicaFacts replica={wanted.replica} />}
        {wanted !== undefined && may('decide') && <ActionForm wanted={wanted} onClose={onClose} />}
      </Stack>
    </Modal>
  )
}

function ReplicaFacts({ replica }: { readonly replica: Replica }): ReactNode {
  const { status, display, resourceId, entityType, error, warnings } = replica
  return (
    <Stack gap="sm">
      <FactsList
        facts={[
          [words.state, <StateBadge key="status" state={status} />],
          [words.resource, display ?? '–'],
          [words.error, error === null ? '–' : error.text],
        ]}
      />
      {warnings.length > 0 && (
        <List size="sm">
          {warnings.map(({ code, text }) => (
            <List.Item key={`${code} ${text}`}>{text}</List.Item>
          ))}
        </List>
      )}
      {resourceId !== null && (
        <Button
          component={Link}
          to={`/resources/${encodeURIComponent(entityType)}/${resourceId}`}
          variant="default"
          w="fit-content"
        >
          {words.toResource}
        </Button>
      )}
    </Stack>
  )
}

const actions = ['retry', 'reconcile', 'unlink', 'delete'] as const satisfies readonly ReplicaAction[]

function ActionForm({
  wanted,
  onClose,
}: {
  readonly wanted: Wanted
  readonly onClose: () => void
}): ReactNode {
  const [action, setAction] = useState<ReplicaAction>('retry')
  const [reason, setReason] = useState('')
  const { mutate, isPending, error } = useAction(wanted, onClose)
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        mutate({ action, reason })
      }}
    >
      <Stack>
        <Radio.Group
          label={words.action}
          value={action}
          onChange={(value) => setAction(actions.find((one) => one === value) ?? 'retry')}
        >
          <Stack gap={8} mt={6}>
            {actions.map((one) => (
              <Radio key={one} value={one} label={words.actions[one]} description={words.help[one]} />
            ))}
          </Stack>
        </Radio.Group>
        <ReasonField label={words.reason} value={reason} onChange={setReason} />
        {error !== null && <ErrorNotice error={error} />}
        <Group justify="flex-end">
          <Text size="sm" c="dimmed" flex={1}>
            {wanted.replica === undefined ? words.actOnAll : undefined}
          </Text>
          <Button variant="default" onClick={onClose}>
            {texts.common.cancel}
          </Button>
          <Button type="submit" color={action === 'delete' ? 'red' : 'brand'} loading={isPending}>
            {words.actions[action]}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

function useAction({ source, type, replica, status, errors, unseen }: Wanted, onClose: () => void) {
  const client = useQueryClient()
  const navigate = useNavigate()
  return useMutation({
    mutationFn: ({ action, reason }: { readonly action: ReplicaAction; readonly reason: string }) =>
      ask('POST /sources/:source/replicas/:type/actions', {
        params: { source, type },
        body: {
          action,
          ...(replica === undefined ? {} : { keys: [replica.key] }),
          ...(status === undefined ? {} : { status: [status] }),
          ...(errors === true ? { errors } : {}),
          ...(unseen === undefined ? {} : { notSeenSince: instantBefore(unseen) }),
          ...(reason.trim() === '' ? {} : { reason: reason.trim() }),
        },
      }),
    onSuccess: ({ rows, report }) => {
      onClose()
      notifications.show({ color: 'teal', message: words.done(wholeNumber(rows)) })
      if (report.state === 'held') void navigate({ to: `/runs/${report.run}` })
    },
    onSettled: () => client.invalidateQueries(),
  })
}
