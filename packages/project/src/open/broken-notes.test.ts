/**
 * Notes of an agent that a crash, a full disk or somebody's hand has broken: the source goes on by itself, and nothing that
 * may have been in them is lost in silence.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { someOf } from '../../../../test/thoroughness.ts'
import { openRemoteProjectHarness, type RemoteProjectHarness } from '../../test/remote-project-harness.ts'

/** Everything in a complete; else what stands in `changes.csv`, which is handed out once. */
const program = `
if [ "$SLUICE_MODE" = incremental ]; then
  { echo command,no,name; cat changes.csv; } > "$SLUICE_FOLDER/people.csv"
else
  { echo no,name; cat all.csv; } > "$SLUICE_FOLDER/people.csv"
fi
: > changes.csv
`

async function open(): Promise<RemoteProjectHarness> {
  const at = await openRemoteProjectHarness(program)
  onTestFinished(() => at[Symbol.asyncDispose]())
  await says(at, 'Ann', '')
  await at.project.sync('hr')
  return at
}

async function says(at: RemoteProjectHarness, name: string, change: string): Promise<void> {
  await writeFile(join(at.folder, 'all.csv'), `1,${name}\n2,Bob\n`)
  await writeFile(join(at.folder, 'changes.csv'), change)
}

/** Each is handed out once, and waits. */
async function waits(at: RemoteProjectHarness, ...names: readonly string[]): Promise<void> {
  await at.stopServer()
  for (const name of names) {
    await says(at, name, `update,1,${name}\n`)
    await expect(at.project.sync('hr')).rejects.toMatchObject({ code: 'SLUICE-DELIVER-03' })
  }
}

const noteOf = (folder: string) => join(folder, 'delivery.json')
const aside = /The file .*delivery\.json could not be read and was moved aside as .*delivery\.json\.broken/

/** What is left of a note. */
const breaks: readonly (readonly [string, (text: string) => string])[] = [
  ['empty', () => ''],
  ['cut off', (text) => text.slice(0, text.length / 2)],
  ['full of zeros', (text) => '\0'.repeat(text.length)],
  ['edited', (text) => text.replace('"version"', '"edition"')],
  ['no document', () => 'null'],
  ['far too large', (text) => `${text.slice(0, -2)}${' '.repeat(33 << 20)}`],
]

describe.each(someOf(breaks, 4))('a note that is %s', (_name, broken) => {
  test('and told of commands is set aside, and a complete says what they said', async () => {
    const at = await open()
    await waits(at, 'Anna')
    const text = await readFile(noteOf(at.outbox), 'utf8')
    await writeFile(noteOf(at.outbox), broken(text))
    await at.startServer()
    const report = await at.project.sync('hr')
    expect(report).toMatchObject({ mode: 'complete', state: 'applied' })
    expect(report.notes.join(' ')).toMatch(aside)
    expect(await at.names()).toEqual(['Anna', 'Bob'])
    expect(await readFile(`${noteOf(at.outbox)}.broken`, 'utf8')).toBe(broken(text))
    await says(at, 'Annabel', 'update,1,Annabel\n')
    expect(await at.project.sync('hr')).toMatchObject({ mode: 'incremental' })
    expect(await at.names()).toEqual(['Annabel', 'Bob'])
  })
})

describe('a broken note', () => {
  test('in the middle of a queue takes those with it that built on it, and what is before it goes first', async () => {
    const at = await open()
    await waits(at, 'Anna', 'Annabel', 'Annette')
    await writeFile(noteOf(join(`${at.outbox}.waiting`, '000000002')), '')
    await at.startServer()
    const report = await at.project.sync('hr')
    expect(report).toMatchObject({ mode: 'complete', state: 'applied' })
    expect(report.notes.join(' ')).toMatch(aside)
    expect(report.notes.join(' ')).toContain('One delivery that built on it was dropped, too.')
    expect(await at.names()).toEqual(['Annette', 'Bob'])
    expect((await at.project.repository.runs({ source: 'hr' })).map(({ mode }) => mode)).toEqual([
      'complete',
      'incremental',
      'complete',
    ])
  })

  test('is demanded by nothing but what it held: one that was delivered costs no complete', async () => {
    const at = await open()
    const text = await readFile(noteOf(at.outbox), 'utf8')
    await writeFile(noteOf(at.outbox), text.slice(0, 300))
    await says(at, 'Anna', 'update,1,Anna\n')
    const report = await at.project.sync('hr')
    expect(report.mode).toBe('incremental')
    expect(report.notes.join(' ')).toContain('The delivery that it described had already arrived.')
    expect(await at.names()).toEqual(['Anna', 'Bob'])
  })

  test('is named where only what waits shall be delivered, with a remedy that helps', async () => {
    const at = await open()
    await waits(at, 'Anna')
    await writeFile(noteOf(at.outbox), '')
    await at.startServer()
    await expect(at.project.stages.deliver('hr')).rejects.toMatchObject({
      code: 'SLUICE-DELIVER-14',
      message: expect.stringContaining(noteOf(at.outbox)),
      remedy: expect.stringContaining('sluice sync hr'),
    })
    await at.project.stages.export('hr')
    const { manifest } = await at.project.stages.prepare('hr')
    expect(manifest.notes.join(' ')).toContain('could not be read')
    await at.project.stages.deliver('hr')
    expect(await at.project.sync('hr')).toMatchObject({ state: 'applied' })
    expect(await at.names()).toEqual(['Anna', 'Bob'])
  })

  test('keeps no place in the queue of the server', async () => {
    const at = await open()
    await at.project.stages.export('hr', { mode: 'complete' })
    await at.project.stages.prepare('hr', { mode: 'complete' })
    const text = await readFile(noteOf(at.outbox), 'utf8')
    await writeFile(noteOf(at.outbox), text.slice(0, 300))
    const [, id = ''] = /"id": "([^"]+)"/.exec(text) ?? []
    await at.project.sync('hr')
    expect(await at.project.delivery(id)).toMatchObject({ state: 'cancelled' })
  })
})

test.each(someOf(breaks, 4))(
  'a reference whose note is %s is followed by a complete',
  async (_name, broken) => {
    const at = await open()
    const path = join(at.folder, '.sluice/state/hr/previous/reference.json')
    await writeFile(path, broken(await readFile(path, 'utf8')))
    await says(at, 'Anna', 'update,1,Anna\n')
    expect(await at.project.sync('hr')).toMatchObject({ mode: 'complete', state: 'applied' })
    await says(at, 'Annabel', 'update,1,Annabel\n')
    expect(await at.project.sync('hr')).toMatchObject({ mode: 'incremental', state: 'applied' })
    expect(await at.names()).toEqual(['Annabel', 'Bob'])
  },
)
