/**
 * A system that hands its changes out once, asked again and again while the server is away: nothing it said is lost, and
 * all of it is applied in the order in which it was asserted.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openRemoteProjectHarness, type RemoteProjectHarness } from '../../test/remote-project-harness.ts'

const later = { code: 'SLUICE-DELIVER-03' }

/** Hands out what stands in `changes.csv`, and empties it; the cookie counts the times. In a complete, everything. */
const program = `
seen=$(cat "$SLUICE_COOKIE_FOLDER/seen" 2>/dev/null || echo none)
echo "$SLUICE_MODE $seen" >> calls
if [ "$SLUICE_MODE" = incremental ]; then
  { echo command,no,name; cat changes.csv; } > "$SLUICE_FOLDER/people.csv"
else
  { echo no,name; cat all.csv; } > "$SLUICE_FOLDER/people.csv"
fi
: > changes.csv
wc -l < calls | tr -d ' ' > "$SLUICE_NEW_COOKIE_FOLDER/seen"
`

class System {
  readonly #at: RemoteProjectHarness
  readonly #all = new Map<string, string>()

  constructor(at: RemoteProjectHarness) {
    this.#at = at
  }

  async says(...changes: readonly string[]): Promise<void> {
    for (const change of changes) {
      const [command, number = '', name = ''] = change.split(',')
      if (command === 'delete') this.#all.delete(number)
      else this.#all.set(number, name)
    }
    const text = [...this.#all].map(([number, name]) => `${number},${name}\n`).join('')
    await writeFile(join(this.#at.folder, 'all.csv'), text)
    await writeFile(join(this.#at.folder, 'changes.csv'), changes.map((one) => `${one}\n`).join(''))
  }

  /** Mode and cookie of every call of the program. */
  async calls(): Promise<readonly string[]> {
    return (await readFile(join(this.#at.folder, 'calls'), 'utf8')).trim().split('\n')
  }

  get names(): readonly string[] {
    return [...this.#all.values()].sort()
  }
}

/** Five people delivered; then the server is away. */
async function away() {
  const at = await openRemoteProjectHarness(program)
  onTestFinished(() => at[Symbol.asyncDispose]())
  const system = new System(at)
  await system.says('add,1,Ann', 'add,2,Bob', 'add,3,Cid', 'add,4,Dan', 'add,5,Eve')
  const first = await at.project.sync('hr')
  await at.stopServer()
  const sync = () => expect(at.project.sync('hr')).rejects.toMatchObject(later)
  return { at, system, sync, first: first.delivery ?? '' }
}

async function runs({ project }: RemoteProjectHarness) {
  const found = await project.repository.runs({ source: 'hr' })
  return found.toReversed().map(({ mode, state, delivery, error }) => ({ mode, state, delivery, error }))
}

describe('while the server is away', () => {
  test('each delivery builds on the one before it, acknowledged or not, and all are applied in order', async () => {
    const { at, system, sync, first } = await away()
    await system.says('update,1,Anna')
    await sync()
    await system.says('update,1,Annabel', 'delete,2,')
    await sync()
    await system.says('add,2,Bert')
    await sync()
    const queue = await at.project.stages.queue('hr')
    const ids = queue.map(({ id }) => id)
    expect(queue.map(({ base }) => base)).toEqual([first, ids[0], ids[1]])
    await at.startServer()
    await system.says('add,6,Fay')
    const report = await (await at.reopen()).sync('hr')
    expect(report).toMatchObject({ mode: 'incremental', state: 'applied' })
    expect(report.notes).toEqual(['3 deliveries that waited went first (runs 2 to 4).'])
    expect((await runs(at)).map(({ delivery }) => delivery)).toEqual([first, ...ids, report.delivery])
    expect(await system.calls()).toEqual([
      'complete none',
      'incremental 1',
      'incremental 2',
      'incremental 3',
      'incremental 4',
    ])
    expect(await at.names()).toEqual(system.names)
  })

  test('the agent says how many wait, and deliver hands over all of them', async () => {
    const { at, system, sync } = await away()
    await system.says('add,6,Fay')
    await sync()
    await system.says('add,7,Gus')
    await expect(at.project.sync('hr')).rejects.toThrow('wait, as 2 deliveries, to be delivered')
    const [one, two] = await at.project.stages.queue('hr')
    await at.startServer()
    expect(await at.project.stages.deliver('hr')).toMatchObject({
      kind: 'delivered',
      delivery: { id: two?.id },
      before: [{ id: one?.id }],
    })
    const reports = await (await at.reopen()).synchronize('hr')
    expect(reports.map(({ delivery }) => delivery)).toEqual([one?.id, two?.id])
    expect(await at.project.stages.queue('hr')).toEqual([])
    expect(await at.names()).toEqual(system.names)
  })

  test('export and prepare alone put behind, too', async () => {
    const { at, system } = await away()
    for (const change of ['add,6,Fay', 'update,6,Faye']) {
      await system.says(change)
      await at.project.stages.export('hr')
      await at.project.stages.prepare('hr')
    }
    expect(await at.project.stages.queue('hr')).toHaveLength(2)
    await at.startServer()
    await at.project.stages.deliver('hr')
    await at.project.synchronize('hr')
    expect(await at.names()).toEqual(system.names)
  })

  test('a complete supersedes what waits before it, because it says everything', async () => {
    const { at, system, sync } = await away()
    await system.says('add,6,Fay')
    await sync()
    await system.says('add,7,Gus')
    await expect(at.project.sync('hr', { mode: 'complete' })).rejects.toMatchObject(later)
    await system.says('add,8,Hal')
    await sync()
    expect((await at.project.stages.queue('hr')).map(({ mode }) => mode)).toEqual(['complete', 'incremental'])
    await at.startServer()
    await at.project.sync('hr')
    expect((await runs(at)).map(({ mode }) => mode)).toEqual([
      'complete',
      'complete',
      'incremental',
      'incremental',
    ])
    expect(await at.names()).toEqual(system.names)
  })

  test('a preparation that fails leaves those that wait as they are', async () => {
    const { at, system, sync } = await away()
    await system.says('add,6,Fay')
    await sync()
    await writeFile(join(at.folder, 'changes.csv'), 'add,"7,Gus\n')
    await expect(at.project.sync('hr')).rejects.toMatchObject({ code: expect.stringMatching(/PREPARE/) })
    expect(await at.project.stages.queue('hr')).toHaveLength(1)
    await at.startServer()
    await at.project.stages.deliver('hr')
    await at.project.synchronize('hr')
    expect(await at.names()).toEqual(system.names)
  })
})

describe('when one of them comes to nothing', () => {
  test('those that build on it go with it, and the next run is a complete that says why', async () => {
    const { at, system, sync } = await away()
    for (const change of ['add,6,Fay', 'add,7,Gus', 'add,8,Hal']) {
      await system.says(change)
      await sync()
    }
    await at.forget()
    await at.startServer()
    await system.says('add,9,Ida')
    const report = await at.project.sync('hr')
    expect(report).toMatchObject({ mode: 'complete', state: 'applied' })
    expect(report.notes[0]).toMatch(/was let go: the repository moved on without it. 2 that built on it went/)
    expect(report.notes[1]).toMatch(
      /in place of an incremental. .* was let go, and with it 2 that built on it/,
    )
    expect(await at.names()).toEqual(system.names)
    await system.says('add,10,Jon')
    expect((await at.project.sync('hr')).mode).toBe('incremental')
  })

  test('a held one lets those behind it wait, and approved they go on', async () => {
    const { at, system, sync } = await away()
    await system.says('delete,1,', 'delete,2,', 'delete,3,')
    await sync()
    await system.says('add,6,Fay')
    await sync()
    await at.startServer()
    await expect(at.project.sync('hr')).rejects.toMatchObject({ code: 'SLUICE-DELIVER-01' })
    expect(await at.project.stages.queue('hr')).toEqual([])
    const held = (await runs(at)).at(-1)
    expect(held?.state).toBe('held')
    const [last] = await at.project.repository.runs({ source: 'hr' })
    await at.project.approve(last?.run ?? 0, { by: 'test' })
    await at.project.synchronize('hr')
    expect(await at.names()).toEqual(system.names)
  })

  test('a held one that is rejected refuses those behind it, and says so among the runs', async () => {
    const { at, system, sync } = await away()
    await system.says('delete,1,', 'delete,2,', 'delete,3,')
    await sync()
    await system.says('add,6,Fay')
    await sync()
    const behind = (await at.project.stages.queue('hr')).at(-1)?.id ?? ''
    await at.startServer()
    await expect(at.project.sync('hr')).rejects.toMatchObject({ code: 'SLUICE-DELIVER-01' })
    const [held] = await at.project.repository.runs({ source: 'hr' })
    await at.project.reject(held?.run ?? 0, { by: 'ada', reason: 'half of them' })
    expect(await at.project.delivery(behind)).toMatchObject({
      state: 'refused',
      reason: expect.stringMatching(/which is rejected: half of them/),
    })
    expect((await runs(at)).at(-1)).toMatchObject({
      delivery: behind,
      state: 'failed',
      error: { code: 'SLUICE-RECEIVE-15' },
    })
    const report = await at.project.sync('hr', { force: true })
    expect(report).toMatchObject({ mode: 'complete', state: 'applied' })
    expect(report.notes.join(' ')).toContain('half of them')
    expect(await at.names()).toEqual(system.names)
  })
})

describe('files that say everything', () => {
  /** A delivery that waits, and of which something is at the server already. */
  async function travelling() {
    const at = await openRemoteProjectHarness()
    onTestFinished(() => at[Symbol.asyncDispose]())
    await at.export('Ann')
    await at.project.sync('hr')
    await at.stopServer()
    await at.export('Ann', 'Bob')
    await expect(at.project.sync('hr')).rejects.toMatchObject(later)
    const path = join(at.outbox, 'delivery.json')
    const note: unknown = JSON.parse(await readFile(path, 'utf8'))
    await writeFile(path, JSON.stringify(Object.assign({}, note, { sending: true })))
    await at.export('Ann', 'Bob', 'Cid')
    await expect(at.project.sync('hr')).rejects.toMatchObject(later)
    return at
  }

  test('are compared with what the last one under way will leave, once that one travels', async () => {
    const at = await travelling()
    const [one, two] = await at.project.stages.queue('hr')
    expect(two?.base).toBe(one?.id)
    expect(await readFile(join(at.outbox, 'Person.sorted.delta'), 'utf8')).toBe(
      'command,no,name\ninsert,2,Cid\n',
    )
    // The one behind has not begun to travel, and is prepared anew.
    await at.export('Ann', 'Bob', 'Cid', 'Dan')
    await expect(at.project.sync('hr')).rejects.toMatchObject(later)
    expect((await at.project.stages.queue('hr')).map(({ id }) => id)).toEqual([one?.id, two?.id])
    await at.startServer()
    const report = await at.project.sync('hr')
    expect(report).toMatchObject({ mode: 'incremental', state: 'applied' })
    expect((await runs(at)).map(({ delivery }) => delivery)).toEqual([
      expect.anything(),
      one?.id,
      two?.id,
      report.delivery,
    ])
    expect(await at.names()).toEqual(['Ann', 'Bob', 'Cid', 'Dan'])
  })

  test('that somebody changed by hand wait as they are, and go as they are when they are told to', async () => {
    const at = await travelling()
    const delta = join(at.outbox, 'Person.sorted.delta')
    await writeFile(delta, (await readFile(delta, 'utf8')).replace('Cid', 'Cyd'))
    await at.export('Ann', 'Bob', 'Cid', 'Dan')
    await expect(at.project.sync('hr')).rejects.toMatchObject(later)
    expect(await at.project.stages.queue('hr')).toHaveLength(3)
    await at.startServer()
    await expect(at.project.stages.deliver('hr')).rejects.toMatchObject({ code: 'SLUICE-DELIVER-04' })
    const delivered = await at.project.stages.deliver('hr', { asTheyAre: true })
    expect(delivered).toMatchObject({ kind: 'delivered' })
    await at.project.synchronize('hr')
    expect(await at.names()).toEqual(['Ann', 'Bob', 'Cyd', 'Dan'])
    // No file here tells what the repository holds now.
    const report = await at.project.sync('hr')
    expect(report.mode).toBe('complete')
    expect(report.notes[0]).toContain('which was changed after it had been prepared')
    expect(await at.names()).toEqual(['Ann', 'Bob', 'Cid', 'Dan'])
  })
})
