import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../../prepare/test/prepare-text.ts'
import { HttpSystem } from '../../test/http-system.ts'
import { record } from '../../test/recorded-export.ts'
import { loadConnector } from '../kinds/load-connector.ts'

const manifest = `
title: Our CRM
options:
  address: {description: Where the CRM is.}
  token: {description: Who asks., secret: true}
  region: {description: Which part of it., default: eu}
address: "{address}/api"
authentication: {kind: bearer, token: {option: token}}
tables:
  people: {path: "/{region}/people", query: {fields: "{columns}"}, records: data}
`

async function load(text: string, folder: string) {
  const path = join(folder, 'connectors', 'crm', 'connector.yaml')
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, text)
  return loadConnector('./connectors/crm', folder)
}

test('a manifest in a folder of the project is a connector with options of its own', async () => {
  await using folder = await temporaryFolder()
  await using system = await HttpSystem.open(({ path, headers }) => ({
    body: { data: [{ id: `${path} ${headers.authorization}` }] },
  }))
  const crm = await load(manifest, folder.path)
  if ('problem' in crm) throw new Error(crm.problem)
  expect([crm.kind, crm.title]).toEqual(['crm', 'Our CRM'])
  const options = { address: system.address, token: { environment: 'TOKEN' } }
  const { tables } = await record(crm, options, { 'people.csv': ['id'] }, { secrets: { TOKEN: 'abc' } })
  expect(tables['people.csv']?.[1]).toEqual(['/api/eu/people Bearer abc'])
  expect(crm.schema.safeParse({ address: 'x' }).success).toBe(false)
})

test.each([
  [
    'records: data',
    'recods: data',
    '10:68: error: There is no key "recods" in "people". Did you mean "records"?',
  ],
  [
    '"{address}/api"',
    '"/api"',
    '7:10: error: "address" must be an address such as https://crm.example.org/api, not "/api".',
  ],
  ['{columns}', '{colums}', 'must not have {colums}, which stands for nothing here'],
  ['kind: bearer', 'kind: bear', '8:24: error: "kind" cannot be "bear". Known: none, basic'],
  ['{description: Where the CRM is.}', '{}', '4:3: error: "description" is missing in "address".'],
])('a mistake in it is named with its place: %s → %s', async (right, wrong, finding) => {
  await using folder = await temporaryFolder()
  const found = await load(manifest.replace(right, wrong), folder.path)
  expect('problem' in found && found.problem).toContain(finding)
  expect('problem' in found && found.problem).toContain('connector.yaml:')
})
