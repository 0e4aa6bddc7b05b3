/**
 * One delivery: its files, and what can be decided about one that waits or was put aside.
 *
 * @module
 */
import { Button, Group, Modal, Stack } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { ask } from '../api/ask.ts'
import { useSession } from '../api/session.tsx'
import { DataTable } from '../design/data-table.tsx'
import { ErrorNotice } from '../design/error-notice.tsx'
import { Moment, wholeNumber } from '../design/moment.tsx'
import { ReasonField } from '../design/reason-field.tsx'
import { StateBadge } from '../design/state-badge.tsx'
import { texts } from '../texts/texts.ts'
import { FactsList } from './facts-list.tsx'
import type { DeliveryRecord } from './use-deliveries.ts'

const { deliveries: words } = texts.sources

interface DialogProps {
  readonly record: DeliveryRecord | undefined
  readonly onClose: () => void
}

export function DeliveryDialog({ record, onClose }: DialogProps): ReactNode {
  const { may } = useSession()
  return (
    <Modal
      opened={record !== undefined}
      onClose={onClose}
      title={words.title(record?.delivery.slice(0, 8) ?? '')}
      size="lg"
    >
      {record !== undefined && (
        <Stack>
          <DeliveryFacts record={record} />
          {may('decide') && <Decide record={record} onClose={onClose} />}
        </Stack>
      )}
    </Modal>
  )
}

function DeliveryFacts({ record }: { readonly record: DeliveryRecord }): ReactNode {
  return (
    <>
      <FactsList
        facts={[
          [words.state, <StateBadge key="state" state={record.state} />],
          [words.mode, record.mode],
          [words.by, record.by.name],
          [words.announced, <Moment key="at" at={record.announcedAt} />],
          ...(record.reason === null ? [] : [[words.why, record.reason] as const]),
        ]}
      />
      <DataTable
        label="files"
        rows={record.files}
        columns={[
          { id: 'name', header: words.name, value: ({ name }) => name },
          {
            id: 'size',
            header: words.size,
            value: ({ size }) => size,
            cell: ({ size }) => wholeNumber(size),
            align: 'right',
          },
        ]}
        rowKey={({ name }) => name}
        empty={null}
      />
    </>
  )
}

const waiting: readonly DeliveryRecord['state'][] = ['announced', 'ready', 'aside']

interface DecideProps {
  readonly record: DeliveryRecord
  readonly onClose: () => void
}

function Decide({ record: { delivery, state }, onClose }: DecideProps): ReactNode {
  const [reason, setReason] = useState('')
  const client = useQueryClient()
  const { mutate, isPending, error } = useMutation({
    mutationFn: (what: 'release' | 'cancel') => {
      const asked = { params: { delivery }, body: reason.trim() === '' ? {} : { reason: reason.trim() } }
      return what === 'release'
        ? ask('POST /deliveries/:delivery/release', asked)
        : ask('POST /deliveries/:delivery/cancel', asked)
    },
    onSuccess: onClose,
    onSettled: () => client.invalidateQueries(),
  })
  if (!waiting.includes(state)) return null
  return (
    <Stack>
      <ReasonField label={words.reason} value={reason} onChange={setReason} />
      {error !== null && <ErrorNotice error={error} />}
      <Group justify="flex-end">
        {state === 'aside' && (
          <Button loading={isPending} onClick={() => mutate('release')}>
            {words.release}
          </Button>
        )}
        <Button color="red" variant="light" loading={isPending} onClick={() => mutate('cancel')}>
          {words.cancel}
        </Button>
      </Group>
    </Stack>
  )
}
