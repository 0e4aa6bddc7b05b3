import { hideSecret } from '@sluice/files'
import type { EntityMapping, EntityModel } from '@sluice/model'
import { expect, test } from 'vitest'
import { entity, prepareText } from '../test/prepare-text.ts'

const model: EntityModel = {
  entityTypes: new Map([
    [
      'Person',
      {
        name: 'Person',
        abstract: false,
        properties: [
          { name: 'id', type: 'integer', required: false },
          { name: 'password', type: 'secret', required: false },
        ],
      },
    ],
  ]),
  associations: new Map(),
}
const properties = [
  { property: 'id', column: 'id' },
  { property: 'password', column: 'pw' },
]

async function prepared(text: string, parts: Partial<EntityMapping> = {}) {
  return await prepareText({
    files: { 'people.csv': text },
    entities: [entity(['id', 'pw'], { properties, ...parts })],
    model,
  })
}

const hidden = (key: string, text: string) =>
  hideSecret({ entityType: 'Person', property: 'password', key }, text)

test('secrets are hidden in every file, by the key in its one spelling; empty ones are none', async () => {
  const { files } = await prepared('id,pw\n07,hunter2\n7,"hunt,er3"\n8,\n,hunter4\n')
  const header = 'id,pw as secret\n'
  expect(files['Person.sorted.csv']).toBe(`${header}7,${hidden('7', 'hunter2')}\n8,\n`)
  expect(files['Person.duplicates.csv']).toBe(`${header}7,${hidden('7', 'hunt,er3')}\n`)
  expect(files['Person.nullpk.csv']).toBe(`${header},${hidden('', 'hunter4')}\n`)
})

test('one that is hidden already stays as it is', async () => {
  const given = hidden('elsewhere', 'hunter2')
  const { files } = await prepared(`id,pw\n1,${given}\n`)
  expect(files['Person.sorted.csv']).toBe(`id,pw as secret\n1,${given}\n`)
})

test('of a row that cannot be read nothing is told but where it stands and why', async () => {
  const { files, rejected } = await prepared('id,pw\n1,a\n2,"hunter2" x\nthree,hunter3\n')
  const untold = { text: '', fields: [], anyKey: true }
  expect(rejected).toMatchObject([
    { line: 3, ...untold },
    { line: 4, reason: 'not a whole number', ...untold },
  ])
  expect(JSON.stringify(files)).not.toContain('hunter')
})
