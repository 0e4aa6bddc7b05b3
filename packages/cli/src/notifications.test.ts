/**
 * Notifications of a project whose repository is here: written with the run, sent at the end of the command.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { initProject } from '@sluice/project'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { type HttpReceiver, openHttpReceiver } from '../../notify/test/http-receiver.ts'
import { callCommandLine } from '../test/call-command-line.ts'
import { moveToServer } from '../test/move-to-server.ts'

const opened = new AsyncDisposableStack()
let folder: string
let receiver: HttpReceiver

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-notifications-'))
  const own = folder
  opened.defer(() => rm(own, { recursive: true, force: true }))
  await initProject(folder)
  opened.use(await moveToServer(folder))
  receiver = opened.use(await openHttpReceiver())
  const yaml = join(folder, 'sluice.yaml')
  const text = await readFile(yaml, 'utf8')
  const block = `notifications: {receivers: {ops: {webhook: {url: "${receiver.url}"}}}}\n`
  await writeFile(yaml, `${block}${text.replace(/^ {2}hr:\n/m, '  hr:\n    expected: 1h\n')}`)
})
afterAll(() => opened.disposeAsync())

const sluice = (...args: readonly string[]) => callCommandLine(folder, args)

const documents = (): readonly unknown[] => receiver.requests.map(({ body }) => JSON.parse(body))

async function list(): Promise<readonly { readonly id: string; readonly state: string }[]> {
  return JSON.parse((await sluice('notifications', 'list', '--json')).stdout)
}

/** A file of the source is not there. */
const lose = () => rm(join(folder, 'data/people.csv'))

test('an export that fails is told at the end of the command, and listed', async () => {
  expect((await sluice('notifications')).stderr).toContain('There are no notifications yet.')
  await lose()
  expect(await sluice('sync', 'hr')).toMatchObject({ status: 1 })
  const error = { code: 'SLUICE-EXPORT-01', message: expect.stringContaining('people.csv') }
  expect(documents()).toMatchObject([
    { type: 'run.not-started', data: { source: 'hr', run: { state: 'failed' }, error } },
  ])
  const { stdout } = await sluice('notifications')
  expect(stdout).toMatch(/ops +sent +hr could not start \(SLUICE-EXPORT-01\)/)
  // A minute later it is the same.
  await sluice('sync', 'hr')
  expect(documents()).toHaveLength(1)
  expect(await list()).toMatchObject([{ state: 'sent', repetitions: 1 }])
})

test('a held run is told with what to do; a plan is told nobody', async () => {
  await sluice('sync', 'hr')
  await writeFile(join(folder, 'data/people.csv'), onePerson)
  expect(await sluice('plan', 'hr')).toMatchObject({ status: 3 })
  expect(documents()).toEqual([])
  expect(await sluice('sync', 'hr')).toMatchObject({ status: 3 })
  expect(documents()).toMatchObject([{ type: 'run.held', data: { run: { run: 2, state: 'held' } } }])
})

const onePerson = `employee_number,name,email,hired,active,department,manager,office
1001,Amara Okafor,amara.okafor@example.com,03/02/2009,yes,OPS,,Berlin
`

test('a receiver that is down changes nothing of a command, and gets it once it is tried again', async () => {
  receiver.answer(503, 503)
  await lose()
  expect(await sluice('sync', 'hr')).toMatchObject({ status: 1 })
  expect((await sluice('notifications')).stdout).toMatch(/again at .* answered with status 503/)
  const [waiting] = await list()
  const retried = await sluice('notifications', 'retry', waiting?.id ?? '')
  expect(retried.stdout).toContain('not taken again: 127.0.0.1')
  expect((await sluice('notifications', 'retry', '--all')).stdout).toContain(
    '1 notifications are tried again.',
  )
  expect(await list()).toMatchObject([{ state: 'sent' }])
  expect(await sluice('notifications', 'retry')).toMatchObject({ status: 2 })
  expect(await sluice('notifications', 'retry', 'nothing')).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('SLUICE-NOTIFY-02'),
  })
})

test('a test says what came of it, also to a script', async () => {
  receiver.answer(204, 404)
  expect(await sluice('notifications', 'test', 'ops')).toMatchObject({
    status: 0,
    stdout: 'ops accepted the test.\n',
  })
  expect(await sluice('notifications', 'test', 'ops')).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('answered with status 404'),
  })
  expect((await sluice('notifications', 'test', 'oops')).stderr).toContain('Did you mean "ops"?')
})

test('a source that is late is found by a check, and by any run of another', async () => {
  await sluice('notifications', 'check')
  const yaml = join(folder, 'sluice.yaml')
  await writeFile(yaml, (await readFile(yaml, 'utf8')).replace('expected: 1h', 'expected: 1ms'))
  expect((await sluice('notifications', 'check')).stdout).toBe(
    'hr is late.\nops: hr is late (no run of it was ever applied)\n',
  )
  expect((await sluice('notifications', 'check')).stdout).toBe('')
  await writeFile(yaml, (await readFile(yaml, 'utf8')).replace('expected: 1ms', 'expected: 1h'))
  await sluice('sync', 'hr')
  expect(documents()).toMatchObject([{ type: 'source.late' }, { type: 'source.recovered' }])
})
