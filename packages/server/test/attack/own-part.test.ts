/**
 * What an agent sees of a run that reaches resources of other sources.
 */
import { createHash, randomUUID } from 'node:crypto'
import { routes } from '@sluice/protocol'
import { expect, test } from 'vitest'
import {
  append,
  ask,
  clientOf,
  contentOf,
  createServerHarness,
  decided,
  deliver,
  yaml,
} from '../server-harness.ts'

/** An account belongs to a person, who is another source's. */
const owned = yaml
  .replace(
    'Account: { display: name, properties: {',
    'Account: { display: name, properties: { owner: { type: reference, to: Person }, ',
  )
  .replace(
    'Account: { file: Account.csv, key: number, properties: {',
    'Account: { file: Account.csv, key: number, properties: { owner: { column: owner, by: number }, ',
  )

test('a run that changes resources of others shows an agent its own alone', async () => {
  await using harness = await createServerHarness('postgres-18', (location) => location, owned)
  const server = await harness.serve()
  const { admin, agent, viewer } = harness.secrets
  const bytes = Buffer.from('owner,number,name\n1,a0,account\n')
  const { manifest } = contentOf('ad', ['account'])
  const [file] = manifest.files
  if (file === undefined) throw new Error('There is no file.')
  const sum = { size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }
  const params = { delivery: randomUUID() }
  const client = clientOf(server, admin)
  await client.call(routes.announce, { params, body: { source: 'ad', mode: 'complete' } })
  await append(server, admin, { delivery: params.delivery, file: file.name }, bytes)
  const columns = ['owner', 'number', 'name']
  await client.call(routes.seal, { params, body: { ...manifest, files: [{ ...file, ...sum, columns }] } })
  expect(await decided(server, admin, params.delivery)).toMatchObject({ state: 'applied' })
  // The account has waited for its owner, and refers to him now.
  await decided(server, agent, (await deliver(server, agent, 'hr', ['ada'])).id)
  const { id } = await deliver(server, agent, 'hr', ['ada', 'grace'])
  const { run } = await decided(server, agent, id)
  const seenBy = async (token: string) => {
    const { body } = await ask(server, `/api/v1/runs/${run}/changes`, { token })
    return [...new Set((JSON.stringify(body) ?? '').match(/(Account|Person)/g) ?? [])].sort()
  }
  const reportedTo = async (token: string) => {
    const report = await clientOf(server, token).call(routes.run, { params: { run: run ?? 0 } })
    return report.entities.map(({ mapping }) => mapping).sort()
  }
  expect(await seenBy(viewer)).toEqual(['Account', 'Person'])
  expect(await seenBy(agent)).toEqual(['Person'])
  expect(await reportedTo(viewer)).toEqual(['Account', 'Person'])
  expect(await reportedTo(agent)).toEqual(['Person'])
  const { runs } = await clientOf(server, agent).call(routes.runs, { params: {} })
  expect(runs[0]?.entities.map(({ mapping }) => mapping)).toEqual(['Person'])
})
