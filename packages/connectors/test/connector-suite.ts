/**
 * What every connector owes the stages behind it, whatever managed system it reads.
 *
 * @module
 */
import type { Source } from '@sluice/model'
import { describe, expect, test } from 'vitest'
import { association, entity } from '../../prepare/test/prepare-text.ts'
import type { Exported } from '../src/contract/exported.ts'

/** A managed system that holds these tables, by file, and a source that reads it. */
export interface ManagedSystem extends AsyncDisposable {
  /** Gives the system these contents and exports them. */
  export(tables: Readonly<Record<string, string>>, source: Source): Promise<Exported>
  source(mappings: Pick<Source, 'entities' | 'associations'>): Source
}

const people = 'id,name\nu1,Ann\n'
const members = 'id,friend\nu1,u2\n'

export function describeConnector(name: string, open: () => Promise<ManagedSystem>): void {
  const both = { entities: [entity(['id', 'name'])], associations: [association('id', 'friend')] }

  describe(`the connector for ${name}`, () => {
    test('hands over every mapped file, once, by the name that reports use', async () => {
      await using system = await open()
      const twice = {
        ...both,
        entities: [...both.entities, entity(['id'], { name: 'Member', file: './people.csv' })],
      }
      const exported = await system.export(
        { 'people.csv': people, 'members.csv': members },
        system.source(twice),
      )
      expect(exported.tables).toMatchObject([
        { file: 'people.csv', parts: [{ name: 'people.csv', size: people.length }] },
        { file: 'members.csv', parts: [{ name: 'members.csv', size: members.length }] },
      ])
    })

    test('hands over the part files of a table in the order of their names', async () => {
      await using system = await open()
      const source = system.source({
        entities: [entity(['id', 'name'], { file: 'people' })],
        associations: [],
      })
      const parts = { 'people/b.csv': people, 'people/a.csv': people, 'people/.c.csv': people }
      const { tables } = await system.export(parts, source)
      expect(tables.map(({ parts }) => parts.map(({ name }) => name))).toEqual([
        ['people/a.csv', 'people/b.csv'],
      ])
    })

    test('takes a missing file for an error and not for an empty table', async () => {
      await using system = await open()
      await expect(system.export({ 'people.csv': people }, system.source(both))).rejects.toThrow(
        'members.csv',
      )
    })

    test('hands over what the system holds now, not what it held', async () => {
      await using system = await open()
      const source = system.source({ ...both, associations: [] })
      await system.export({ 'people.csv': people }, source)
      const { tables } = await system.export({ 'people.csv': 'id,name\n' }, source)
      expect(tables[0]?.parts).toMatchObject([{ size: 'id,name\n'.length }])
    })
  })
}
