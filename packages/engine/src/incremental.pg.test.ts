import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { describeWithEngine, type EngineHarness, servers } from '../test/engine-harness.ts'

const yaml = `
entityTypes:
  Person:
    display: name
    properties: {number: {type: string, required: true}, name: string, age: integer, boss: {type: reference, to: Person}}
  Team:
    display: name
    properties: {code: string, name: string}
associations:
  Member: {from: Team, to: Person, properties: {role: string}}
  Home: {from: Team, to: Person, cardinality: one-to-many}
sources:
  hr:
    folder: .
    thresholds: off
    entities:
      Person:
        file: people.csv
        key: number
        thresholds: off
        properties: {number: number, name: name, age: age, boss: {column: boss, by: name}}
      Team:
        file: teams.csv
        key: code
        thresholds: off
        properties: {code: code, name: name}
    associations:
      Member:
        file: members.csv
        from: {column: team, by: name}
        to: {column: person, by: name}
        properties: {role: role}
        thresholds: off
      Home:
        file: homes.csv
        from: {column: team, by: code}
        to: {column: person, by: number}
        thresholds: off
`

const start = {
  Person: 'number,name,age,boss\n1,Ann,30,\n2,Bob,40,Ann\n3,Cid,50,Zoe',
  Team: 'code,name\nA,Alpha\nB,Beta',
  Member: 'team,person,role\nAlpha,Ann,lead\nAlpha,Bob,\nGamma,Cid,',
  Home: 'team,person\nA,1\nA,2',
}

async function people(harness: EngineHarness): Promise<readonly string[]> {
  const rows = await harness.rows<{ line: string }>(
    `select concat_ws(' ', p.number, p.name, p.age, '→ ' || b.name) as line
     from person p left join person b on b.resource_id = p.boss_id order by p.number`,
  )
  return rows.map(({ line }) => line)
}

async function links(harness: EngineHarness, table: 'member' | 'home'): Promise<readonly string[]> {
  const rows = await harness.rows<{ line: string }>(
    `select t.name || ' – ' || p.name as line from ${table} l
     join team t on t.resource_id = l.from_id join person p on p.resource_id = l.to_id order by 1`,
  )
  return rows.map(({ line }) => line)
}

const incremental = { mode: 'incremental' } as const

describeWithEngine('an incremental delivery', (harness) => {
  // What any commands of one key come to is held by reconcile/net-commands.pg.test.ts.
  test('does what its commands say, in the order of its file, and leaves the rest alone', async () => {
    await harness.begin(yaml)
    await harness.deliver('hr', start)
    const versionOf = () => harness.rows(`select xmin, * from person where number = '2'`)
    const before = await versionOf()
    const commands = [
      'command,number,name,age,boss',
      'insert,4,Dan,20,Bob',
      'update,1,Ann,31,',
      'merge,2,Bob,40,Ann',
      'delete,3,,,',
      'merge,4,Dan,21,Bob',
      'update,9,Nobody,1,',
    ]
    const report = await harness.deliver('hr', { Person: commands.join('\n') }, incremental)
    expect(await people(harness)).toEqual(['1 Ann 31', '2 Bob 40 → Ann', '4 Dan 21 → Bob'])
    expect(report.entities[0]?.changes).toEqual({ inserted: 1, updated: 1, deleted: 1 })
    expect(report.entities[0]?.rows).toMatchObject({ duplicate: 1, rejected: 1, unchanged: 1 })
    expect(await links(harness, 'member')).toEqual(['Alpha – Ann', 'Alpha – Bob'])
    // Equal, and so not even written.
    expect(await versionOf()).toEqual(before)
  })

  test('takes up the references and links that were waiting for what it brings', async () => {
    await harness.begin(yaml)
    await harness.deliver('hr', start)
    await harness.deliver(
      'hr',
      { Person: 'command,number,name,age,boss\ninsert,7,Zoe,60,', Team: 'command,code,name\ninsert,C,Gamma' },
      incremental,
    )
    expect(await people(harness)).toContain('3 Cid 50 → Zoe')
    expect(await links(harness, 'member')).toEqual(['Alpha – Ann', 'Alpha – Bob', 'Gamma – Cid'])
  })

  test('leaves what another writer did to a row it writes for another reason to the next complete', async () => {
    await harness.begin(yaml)
    await harness.deliver('hr', start)
    await harness.execute(`update person set age = 99 where number = '3'`)
    await harness.deliver('hr', { Person: 'command,number,name,age,boss\ninsert,4,Zoe,60,' }, incremental)
    expect(await people(harness)).toContain('3 Cid 99 → Zoe')
    const whole = { ...start, Person: `${start.Person}\n4,Zoe,60,` }
    expect((await harness.deliver('hr', whole)).entities[0]?.changes).toMatchObject({ updated: 1 })
    expect(await people(harness)).toContain('3 Cid 50 → Zoe')
  })

  test('says and takes back links, by what the ends were called before and are called after', async () => {
    await harness.begin(yaml)
    await harness.deliver('hr', start)
    const report = await harness.deliver(
      'hr',
      {
        Team: 'command,code,name\nupdate,A,Aleph',
        Member:
          'command,team,person,role\ndelete,Alpha,Ann,\ninsert,Aleph,Ann,lead\ndelete,Alpha,Bob,\ninsert,Beta,Bob,new',
      },
      incremental,
    )
    expect(await links(harness, 'member')).toEqual(['Aleph – Ann', 'Beta – Bob'])
    expect(report.associations[0]?.changes).toEqual({ inserted: 1, updated: 0, deleted: 1 })
  })

  test('keeps what it says of a link that waits until its end arrives', async () => {
    await harness.begin(yaml)
    await harness.deliver('hr', start)
    await harness.deliver('hr', { Member: 'command,team,person,role\nupdate,Gamma,Cid,guest' }, incremental)
    await harness.deliver('hr', { Team: 'command,code,name\ninsert,C,Gamma' }, incremental)
    const roles = await harness.rows(
      `select m.role from member m join team t on t.resource_id = m.from_id where t.name = 'Gamma'`,
    )
    expect(roles).toEqual([{ role: 'guest' }])
  })

  test('takes a link back whatever else its row holds', async () => {
    const dated = yaml
      .replace('properties: {role: string}', 'properties: {role: string, since: date}')
      .replace('properties: {role: role}', 'properties: {role: role, since: since}')
    await harness.begin(dated)
    await harness.deliver('hr', { ...start, Member: 'team,person,role,since\nAlpha,Ann,lead,2020-01-01' })
    const report = await harness.deliver(
      'hr',
      { Member: 'command,team,person,role,since\ndelete,Alpha,Ann,,long ago\ninsert,Beta,Bob,,long ago' },
      incremental,
    )
    expect(await links(harness, 'member')).toEqual([])
    expect(report.associations[0]?.rows).toMatchObject({ deleted: 1, rejected: 1 })
  })

  test('moves the one link of an end without being told to take the old one back', async () => {
    await harness.begin(yaml)
    await harness.deliver('hr', start)
    const report = await harness.deliver(
      'hr',
      { Home: 'command,team,person\ninsert,B,2\nupdate,,1' },
      incremental,
    )
    expect(await links(harness, 'home')).toEqual(['Beta – Bob'])
    expect(report.associations[1]?.changes).toEqual({ inserted: 1, updated: 0, deleted: 2 })
  })

  test('is refused when it builds on another delivery than the one applied last', async () => {
    await harness.begin(yaml)
    await harness.deliver('hr', start)
    const id = await harness.send(
      'hr',
      { Person: 'command,number,name,age,boss\ndelete,1,,,' },
      { ...incremental, base: '00000000-0000-4000-8000-000000000000' },
    )
    expect(await harness.engine.synchronize('hr')).toEqual([])
    expect(await harness.engine.inbox.status(id)).toMatchObject({ state: 'refused' })
    expect(await people(harness)).toHaveLength(3)
  })
})

describeWithEngine(
  'an incremental after rows that could not be read',
  (harness) => {
    /** A complete lacks one row and could not read another with these fields; then an incremental comes. */
    async function afterUnreadable(
      mapping: keyof typeof without,
      fields: readonly string[],
      keptFrom: (last: string) => string | undefined,
    ) {
      await harness.begin(yaml)
      const { delivery } = await harness.deliver('hr', start)
      const { notes } = await harness.deliver(
        'hr',
        { ...start, [mapping]: without[mapping] },
        { unreadable: [{ mapping, fields }], keptFrom: keptFrom(delivery ?? '') },
      )
      const id = await harness.send(
        'hr',
        { Person: 'command,number,name,age,boss\ndelete,1,,,' },
        incremental,
      )
      await harness.engine.synchronize('hr')
      return { notes, state: (await harness.engine.inbox.status(id))?.state }
    }
    const without = {
      Person: 'number,name,age,boss\n1,Ann,30,\n2,Bob,40,Ann',
      Home: 'team,person\nA,1',
      Member: 'team,person,role\nAlpha,Ann,lead\nAlpha,Bob,',
    }

    test.each([
      ['a resource', 'Person', ['3', 'Cid']],
      ['a link', 'Home', ['A', '2']],
      ['a waiting link', 'Member', ['Gamma', 'Cid']],
    ] as const)(
      'is refused where a complete kept %s of which the agent does not know',
      async (_, mapping, fields) => {
        const note =
          'A row could not be read, so its stored values are kept. The agent does not know of it, so the next run has to be a complete, too.'
        expect(await afterUnreadable(mapping, fields, () => undefined)).toEqual({
          state: 'refused',
          notes: [note],
        })
      },
    )

    test('finds a link again that lost an end while its row could not be read, and one whose end came', async () => {
      await harness.begin(yaml)
      await harness.deliver('hr', start)
      const unreadable = [
        { mapping: 'Home', fields: ['A', '2'] },
        { mapping: 'Member', fields: ['Gamma', 'Cid'] },
      ]
      const Person = 'number,name,age,boss\n1,Ann,30,\n3,Cid,50,'
      const Team = `${start.Team}\nC,Gamma`
      await harness.deliver('hr', { ...start, ...without, Person, Team }, { unreadable })
      expect(await links(harness, 'home')).toEqual(['Alpha – Ann'])
      expect(await links(harness, 'member')).toEqual(['Alpha – Ann', 'Gamma – Cid'])
      await harness.deliver('hr', { ...start, ...without, Team }, { unreadable })
      expect(await links(harness, 'home')).toEqual(['Alpha – Ann', 'Alpha – Bob'])
    })

    test('is refused where the agent knows what a complete kept from a delivery that was never applied', async () => {
      expect(await afterUnreadable('Person', ['3'], () => randomUUID())).toMatchObject({ state: 'refused' })
    })

    test('is taken where the agent knows of every row that a complete kept, or it kept none', async () => {
      const taken = { state: 'applied', notes: [] }
      expect(await afterUnreadable('Person', ['3'], (last) => last)).toEqual(taken)
      expect(await afterUnreadable('Person', ['4'], () => undefined)).toEqual(taken)
    })
  },
  servers,
)
