/**
 * The connector that docs/connectors.md shows is one, and reads.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../prepare/test/prepare-text.ts'
import { HttpSystem } from '../test/http-system.ts'
import { record, surroundings } from '../test/recorded-export.ts'
import { loadConnector } from './kinds/load-connector.ts'

const root = new URL('../../../', import.meta.url)

/** As it stands there, with the library and zod by their places. */
async function shown(): Promise<string> {
  const page = await readFile(fileURLToPath(new URL('docs/connectors.md', root)), 'utf8')
  const [, code = ''] = /```js\n([\s\S]*?)```/.exec(page) ?? []
  return code
    .replace("'sluice'", JSON.stringify(new URL('packages/project/src/index.ts', root).href))
    .replace("'zod'", JSON.stringify(import.meta.resolve('zod')))
}

test('the example reads page by page, and says why it cannot', async () => {
  await using folder = await temporaryFolder()
  const place = join(folder.path, 'connectors', 'phones')
  await mkdir(place, { recursive: true })
  await writeFile(join(place, 'connector.js'), await shown())
  await writeFile(join(folder.path, 'package.json'), '{"type": "module"}')
  const phones = await loadConnector('./connectors/phones', folder.path)
  if ('problem' in phones) throw new Error(phones.problem)
  await using system = await HttpSystem.open(({ path, query, headers }) => {
    if (headers.authorization !== 'Bearer ringing') return { status: 401 }
    if (path === '/count') return { body: { count: 2 } }
    const page = query.get('page')
    return { body: { rows: [{ number: `50${page}`, owner: 'u1' }], last: page === '2' } }
  })
  const options = { url: system.address, token: { environment: 'TOKEN' } }
  const secrets = { TOKEN: 'ringing' }
  const ready = phones.with(options)
  expect(await ready.check(surroundings({ secrets }))).toEqual({ facts: { numbers: '2' }, warnings: [] })
  const { tables, statement } = await record(
    phones,
    options,
    { 'phones.csv': ['number', 'owner'] },
    { secrets },
  )
  expect(statement).toEqual({ complete: true })
  expect(tables['phones.csv']).toEqual([
    ['number', 'owner'],
    ['501', 'u1'],
    ['502', 'u1'],
  ])
  await expect(ready.check(surroundings({ secrets: { TOKEN: 'silent' } }))).rejects.toMatchObject({
    passing: false,
  })
})
