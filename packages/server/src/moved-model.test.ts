/**
 * Servers whose repository follows another model than theirs.
 */
import { openSynchronizer } from '@sluice/inbox'
import { expect, test } from 'vitest'
import {
  ask,
  configurationIn,
  createServerHarness,
  decided,
  deliver,
  type ServerHarness,
  yaml,
} from '../test/server-harness.ts'

const newer = yaml.replace('name: string } }\n  Account', 'name: string, mail: string } }\n  Account')
const older = yaml.replace(/ {2}Client: .*\n/, '').replace(/ {2}crm:[\s\S]*$/, '')

function configurationOf(harness: ServerHarness, text: string) {
  const { repository, server } = harness.configuration
  return { ...configurationIn(harness.folder, text), repository, server }
}

/** As a server reads its file again, and finds this text. */
async function reread(harness: ServerHarness, text: string) {
  const configuration = configurationOf(harness, text)
  const { repository } = harness
  const { changes } = await repository.evolve(configuration)
  const inbox = { folder: configuration.server.inbox }
  return { configuration, changes, synchronizer: openSynchronizer({ repository, configuration, inbox }) }
}

const reload = (server: { readonly url: string }, token: string) =>
  ask(server, '/api/v1/configuration/reload', { method: 'POST', token })

test('say so, apply nothing, and go on with what waits when they have read their configuration again', async () => {
  await using harness = await createServerHarness()
  const server = await harness.serve({}, { reread: () => reread(harness, newer) })
  const { agent, admin } = harness.secrets
  await decided(server, agent, (await deliver(server, agent, 'hr', ['ada'])).id)
  expect(await ask(server, '/ready')).toMatchObject({ status: 200 })
  await harness.repository.evolve(configurationOf(harness, newer))
  expect(await ask(server, '/ready')).toMatchObject({
    status: 503,
    body: { reason: 'the model of the repository has changed (SLUICE-REPOSITORY-20)' },
  })
  const { id } = await deliver(server, agent, 'hr', ['ada', 'grace'])
  const lastRun = async () => (await harness.repository.runs({ limit: 1 }))[0]
  await expect.poll(lastRun, { timeout: 20_000 }).toMatchObject({
    state: 'interrupted',
    error: { code: 'SLUICE-REPOSITORY-20', message: expect.stringContaining('drops property Person.mail') },
  })
  expect(await ask(server, `/api/v1/deliveries/${id}`, { token: agent })).toMatchObject({
    body: { state: 'ready' },
  })
  expect(harness.logged.join('')).toContain('SLUICE-REPOSITORY-20')
  expect(await reload(server, admin)).toEqual(
    expect.objectContaining({
      status: 200,
      body: { sources: ['hr', 'ad', 'crm'], changes: [], restart: [] },
    }),
  )
  expect(await decided(server, agent, id)).toMatchObject({ state: 'applied' })
  expect(await ask(server, '/ready')).toMatchObject({ status: 200 })
})

test('keep an older configuration from taking away what they know, until they are stopped', async () => {
  await using harness = await createServerHarness()
  const server = await harness.serve()
  await expect(harness.repository.evolve(configurationOf(harness, older))).rejects.toMatchObject({
    code: 'SLUICE-REPOSITORY-19',
    message: expect.stringContaining('entity type Client'),
  })
  expect(await ask(server, '/ready')).toMatchObject({ status: 200 })
  await server.stop()
  const { changes } = await harness.repository.evolve(configurationOf(harness, older))
  expect(changes.join()).toContain('Client')
})

test('take away themselves what their own new configuration does not name, unless another server knows it', async () => {
  await using harness = await createServerHarness()
  const server = await harness.serve({}, { reread: () => reread(harness, older) })
  const other = await harness.serve()
  const { admin, agent } = harness.secrets
  expect(await reload(server, admin)).toMatchObject({ body: { code: 'SLUICE-REPOSITORY-19' } })
  // It goes on with what it has.
  const { id } = await deliver(server, agent, 'crm', ['acme'])
  expect(await decided(server, agent, id)).toMatchObject({ state: 'applied' })
  await other.stop()
  const { repository } = harness
  await repository.database.session((session) =>
    session.execute('delete from client; delete from replica_crm_client; delete from sluice_delivery'),
  )
  expect(await server.reload()).toMatchObject({ sources: ['hr', 'ad'] })
  await expect(deliver(server, agent, 'crm', ['acme'])).rejects.toMatchObject({ code: 'SLUICE-RECEIVE-01' })
})

test('read nothing again for who is no administrator, and nothing that is wrong', async () => {
  await using harness = await createServerHarness()
  const broken = () => Promise.reject(new Error('the file is broken'))
  const server = await harness.serve({}, { reread: broken })
  expect(await reload(server, harness.secrets.operator)).toMatchObject({ status: 403 })
  expect(await reload(server, harness.secrets.admin)).toMatchObject({ status: 500 })
  expect(await ask(server, '/ready')).toMatchObject({ status: 200 })
})
