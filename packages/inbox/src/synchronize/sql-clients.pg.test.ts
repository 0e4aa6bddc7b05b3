/**
 * Open tables as SQL clients see them: under a role of their own that may do just that.
 */
import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { identifier } from '@sluice/repository'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { afterEach, beforeEach, expect, inject, test } from 'vitest'
import { describeWithEngine, servers } from '../../../engine/test/engine-harness.ts'

const yaml = `
entityTypes:
  Server: { display: name, properties: { name: string, serial: string, units: integer, pin: secret } }
sources:
  s1:
    table: true
    thresholds: off
    entities:
      Server:
        delete: delete
        reconciliation: { rules: [[name]] }
        properties: { name: {}, serial: {}, units: {}, pin: {} }
`

describeWithEngine(
  'a role of the database',
  (harness) => {
    const role = `etl_${randomUUID().replaceAll('-', '')}`
    let client: pg.Client

    beforeEach(async () => {
      await harness.begin(yaml)
      client = new pg.Client(inject('servers')[harness.kind.slice('postgres-'.length)])
      await client.connect()
      await client.query(`create role ${role} login`)
      await client.query(`set search_path to ${identifier(harness.database.schema)}`)
      await harness.repository.grantSource('s1', role)
      await client.query(`set role ${role}`)
    })
    afterEach(async () => {
      await client.query(`reset role; drop owned by ${role}; drop role ${role}`)
      await client.end()
    })

    const statuses = async () =>
      (
        await harness.rows<{ one: string }>(
          "select key || ' ' || status as one from replica_s1_server order by seq",
        )
      ).map(({ one }) => one)
    const run = async () => {
      const [report] = await harness.engine.synchronize('s1')
      return report?.entities[0]?.replicas
    }
    const copy = (text: string) =>
      pipeline(
        Readable.from([text]),
        client.query(
          copyFrom('copy synchro_data_server_1 (primary_key, name, units) from stdin (format csv)'),
        ),
      )

    test('writes a secret in the clear, finds it hidden, and changes nothing where it says it again', async () => {
      const write = `insert into synchro_data_server_1 (primary_key, name, pin) values ('k1', 'a', '4711')
        on conflict (primary_key) do update set pin = excluded.pin`
      const pins = async () => (await client.query('select pin from synchro_data_server_1')).rows
      await client.query(write)
      await run()
      const [hidden] = await pins()
      expect(hidden).toEqual({ pin: expect.stringMatching(/^\$s2k\$/) })
      expect(await harness.rows('select pin from server')).toEqual([hidden])
      await client.query(write)
      expect(await statuses()).toEqual(['k1 synchronized'])
      await client.query("update synchro_data_server_1 set pin = '0815'")
      expect(await statuses()).toEqual(['k1 modified'])
      expect(await pins()).not.toEqual([hidden])
      await expect(harness.rows("update server set pin = '4711' returning pin")).rejects.toThrow(
        'server_pin_hidden',
      )
    })

    test('fills the table by COPY and INSERT, changes, touches and deletes rows', async () => {
      await copy('k1,a,1\nk2,b,2\n')
      await client.query("insert into synchro_data_server_1 (primary_key, name) values ('k3', 'c')")
      expect(await statuses()).toEqual(['k1 new', 'k2 new', 'k3 new'])
      expect(await run()).toMatchObject({ created: 3 })

      await client.query("update synchro_data_server_1 set serial = 'S' where primary_key = 'k1'")
      await client.query("update synchro_data_server_1 set serial = serial where primary_key = 'k2'")
      await client.query("delete from synchro_data_server_1 where primary_key = 'k3'")
      expect(await statuses()).toEqual(['k1 modified', 'k2 synchronized'])
      expect(await run()).toMatchObject({ updated: 1, unchanged: 1 })
      expect(await harness.rows('select name, serial from server order by name')).toEqual([
        { name: 'a', serial: 'S' },
        { name: 'b', serial: null },
        // Let go, and free from then on.
        { name: 'c', serial: null },
      ])
    })

    test('upserts, in one statement', async () => {
      await copy('k1,a,1\n')
      await run()
      const upsert = `insert into synchro_data_server_1 (primary_key, name, units) values ('k1', 'a', '2'), ('k2', 'b', '1')
        on conflict (primary_key) do update set name = excluded.name, units = excluded.units`
      await client.query(upsert)
      expect(await statuses()).toEqual(['k1 modified', 'k2 new'])
      await run()
      await client.query(upsert)
      expect(await statuses()).toEqual(['k1 synchronized', 'k2 synchronized'])
    })

    test('renames a key: another row, which finds the resource anew', async () => {
      await copy('k1,a,1\n')
      await run()
      await client.query("update synchro_data_server_1 set primary_key = 'k9'")
      expect(await statuses()).toEqual(['k9 new'])
      expect(await run()).toMatchObject({ matchedUnchanged: 1 })
    })

    test.each([
      'select * from replica_s1_server',
      "update replica_s1_server set status = 'synchronized'",
      'delete from server',
      'select * from sluice_run',
      'truncate synchro_data_server_1',
      'alter table synchro_data_server_1 disable trigger all',
      'create table mine (n int)',
    ])('may do nothing else: %s', async (text) => {
      await expect(client.query(text)).rejects.toMatchObject({ code: '42501' })
    })

    test('may do nothing any more once that is taken from it', async () => {
      await harness.repository.revokeSource('s1', role)
      await expect(client.query('select from synchro_data_server_1')).rejects.toMatchObject({
        code: expect.stringMatching(/42501|42P01/),
      })
    })

    test('whoever owns the table may empty it at once', async () => {
      await copy('k1,a,1\n')
      await harness.execute('truncate synchro_data_server_1')
      expect(await statuses()).toEqual([])
    })

    test('has to be there', async () => {
      const granting = harness.repository.grantSource('s1', 'nobody_of_this_name')
      await expect(granting).rejects.toMatchObject({ code: 'SLUICE-REPOSITORY-25' })
    })
  },
  servers.slice(0, 1),
)
