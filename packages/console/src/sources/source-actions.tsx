/**
 * What can be done with a source: a run of its open table, a job of an agent, a pause.
 *
 * @module
 */
import { Button, Modal, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { ask } from '../api/ask.ts'
import { useSession } from '../api/session.tsx'
import { ErrorNotice } from '../design/error-notice.tsx'
import { ReasonField } from '../design/reason-field.tsx'
import { texts } from '../texts/texts.ts'
import { JobMenu } from './job-menu.tsx'
import type { SourceHealth } from './source-health.ts'
import { SynchronizeNow } from './synchronize-now.tsx'
import { SynchronizeTable } from './synchronize-table.tsx'

const { actions: words } = texts.sources

export function SourceActions({ source }: { readonly source: SourceHealth }): ReactNode {
  const { may } = useSession()
  if (!may('decide')) return null
  return (
    <>
      {source.suspension === null ? <Suspend name={source.name} /> : <Resume name={source.name} />}
      {source.kind === 'open' ? (
        <SynchronizeTable name={source.name} />
      ) : (
        <>
          <JobMenu />
          {source.suspension === null && <SynchronizeNow name={source.name} />}
        </>
      )}
    </>
  )
}

function Suspend({ name }: { readonly name: string }): ReactNode {
  const [opened, setOpened] = useState(false)
  const [reason, setReason] = useState('')
  const client = useQueryClient()
  const { mutate, isPending, error } = useMutation({
    mutationFn: () =>
      ask('POST /definitions/:source/suspend', {
        params: { source: name },
        body: reason.trim() === '' ? {} : { reason: reason.trim() },
      }),
    onSuccess: () => {
      setOpened(false)
      notifications.show({ message: words.suspended(name) })
    },
    onSettled: () => client.invalidateQueries(),
  })
  return (
    <>
      <Button variant="default" leftSection={<IconPlayerPause size={14} />} onClick={() => setOpened(true)}>
        {words.suspend}
      </Button>
      <Modal opened={opened} onClose={() => setOpened(false)} title={words.suspendTitle(name)}>
        <form
          onSubmit={(event) => {
            event.preventDefault()
            mutate()
          }}
        >
          <Stack>
            <Text size="sm">{words.suspendHelp}</Text>
            <ReasonField label={words.reason} value={reason} onChange={setReason} focused />
            {error !== null && <ErrorNotice error={error} />}
            <Button type="submit" loading={isPending}>
              {words.suspendTitle(name)}
            </Button>
          </Stack>
        </form>
      </Modal>
    </>
  )
}

function Resume({ name }: { readonly name: string }): ReactNode {
  const client = useQueryClient()
  const { mutate, isPending } = useMutation({
    mutationFn: () => ask('POST /definitions/:source/resume', { params: { source: name }, body: {} }),
    onSuccess: () => notifications.show({ color: 'teal', message: words.resumed(name) }),
    onError: (error) => notifications.show({ color: 'red', message: error.message }),
    onSettled: () => client.invalidateQueries(),
  })
  return (
    <Button leftSection={<IconPlayerPlay size={14} />} loading={isPending} onClick={() => mutate()}>
      {words.resume}
    </Button>
  )
}
