import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { someOf } from '../../../../test/thoroughness.ts'
import { twoSources } from '../../../engine/test/companies.ts'
import { resourcesOf } from '../../../engine/test/contents.ts'
import { describeWithEngine, type EngineHarness, servers } from '../../../engine/test/engine-harness.ts'

/** From now on the database answers whoever writes a person with this SQLSTATE. */
async function failWith(harness: EngineHarness, sqlState: string): Promise<void> {
  await harness.execute(`
    create or replace function fail() returns trigger language plpgsql as
      $$ begin raise exception 'it says so' using errcode = '${sqlState}'; end $$;
    create or replace trigger fail before insert or update or delete on person execute function fail()`)
}

async function mend(harness: EngineHarness): Promise<void> {
  await harness.execute('drop function fail cascade')
}

const namesOf = async (harness: EngineHarness) =>
  (await resourcesOf(harness, 'Person')).map(({ name }) => name)

/** Commands of the system, which hands them out once: what is lost here is lost for good. */
async function sendCommands(harness: EngineHarness): Promise<string> {
  await harness.begin(twoSources)
  await harness.deliver('hr', { Person: 'n,name\n1,Ann\n2,Bob' })
  return await harness.send(
    'hr',
    { Person: 'command,n,name\nupdate,1,Anna\ndelete,2,\ninsert,3,Cid' },
    { mode: 'incremental' },
  )
}

describeWithEngine(
  'a delivery of commands',
  (harness) => {
    test.each(
      someOf(
        [
          ['53100', 'SLUICE-REPOSITORY-06'],
          ['53200', 'SLUICE-REPOSITORY-06'],
          ['53300', 'SLUICE-REPOSITORY-02'],
          ['57014', 'SLUICE-REPOSITORY-14'],
          ['57P01', 'SLUICE-REPOSITORY-02'],
          ['25P04', 'SLUICE-REPOSITORY-02'],
          ['25006', 'SLUICE-REPOSITORY-15'],
          ['40001', 'SLUICE-REPOSITORY-14'],
          ['40P01', 'SLUICE-REPOSITORY-14'],
          ['55P03', 'SLUICE-REPOSITORY-14'],
          ['08006', 'SLUICE-REPOSITORY-02'],
          ['42501', 'SLUICE-REPOSITORY-07'],
          ['XX001', 'SLUICE-REPOSITORY-16'],
          ['42703', 'SLUICE-REPOSITORY-32'],
          ['42P01', 'SLUICE-REPOSITORY-32'],
        ],
        4,
      ),
    )(
      'whose run the database breaks off with %s waits, and is applied by the next',
      async (sqlState, code) => {
        const id = await sendCommands(harness)
        await failWith(harness, sqlState)
        for (const requeue of [true, undefined]) {
          await expect(harness.engine.synchronize('hr', { requeue })).rejects.toMatchObject({
            code,
            retry: true,
          })
          expect(await harness.engine.inbox.status(id)).toMatchObject({ state: 'ready' })
        }
        const [last] = await harness.repository.runs({ source: 'hr', limit: 1 })
        expect(last).toMatchObject({ state: 'interrupted', error: { code } })
        await mend(harness)
        expect(await harness.engine.synchronize('hr')).toMatchObject([{ state: 'applied' }])
        expect(await namesOf(harness)).toEqual(['Anna', 'Cid'])
      },
    )

    test.each([
      ['22012', '22012'],
      ['42601', '42601'],
      ['23505', 'SLUICE-REPOSITORY-31'],
      ['P0001', 'SLUICE-REPOSITORY-31'],
    ])('whose run fails with %s, as it will again, has failed', async (sqlState, code) => {
      const id = await sendCommands(harness)
      await failWith(harness, sqlState)
      await expect(harness.engine.synchronize('hr', { requeue: true })).rejects.toMatchObject({
        code,
      })
      expect(await harness.engine.inbox.status(id)).toMatchObject({ state: 'failed' })
      await mend(harness)
    })

    test('whose file is gone fails, and says so', async () => {
      const id = await sendCommands(harness)
      const file = join(harness.configuration.workFolder, 'inbox', id, 'Person.sorted.delta')
      await rename(file, `${file}.kept`)
      await expect(harness.engine.synchronize('hr', { requeue: true })).rejects.toMatchObject({
        code: 'SLUICE-RECEIVE-17',
        message: expect.stringContaining('missing in the inbox'),
      })
      expect(await harness.engine.inbox.status(id)).toMatchObject({ state: 'failed' })
    })
  },
  servers,
)
