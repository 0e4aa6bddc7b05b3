/**
 * A process for the tests of two that want one folder: opens it, then fills a table for as long as it may, says how both
 * went, and stays.
 *
 * @module
 */
import { openPGlite } from '../src/database/pglite.ts'

const say = (word: string) => process.stdout.write(`${word}\n`)
const codeOf = (error: unknown) =>
  error instanceof Error && 'code' in error ? String(error.code) : String(error)

const times = { beat: 200, expiry: 4000 }
const database = await openPGlite(process.argv[2] ?? '', times).catch((error: unknown) => say(codeOf(error)))
if (typeof database === 'object') {
  const fill = (rows: number) =>
    database.session((session) =>
      session.execute(
        `insert into public.numbers select n, repeat('x', 1000) from generate_series(1, ${rows}) n`,
      ),
    )
  await database.session((session) =>
    session.execute('create table if not exists public.numbers (n int, t text)'),
  )
  await fill(10)
  say('open')
  const filled = await fill(300_000).then(() => 'filled', codeOf)
  const after = await fill(1).then(() => 'filled', codeOf)
  say(`${filled}, ${after}`)
}
setInterval(() => {}, 1000)
