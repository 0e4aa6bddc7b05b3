import { expect, test } from 'vitest'
import { type FetchAnswer, openClient } from './client.ts'
import { revision, revisionHeader, versionHeader } from './revision.ts'
import { routes } from './routes.ts'

/** A client whose server answers this to everything; what it was asked with. */
function clientOf(status: number, document: unknown, headers: Readonly<Record<string, string>>) {
  const asked: Readonly<Record<string, string>>[] = []
  const client = openClient({
    server: 'http://server',
    token: 'slc_x',
    fetch: async (_url, init): Promise<FetchAnswer> => {
      asked.push(init.headers)
      const body = (async function* () {
        yield new TextEncoder().encode(JSON.stringify(document))
      })()
      return { ok: status < 300, status, headers: { get: (name) => headers[name] ?? null }, body }
    },
  })
  return { client, asked }
}

const unknownAddress = {
  from: 'sluice',
  code: 'SLUICE-SERVER-15',
  message: 'This server has no GET /api/v1/weather.',
  remedy: 'Look.',
}
const call = { params: {}, query: {} }

test('every request says what the client speaks', async () => {
  const { client, asked } = clientOf(200, { runs: [] }, {})
  await client.call(routes.runs, call)
  expect(asked[0]).toMatchObject({ [revisionHeader]: String(revision), authorization: 'Bearer slc_x' })
})

test('what an older server does not know is for whoever updates it, with its version', async () => {
  const { client } = clientOf(404, unknownAddress, { [revisionHeader]: '1', [versionHeader]: '0.0.9' })
  await expect(client.call(routes.runs, call)).rejects.toMatchObject({
    remedy: 'Look. The server is older than this program (version 0.0.9): update it.',
  })
})

test('a server that speaks as much, or more, is not blamed', async () => {
  for (const spoken of [revision, revision + 1]) {
    const { client } = clientOf(404, unknownAddress, { [revisionHeader]: String(spoken) })
    await expect(client.call(routes.runs, call)).rejects.toMatchObject({ remedy: 'Look.' })
  }
})

test('what a newer server says beyond what is known here is passed over', async () => {
  const { client } = clientOf(200, { runs: [], weather: 'fine' }, { [revisionHeader]: '99' })
  expect(await client.call(routes.runs, call)).toEqual({ runs: [] })
})
