/**
 * A server whose database has no room, for a while.
 */
import { expect, test } from 'vitest'
import { createServerHarness, decided, deliver } from '../test/server-harness.ts'

test('tries again what the database has no room for, and applies it when there is some', async () => {
  await using harness = await createServerHarness()
  const { repository, secrets, logged } = harness
  const execute = (text: string) => repository.database.session((session) => session.execute(text))
  await execute(`
    create function fail() returns trigger language plpgsql as
      $$ begin raise exception 'could not extend file' using errcode = '53100'; end $$;
    create trigger fail before insert on person execute function fail()`)
  const server = await harness.serve()
  const { id } = await deliver(server, secrets.agent, 'hr', ['ada'])
  const tries = async () => (await repository.runs({ source: 'hr' })).map(({ state }) => state)
  // More than once, and each time it is said why.
  await expect.poll(tries, { timeout: 20_000 }).toEqual(['interrupted', 'interrupted'])
  expect(logged.join('')).toContain('SLUICE-REPOSITORY-06')
  expect(logged.join('')).not.toContain('SLUICE-DEFECT')
  await execute('drop function fail cascade')
  expect(await decided(server, secrets.agent, id)).toMatchObject({ state: 'applied' })
})
