/**
 * Resources that may be one, at the command line: found, merged, said to be distinct; with the repository here, and behind a server.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { callCommandLine } from '../test/call-command-line.ts'
import { type HereAndThere, hereAndThere } from '../test/here-and-there.ts'

const configuration = `
repository: ./repository
entityTypes:
  Person: {display: name, properties: {no: string, name: {type: string, required: true}, mail: string, badge: string}}
sources:
  hr:
    entities:
      Person: {file: hr.csv, key: no, reconciliation: {rules: [[mail]], onMultiple: create}, properties: {no: no, name: name, mail: mail}}
  gate:
    entities:
      Person: {file: gate.csv, key: badge, reconciliation: {rules: [[mail], [name]]}, properties: {badge: badge, mail: mail, name: name}}
`

let place: HereAndThere
beforeAll(async () => {
  place = await hereAndThere(
    'duplicates',
    (folder) => {
      writeFileSync(join(folder, 'sluice.yaml'), configuration)
      writeFileSync(
        join(folder, 'hr.csv'),
        'no,name,mail\n1,Ada Lovelace,ada@example.org\n2,Bob,bob@example.org\n3,A. Lovelace,\n4,Bob,bob.junior@example.org\n',
      )
      writeFileSync(join(folder, 'gate.csv'), 'badge,mail,name\n')
    },
    async (folder) =>
      expect(await callCommandLine(folder, ['sync', 'hr', '--quiet'])).toMatchObject({
        status: 0,
        stderr: '',
      }),
  )
})
afterAll(() => place[Symbol.asyncDispose]())

describe.each([
  ['here', undefined],
  ['through a server', 'editor'],
] as const)('%s', (_, role) => {
  const sluice = (...args: readonly string[]) => place.caller(role)(...args)
  const shown = async (...args: readonly string[]) =>
    (await sluice('duplicates', ...args)).stdout.replaceAll(/ {2,}/g, '  ')

  test('what agrees by a rule of a source, or in named properties, is found', async () => {
    expect(await shown('Person')).toContain('name = Bob  #2 Bob · #4 Bob')
    expect(await shown('Person', '--by', 'mail')).toBe('type  alike in  resources\n')
    expect(JSON.parse(await shown('Person', '--by', 'name', '--json'))).toEqual([
      {
        entityType: 'Person',
        alike: { name: 'Bob' },
        resources: [
          { resourceId: '2', display: 'Bob' },
          { resourceId: '4', display: 'Bob' },
        ],
      },
    ])
    expect(await sluice('duplicates', 'Person', '--by', 'nam')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('Did you mean "name"?'),
    })
  })

  test('what is not one is shown no more, until that is taken back', async () => {
    const distinct = (...args: readonly string[]) =>
      sluice('resource', 'distinct', 'Person', '#2', '#4', ...args)
    expect((await distinct('--reason', 'father and son')).stdout).toBe('Distinct: 1 pair.\n')
    expect((await distinct()).stdout).toBe('They are already marked as distinct.\n')
    expect(await shown('Person')).toBe('type  alike in  resources\n')
    expect((await distinct('--undo')).stdout).toBe('They are no longer marked as distinct.\n')
    expect(await shown('Person')).toContain('#2 Bob · #4 Bob')
  })

  test('what is one is merged, and explained', async () => {
    const merged = await sluice('resource', 'merge', 'Person', '#1', 'name:A. Lovelace')
    expect(merged).toMatchObject({ status: 0, stderr: 'Run 2 is applied.\n' })
    const { stdout } = await sluice('explain', 'Person', '1')
    expect(stdout).toContain(
      'Known to hr as "1" (synchronized, its creator), hr as "3" (synchronized, its creator)',
    )
    expect(stdout).toMatch(/Resource 3 \(A\. Lovelace\) was merged into it by run \d+/)
    expect(stdout).toMatch(/run \d+ .*, of 3: deleted/)
    // The key of the merged one's row finds what it became, and its id says so.
    expect((await sluice('explain', 'Person', '3')).stdout).toContain('resource 1\n')
    expect((await sluice('explain', 'Person', '#3')).stdout).toMatch(/Merged into resource 1 by run \d+/)
  })
})
