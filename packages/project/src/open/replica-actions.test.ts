import { expect, test } from 'vitest'
import { projectOf, valuesOf } from '../../test/project-of.ts'

const configuration = `
entityTypes:
  Server: {display: name, properties: {name: {type: string, required: true}, serial: string, owner: string, room: string}}
sources:
  rack:
    precedence: 20
    entities:
      Server: {file: rack.csv, key: serial, reconciliation: {rules: [[serial]]}, properties: {serial: serial, name: name, owner: {column: owner, policy: master_unlocked}}}
  scan:
    entities:
      Server: {file: scan.csv, key: name, reconciliation: {rules: [[name]]}, properties: {name: name, room: room, owner: {column: owner, policy: master_unlocked}}}
`

const files = {
  'rack.csv': 'serial,name,owner\nS1,alpha,Ann\nS2,beta,Ann\n',
  'scan.csv': 'name,room,owner\nalpha,R1,Bob\nbeta,R2,Bob\n',
}

async function both() {
  const harness = await projectOf({ configuration, files })
  for (const source of ['rack', 'scan']) await harness.project.sync(source, { force: true })
  const act = (
    action: 'retry' | 'unlink' | 'reconcile' | 'delete',
    source: string,
    ...keys: readonly string[]
  ) => harness.project.actOnReplicas({ source, entityType: 'Server', action, keys, reason: 'as agreed' })
  const replicas = async (source: string) => {
    const found: Record<string, string> = {}
    for await (const { key, status, resourceId, error } of harness.project.repository.replicas(source))
      found[key] = [status, resourceId ?? '-', ...(error === null ? [] : [error.code, error.text])].join(' ')
    return found
  }
  return { harness, act, replicas }
}

test('a row that is unlinked lets its resource go, and stays apart until it changes', async () => {
  const { harness: opened, act, replicas } = await both()
  await using harness = opened
  const { rows, report } = await act('unlink', 'rack', 'S1')
  expect({ rows, report }).toMatchObject({
    rows: 1,
    report: { cause: 'decision', state: 'applied', comment: 'as agreed', source: 'rack' },
  })
  // What the row said passes on to whoever says it, too; what nobody says stays.
  expect(await valuesOf(harness.project, 'Server')).toMatchObject([
    { name: 'alpha', serial: 'S1', owner: 'Bob', room: 'R1' },
    { name: 'beta', owner: 'Ann' },
  ])
  expect(await replicas('rack')).toMatchObject({
    S1: expect.stringMatching(/^new - unlinked .* has unlinked it: as agreed$/),
    S2: expect.stringMatching(/^synchronized \d+$/),
  })
  await harness.project.sync('rack', { mode: 'complete' })
  expect((await replicas('rack'))['S1']).toMatch(/^new - unlinked/)
  await harness.write({ 'rack.csv': 'serial,name,owner\nS1,alpha,Eve\nS2,beta,Ann\n' })
  await harness.project.sync('rack', { mode: 'complete' })
  expect((await replicas('rack'))['S1']).toMatch(/^synchronized \d+$/)
  expect(await valuesOf(harness.project, 'Server')).toMatchObject([{ owner: 'Eve' }, {}])
})

test('a row that is reconciled finds its resource by the rules of today', async () => {
  const { harness: opened, act, replicas } = await both()
  await using harness = opened
  const before = await replicas('rack')
  await act('unlink', 'rack', 'S1')
  const { report } = await act('reconcile', 'rack', 'S1', 'S2')
  expect(report).toMatchObject({ cause: 'decision', state: 'applied' })
  expect(await replicas('rack')).toEqual(before)
  expect(await valuesOf(harness.project, 'Server')).toMatchObject([{ owner: 'Ann' }, { owner: 'Ann' }])
})

test('a row that is deleted goes with what it says, and its resource stays', async () => {
  const { harness: opened, act, replicas } = await both()
  await using harness = opened
  await act('delete', 'rack', 'S1')
  expect(Object.keys(await replicas('rack'))).toEqual(['S2'])
  expect(await valuesOf(harness.project, 'Server')).toMatchObject([{ name: 'alpha', owner: 'Bob' }, {}])
  // The source still has it, so it comes again.
  await harness.project.sync('rack', { mode: 'complete' })
  expect(Object.keys(await replicas('rack'))).toEqual(['S1', 'S2'])
})

test('a row whose resource is gone looks for another one when it is tried again', async () => {
  const { harness: opened, replicas } = await both()
  await using harness = opened
  await harness.execute("delete from server where name = 'alpha'")
  await harness.write({ 'scan.csv': 'name,room,owner\nalpha,R9,Bob\nbeta,R2,Bob\n' })
  await harness.project.sync('scan', { mode: 'complete', force: true })
  expect((await replicas('scan'))['alpha']).toMatch(/^orphan/)
  const { rows } = await harness.project.actOnReplicas({
    source: 'scan',
    entityType: 'Server',
    action: 'retry',
    status: ['orphan'],
  })
  expect(rows).toBe(1)
  expect((await replicas('scan'))['alpha']).toMatch(/^synchronized \d+$/)
  expect(await valuesOf(harness.project, 'Server')).toMatchObject([
    { name: 'beta' },
    { name: 'alpha', room: 'R9' },
  ])
})

test('what is not there is refused with its keys, and nothing is done', async () => {
  const { harness: opened, act, replicas } = await both()
  await using harness = opened
  const before = await replicas('rack')
  await expect(act('unlink', 'rack', 'S1', 'S7')).rejects.toThrow('rack has no such row of Server: "S7".')
  expect(await replicas('rack')).toEqual(before)
  await harness.project.sync('rack', { mode: 'complete' })
  expect(await replicas('rack')).toEqual(before)
})

test('what was done with a row is taken back with its run', async () => {
  const { harness: opened, act, replicas } = await both()
  await using harness = opened
  const [rows, values] = [await replicas('rack'), await valuesOf(harness.project, 'Server')]
  for (const action of ['unlink', 'delete'] as const) {
    const { report } = await act(action, 'rack', 'S1')
    expect(await replicas('rack')).not.toEqual(rows)
    await harness.project.revert(report.run ?? 0, { force: true })
    expect(await replicas('rack')).toEqual(rows)
    expect(await valuesOf(harness.project, 'Server')).toEqual(values)
  }
})

test('rows are named by how long they were not seen, too', async () => {
  const { harness: opened, replicas } = await both()
  await using harness = opened
  const act = (notSeenSince: string) =>
    harness.project.actOnReplicas({ source: 'rack', entityType: 'Server', action: 'unlink', notSeenSince })
  const before = await replicas('rack')
  expect((await act('2000-01-01T00:00:00Z').catch(({ code }) => ({ rows: code }))).rows).not.toBe(2)
  expect(await replicas('rack')).toEqual(before)
  expect((await act('2999-01-01T00:00:00Z')).rows).toBe(2)
})
