/**
 * A process for the tests of PGlite: opens the folder it is given, commits one row, begins a second
 * transaction, says so and waits to be killed.
 *
 * @module
 */
import process from 'node:process'
import { openDatabase } from '../src/database/open-database.ts'

const database = await openDatabase({ kind: 'folder', path: process.argv[2] ?? '' })
await database.transaction((session) => session.execute('create table t (n int); insert into t values (1)'))
await database.transaction(async (session) => {
  await session.execute('insert into t values (2)')
  process.stdout.write('waiting\n')
  await new Promise<void>((resolve) => setTimeout(resolve, 60_000))
})
