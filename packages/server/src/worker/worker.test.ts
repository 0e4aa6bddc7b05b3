/**
 * Several servers on one repository: every delivery once, in order, whoever stops or comes late.
 */
import { randomUUID } from 'node:crypto'
import { routes } from '@sluice/protocol'
import { describe, expect, test } from 'vitest'
import {
  append,
  clientOf,
  contentOf,
  createServerHarness,
  decided,
  deliver,
} from '../../test/server-harness.ts'

test('two servers apply ten deliveries of three sources, each once and each source in order', async () => {
  await using harness = await createServerHarness()
  const servers = [await harness.serve(), await harness.serve()]
  const token = harness.secrets.admin
  const ids: Record<string, string[]> = { hr: [], ad: [], crm: [] }
  for (let number = 0; number < 10; number += 1) {
    const source = ['hr', 'ad', 'crm'][number % 3] ?? 'hr'
    const server = servers[number % 2]
    if (server === undefined) throw new Error('There are two servers.')
    // More and more, so that no threshold holds any.
    const names = Array.from({ length: number + 1 }, (_, index) => `${source} ${index}`)
    ids[source]?.push((await deliver(server, token, source, names)).id)
  }
  const [one] = servers
  if (one === undefined) throw new Error('There are two servers.')
  for (const id of Object.values(ids).flat()) {
    expect(await decided(one, token, id)).toMatchObject({ state: 'applied' })
  }
  const { runs } = await clientOf(one, token).call(routes.runs, { params: {} })
  for (const [source, announced] of Object.entries(ids)) {
    const applied = runs.filter((run) => run.source === source).reverse()
    expect(applied.map(({ delivery }) => delivery)).toEqual(announced)
    expect(applied.every(({ state }) => state === 'applied')).toBe(true)
  }
})

test('files of one delivery may arrive at different servers', async () => {
  await using harness = await createServerHarness()
  const [one, two] = [await harness.serve(), await harness.serve()]
  const token = harness.secrets.agent
  const { name, bytes, manifest } = contentOf('hr', ['ada', 'grace', 'edsger'])
  const delivery = randomUUID()
  const params = { delivery }
  await clientOf(one, token).call(routes.announce, { params, body: { source: 'hr', mode: 'complete' } })
  await append(two, token, { delivery, file: name }, bytes.subarray(0, 10))
  await append(one, token, { delivery, file: name, offset: 10 }, bytes.subarray(10, 20))
  await append(two, token, { delivery, file: name, offset: 20 }, bytes.subarray(20))
  await clientOf(one, token).call(routes.seal, { params, body: manifest })
  expect(await decided(two, token, delivery)).toMatchObject({ state: 'applied' })
})

test('a server that only receives leaves the work to one that comes later', async () => {
  await using harness = await createServerHarness()
  const receiver = await harness.serve({}, { synchronizes: false })
  const token = harness.secrets.agent
  const { id, state } = await deliver(receiver, token, 'hr', ['ada'])
  expect(state).toBe('ready')
  await receiver.stop()
  const worker = await harness.serve()
  expect(await decided(worker, token, id)).toMatchObject({ state: 'applied' })
})

test('a delivery that fails stops neither its source nor the worker', async () => {
  await using harness = await createServerHarness()
  const server = await harness.serve()
  const token = harness.secrets.agent
  const client = clientOf(server, token)
  const { name, bytes, manifest } = contentOf('hr', ['ada'])
  const delivery = randomUUID()
  await client.call(routes.announce, { params: { delivery }, body: { source: 'hr', mode: 'complete' } })
  await append(server, token, { delivery, file: name }, bytes)
  const files = manifest.files.map((file) => ({ ...file, columns: ['number', 'colour'] }))
  await client.call(routes.seal, { params: { delivery }, body: { ...manifest, files } })
  expect(await decided(server, token, delivery)).toMatchObject({
    state: 'failed',
    reason: expect.stringContaining('colour'),
  })
  const { id } = await deliver(server, token, 'hr', ['ada'])
  expect(await decided(server, token, id)).toMatchObject({ state: 'applied' })
  expect(harness.logged.join('')).toContain('SLUICE-RECEIVE-05')
})

test('however many deliveries of a source fail, the next good one does not wait', async () => {
  await using harness = await createServerHarness()
  const server = await harness.serve()
  const token = harness.secrets.agent
  const client = clientOf(server, token)
  const { name, bytes, manifest } = contentOf('hr', ['ada'])
  const files = manifest.files.map((file) => ({ ...file, columns: ['number', 'colour'] }))
  // Pauses that grow would take more than a minute together.
  for (let failures = 0; failures < 7; failures += 1) {
    const delivery = randomUUID()
    await client.call(routes.announce, { params: { delivery }, body: { source: 'hr', mode: 'complete' } })
    await append(server, token, { delivery, file: name }, bytes)
    await client.call(routes.seal, { params: { delivery }, body: { ...manifest, files } })
    expect(await decided(server, token, delivery)).toMatchObject({ state: 'failed' })
  }
  const { id } = await deliver(server, token, 'hr', ['ada'])
  expect(await decided(server, token, id)).toMatchObject({ state: 'applied' })
  expect(harness.logged.filter((line) => line.includes('"run failed"') && line.includes('"pause"'))).toEqual(
    [],
  )
})

test('an announced delivery that never comes is given up, and those behind it go on', async () => {
  await using harness = await createServerHarness()
  const server = await harness.serve({ deliveryExpiry: 0 })
  await server.stop()
  const receiver = await harness.serve({}, { synchronizes: false })
  const token = harness.secrets.agent
  const forgotten = randomUUID()
  await clientOf(receiver, token).call(routes.announce, {
    params: { delivery: forgotten },
    body: { source: 'hr', mode: 'complete' },
  })
  const { id } = await deliver(receiver, token, 'hr', ['ada'])
  const worker = await harness.serve({ deliveryExpiry: 1 })
  expect(await decided(worker, token, id)).toMatchObject({ state: 'applied' })
  expect(await decided(worker, token, forgotten)).toMatchObject({ state: 'cancelled' })
})

describe('a held run', () => {
  const many = ['a', 'b', 'c', 'd', 'e']

  test('is approved by an operator under the name of the token, and the queue goes on', async () => {
    await using harness = await createServerHarness()
    const server = await harness.serve()
    const { agent, operator, viewer } = harness.secrets
    await decided(server, agent, (await deliver(server, agent, 'crm', many)).id)
    const held = await decided(server, agent, (await deliver(server, agent, 'crm', ['a'])).id)
    expect(held).toMatchObject({ state: 'held', run: 2 })
    const params = { run: 2 }
    await expect(clientOf(server, viewer).call(routes.approve, { params })).rejects.toMatchObject({
      status: 403,
    })
    const approved = await clientOf(server, operator).call(routes.approve, { params })
    expect(approved).toMatchObject({ moved: false, report: { state: 'applied', run: 2 } })
    const { rows } = await harness.repository.database.session((session) =>
      session.query('select decided_by from sluice_run where run_id = 2'),
    )
    expect(rows).toEqual([{ decided_by: 'the-operator' }])
    await expect(clientOf(server, operator).call(routes.approve, { params })).rejects.toMatchObject({
      status: 409,
      code: 'SLUICE-RUN-01',
    })
  })

  test('is rejected with a reason, and its source is free again', async () => {
    await using harness = await createServerHarness()
    const server = await harness.serve()
    const { agent, operator } = harness.secrets
    await decided(server, agent, (await deliver(server, agent, 'crm', many)).id)
    const { id } = await deliver(server, agent, 'crm', ['a'])
    await decided(server, agent, id)
    const report = await clientOf(server, operator).call(routes.reject, {
      params: { run: 2 },
      body: { reason: 'a broken export' },
    })
    expect(report).toMatchObject({ state: 'rejected' })
    expect(await decided(server, agent, id)).toMatchObject({ state: 'rejected', reason: 'a broken export' })
    const next = await deliver(server, agent, 'crm', [...many, 'f'])
    expect(await decided(server, agent, next.id)).toMatchObject({ state: 'applied' })
  })

  test('whose repository moved is computed again, whoever is quicker to do so', async () => {
    await using harness = await createServerHarness()
    const server = await harness.serve()
    const { agent, operator } = harness.secrets
    await decided(server, agent, (await deliver(server, agent, 'crm', many)).id)
    await decided(server, agent, (await deliver(server, agent, 'crm', ['a'])).id)
    await harness.repository.database.session((session) => session.query(`update client set name = 'moved'`))
    const approved = await clientOf(server, operator).call(routes.approve, { params: { run: 2 } })
    expect(approved).toMatchObject({ moved: true, report: { state: 'held' } })
    expect(approved.report.run).toBeGreaterThan(2)
  })
})
