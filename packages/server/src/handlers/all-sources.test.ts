/**
 * All sources in one answer, in as many statements however many there are.
 */
import { openSynchronizer } from '@sluice/inbox'
import { openRepository } from '@sluice/repository'
import pino from 'pino'
import { expect, test } from 'vitest'
import { ask, configurationIn, createServerHarness, decided, deliver } from '../../test/server-harness.ts'
import { startServer } from '../start-server.ts'

function textOf(count: number): string {
  const numbers = Array.from({ length: count }, (_, index) => index)
  return [
    'repository: ./repository',
    'entityTypes:',
    ...numbers.map((number) => `  Type${number}: {properties: {number: string}}`),
    'sources:',
    ...numbers.map(
      (number) =>
        `  s${number}: {folder: ., description: of ${number}, entities: {Type${number}: {file: p.csv, key: number, properties: {number: n}}}}`,
    ),
  ].join('\n')
}

/** What a server with so many sources answers, and with which statements. */
async function askForAll(count: number) {
  await using harness = await createServerHarness()
  let statements: string[] = []
  const repository = await openRepository(harness.configuration.repository, {
    onStatement: ({ text }) => void statements.push(/^\/\* ?(\S+)/.exec(text)?.[1] ?? text),
  })
  const configuration = {
    ...configurationIn(harness.folder, textOf(count)),
    repository: harness.configuration.repository,
  }
  await repository.evolve(configuration, { allowLoss: true })
  await using server = await startServer({
    configuration: { ...configuration, server: { ...configuration.server, port: 0 } },
    repository,
    synchronizer: openSynchronizer({ repository, configuration }),
    log: pino({ level: 'silent' }),
    version: '0.0.0',
    // Whose looks would be counted, too.
    synchronizes: false,
  })
  const token = harness.secrets.admin
  await ask(server, '/api/v1/sources', { token })
  statements = []
  const { body } = await ask(server, '/api/v1/sources', { token })
  // Beside them, notifications are looked for.
  const asked = statements.filter((name) => /^(queue|suspensions|read)\//.test(name)).toSorted()
  await server.stop()
  await repository[Symbol.asyncDispose]()
  return { body, asked }
}

test('thirty sources take as many statements as three', async () => {
  const few = await askForAll(3)
  const many = await askForAll(30)
  expect(many.asked).toEqual(few.asked)
  expect(many.asked).toEqual([
    'queue/count',
    'queue/ends-of-chains',
    'queue/holding-resources',
    'read/last-runs',
    'suspensions/read',
  ])
  expect(many.body).toMatchObject({
    sources: Array.from({ length: 30 }, (_, number) => ({
      name: `s${number}`,
      description: `of ${number}`,
      holdsResources: false,
      lastRun: null,
    })),
  })
})

test('each source is told with its own chain, what it holds, what waits and its last run', async () => {
  await using harness = await createServerHarness()
  const server = await harness.serve()
  const { admin, agent } = harness.secrets
  const { id: applied } = await deliver(server, admin, 'hr', ['ada'])
  await decided(server, admin, applied)
  const { id: kept } = await deliver(server, admin, 'crm', ['a', 'b', 'c', 'd', 'e'])
  await decided(server, admin, kept)
  const { id: held } = await deliver(server, admin, 'crm', ['a'])
  await decided(server, admin, held)
  const { body } = await ask(server, '/api/v1/sources', { token: admin })
  const ofHr = {
    name: 'hr',
    appliedDelivery: applied,
    lastDelivery: applied,
    heldRun: null,
    holdsResources: true,
    waiting: 0,
    lastRun: { run: 1, state: 'applied', mode: 'complete' },
  }
  const ofCrm = {
    name: 'crm',
    appliedDelivery: kept,
    lastDelivery: held,
    heldRun: 3,
    lastRun: { run: 3, state: 'held' },
  }
  expect(body).toMatchObject({
    sources: [ofHr, { name: 'ad', lastDelivery: null, holdsResources: false, lastRun: null }, ofCrm].toSorted(
      (one, other) => order(one.name) - order(other.name),
    ),
  })
  // An agent is told of its own.
  expect(await ask(server, '/api/v1/sources', { token: agent })).toMatchObject({
    body: { sources: [{ name: expect.stringMatching(/hr|crm/) }, { name: expect.stringMatching(/hr|crm/) }] },
  })
  expect(await ask(server, '/api/v1/sources/crm', { token: admin })).toMatchObject({ body: ofCrm })
  function order(name: string): number {
    return [...harness.configuration.sources.keys()].indexOf(name)
  }
})

test('a run that a dead process has left is shown as interrupted', async () => {
  await using harness = await createServerHarness()
  const server = await harness.serve({}, { synchronizes: false })
  await harness.repository.database.session((session) =>
    session.execute(
      `insert into sluice_run (cause, by_kind, by_name, source_id, mode, state, started_at)
       select 'delivery', 'token', 'x', source_id, 'complete', 'running', now() from sluice_source where name = 'hr'`,
    ),
  )
  const { body } = await ask(server, '/api/v1/sources/hr', { token: harness.secrets.admin })
  expect(body).toMatchObject({ lastRun: { state: 'interrupted', finishedAt: null } })
})
