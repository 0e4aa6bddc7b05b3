import { describe, expect, test } from 'vitest'
import { databases, testLocation } from '../../../test/databases.ts'
import { configurationOf } from '../test/configuration.ts'
import { openRepository } from './repository.ts'

describe.each(databases)('openRepository on %s', (kind) => {
  test('makes a repository, and remembers its model for the next time', async () => {
    await using place = await testLocation(kind)
    const first = await openRepository(place.location)
    expect((await first.model()).entityTypes.size).toBe(0)
    await first.evolve(
      configurationOf('entityTypes:\n  Person: { display: name, properties: { name: string } }'),
    )
    await first[Symbol.asyncDispose]()

    await using second = await openRepository(place.location)
    expect([...(await second.model()).entityTypes.values()]).toEqual([
      {
        name: 'Person',
        abstract: false,
        display: 'name',
        properties: [{ name: 'name', type: 'string', required: false }],
      },
    ])
    expect(await second.runs()).toEqual([])
  })
})
