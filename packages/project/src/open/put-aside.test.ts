/**
 * What an agent is told of a delivery that was put aside, and how its source goes on.
 */
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { followDelivery, HttpInbox, ServerLink } from '@sluice/agent'
import { expect, onTestFinished, test } from 'vitest'
import { testLocation } from '../../../../test/databases.ts'
import { leaveDead } from '../../test/leave-dead.ts'
import { openRemoteProjectHarness, type RemoteProjectHarness } from '../../test/remote-project-harness.ts'
import { openLocalProject } from './open-project.ts'

/** The incremental that waits in the outbox is one that servers die of. */
async function prepareDeadly(at: RemoteProjectHarness, ...names: readonly string[]): Promise<string> {
  await at.export(...names)
  const { id } = await at.project.stages.prepare('hr')
  await at.project.announce('hr', { deliveryId: id, mode: 'incremental' })
  await at.deadly(id)
  return id
}

test('whoever waits for a delivery that is put aside is told so at once, with what to do', async () => {
  await using at = await openRemoteProjectHarness()
  await at.export('Ann')
  await at.project.sync('hr')
  const id = await prepareDeadly(at, 'Ann', 'Bob')
  await at.project.stages.deliver('hr')
  const [report] = await at.project.synchronize('hr')
  expect(report).toMatchObject({
    state: 'failed',
    delivery: id,
    error: { code: 'SLUICE-RECEIVE-19', remedy: expect.stringContaining(`sluice deliveries release ${id}`) },
  })
})

test('the next run of a source of incrementals is a complete, which takes the place of what was put aside', async () => {
  await using at = await openRemoteProjectHarness()
  await at.export('Ann')
  await at.project.sync('hr')
  const id = await prepareDeadly(at, 'Ann', 'Bob')
  // It goes first, and is put aside.
  await at.export('Ann', 'Bob', 'Cid')
  const report = await at.project.sync('hr')
  const notes = expect.arrayContaining([expect.stringContaining(`Delivery ${id} was put aside`)])
  expect(report).toMatchObject({ mode: 'complete', state: 'applied', notes })
  expect(await at.names()).toEqual(['Ann', 'Bob', 'Cid'])
  expect(await at.project.delivery(id)).toMatchObject({ state: 'cancelled' })
  await at.export('Ann', 'Bob', 'Cid', 'Dan')
  expect(await at.project.sync('hr')).toMatchObject({ mode: 'incremental', state: 'applied' })
})

test('an incremental that is asked for by name is refused while a delivery is put aside, and goes on once that is released', async () => {
  await using at = await openRemoteProjectHarness()
  await at.export('Ann')
  await at.project.sync('hr')
  const id = await prepareDeadly(at, 'Ann', 'Bob')
  await at.project.stages.deliver('hr')
  await at.project.synchronize('hr')
  await at.export('Ann', 'Bob', 'Cid')
  await expect(at.project.sync('hr', { mode: 'incremental' })).rejects.toMatchObject({
    code: 'SLUICE-DELIVER-15',
    remedy: expect.stringContaining('--mode complete'),
  })
  expect(await at.project.releaseDelivery(id, { by: 'ada' })).toMatchObject({ state: 'ready', deaths: 0 })
  expect(await at.project.sync('hr', { mode: 'incremental' })).toMatchObject({ state: 'applied' })
  expect(await at.names()).toEqual(['Ann', 'Bob', 'Cid'])
})

test('whoever waits for what builds on a delivery that was put aside is told which one, and does not wait for ever', async () => {
  await using at = await openRemoteProjectHarness()
  await at.export('Ann')
  await at.project.sync('hr')
  const base = await prepareDeadly(at, 'Ann', 'Bob')
  await at.project.stages.deliver('hr')
  await using link = await ServerLink.open({ server: at.url, token: at.secret })
  const inbox = new HttpInbox(link, { retryFor: 0, compression: 'none' })
  const id = randomUUID()
  await inbox.announce({ id, source: 'hr', mode: 'incremental', base })
  await expect(followDelivery(link, id, { inbox, source: 'hr', retryFor: 0 })).rejects.toMatchObject({
    code: 'SLUICE-DELIVER-15',
    message: expect.stringContaining(base),
  })
  expect(await inbox.status(id)).toMatchObject({ state: 'announced' })
})

test('without a server, what two commands died of is put aside, and the next one brings a complete', async () => {
  await using place = await testLocation('postgres-18')
  if (place.location.kind !== 'postgres') throw new Error('a server')
  const { url, schema } = place.location
  const folder = await mkdtemp(join(tmpdir(), 'sluice-aside-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  await writeFile(
    join(folder, 'sluice.yaml'),
    `
repository: {url: "${url}", schema: ${schema}}
entityTypes: {Person: {properties: {number: string, name: string}}}
sources:
  hr:
    folder: .
    mode: incremental
    entities: {Person: {file: people.csv, key: number, properties: {number: no, name: name}}}
`,
  )
  await using project = await openLocalProject(folder)
  const { database } = project.repository
  await writeFile(join(folder, 'people.csv'), 'no,name\n1,Ann\n')
  await project.sync('hr')
  await writeFile(join(folder, 'people.csv'), 'no,name\n1,Ann\n2,Bob\n')
  const { id } = await project.stages.prepare('hr')
  await project.stages.deliver('hr')
  await leaveDead(database, join(folder, '.sluice/inbox'), id)
  const report = await project.sync('hr')
  const notes = expect.arrayContaining([expect.stringContaining(`Delivery ${id} was put aside`)])
  expect(report).toMatchObject({ mode: 'complete', state: 'applied', notes })
  expect((await project.repository.runs({})).map(({ state }) => state)).toEqual([
    'applied',
    'failed',
    'interrupted',
    'applied',
  ])
})
