/**
 * A process that is killed while it sends: what it had taken is sent by the next one.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { openRepository } from '@sluice/repository'
import { expect, test } from 'vitest'
import { testLocation } from '../../../test/databases.ts'
import { openHttpReceiver } from '../test/http-receiver.ts'
import { openNotifications } from './notifications.ts'
import { writeNotification } from './write/write-notification.ts'

const sender = fileURLToPath(new URL('../test/send-forever.ts', import.meta.url))

test('a notification that a killed process was sending is sent by the next one, with the same id', async () => {
  await using place = await testLocation('postgres-18')
  const { location } = place
  if (location.kind !== 'postgres') throw new Error('a server')
  await using repository = await openRepository(location)
  await using receiver = await openHttpReceiver()
  receiver.answer('silence')
  const address = { kind: 'webhook', url: { kind: 'known', text: receiver.url } } as const
  const ops = { name: 'ops', kinds: ['failed'], address } as const
  const configuration = {
    sources: new Map(),
    server: {},
    notifications: { receivers: new Map([['ops', ops]]), repeatAfter: 0, giveUpAfter: 86_400_000 },
  }
  const content = {
    source: 'hr',
    owner: null,
    subject: 'hr failed',
    run: null,
    error: null,
    lateness: null,
    link: null,
  }
  await repository.database.transaction((session) =>
    writeNotification(session, configuration, { kind: 'failed', sameness: 'x', content }),
  )
  const child = spawn(process.execPath, [sender, location.url, location.schema, receiver.url])
  while (receiver.requests.length === 0) await sleep(20)
  child.kill('SIGKILL')
  await once(child, 'exit')
  const notifications = openNotifications(repository.database, configuration)
  expect(await notifications.list()).toMatchObject([{ state: 'waiting', attempts: 1 }])
  await repository.database.session((session) =>
    session.execute(`update sluice_notification set due_at = due_at - interval '60 s'`),
  )
  await notifications.sendDue()
  expect(await notifications.list()).toMatchObject([{ state: 'sent', attempts: 2 }])
  const [first, second] = receiver.requests.map(({ headers }) => headers['webhook-id'])
  expect(second).toBe(first)
})
