import { beforeEach, expect, test } from 'vitest'
import { describeWithEngine } from '../../test/engine-harness.ts'

const yaml = `
entityTypes:
  Person: { display: name, properties: { name: string, badge: string } }
  Employee: { extends: Person, properties: { desk: string } }
sources:
  hr:
    table: true
    entities: { Person: { reconciliation: {rules: [[badge], [name]]}, properties: { name: {}, badge: {} } } }
`

/** Of persons three pairs with the same badge and two others with the same name; of employees a pair with the same name. */
const data = `
  insert into person (resource_id, name, badge, _created_run) values
    (1, 'A', 'x1', 1), (2, 'B', 'x1', 1), (3, 'C', 'x2', 1), (4, 'D', 'x2', 1), (5, 'E', 'x3', 1), (6, 'F', 'x3', 1),
    (7, 'G', null, 1), (8, 'G', null, 1), (9, 'H', null, 1), (10, 'H', null, 1);
  insert into employee (resource_id, name, badge, _created_run) values (11, 'G', null, 1), (12, 'G', null, 1);
`
const all = ['1 2', '3 4', '5 6', '7 8', '9 10', '11 12']

describeWithEngine('resources that may be one', (harness) => {
  beforeEach(async () => {
    await harness.begin(yaml)
    await harness.repository.database.session((session) => session.execute(data))
  })

  const find = (page: { readonly limit: number; readonly cursor?: string | undefined }) =>
    harness.engine.duplicates('Person', page)
  const idsOf = (groups: Awaited<ReturnType<typeof find>>) =>
    groups.map(({ resources }) => resources.map(({ resourceId }) => resourceId).join(' '))

  test('are listed rule by rule, those of a type before those of one that extends it', async () => {
    expect(idsOf(await find({ limit: 100 }))).toEqual(all)
  })

  test('go on behind a cursor, wherever a page ends', async () => {
    for (const limit of [1, 2, 3, 5]) {
      const found: string[] = []
      for (let cursor: string | undefined; ; ) {
        const page = await find({ limit, cursor })
        found.push(...idsOf(page))
        cursor = page.at(-1)?.cursor
        if (page.length < limit) break
      }
      expect(found, `${limit} at a time`).toEqual(all)
    }
  })

  test('go on where the group of the cursor is no longer one', async () => {
    const [, second] = await find({ limit: 2 })
    const by = { kind: 'person', name: 'olga' } as const
    await harness.engine.sayDistinct({ type: 'Person', resources: [{ id: '3' }, { id: '4' }] }, by)
    expect(idsOf(await find({ limit: 2, cursor: second?.cursor }))).toEqual(['5 6', '7 8'])
  })

  test('with a cursor that no list returned are refused', async () => {
    await expect(find({ limit: 1, cursor: '0; drop' })).rejects.toMatchObject({
      code: 'SLUICE-REPOSITORY-23',
    })
  })
})
