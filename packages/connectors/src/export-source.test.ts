import { execFileSync, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Progress } from '@sluice/model'
import { describe, expect, test } from 'vitest'
import { sourceOf } from '../../prepare/test/prepare-text.ts'
import { SourceWithProgram } from '../test/source-with-program.ts'
import type { Exported } from './contract/exported.ts'
import { exportSource } from './export-source.ts'

const processes = () => execFileSync('ps', ['-eo', 'args='], { encoding: 'utf8' })

/** Whatever was exported is taken for everything. */
const answerOf = async () => ({ mode: 'complete' as const })

const namesOf = ({ tables }: Exported) => tables.flatMap(({ parts }) => parts.map(({ name }) => name))

const both = 'echo u1,Ann | people; echo u1,u2 | members\n'

describe('without a program', () => {
  test('finds the files that lie there and runs nothing', async () => {
    await using hr = await SourceWithProgram.open()
    await mkdir(hr.folder)
    await writeFile(join(hr.folder, 'people.csv'), 'id,name\n')
    const { entities } = hr.source()
    const found = await exportSource({
      source: sourceOf(hr.folder, { entities }),
      mode: 'complete',
      answerOf,
    })
    expect(found).toMatchObject({ by: 'files', mode: 'complete', cookies: undefined, rows: {}, notes: [] })
    expect(namesOf(found)).toEqual(['people.csv'])
    expect(await readdir(hr.folder)).toEqual(['people.csv'])
  })

  test('takes the files of the folder that is given, and leaves the program alone', async () => {
    await using hr = await SourceWithProgram.open()
    const folder = join(hr.path, 'by-hand')
    await mkdir(folder)
    for (const name of ['people.csv', 'members.csv']) await writeFile(join(folder, name), 'id\n')
    expect(await hr.sh('exit 1', 'complete', { folder })).toMatchObject({ by: 'files', folder })
  })
})

describe('a program', () => {
  test('is told what to write, where, and how; its files take the place of those before', async () => {
    await using hr = await SourceWithProgram.open()
    await hr.sh(`${both} touch "$SLUICE_FOLDER/old.csv"`)
    const script = `${both} cat "$SLUICE_TABLES" > "$SLUICE_FOLDER/tables.txt"
      echo "$SLUICE_SOURCE $SLUICE_MODE $GREETING $(pwd)" > "$SLUICE_FOLDER/asked.txt"
      ls -A "$SLUICE_FOLDER" "$SLUICE_COOKIE_FOLDER" "$SLUICE_NEW_COOKIE_FOLDER"; env | grep SLUICE_SECRET`
    const exported = await hr.sh(`${script}; true`, 'initial', {
      program: { environment: { GREETING: 'hello' } },
      environment: { PATH: process.env['PATH'], SLUICE_SECRET: 'not for programs' },
    })
    expect(exported).toMatchObject({ by: 'program', mode: 'initial', folder: hr.folder, notes: [] })
    expect(namesOf(exported)).toEqual(['people.csv', 'members.csv'])
    expect(await hr.text('asked.txt')).toBe(`hr initial hello ${hr.path}\n`)
    expect(JSON.parse(await hr.text('tables.txt'))).toEqual([
      { file: 'people.csv', columns: ['id', 'name'], mappings: ['Person'] },
      { file: 'members.csv', columns: ['id', 'friend'], mappings: ['member'] },
    ])
    expect((await readdir(hr.folder)).sort()).toEqual(
      ['.cookies', 'export.json', 'members.csv', 'people.csv', 'tables.txt', 'asked.txt'].sort(),
    )
    expect(hr.lines.map(({ text }) => text).join('\n')).not.toContain('not for programs')
    expect(await hr.around()).toEqual(['hr'])
    expect(await hr.found()).toMatchObject({ by: 'program', mode: 'complete' })
  })

  test('is heard: each line goes to the log, some to the progress', async () => {
    await using hr = await SourceWithProgram.open()
    const reported: Progress[] = []
    await hr.sh(`${both} echo reading; echo warning >&2`, 'complete', {
      onProgress: (progress) => void reported.push(progress),
    })
    expect(hr.lines).toContainEqual({ stream: 'stdout', text: 'reading' })
    expect(hr.lines).toContainEqual({ stream: 'stderr', text: 'warning' })
    expect(reported[0]).toEqual({ stage: 'export', source: 'hr' })
    expect(reported[1]?.subject).toMatch(/reading|warning/)
  })

  test('may state how many rows it wrote, and prepare counts them', async () => {
    await using hr = await SourceWithProgram.open()
    const { rows } = await hr.sh(`${both} state '{"complete": true, "rows": {"people.csv": 1}}'`)
    expect(rows).toEqual({ 'people.csv': 1 })
    expect(await hr.prepare(await hr.found())).toMatchObject([{ read: 1 }, { read: 1 }])
    const exported = await hr.sh(`${both} state '{"complete": true, "rows": {"./people.csv": 2}}'`)
    await expect(hr.prepare(exported)).rejects.toMatchObject({
      code: 'SLUICE-EXPORT-12',
      message: './people.csv has 1 row; its export says that it wrote 2.',
    })
  })
})

describe('a failed export', () => {
  const failures: readonly [string, string, string, RegExp][] = [
    ['status', `${both} echo no rights >&2; exit 3`, '05', /ended with status 3\.\nno rights$/],
    ['a note', `state '{"complete": false, "note": "page 7"}'; exit 1`, '05', /status 1\. It notes: page 7$/],
    ['half-way', 'echo u1,Ann | people; kill -9 $$', '05', /was ended by SIGKILL\.$/],
    ['time', `${both} sleep 60`, '06', /did not end within 0\.4 s\.$/],
    [
      'a child',
      `${both} (sleep 60; echo u2,Bob >> "$SLUICE_FOLDER/people.csv") & echo ok`,
      '07',
      /still running/,
    ],
    [
      'partial',
      `${both} state '{"complete": false, "note": "page 7 is missing"}'`,
      '08',
      /page 7 is missing$/,
    ],
    ['typing', `${both} state '{"complete": true, "row": {}}'`, '09', /Unrecognized key: "row"/],
    ['no JSON', `${both} state 'yes'`, '09', /JSON/],
    [
      'changes only',
      `${both} state '{"complete": true, "mode": "incremental"}'`,
      '10',
      /a complete was asked for/,
    ],
    ['no file', ':', '11', /did not write "people\.csv"; it wrote no file\.$/],
    [
      'other name',
      `${both} cd "$SLUICE_FOLDER"; mv people.csv peoples.csv`,
      '11',
      /members\.csv, peoples\.csv\.$/,
    ],
  ]
  test.each(failures)(
    '(%s) leaves the files before as they were, and marked',
    async (name, script, code, text) => {
      await using hr = await SourceWithProgram.open()
      await hr.sh(`${both} echo first > "$SLUICE_NEW_COOKIE_FOLDER/since"`)
      const timeout = name === 'time' ? 400 : 20_000
      const failed = await hr
        .sh(script, 'complete', { program: { timeout } })
        .catch((error: unknown) => error)
      expect(failed).toMatchObject({ code: `SLUICE-EXPORT-${code}`, message: expect.stringMatching(text) })
      expect(await hr.text('people.csv')).toBe('id,name\nu1,Ann\n')
      expect(await hr.around()).toEqual(['hr'])
      await expect(hr.found()).rejects.toMatchObject({
        code: 'SLUICE-EXPORT-13',
        message: expect.stringContaining('the last export failed at '),
      })
      await hr.sh(both)
      expect((await hr.found()).by).toBe('program')
    },
  )

  test('is one that does not state that it is complete, where the source asks for that', async () => {
    await using hr = await SourceWithProgram.open()
    const program = { requireStatement: true }
    await expect(hr.sh(both, 'complete', { program })).rejects.toMatchObject({ code: 'SLUICE-EXPORT-08' })
    await hr.sh(`${both} state '{"complete": true}'`, 'complete', { program })
  })

  test('is one whose program cannot be started', async () => {
    await using hr = await SourceWithProgram.open()
    const command = ['./export.sh', '--all'] as const
    await expect(hr.sh('', 'complete', { program: { command } })).rejects.toMatchObject({
      code: 'SLUICE-EXPORT-04',
      message: expect.stringContaining('ENOENT'),
    })
  })

  test('is one that is stopped', async () => {
    await using hr = await SourceWithProgram.open()
    const stop = new AbortController()
    const log = () => stop.abort(new Error('Ctrl-C'))
    const work = hr.sh('echo begun; sleep 60', 'complete', { log, signal: stop.signal })
    await expect(work).rejects.toThrow('Ctrl-C')
    await expect(hr.found()).rejects.toThrow(/the last export failed at .*: It was interrupted\./)
  })

  test('is one whose process was killed, and the next one begins anew', async () => {
    await using hr = await SourceWithProgram.open()
    await hr.sh(both)
    const script = `
      import { exportSource } from ${JSON.stringify(new URL('./export-source.ts', import.meta.url).href)}
      const source = ${JSON.stringify(hr.source({ command: ['sh', '-c', 'touch "$SLUICE_FOLDER/people.csv"; trap "" TERM; sleep 300.625; sleep 300.6875'] }))}
      await exportSource({ source, mode: 'complete', answerOf: async () => ({ mode: 'complete' }) })`
    const sluice = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'inherit' })
    while (!(await hr.around()).some((name) => name.startsWith('.hr.export-'))) await sleep(20)
    await expect(hr.sh(both)).rejects.toMatchObject({ code: 'SLUICE-EXPORT-15' })
    const gone = new Promise((resolve) => sluice.once('exit', resolve))
    sluice.kill('SIGKILL')
    await gone
    await expect(hr.found()).rejects.toThrow(/has not ended, or was killed/)
    expect(await hr.text('people.csv')).toBe('id,name\nu1,Ann\n')
    await hr.sh(both)
    expect(await hr.around()).toEqual(['hr'])
    // Its program ran on, and might hold the managed system.
    if (process.platform === 'linux') expect(processes()).not.toContain('300.6')
  })
})

describe('the folder', () => {
  test('is not replaced when it holds what no export of this source wrote', async () => {
    await using hr = await SourceWithProgram.open()
    await mkdir(hr.folder)
    await writeFile(join(hr.folder, 'thesis.txt'), 'years of work')
    await expect(hr.sh(both)).rejects.toMatchObject({ code: 'SLUICE-EXPORT-14' })
    expect(await readdir(hr.folder)).toEqual(['thesis.txt'])
    const other = { ...hr.source(), name: 'crm', folder: join(hr.path, 'crm') }
    await exportSource({ source: other, mode: 'complete', answerOf }).catch(() => {})
    const note = JSON.parse(await readFile(join(hr.path, 'crm', 'export.json'), 'utf8'))
    expect(note).toMatchObject({ state: 'failed', source: 'crm' })
    await expect(
      exportSource({ source: { ...hr.source(), folder: other.folder }, mode: 'complete', answerOf }),
    ).rejects.toThrow('holds the export of "crm"')
  })

  test('is exported into by one at a time, whose note may outlive it', async () => {
    await using hr = await SourceWithProgram.open()
    const outcomes = await Promise.allSettled([hr.sh(both), hr.sh(both)])
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const running = {
      version: 1,
      state: 'running',
      source: 'hr',
      asked: 'complete',
      startedAt: '2026-01-01T00:00:00.000Z',
    }
    const noted = async (parts: object) =>
      writeFile(join(hr.folder, 'export.json'), JSON.stringify({ ...running, ...parts }))
    const until = new Date(Date.now() + 60_000).toISOString()
    await noted({ pid: process.ppid, host: hostname(), until })
    await expect(hr.sh(both)).rejects.toMatchObject({ code: 'SLUICE-EXPORT-15' })
    for (const stale of [
      { pid: process.ppid, host: hostname(), until: running.startedAt },
      { pid: process.pid, host: hostname(), until },
      { pid: process.ppid, host: 'another', until },
    ]) {
      await noted(stale)
      await hr.sh(both)
    }
  })
})

describe('cookies', () => {
  const next = 'cat "$SLUICE_COOKIE_FOLDER/since"; echo second > "$SLUICE_NEW_COOKIE_FOLDER/since"\n'
  const changes = 'echo insert,u2,Bob | people command,id,name; members command,id,friend < /dev/null\n'

  test('are those of the last acknowledged delivery, and new ones lie beside the files', async () => {
    await using hr = await SourceWithProgram.open()
    await hr.acknowledge({ since: 'first', other: 'kept' })
    const { cookies, mode } = await hr.sh(next + changes, 'incremental')
    expect(mode).toBe('incremental')
    expect(hr.lines).toEqual([{ stream: 'stdout', text: 'first' }])
    expect(cookies).toBe(join(hr.folder, '.cookies'))
    expect(await hr.text('.cookies/since')).toBe('second\n')
    // What the program does not touch stays as it was.
    expect(await hr.text('.cookies/other')).toBe('kept')
    expect((await hr.found('incremental')).cookies).toBe(cookies)
  })

  test('are the acknowledged ones again after an export that failed, or was never delivered', async () => {
    await using hr = await SourceWithProgram.open()
    await hr.acknowledge({ since: 'first' })
    await hr.sh(`${next} exit 1`, 'incremental').catch(() => {})
    await hr.sh(next + changes, 'incremental')
    await hr.sh(next + changes, 'incremental')
    expect(hr.lines.map(({ text }) => text)).toEqual(['first', 'first', 'first'])
  })

  test('are not given where everything is asked for, and none may be written', async () => {
    await using hr = await SourceWithProgram.open()
    await hr.acknowledge({ since: 'first' })
    const exported = await hr.sh(
      `${both} ls "$SLUICE_COOKIE_FOLDER" "$SLUICE_NEW_COOKIE_FOLDER" | grep since; true`,
    )
    expect(hr.lines).toEqual([])
    expect(exported.cookies).toBeUndefined()
    expect(existsSync(join(hr.folder, '.cookies', 'since'))).toBe(false)
  })
})

describe('an incremental', () => {
  const changes = 'echo insert,u2,Bob | people Command,id,name; echo u1,u2 | members\n'

  test('is turned into a complete when the program says that it exported all', async () => {
    await using hr = await SourceWithProgram.open()
    const exported = await hr.sh(`${changes} state '{"complete": true, "mode": "complete"}'`, 'incremental')
    expect(exported).toMatchObject({ mode: 'complete', notes: [expect.stringContaining('holds all')] })
    expect(await hr.found('complete')).toMatchObject({ mode: 'complete', notes: [] })
  })

  test('stays one when whole files came, which are compared', async () => {
    await using hr = await SourceWithProgram.open()
    await hr.acknowledge({})
    expect(await hr.sh(both, 'incremental')).toMatchObject({ mode: 'incremental', notes: [] })
  })

  test('is turned into a complete when what whole files are compared with is outdated', async () => {
    await using hr = await SourceWithProgram.open()
    await hr.acknowledge({}, { older: true })
    expect(await hr.sh(both, 'incremental')).toMatchObject({
      mode: 'complete',
      notes: [expect.stringContaining('people.csv holds all rows')],
    })
  })

  test('is refused when the program speaks of changes and no file holds any', async () => {
    await using hr = await SourceWithProgram.open()
    const script = `${both} state '{"complete": true, "mode": "incremental"}'`
    await expect(hr.sh(script, 'incremental')).rejects.toMatchObject({ code: 'SLUICE-EXPORT-10' })
  })

  test('exported as changes is not prepared as a complete later', async () => {
    await using hr = await SourceWithProgram.open()
    await hr.sh(changes, 'incremental')
    expect(await hr.found('incremental')).toMatchObject({ mode: 'incremental' })
    await expect(hr.found('complete')).rejects.toMatchObject({ code: 'SLUICE-EXPORT-10' })
  })
})
