import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { callCommandLine } from '../test/call-command-line.ts'

const folder = mkdtempSync(join(tmpdir(), 'sluice-connectors-'))
const call = (...args: readonly string[]) => callCommandLine(folder, args)

/** As a project would have it, with our library by its place. */
const phones = `
import { z } from ${JSON.stringify(import.meta.resolve('zod'))}
import { defineConnector } from ${JSON.stringify(new URL('../../project/src/index.ts', import.meta.url).href)}

export const connector = defineConnector({
  kind: 'phones',
  title: 'The telephone system',
  options: z.strictObject({ numbers: z.array(z.int()) }),
  tables: () => [{ file: 'phones.csv', columns: ['number'] }],
  check: async ({ numbers }) => ({ facts: { numbers: String(numbers.length) }, warnings: ['Nobody answers.'] }),
  discover: async () => ({
    notes: [],
    tables: [{
      file: 'phones.csv', name: 'phone', kind: 'entities', options: {},
      columns: [{ name: 'number', type: 'text', key: true }],
    }],
  }),
  async export({ numbers }, context) {
    const table = await context.table('phones.csv', ['number'])
    for (const number of numbers) await table.write([String(number)])
    return { complete: true }
  },
})
`

const configuration = `
entityTypes:
  Phone: {properties: {number: text}}
sources:
  phones:
    export: {connector: ./connectors/phones, numbers: [505, 506]}
    entities:
      Phone: {file: phones.csv, key: number, properties: {number: number}}
  files: {}
`

beforeAll(async () => {
  const own = join(folder, 'connectors', 'phones')
  await mkdir(own, { recursive: true })
  await writeFile(join(own, 'connector.ts'), phones)
  await writeFile(join(folder, 'sluice.yaml'), configuration)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('the connectors are listed, with what has to be installed for them', async () => {
  const { stdout } = await call('connectors')
  expect(stdout).toMatch(/^connector +state +reads\n/)
  expect(stdout).toMatch(/^ldap +ready +Any LDAP server/m)
  const listed = JSON.parse((await call('connectors', '--json')).stdout)
  const kinds = ['active-directory', 'duckdb', 'files', 'ldap', 'mysql', 'postgresql', 'singer', 'sqlite']
  expect(listed).toEqual(
    expect.arrayContaining(kinds.map((kind) => expect.objectContaining({ kind, missing: [] }))),
  )
})

describe('a connector of the project', () => {
  test('is checked, and says what is visible', async () => {
    expect((await call('source', 'check', 'phones')).stdout).toBe('numbers  2\nwarning Nobody answers.\n')
    const { stdout } = await call('source', 'check', 'phones', '--json')
    expect(JSON.parse(stdout)).toEqual({
      source: 'phones',
      facts: { numbers: '2' },
      warnings: ['Nobody answers.'],
    })
  })

  test('is discovered, and a mapping is suggested', async () => {
    expect((await call('source', 'discover', 'phones')).stdout).toContain(
      '  Phone:\n    properties:\n      number: text\n',
    )
    expect(await call('source', 'discover', 'phones', '--out', 'found.yaml')).toMatchObject({ status: 0 })
  })

  test('exports, and what it exports is applied', async () => {
    const { stdout, status } = await call('sync', 'phones')
    expect(status).toBe(0)
    expect(stdout).toMatch(/Phone +2 +2/)
  })

  test('has options that are checked where they stand', async () => {
    const wrong = configuration.replace('numbers', 'nubmers')
    writeFileSync(join(folder, 'wrong.yaml'), wrong)
    const { stdout } = await call('--config', 'wrong.yaml', 'check')
    expect(stdout).toContain('wrong.yaml:6:')
    expect(stdout).toContain('There is no key "nubmers" in "export".')
  })
})

test('a source without a connector has nothing to connect to', async () => {
  expect((await call('source', 'check', 'files')).stderr).toContain('SLUICE-CONNECT-07')
  expect((await call('source', 'check', 'nobody')).stderr).toContain('There is no source "nobody".')
})
