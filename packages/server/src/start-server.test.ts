/**
 * One delivery through a server, and what everybody sees of it.
 */
import { routes } from '@sluice/protocol'
import { describe, expect, test } from 'vitest'
import type { DatabaseKind } from '../../../test/databases.ts'
import { ask, clientOf, createServerHarness, decided, deliver } from '../test/server-harness.ts'

describe.each(['pglite', 'postgres-18'] as const satisfies DatabaseKind[])('a server on %s', (kind) => {
  test('applies a delivery, and shows run, changes, resources and the chain', async () => {
    await using harness = await createServerHarness(kind)
    const server = await harness.serve()
    const { id } = await deliver(server, harness.secrets.agent, 'hr', ['ada', 'grace'])
    expect(await decided(server, harness.secrets.agent, id)).toMatchObject({ state: 'applied', run: 1 })

    const client = clientOf(server, harness.secrets.viewer)
    const report = await client.call(routes.run, { params: { run: 1 } })
    expect(report).toMatchObject({ state: 'applied', source: 'hr', delivery: id })
    const names: unknown[] = []
    for await (const { values } of client.lines(routes.resources, { params: { entityType: 'Person' } })) {
      names.push(values['name'])
    }
    expect(names).toEqual(['ada', 'grace'])
    const second = await deliver(server, harness.secrets.agent, 'hr', ['ada', 'grace hopper'])
    expect(await decided(server, harness.secrets.agent, second.id)).toMatchObject({
      state: 'applied',
      run: 2,
    })
    const changes: unknown[] = []
    for await (const change of client.lines(routes.changes, { params: { run: 2 } })) changes.push(change)
    expect(changes).toMatchObject([{ operation: 'update', after: { name: 'grace hopper' }, drift: false }])
    const drift = client.lines(routes.changes, { params: { run: 2 }, query: { drift: true } })
    for await (const change of drift) expect(change).toBe('no drift')
    const explained = await client.call(routes.explain, { params: { entityType: 'Person', key: '1' } })
    expect(explained).toMatchObject({ replicas: [{ source: 'hr', key: '1' }] })
    const { sources } = await client.call(routes.sources, { params: {} })
    expect(sources.find(({ name }) => name === 'hr')).toMatchObject({
      appliedDelivery: second.id,
      lastDelivery: second.id,
      waiting: 0,
      lastRun: { run: 2, state: 'applied' },
    })
    const model = await client.call(routes.model, { params: {} })
    expect(model.entityTypes.map(({ name }) => name)).toEqual(['Person', 'Account', 'Client'])
  })
})

test('says that it is alive and ready, and what it counts', async () => {
  await using harness = await createServerHarness()
  const server = await harness.serve()
  const { id } = await deliver(server, harness.secrets.admin, 'hr', ['ada'])
  await decided(server, harness.secrets.admin, id)
  expect(await ask(server, '/health')).toMatchObject({ status: 200, body: { status: 'alive' } })
  expect(await ask(server, '/ready')).toMatchObject({ status: 200, body: { status: 'ready' } })
  expect(await ask(server, '/metrics')).toMatchObject({ status: 401 })
  const { body } = await ask(server, '/metrics', { token: harness.secrets.viewer })
  expect(body).toContain('sluice_run_seconds_count{source="hr",mode="complete",state="applied"} 1')
  expect(body).toContain('sluice_changes_total{source="hr",kind="resource",operation="inserted"} 1')
  expect(body).toContain('sluice_deliveries{source="hr",state="ready"} 0')
  expect(body).toMatch(/sluice_received_bytes_total\{source="hr"\} 18/)
  expect(body).toContain('route="/api/v1/deliveries/:delivery"')
})
