import type { EntityModel, Property, Source } from '@sluice/model'
import type { Database } from '@sluice/repository'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestDatabase } from '../../../../test/databases.ts'
import {
  associationMapping,
  entityMapping,
  entityType,
  modelOf,
  type Properties,
  referenceTo,
  sourceOf,
} from '../../test/small-model.ts'
import { findChangedMappings } from './changed-mappings.ts'

const scalar = (type: 'integer' | 'string'): Property & { readonly type: typeof type } => ({
  name: 'grade',
  type,
  required: false,
})
const people = (properties: Properties) => sourceOf([entityMapping('Person', properties)])
const members = (from: string, to: string, properties?: Properties) =>
  sourceOf([], [associationMapping('Member', from, to, properties)])

let database: Database
beforeAll(async () => {
  database = await openTestDatabase('postgres-18')
  await database.session((session) =>
    session.execute(`create table sluice_source (source_id int, name text);
      insert into sluice_source values (1, 'hr');
      create table sluice_mapping (source_id int, mapping text, definition jsonb)`),
  )
})
afterAll(() => database[Symbol.asyncDispose]())

/** It knows no type of any property. */
const unknown = modelOf([])

/** What is found of a source of which a run has remembered how it was. */
async function between(
  was: Source,
  now: Source,
  models: readonly [EntityModel, EntityModel] = [unknown, unknown],
) {
  return await database.session(async (session) => {
    await session.execute('truncate sluice_mapping')
    const { toRemember } = await findChangedMappings(session, was, models[0])
    for (const { mapping, definition } of toRemember)
      await session.query('insert into sluice_mapping values (1, $1, $2)', [
        mapping,
        JSON.stringify(definition),
      ])
    return await findChangedMappings(session, now, models[1])
  })
}

const noteOf = async (was: Source, now: Source) => [...(await between(was, now)).notes.values()].join()

describe('a mapping', () => {
  test('that nobody changed is not spoken of, and not remembered again', async () => {
    const now = people({ number: 'No', born: { column: 'Born', format: 'dd.MM.yyyy' } })
    expect(await between(now, now)).toEqual({ notes: [], added: [], toRemember: [] })
  })

  test('that is new is remembered, and no note says so', async () => {
    const found = await between(sourceOf([]), people({ number: 'No' }))
    expect(found.notes).toEqual([])
    expect(found.toRemember.map(({ mapping }) => mapping)).toEqual(['Person'])
  })

  test('that changed is told by what is new, what is otherwise and what is gone', async () => {
    const was = people({ number: 'No', name: 'Name', mail: 'Mail' })
    const now = people({ number: 'No', name: 'Full name', phone: 'Phone' })
    expect(await noteOf(was, now)).toBe(
      'The mapping of Person changed since the last run: phone is new (column Phone); ' +
        'name: column Full name (it was: column Name); mail was removed.',
    )
  })

  test('says once what several have alike', async () => {
    const both = (name: string) =>
      sourceOf([entityMapping('Person', { name }), entityMapping('Team', { name })])
    expect((await between(both('Name'), both('Full name'))).notes).toEqual([
      'The mappings of Person and Team changed since the last run: name: column Full name (it was: column Name).',
    ])
  })

  test.each<[string, Properties, Properties]>([
    [
      'a format',
      { born: { column: 'B', format: 'dd.MM.yyyy' } },
      { born: { column: 'B', format: 'd.M.yyyy' } },
    ],
    ['a separator', { pay: { column: 'P' } }, { pay: { column: 'P', decimalSeparator: ',' } }],
    [
      'a word for true',
      { active: { column: 'A', words: { true: ['y'], false: ['n'] } } },
      { active: { column: 'A', words: { true: ['yes'], false: ['n'] } } },
    ],
    [
      'what a reference is found by',
      { boss: { column: 'B', by: 'number' } },
      { boss: { column: 'B', by: 'mail' } },
    ],
  ])('is another with %s', async (_, was, now) => {
    expect(await noteOf(people({ number: 'No', ...was }), people({ number: 'No', ...now }))).toMatch(
      /it was: column/,
    )
  })

  test('is another with another key', async () => {
    const of = (key: string) =>
      sourceOf([{ ...entityMapping('Person', { number: 'No', mail: 'Mail' }), key }])
    expect(await noteOf(of('number'), of('mail'))).toContain('its key: mail (it was: number)')
  })

  test('of an association is another with other ends or properties', async () => {
    const note = await noteOf(members('Person', 'Team'), members('Person', 'Group', { role: 'Role' }))
    expect(note).toContain(
      'role is new (column Role); its to: column Group, by code (it was: column Team, by code)',
    )
  })

  test.each<[string, Property, Property, string]>([
    ['another type', scalar('integer'), scalar('string'), 'column G, string (it was: column G, integer)'],
    [
      'a value that is required now',
      scalar('string'),
      { ...scalar('string'), required: true },
      'column G, string, required (it was: column G, string)',
    ],
    [
      'more values of an enum',
      { ...scalar('string'), type: 'enum', values: ['a'] },
      { ...scalar('string'), type: 'enum', values: ['a', 'b'] },
      'column G, one of ["a","b"] (it was: column G, one of ["a"])',
    ],
  ])('is another with %s, though nobody touched it', async (_, was, now, told) => {
    const mapping = people({ grade: 'G' })
    const models = [modelOf([entityType('Person', [was])]), modelOf([entityType('Person', [now])])] as const
    const { notes } = await between(mapping, mapping, models)
    expect([...notes.values()].join()).toContain(told)
  })

  test('is another when what a reference is looked up by has another type', async () => {
    const team = (type: 'integer' | 'string') =>
      modelOf([
        entityType('Team', [{ name: 'code', type, required: false }]),
        entityType('Person', [referenceTo('Team')]),
      ])
    const mapping = people({ team: { column: 'T', by: 'code' } })
    const { notes } = await between(mapping, mapping, [team('integer'), team('string')])
    expect([...notes.values()].join()).toContain(
      'to Team (string) (it was: column T, by "code", to Team (integer))',
    )
  })

  test('of which one changed is remembered with all others', async () => {
    const of = (column: string) =>
      sourceOf([entityMapping('Person', { number: column }), entityMapping('Team', { code: 'Code' })])
    const { toRemember } = await between(of('No'), of('Nr'))
    expect(toRemember.map(({ mapping }) => mapping)).toEqual(['Person', 'Team'])
  })
})
