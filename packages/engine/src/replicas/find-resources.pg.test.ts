import type { RunBy } from '@sluice/model'
import { type Repository, type Session, throughSessions } from '@sluice/repository'
import { expect, test } from 'vitest'
import { openSynchronizer } from '../../../inbox/src/index.ts'
import { describeWithEngine, servers } from '../../test/engine-harness.ts'

const by: RunBy = { kind: 'program', name: 'a test' }

/** A repository that notes how PostgreSQL carries out a statement of this name, which fills a table. */
function explaining(repository: Repository, name: string, plans: string[]): Repository {
  const explained = (session: Session): Session => ({
    query: async (text, values) => {
      if (text.includes(name)) {
        const query = `explain ${text.slice(text.indexOf(' as ') + 4)}`
        plans.push(
          ...(await session.query<{ 'QUERY PLAN': string }>(query, values)).rows.map(
            (row) => row['QUERY PLAN'],
          ),
        )
      }
      return await session.query(text, values)
    },
    execute: (text) => session.execute(text),
    copyFrom: (target, path, format, options) => session.copyFrom(target, path, format, options),
  })
  const database = throughSessions(repository.database, explained)
  return { ...repository, database: { ...database, [Symbol.asyncDispose]: async () => undefined } }
}

/** `cmdb` brings resources in, which `scan` finds. */
const yaml = (rules: string, more = '') => `
worthlessValues: ["see sticker"]
entityTypes:
  Server: { display: name, properties: { name: string, serial: string, host: string, seen: string } }
sources:
  cmdb:
    table: true
    thresholds: off
    entities: { Server: { reconciliation: {policy: key}, properties: { name: {}, serial: {}, host: {} } } }
  scan:
    table: true
    thresholds: off
    entities:
      Server:
        reconciliation: { rules: ${rules}${more} }
        properties: { serial: {update: false}, host: {update: false}, seen: {} }
`

describeWithEngine(
  'rows of which rules compare normalized values',
  (harness) => {
    const load = async (source: string, csv: string) =>
      (await harness.engine.tables.load(source, { csv }, { by })).report
    const found = async () =>
      (
        await harness.rows<{ key: string; name: string | null; code: string | null }>(
          `select r.key, o.name, r.error->>'code' as code from replica_scan_server r left join server o using (resource_id) order by r.key`,
        )
      ).map(({ key, name, code }) => `${key}: ${name ?? code}`)

    test('find what is called otherwise only in its spelling, and of each rule what its normalizers say', async () => {
      await harness.begin(
        yaml(
          '[[{property: serial, normalize: [serial, worthless]}], [{property: host, normalize: [host, accents]}]]',
          ', onZero: error',
        ),
      )
      await load(
        'cmdb',
        'key;name;serial;host\n1;one;S/N: ab-12;web1.example.com\n2;two;N/A;Zürich.example.com\n3;three;;\n4;four;see sticker;db.lan\n',
      )
      await load(
        'scan',
        'key;serial;host;seen\na;AB 12;;1\nb;n.a.;ZURICH;2\nc;See Sticker;;3\nd;To be filled by O.E.M.;db;4\ne;;;5\n',
      )
      // A host that is empty is a value as before; a serial that is empty says as little as N/A does.
      expect(await found()).toEqual(['a: one', 'b: two', 'c: three', 'd: four', 'e: three'])
      const [first, second] = await harness.rows<{ matched: unknown }>(
        'select matched from replica_scan_server order by key',
      )
      expect(first?.matched).toEqual({
        rule: 1,
        values: { serial: 'AB12' },
        normalized: { serial: ['serial', 'worthless'] },
      })
      expect(second?.matched).toMatchObject({ rule: 2, values: { host: 'zurich' } })
    })

    test('never meet by what says nothing, neither what is stored nor one another', async () => {
      await harness.begin(yaml('[[{property: serial, normalize: [serial, worthless]}]]'))
      await load('cmdb', 'key;name;serial\n1;one;Default string\n2;two;0000000\n3;three;\n')
      const report = await load('scan', 'key;serial\na;Default string\nb;0000000\nc;N/A\nd;\ne;00-00\n')
      expect(report).toMatchObject({
        entities: [{ replicas: { created: 5, matchedUpdated: 0, matchedUnchanged: 0 } }],
      })
    })

    test('find what an earlier row of the run has made, under its normalized name', async () => {
      const writing = yaml('[[{property: serial, normalize: serial}]]').replace(
        'serial: {update: false}',
        'serial: {}',
      )
      await harness.begin(writing)
      const report = await load('scan', 'key;serial;seen\na;ab-1;1\nb;AB 1;1\n')
      expect(report).toMatchObject({ entities: [{ replicas: { created: 1, matchedUpdated: 1 } }] })
    })

    test('find few among many by an index, which is there for them alone', async () => {
      await harness.begin(yaml('[[serial]]'))
      const indexes = async () =>
        (
          await harness.rows<{ indexname: string }>(
            "select indexname from pg_indexes where schemaname = current_schema() and tablename = 'server' and indexname like 'sluice_by%'",
          )
        ).map(({ indexname }) => indexname)
      expect(await indexes()).toEqual([])
      await harness.reconfigure(yaml('[[{property: serial, normalize: [serial, worthless]}]]'))
      expect(await indexes()).toEqual(['sluice_by_server.serial.serial'])
      await harness.execute(
        "insert into server (resource_id, name, serial) select n, 'n' || n, 'SN: X-' || n from generate_series(1, 20000) n; analyze server",
      )
      const plans: string[] = []
      const engine = openSynchronizer({
        repository: explaining(harness.repository, 'replicas/find-resources', plans),
        configuration: harness.configuration,
      })
      const { report } = await engine.tables.load(
        'scan',
        { csv: 'key;serial;seen\na;x 17;1\nb;X18;1\n' },
        { by },
      )
      expect(report).toMatchObject({ entities: [{ replicas: { matchedUpdated: 2 } }] })
      expect(await found()).toEqual(['a: n17', 'b: n18'])
      expect(plans.join('\n')).toContain('sluice_by_server.serial.serial')
    })
  },
  [...new Set([...servers, 'pglite' as const])],
)
