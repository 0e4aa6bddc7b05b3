import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import {
  hasDebianPostgres,
  type PostgresServer,
  startDebianPostgres,
} from '../../../../test/debian-postgres.ts'
import { openDatabase } from './open-database.ts'

// .ci/run installs it; a standby and a server with certificates of its own need more programs than npm's PostgreSQL brings.
describe.skipIf(!hasDebianPostgres)('a primary and its standby', () => {
  let folder = ''
  let primary: PostgresServer
  let standby: PostgresServer
  const stopped = new Set<PostgresServer>()

  beforeAll(async () => {
    folder = await mkdtemp(join(inject('testFolder'), 'failover-'))
    await chmod(folder, 0o755)
    primary = await startDebianPostgres(join(folder, 'one'), { settings: ['wal_level=replica'] })
    standby = await startDebianPostgres(join(folder, 'two'), { follows: primary.url })
  })
  afterAll(async () => {
    for (const server of [standby, primary]) if (!stopped.has(server)) await server?.stop()
    await rm(folder, { recursive: true, force: true })
  })

  test('the one that can be written is found, wherever it stands in the URL, and found again after a failover', async () => {
    const url = `postgresql://postgres@127.0.0.1:${standby.port},127.0.0.1:${primary.port}/postgres`
    await using database = await openDatabase({ kind: 'postgres', url, schema: 's' })
    const portOf = () =>
      database.session(async (session) => {
        const { rows } = await session.query<{ port: string }>("select current_setting('port') as port")
        return Number(rows[0]?.port)
      })
    expect(await portOf()).toBe(primary.port)

    await primary.stop()
    stopped.add(primary)
    // Nobody can be written now, and both hosts say why.
    const error: unknown = await untilRefused(portOf)
    expect(error).toMatchObject({ code: 'SLUICE-REPOSITORY-01', retry: true })
    expect(String(error)).toContain('is a standby and cannot be written')
    expect(String(error)).toContain(`127.0.0.1:${primary.port}: connect ECONNREFUSED`)

    await standby.promote()
    expect(await untilAnswered(portOf)).toBe(standby.port)
    await database.session((session) => session.execute('create table public.written (a int)'))
  })
})

/** The connection that was there is lost first. */
async function untilRefused(ask: () => Promise<unknown>): Promise<unknown> {
  for (;;) {
    const error: unknown = await ask().then(
      () => undefined,
      (reason: unknown) => reason,
    )
    if (error instanceof Error && 'code' in error && error.code === 'SLUICE-REPOSITORY-01') return error
  }
}

async function untilAnswered<T>(ask: () => Promise<T>): Promise<T> {
  for (;;) {
    const answer = await ask().catch(() => undefined)
    if (answer !== undefined) return answer
  }
}
