import { expect, test } from 'vitest'
import { ask, createServerHarness, decided, deliver } from '../../test/server-harness.ts'

test('trends are given of the sources that somebody reaches, and of no others', async () => {
  await using harness = await createServerHarness()
  await using server = await harness.serve()
  const { admin, agent } = harness.secrets
  for (const source of ['hr', 'ad'])
    await decided(server, admin, (await deliver(server, admin, source, ['ada', 'bob'])).id)
  const runs = [
    { run: expect.any(Number), at: expect.stringMatching(/Z$/), read: 2, rejected: 0, faulty: 0, age: null },
  ]
  const trends = (query: string, token: string) => ask(server, `/api/v1/source-trends${query}`, { token })
  expect(await trends('', admin)).toMatchObject({
    status: 200,
    body: {
      sources: [
        { source: 'ad', runs },
        { source: 'hr', runs },
      ],
    },
  })
  expect((await trends('', agent)).body).toEqual({ sources: [{ source: 'hr', runs }] })
  expect((await trends('?source=hr&runs=1', agent)).body).toEqual({ sources: [{ source: 'hr', runs }] })
  expect(await trends('?source=ad', agent)).toMatchObject({ status: 404 })
})
