import type { RowToTest, RunBy } from '@sluice/model'
import { beforeEach, expect, test } from 'vitest'
import { describeWithEngine } from '../../test/engine-harness.ts'

const by: RunBy = { kind: 'person', name: 'olga' }

const yaml = `
entityTypes:
  Site: { display: code, properties: { code: string } }
  Server: { display: name, properties: { name: {type: string, required: true}, serial: string, host: string, units: integer, site: {type: reference, to: Site} } }
sources:
  cmdb:
    table: true
    thresholds: off
    entities:
      Site: { reconciliation: {policy: key}, properties: { code: {} } }
      Server: { reconciliation: {policy: key}, properties: { name: {}, serial: {}, host: {}, site: {} } }
  scan:
    table: true
    thresholds: off
    entities:
      Server:
        reconciliation:
          rules: [[{property: serial, normalize: [serial, worthless]}], [{property: host, normalize: host}, site], [units]]
          onMultiple: queue
        properties: { serial: {}, host: {}, site: {}, units: {} }
  ids:
    table: true
    thresholds: off
    entities: { Server: { reconciliation: {policy: resource_id, onZero: error}, properties: { host: {} } } }
`

describeWithEngine('rows that are tried out', (harness) => {
  beforeEach(async () => {
    await harness.begin(yaml)
    const { tables } = harness.engine
    await tables.load('cmdb', { csv: 'key;code\n1;B1\n2;B2\n', entityType: 'Site' }, { by })
    const servers =
      'key;name;serial;host;site\n1;one;S/N: ab-12;web1.example.com;B1\n2;two;X9;db1;B1\n3;three;X9;db1;B2\n'
    await tables.load('cmdb', { csv: servers, entityType: 'Server' }, { by })
  })

  const tried = async (row: RowToTest, source = 'scan') => {
    const [found] = await harness.engine.testRows({ source, rows: [row] })
    if (found === undefined) throw new Error('Nothing was tried out.')
    return found
  }
  const idOf = async (name: string) =>
    (
      await harness.rows<{ id: string }>('select resource_id::text as id from server where name = $1', [name])
    )[0]?.id ?? ''

  test('find what a run would, and say by which rule on which values, and what the others find', async () => {
    const one = { resourceId: await idOf('one'), display: 'one' }
    expect(await tried({ serial: 'AB 12', host: 'WEB1', site: 'B1' })).toEqual({
      row: 1,
      key: '',
      outcome: 'link',
      resource: one,
      rule: 1,
      decided: false,
      error: null,
      rules: [
        {
          rule: 1,
          keys: [
            {
              property: 'serial',
              normalize: ['serial', 'worthless'],
              says: 'AB 12',
              key: 'AB12',
              without: null,
              alone: 1,
            },
          ],
          count: 1,
          resources: [one],
          decides: true,
        },
        {
          rule: 2,
          keys: [
            { property: 'host', normalize: ['host'], says: 'WEB1', key: 'web1', without: null, alone: 1 },
            expect.objectContaining({ property: 'site', says: 'B1', without: null, alone: 2 }),
          ],
          count: 1,
          resources: [one],
          decides: false,
        },
        {
          rule: 3,
          keys: [{ property: 'units', normalize: [], says: null, key: null, without: 'unsaid', alone: null }],
          count: 0,
          resources: [],
          decides: false,
        },
      ],
    })
  })

  test('say why a rule finds nothing: a value that says nothing, that can be nobody’s, that others have alone', async () => {
    const found = await tried({ serial: 'N/A', host: 'db1', site: 'B9', units: 'x' })
    expect(found.rules.map(({ keys }) => keys.map(({ without }) => without))).toEqual([
      ['worthless'],
      [null, 'impossible'],
      ['impossible'],
    ])
    const alone = await tried({ host: 'web1', site: 'B2' })
    expect(alone.rules[1]).toMatchObject({ count: 0, keys: [{ alone: 1 }, { alone: 1 }] })
  })

  test('wait, are created or cannot be applied, as in a run', async () => {
    expect(await tried({ serial: 'x-9' })).toMatchObject({
      outcome: 'wait',
      rule: 1,
      error: { code: 'doubtful_match', text: '2 resources match: serial {"serial": "X9"}' },
      rules: [{ count: 2, resources: [{ display: 'two' }, { display: 'three' }] }, {}, {}],
    })
    // A server needs a name, which scan does not say.
    expect(await tried({ serial: 'new' })).toMatchObject({
      outcome: 'error',
      rule: null,
      error: { code: 'required_missing', text: 'name: a value is required' },
    })
    expect(await tried({ serial: 'ab12', units: 'many' })).toMatchObject({
      outcome: 'error',
      error: { code: 'invalid_value' },
      rules: [{ count: 1, decides: true }, {}, {}],
    })
    expect(
      await tried({ name: 'four', serial: 'N/A' }, 'cmdb').catch((error: unknown) => error),
    ).toMatchObject({
      code: 'SLUICE-MATCH-06',
    })
    const [created] = await harness.engine.testRows({
      source: 'cmdb',
      entityType: 'Server',
      rows: [{ name: 'four', primary_key: '4' }],
    })
    expect(created).toMatchObject({ outcome: 'create', key: '4', rules: [] })
  })

  test('find a resource by its id, where the source names it', async () => {
    const id = await idOf('two')
    expect(await tried({ primary_key: id }, 'ids')).toMatchObject({
      outcome: 'link',
      resource: { resourceId: id, display: 'two' },
      rules: [{ rule: 1, count: 1, keys: [{ property: 'primary_key', key: id }] }],
    })
    expect(await tried({ primary_key: 'two' }, 'ids')).toMatchObject({
      outcome: 'error',
      error: { code: 'invalid_key' },
    })
  })

  test('heed what somebody has decided of the row', async () => {
    await harness.engine.tables.load('scan', { csv: 'key;serial\na;X9\n' }, { by })
    const three = await idOf('three')
    await harness.engine.decideMatches(
      [{ source: 'scan', entityType: 'Server', key: 'a', decision: 'link', resource: three }],
      { by },
    )
    expect(await tried({ primary_key: 'a', serial: 'X9' })).toMatchObject({
      outcome: 'link',
      resource: { resourceId: three },
      rule: null,
      decided: true,
    })
  })

  test('leave everything as it is', async () => {
    const counts = () =>
      harness.rows(
        `select (select count(*) from server) as servers, (select count(*) from sluice_run) as runs, (select count(*) from sluice_match) as matches,
          (select count(*) from pg_class where relnamespace = current_schema()::regnamespace) as tables, (select last_value from sluice_resource_id) as id`,
      )
    const before = await counts()
    await tried({ serial: 'x-9', host: 'new' })
    expect(await counts()).toEqual(before)
  })

  test('are refused where they name what the source says nothing of, or nothing is shared', async () => {
    await expect(tried({ name: 'x' })).rejects.toMatchObject({
      code: 'SLUICE-MATCH-05',
      message: 'scan does not map name of Server; it maps serial, host, site, units.',
    })
    await expect(tried({}, 'nobody')).rejects.toMatchObject({ code: 'SLUICE-MATCH-06' })
  })
})
