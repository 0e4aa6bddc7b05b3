import { execFileSync, spawnSync } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Source } from '@sluice/model'
import { expect, test } from 'vitest'
import { entity } from '../../prepare/test/prepare-text.ts'
import { SourceWithProgram } from '../test/source-with-program.ts'

/** The program of that language on the page that documents export programs. */
async function example(language: string): Promise<string> {
  const page = await readFile(new URL('../../../docs/export-programs.md', import.meta.url), 'utf8')
  return page.split(`\`\`\`${language}\n`)[1]?.split('```')[0] ?? ''
}

const has = (program: string) => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0

test.runIf(has('bash') && has('getent') && has('awk'))('the shell program of the page exports', async () => {
  await using hr = await SourceWithProgram.open()
  const source: Source = {
    ...hr.source({ command: ['bash', '-c', await example('bash')] }),
    entities: [entity(['login', 'uid', 'name'], { file: 'accounts.csv' })],
    associations: [],
  }
  const [counts] = await hr.prepare(await hr.sh('', 'complete', { source }), source)
  expect(counts?.read).toBeGreaterThan(0)
  expect(await hr.text('accounts.csv')).toContain('\nroot,0,"')
})

test.runIf(has('python3'))('the Python program of the page exports everything, then changes', async () => {
  await using hr = await SourceWithProgram.open()
  await writeFile(join(hr.path, 'export-hr.py'), await example('python'))
  const database = join(hr.path, 'hr.sqlite')
  const sql = (text: string) =>
    execFileSync('python3', [
      '-c',
      'import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.executescript(sys.argv[2])',
      database,
      text,
    ])
  sql(`create table person (id text primary key, name text, change integer, deleted integer default 0);
    insert into person values ('u1', 'Ann', 1, 0), ('u2', 'Bob', 2, 0), ('u3', 'Carl', 3, 1);`)
  const source: Source = {
    ...hr.source({ command: ['python3', 'export-hr.py'], environment: { HR_DATABASE: database } }),
    associations: [],
  }
  expect(await hr.sh('', 'complete', { source })).toMatchObject({ rows: { 'people.csv': 2 } })
  expect(await hr.text('people.csv')).toBe('command,id,name\r\nmerge,u1,Ann\r\nmerge,u2,Bob\r\n')
  await hr.acknowledge({ change: await hr.text('.cookies/change') })

  sql(
    `update person set deleted = 1, change = 4 where id = 'u1'; update person set name = 'Rob', change = 5 where id = 'u2'`,
  )
  expect(await hr.sh('', 'incremental', { source })).toMatchObject({ mode: 'incremental' })
  expect(await hr.text('people.csv')).toBe('command,id,name\r\ndelete,u1,Ann\r\nmerge,u2,Rob\r\n')
  expect(await hr.text('.cookies/change')).toBe('5')
})
