import { cp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Mode } from '@sluice/model'
import { RemoteError, type SourceChain } from '@sluice/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { entity, model, settings, sourceOf, temporaryFolder } from '../../../prepare/test/prepare-text.ts'
import { MemoryInbox } from '../../test/memory-inbox.ts'
import { id, outgoing } from '../../test/outgoing.ts'
import { SourceInTime } from '../../test/source-in-time.ts'
import { DeliveryPutAsideError, SourceHeldError } from '../deliver/deliver-errors.ts'
import type { Outgoing } from '../outbox/outbox.ts'
import type { QueuedDelivery } from '../outbox/outbox-queue.ts'
import { readReference, stateFolder } from '../reference/reference.ts'
import { decideMode, wantsIncremental } from './decide-mode.ts'
import { SourceNotEmptyError } from './send-errors.ts'

/**
 * What an agent may have of the delivery before: its files (of delivery d1), files that are not what they were, a note of them
 * that cannot be read, those of a d2 beside them whose acknowledgement did not get through, nothing.
 */
type Reference = 'whole' | 'harmed' | 'unreadable' | 'unacknowledged' | 'none'

/** Deliveries. */
const [d0, d1, d2, d3, d9] = [id(200), id(201), id(202), id(203), id(209)]

let folder: Awaited<ReturnType<typeof temporaryFolder>>
const workFolder = (reference: Reference) => join(folder.path, reference)

beforeAll(async () => {
  folder = await temporaryFolder()
  await using before = await SourceInTime.open({ entities: [entity(['id'])] })
  await before.complete({ 'people.csv': 'id\n1\n' }, d1)
  for (const reference of ['whole', 'harmed', 'unreadable'] as const) {
    const state = stateFolder({ workFolder: workFolder(reference) }, 'hr')
    await cp(before.state, state, { recursive: true })
    if (reference === 'harmed') await writeFile(join(state, 'previous', 'Person.sorted.csv'), 'id\n1\n2\n')
    if (reference === 'unreadable') await writeFile(join(state, 'previous', 'reference.json'), '{')
  }
  before.inbox.loseNextAnswer = true
  await expect(before.complete({ 'people.csv': 'id\n1\n' }, d2)).rejects.toThrow('The connection was lost.')
  await cp(before.state, stateFolder({ workFolder: workFolder('unacknowledged') }, 'hr'), { recursive: true })
})
afterAll(() => rm(folder.path, { recursive: true, force: true }))

/** An inbox that says this of the chain, or cannot be reached. */
class ChainInbox extends MemoryInbox {
  /** Why deliveries came to nothing; `undefined`: it does not say. */
  reasons: ReadonlyMap<string, string> | undefined = new Map()
  readonly #said: SourceChain | number

  constructor(said: Partial<SourceChain> | number) {
    super()
    const nothing = {
      appliedDelivery: null,
      lastDelivery: null,
      heldRun: null,
      asideDelivery: null,
      holdsResources: false,
    }
    this.#said = typeof said === 'number' ? said : { ...nothing, ...said }
  }

  override async chain(): Promise<SourceChain> {
    if (typeof this.#said === 'number') throw new RemoteError('http://server', { status: this.#said })
    return this.#said
  }

  override async status(id: string) {
    if (this.reasons === undefined) throw new RemoteError('http://server', { status: 503 })
    await this.chain()
    const status = await super.status(id)
    return status && { ...status, reason: this.reasons.get(id) ?? null }
  }
}

interface Case {
  readonly reference?: Reference
  /** What the inbox says, or the HTTP status of its refusal. */
  readonly chain?: Partial<SourceChain> | number
  readonly configured?: Mode
  readonly asked?: Mode
  readonly evenIfHeld?: boolean
  /** The source has a mapping that nothing was delivered of. */
  readonly newMapping?: boolean
  /** What became of delivery d1; null: the inbox cannot be reached when it is asked. */
  readonly reason?: string | null
  readonly ahead?: readonly QueuedDelivery[]
}

/** A delivery that waits, and brings the files of d1 again. */
async function waiting(number: number, parts: Partial<Outgoing>): Promise<QueuedDelivery> {
  const reference = await readReference(stateFolder({ workFolder: workFolder('whole') }, 'hr'))
  if (reference === undefined) throw new Error('There is no reference.')
  const references = reference.files.map(({ name, mapping, size, sha256, columns, reading }) => ({
    name,
    mapping,
    size,
    sha256,
    columns: [...columns],
    reading: { ...reading },
  }))
  return { folder: reference.folder, delivery: outgoing(number, { references, ...parts }) }
}

function decided({ reference = 'whole', chain = {}, configured = 'incremental', asked, ...of }: Case) {
  const configuration = { model: model('many-to-many'), prepare: settings, workFolder: workFolder(reference) }
  const added = of.newMapping === true ? [entity(['id'], { name: 'Unit' })] : []
  const source = { ...sourceOf('/', { entities: [entity(['id']), ...added] }), mode: configured }
  const inbox = new ChainInbox(chain)
  for (const one of [d1, d2]) inbox.states.set(one, 'ready')
  if (of.reason === null) inbox.reasons = undefined
  else if (of.reason !== undefined) inbox.reasons = new Map([[d1, of.reason]])
  return decideMode({ configuration, inbox }, source, {
    mode: asked,
    evenIfHeld: of.evenIfHeld,
    ahead: of.ahead,
  })
}

const stored = { lastDelivery: d1, appliedDelivery: d1, holdsResources: true }

describe('an incremental is made', () => {
  test('where agent and repository stand at one delivery', async () => {
    expect(await decided({ chain: stored })).toEqual({
      mode: 'incremental',
      base: d1,
      auto: true,
      notes: [],
    })
  })

  test.each([503, 429, 502])('where the server answers with %i: it looks again itself', async (chain) => {
    expect(await decided({ chain })).toMatchObject({ mode: 'incremental', base: d1 })
  })

  test('on a delivery whose acknowledgement did not get through, once the server can be asked for it', async () => {
    const reference = 'unacknowledged'
    expect(await decided({ reference, chain: 503 })).toMatchObject({ base: d1 })
    const chain = { ...stored, lastDelivery: d2 }
    expect(await decided({ reference, chain })).toMatchObject({ mode: 'incremental', base: d2 })
  })

  test('on the last of what waits, the first of which stands where the repository does', async () => {
    const two = [await waiting(7, { base: d1 }), await waiting(8, { base: id(7) })]
    expect(await decided({ chain: stored, ahead: two })).toMatchObject({ mode: 'incremental', base: id(8) })
    // Of the first only the answer was lost.
    const chain = { ...stored, lastDelivery: id(7) }
    expect(await decided({ chain, ahead: two })).toMatchObject({ mode: 'incremental', base: id(8) })
    const { notes } = await decided({ chain: { ...stored, lastDelivery: d9 }, ahead: two })
    expect(notes).toEqual([
      expect.stringContaining(`does not hold delivery ${d1}, the last one of this agent.`),
    ])
  })

  test('on a complete that waits, wherever the repository stands', async () => {
    const ahead = [await waiting(7, { mode: 'complete' })]
    const chain = { ...stored, lastDelivery: d9 }
    expect(await decided({ chain, ahead })).toMatchObject({ mode: 'incremental', base: id(7) })
  })

  test('as it is asked for by name, whatever is in its way: preparing it says what', async () => {
    const chain = { lastDelivery: d2, holdsResources: true }
    expect(await decided({ chain, asked: 'incremental' })).toMatchObject({
      mode: 'incremental',
      base: d1,
      auto: false,
    })
    expect(await decided({ reference: 'none', asked: 'incremental' })).toMatchObject({
      mode: 'incremental',
      base: undefined,
    })
  })
})

describe('a complete takes the place of an incremental, and a note says why', () => {
  test.each<[string, Case, RegExp]>([
    ['nothing was ever delivered', { reference: 'none' }, /^The first run of a source is a complete/],
    [
      'the files are gone',
      { reference: 'none', chain: stored },
      /^This run is a complete .* There is no reference of "hr"/,
    ],
    [
      'the files are gone and the server is away',
      { reference: 'none', chain: 503 },
      /^This run is a complete/,
    ],
    [
      'the files are not what they were',
      { reference: 'harmed', chain: stored },
      /is not the file that was written/,
    ],
    [
      'the repository is at another delivery',
      { chain: { ...stored, lastDelivery: d2 } },
      new RegExp(`does not hold delivery ${d1}, the last one of this agent\\.$`),
    ],
    [
      'the files are gone and something is delivered',
      { reference: 'none', chain: { lastDelivery: d9 } },
      /^This run is a complete/,
    ],
    [
      'the files are gone and something is stored',
      { reference: 'none', chain: { holdsResources: true } },
      /^This run is a complete/,
    ],
    ['the note of the files cannot be read', { reference: 'unreadable' }, /^This run is a complete/],
    [
      'the last delivery came to nothing',
      { chain: { ...stored, lastDelivery: d0 }, reason: 'Eve said no.' },
      new RegExp(`delivery ${d1}, the last one of this agent\\. It is ready: Eve said no\\.$`),
    ],
    [
      'what became of the last delivery cannot be asked',
      { chain: { ...stored, lastDelivery: d0 }, reason: null },
      new RegExp(`delivery ${d1}, the last one of this agent\\.$`),
    ],
    [
      'a delivery was put aside, for which it makes way',
      { chain: { ...stored, asideDelivery: d3 } },
      new RegExp(`Delivery ${d3} was put aside and not applied, so no incremental can build on it\\.$`),
    ],
    [
      'the repository was emptied and a mapping is new',
      { newMapping: true },
      /^This run is a complete .* There is no reference of "hr" .*Unit\.sorted\.csv/,
    ],
    [
      'the repository was emptied',
      { chain: {} },
      new RegExp(`does not hold delivery ${d1}, the last one of this agent\\.$`),
    ],
    [
      'the repository holds rows that no delivery stands for',
      { chain: { ...stored, lastDelivery: null } },
      /may hold rows of this source that this agent has not delivered/,
    ],
    [
      'a plan is made while a run is held',
      { chain: { ...stored, heldRun: 7 }, evenIfHeld: true },
      /Run 7 is held/,
    ],
  ])('where %s', async (_, of, note) => {
    const { notes, ...decision } = await decided(of)
    expect(decision).toMatchObject({ mode: 'complete', auto: false })
    expect(notes).toEqual([expect.stringMatching(note)])
  })
})

describe('nothing is decided', () => {
  test('about an incremental while a run is held', async () => {
    const chain = { ...stored, heldRun: 7 }
    await expect(decided({ chain })).rejects.toThrow(SourceHeldError)
    // A plan says what a complete would do, but not in the place of what it was asked about.
    await expect(decided({ chain, asked: 'incremental', evenIfHeld: true })).rejects.toThrow(SourceHeldError)
  })

  test('about an incremental that is asked for by name while a delivery is put aside', async () => {
    const chain = { ...stored, asideDelivery: d3 }
    await expect(decided({ chain, asked: 'incremental' })).rejects.toThrow(DeliveryPutAsideError)
  })

  test('where the server says no', async () => {
    await expect(decided({ chain: 403 })).rejects.toThrow(RemoteError)
  })

  test('about an initial of a source that holds resources', async () => {
    await expect(decided({ asked: 'initial', chain: stored })).rejects.toThrow(SourceNotEmptyError)
  })
})

describe('what was asked for is made', () => {
  test.each<[Mode, Mode | undefined, string]>([
    ['auto', undefined, 'complete'],
    ['complete', undefined, 'complete'],
    ['initial', undefined, 'initial'],
    ['incremental', 'complete', 'complete'],
    ['complete', 'auto', 'complete'],
    ['complete', 'initial', 'initial'],
  ])('of a source of mode %s, asked for %s: %s, without a note', async (configured, asked, mode) => {
    const found = await decided({ configured, ...(asked === undefined ? {} : { asked }) })
    expect(found).toEqual({ mode, auto: false, notes: [] })
  })

  test('a complete while a run is held, in whose place it comes', async () => {
    expect(await decided({ chain: { ...stored, heldRun: 7 }, asked: 'complete' })).toMatchObject({
      mode: 'complete',
    })
  })

  test('an initial while the server cannot be reached', async () => {
    expect(await decided({ asked: 'initial', chain: 503 })).toMatchObject({ mode: 'initial' })
  })
})

test.each<[Mode, Mode | undefined, boolean]>([
  ['incremental', undefined, true],
  ['incremental', 'auto', true],
  ['incremental', 'complete', false],
  ['auto', undefined, false],
  ['complete', 'auto', false],
  ['complete', 'incremental', true],
])('a source of mode %s, asked for %s, wants an incremental: %s', (mode, asked, wanted) => {
  expect(wantsIncremental({ ...sourceOf('/', {}), mode }, { mode: asked })).toBe(wanted)
})

test.each<[Mode, Mode | undefined, string | undefined, boolean]>([
  ['auto', undefined, undefined, true],
  ['complete', 'auto', undefined, true],
  ['complete', undefined, undefined, false],
  ['auto', undefined, '/elsewhere', false],
  ['incremental', undefined, '/elsewhere', true],
])(
  'one whose changes lie apart, of mode %s, asked for %s, given %s, wants an incremental: %s',
  (mode, asked, folder, wanted) => {
    const source = { ...sourceOf('/', {}), mode, changesFolder: '/changes' }
    expect(wantsIncremental(source, { mode: asked, folder })).toBe(wanted)
  },
)
