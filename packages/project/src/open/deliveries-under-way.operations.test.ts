/**
 * A system that hands its changes out once, asked again and again while the server is away: nothing it said is lost, and
 * all of it is applied in the order in which it was asserted.
 */
import { cp, readFile, rename, rm, writeFile } from 'node:fs/promises'
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

/** The same, by a program that keeps no cookies. */
const withoutCookies = `
if [ "$SLUICE_MODE" = incremental ]; then
  { echo command,no,name; cat changes.csv; } > "$SLUICE_FOLDER/people.csv"
else
  { echo no,name; cat all.csv; } > "$SLUICE_FOLDER/people.csv"
fi
: > changes.csv
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
async function away(exporting = program) {
  const at = await openRemoteProjectHarness(exporting)
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

/** Two that wait, of which the first deletes more than is allowed. */
async function oneToBeHeld() {
  const { at, system, sync } = await away()
  await system.says('delete,1,', 'delete,2,', 'delete,3,')
  await sync()
  await system.says('add,6,Fay')
  await sync()
  return { at, system }
}

async function edit(at: RemoteProjectHarness, name: string, from: string, to: string): Promise<void> {
  const path = join(at.outbox, name)
  await writeFile(path, (await readFile(path, 'utf8')).replace(from, to))
}

async function prepareComplete({ project }: RemoteProjectHarness) {
  await project.stages.export('hr', { mode: 'complete' })
  return await project.stages.prepare('hr', { mode: 'complete' })
}

/** Of two that wait the last one, kept aside until the first is at the server. */
async function asideLast({ outbox }: RemoteProjectHarness) {
  const kept = `${outbox}-aside`
  await rename(outbox, kept)
  await rename(join(`${outbox}.waiting`, '000000001'), outbox)
  return {
    async putBehind() {
      await rm(outbox, { recursive: true })
      await rename(kept, outbox)
    },
  }
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
    expect(report.notes).toContain('3 deliveries that were waiting were applied first (runs 2 to 4).')
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
    await expect(at.project.sync('hr')).rejects.toThrow('they wait as 2 deliveries')
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

  test('a preparation that fails leaves those that wait as they are, where people look for them', async () => {
    const { at, system, sync } = await away()
    await system.says('add,6,Fay')
    await sync()
    await writeFile(join(at.folder, 'changes.csv'), 'add,"7,Gus\n')
    await expect(at.project.sync('hr')).rejects.toMatchObject({ code: expect.stringMatching(/PREPARE/) })
    const [waiting] = await at.project.stages.queue('hr')
    expect(JSON.parse(await readFile(join(at.outbox, 'delivery.json'), 'utf8'))).toMatchObject({
      id: waiting?.id,
      stage: 'prepared',
    })
    await at.startServer()
    await at.project.stages.deliver('hr')
    await at.project.synchronize('hr')
    expect(await at.names()).toEqual(system.names)
  })

  test('what is put behind is announced behind, even when the server has come back in between', async () => {
    const { at, system, sync } = await away()
    await system.says('add,6,Fay')
    await sync()
    await at.startServer()
    await system.says('update,6,Faye')
    await at.project.stages.export('hr')
    const behind = await at.project.stages.prepare('hr')
    expect(await at.project.delivery(behind.id)).toBeUndefined()
    await at.project.stages.deliver('hr')
    await at.project.synchronize('hr')
    expect(await at.names()).toEqual(system.names)
  })

  test('commands are never prepared anew in the place of commands: each is a delivery of its own', async () => {
    const { at, system, sync } = await away()
    await system.says('add,6,Fay')
    await sync()
    await system.says('delete,6,')
    await sync()
    expect((await at.project.stages.queue('hr')).map(({ manifest }) => manifest.files[0]?.rows)).toEqual([
      1, 1,
    ])
  })
})

describe('a complete that is prepared again before it was delivered', () => {
  test('takes the place of the first in the queue of the server, too', async () => {
    const at = await openRemoteProjectHarness()
    onTestFinished(() => at[Symbol.asyncDispose]())
    await at.export('Ann')
    const first = await at.project.stages.prepare('hr', { mode: 'complete' })
    await at.export('Ann', 'Bob')
    const second = await at.project.stages.prepare('hr', { mode: 'complete' })
    await at.project.stages.deliver('hr')
    expect(await at.project.synchronize('hr')).toMatchObject([{ delivery: second.id, state: 'applied' }])
    expect(await at.project.delivery(first.id)).toMatchObject({ state: 'cancelled' })
    expect(await at.names()).toEqual(['Ann', 'Bob'])
  })

  test('gives up whatever the commands had announced in whose place it comes', async () => {
    const { at, system } = await away()
    await at.startServer()
    await system.says('add,6,Fay')
    await at.project.stages.export('hr')
    const commands = await at.project.stages.prepare('hr')
    expect(await at.project.delivery(commands.id)).toMatchObject({ state: 'announced' })
    await system.says('add,7,Gus')
    const complete = await prepareComplete(at)
    await at.project.stages.deliver('hr')
    expect(await at.project.synchronize('hr')).toMatchObject([{ delivery: complete.id, state: 'applied' }])
    expect(await at.project.delivery(commands.id)).toMatchObject({ state: 'cancelled' })
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
    expect(report.notes[0]).toMatch(
      /was dropped: the repository has applied newer deliveries. 2 deliveries that built on it were dropped/,
    )
    expect(report.notes[1]).toMatch(
      /instead of an incremental. .* was dropped, and with it 2 deliveries that built on it/,
    )
    expect(await at.names()).toEqual(system.names)
    await system.says('add,10,Jon')
    expect((await at.project.sync('hr')).mode).toBe('incremental')
  })

  test('a held one lets those behind it wait, and approved they go on', async () => {
    const { at, system } = await oneToBeHeld()
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
    const { at, system } = await oneToBeHeld()
    const behind = (await at.project.stages.queue('hr')).at(-1)?.id ?? ''
    await at.startServer()
    await expect(at.project.sync('hr')).rejects.toMatchObject({ code: 'SLUICE-DELIVER-01' })
    const [held] = await at.project.repository.runs({ source: 'hr' })
    await at.project.reject(held?.run ?? 0, { by: 'ada', reason: 'half of them' })
    expect(await at.project.delivery(behind)).toMatchObject({
      state: 'refused',
      reason: expect.stringMatching(/which was not applied: it is rejected: half of them/),
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
  test('by force, a held one before them is applied, and they are', async () => {
    const { at, system } = await oneToBeHeld()
    await at.startServer()
    await system.says('add,7,Gus')
    const report = await at.project.sync('hr', { force: true })
    expect(report).toMatchObject({ mode: 'incremental', state: 'applied' })
    expect(report.notes.join(' ')).toContain('was applied first, because of --force')
    expect(await at.names()).toEqual(system.names)
  })

  test('a complete does not wait for the decision about a held one before them', async () => {
    const { at, system } = await oneToBeHeld()
    await at.startServer()
    await system.says()
    const report = await at.project.sync('hr', { mode: 'complete' })
    expect(report).toMatchObject({ mode: 'complete', state: 'held' })
    await at.project.approve(report.run ?? 0, { by: 'test' })
    expect(await at.names()).toEqual(system.names)
  })

  test('one alone that was handed out once makes the next run a complete, too', async () => {
    const { at, system, sync } = await away()
    await system.says('add,6,Fay')
    await sync()
    await edit(at, 'Person.sorted.delta', 'Fay', 'Foy')
    await at.startServer()
    await system.says()
    const report = await at.project.sync('hr')
    expect(report).toMatchObject({ mode: 'complete', state: 'applied' })
    expect(report.notes.join(' ')).toMatch(/instead of an incremental.* was dropped/)
    expect(await at.names()).toEqual(system.names)
  })

  test('a complete for which the program had ticked everything off makes the next run a complete', async () => {
    const { at, system } = await away()
    await at.startServer()
    await system.says('add,6,Fay')
    await at.expire((await prepareComplete(at)).id)
    await system.says()
    expect(await at.project.sync('hr')).toMatchObject({ mode: 'complete', state: 'applied' })
    expect(await at.names()).toEqual(system.names)
  })

  test('a complete in place of commands that comes to nothing makes the next run a complete', async () => {
    const { at, system, sync } = await away(withoutCookies)
    await system.says('add,6,Fay')
    await sync()
    await at.startServer()
    await at.expire((await prepareComplete(at)).id)
    await system.says()
    expect(await at.project.sync('hr')).toMatchObject({ mode: 'complete', state: 'applied' })
    expect(await at.names()).toEqual(system.names)
  })

  test('a complete that expired comes again where others build on it', async () => {
    const { at, system, sync } = await away()
    await at.startServer()
    const complete = await prepareComplete(at)
    await at.stopServer()
    await system.says('add,6,Fay')
    await sync()
    await at.startServer()
    await at.expire(complete.id)
    await system.says()
    expect(await at.project.sync('hr')).toMatchObject({ mode: 'incremental', state: 'applied' })
    expect((await runs(at)).filter(({ state }) => state === 'applied').map(({ mode }) => mode)).toEqual([
      'complete',
      'complete',
      'incremental',
      'incremental',
    ])
    expect(await at.names()).toEqual(system.names)
  })

  test('one whose base failed at the server says in the next complete why it failed', async () => {
    const { at, system, sync } = await away()
    await system.says('add,6,Fay')
    await sync()
    await system.says('add,7,Gus')
    await sync()
    const [first] = await at.project.stages.queue('hr')
    const kept = await asideLast(at)
    await at.startServer()
    await at.failing('Fay')
    await at.project.stages.deliver('hr')
    await expect(at.project.synchronize('hr')).resolves.toMatchObject([{ state: 'failed' }])
    await kept.putBehind()
    await at.failing(undefined)
    await system.says()
    const report = await at.project.sync('hr')
    expect(report).toMatchObject({ mode: 'complete', state: 'applied' })
    expect(report.notes.join(' ')).toMatch(new RegExp(`delivery ${first?.id} is failed .*constraint`))
    expect(await at.names()).toEqual(system.names)
  })
})

describe('what is left of deliveries that a complete superseded', () => {
  test('does not come back into the queue once the complete has gone', async () => {
    const { at, system, sync } = await away()
    await system.says('add,6,Fay')
    await sync()
    await system.says('delete,6,')
    await sync()
    const superseded = join(`${at.outbox}.waiting`, '000000001')
    const kept = join(at.folder, 'kept')
    await cp(superseded, kept, { recursive: true })
    await expect(at.project.sync('hr', { mode: 'complete' })).rejects.toMatchObject(later)
    // The agent was killed before it had cleared away.
    await cp(kept, superseded, { recursive: true })
    await at.startServer()
    await at.project.stages.deliver('hr')
    expect(await at.project.stages.queue('hr')).toEqual([])
    await at.project.synchronize('hr')
    expect(await at.names()).toEqual(system.names)
  })
})

describe('commands in the outbox that somebody changed', () => {
  test('are not let go for other commands, but for a complete, which says all that they did', async () => {
    const { at, system, sync } = await away(withoutCookies)
    await system.says('add,6,Fay')
    await sync()
    await edit(at, 'Person.sorted.delta', 'Fay', 'Foy')
    await at.startServer()
    await system.says('add,7,Gus')
    await expect(at.project.sync('hr')).rejects.toMatchObject({
      code: 'SLUICE-DELIVER-04',
      remedy: expect.stringContaining('sluice sync hr --mode complete'),
    })
    expect(await at.project.sync('hr', { mode: 'complete' })).toMatchObject({ state: 'applied' })
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

  test('that somebody changed by hand and wants delivered wait as they are, whatever is exported since', async () => {
    const at = await openRemoteProjectHarness()
    onTestFinished(() => at[Symbol.asyncDispose]())
    await at.export('Ann', 'Bob')
    await at.stopServer()
    await expect(at.project.sync('hr')).rejects.toMatchObject(later)
    await edit(at, 'Person.sorted.csv', 'Bob', 'Bobby')
    await expect(at.project.stages.deliver('hr', { asTheyAre: true })).rejects.toMatchObject(later)
    const [byHand] = await at.project.stages.queue('hr')
    await at.export('Ann', 'Bobby', 'Cid')
    await expect(at.project.sync('hr')).rejects.toMatchObject(later)
    const queue = await at.project.stages.queue('hr')
    expect(queue.map(({ id, mode }) => ({ id, mode }))).toEqual([
      { id: byHand?.id, mode: 'complete' },
      { id: expect.anything(), mode: 'incremental' },
    ])
    await at.startServer()
    await at.project.sync('hr')
    expect(await at.names()).toEqual(['Ann', 'Bobby', 'Cid'])
  })

  test('that no next comparison can rely on make what comes behind them a complete, which says why', async () => {
    const at = await openRemoteProjectHarness()
    onTestFinished(() => at[Symbol.asyncDispose]())
    await at.export('Ann')
    await at.project.sync('hr')
    await at.export('Ann', 'Bob')
    await at.project.stages.prepare('hr')
    await at.stopServer()
    await edit(at, 'Person.sorted.delta', 'Bob', 'Bobby')
    await expect(at.project.stages.deliver('hr', { asTheyAre: true })).rejects.toMatchObject(later)
    await expect(at.project.sync('hr')).rejects.toMatchObject(later)
    const [complete] = await at.project.stages.queue('hr')
    expect(complete).toMatchObject({ mode: 'complete' })
    expect(complete?.manifest.notes[0]).toContain(
      'Person.sorted.delta was changed after it had been prepared',
    )
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
