/**
 * Plays a scenario at a real agent and server, and beside it in a small model; after each step both must agree.
 *
 * The model knows what each delivery asserts and what a run that was applied therefore leaves. Whether a run took place is
 * read from the repository's own records, because after a fault nobody else knows.
 *
 * @module
 */
import { type ChangeCounts, type Project, SluiceError } from '@sluice/project'
import { expect } from 'vitest'
import { storedLines } from '../../packages/engine/test/expected-lines.ts'
import { contradictions } from '../../packages/engine/test/snapshot.ts'
import { driftOf, expectedDrift, isChanged } from './drift.ts'
import type { InstallationHarness } from './installation-harness.ts'
import { brokenChain, codesOf, faultsOf, held, refusals } from './request-faults.ts'
import {
  type Edit,
  edited,
  type Files,
  firstFiles,
  keepsUnread,
  linesOf,
  mended,
  nothing,
  removals,
  type SourceName,
  type Stored,
  sourceNames,
  spoilings,
  takenUp,
} from './sources.ts'
import { type ExternalWrite, type OutsideFault, type RequestFaults, type Step, stageNames } from './steps.ts'
import { Tampering } from './tampering.ts'

/** What is true of a repository, and comes back with it. */
interface Known {
  readonly stored: Stored
  /** State of each run. */
  readonly runs: ReadonlyMap<number, string>
  /** External writes that no complete of the source has seen yet. */
  readonly externalWrites: Readonly<Record<SourceName, readonly ExternalWrite[]>>
  /** The files that were taken up last, where nothing was between. */
  readonly last: Readonly<Partial<Record<SourceName, Files>>>
}

type Outcome<T> = { readonly result: T } | { readonly code: string }

/** How things stand for a source before it is asked for. */
interface Before {
  /** What waits first in the outbox. */
  readonly waiting: Files | undefined
  readonly chain: 'whole' | 'broken' | 'unsure'
}

export class ScenarioPlayer {
  readonly #harness: InstallationHarness
  readonly #thresholds: boolean
  readonly #files: Record<SourceName, Files> = { ...firstFiles }
  /** What each delivery asserts, by its id and by when it was begun; another id may come to stand for it. */
  readonly #filesOf = new Map<string, Files>()
  readonly #tampering = new Tampering()
  #known: Known = {
    stored: sourceNames.reduce((stored, source) => takenUp(stored, source, firstFiles[source]), nothing),
    runs: new Map(),
    externalWrites: { hr: [], it: [] },
    last: firstFiles,
  }
  #backup = this.#known
  #held: ReadonlyMap<SourceName, number> = new Map()
  /** Something may have been announced of which the agent knows nothing. */
  #forgotten = false
  /** The last call for the source succeeded and nothing happened since, so its chain is whole. */
  readonly #whole = new Set<SourceName>()

  constructor(harness: InstallationHarness, thresholds: string) {
    this.#harness = harness
    this.#thresholds = thresholds !== 'off'
  }

  async begin(): Promise<void> {
    for (const source of sourceNames) await this.#takeNote(source)
    const runs = await this.#harness.runs()
    this.#known = { ...this.#known, runs: new Map(runs.map(({ run, state }) => [run, state])) }
    this.#backup = this.#known
    await this.#compare()
  }

  async play(step: Step): Promise<void> {
    switch (step.kind) {
      case 'sync':
        await this.#sync(step)
        break
      case 'stages':
        await this.#stages(step)
        break
      case 'decide':
        await this.#decide(step.source, step.approve)
        break
      default:
        await this.#outsideFault(step)
    }
    await this.#compare()
  }

  /**
   * Whatever happened: a complete of each source sets everything right, what could not be read goes when it is gone, and
   * from then on only changes travel. `forgets`: even where an agent has forgotten what that was.
   */
  async end(forgets: SourceName | undefined): Promise<void> {
    const calm = { kind: 'sync', faults: undefined, edits: [] } as const
    if (forgets !== undefined) await this.play({ kind: 'forget', source: forgets, what: 'state' })
    for (const source of sourceNames) {
      const edits = source === forgets ? spoilings(this.#files[source]) : []
      await this.play({ ...calm, source, edits, mode: 'complete', force: true })
    }
    for (const source of sourceNames) expect(this.#known.externalWrites[source]).toEqual([])
    for (const source of sourceNames) expect(this.#known.last[source]).toBe(this.#files[source])
    for (const source of sourceNames) {
      const edits = removals(this.#files[source])
      if (edits.length > 0) await this.play({ ...calm, source, edits, mode: undefined, force: true })
    }
    await this.play({ ...calm, source: 'it', mode: 'incremental', force: false })
    const [last] = await this.#harness.project.repository.runs({ source: 'it', limit: 1 })
    expect(last).toMatchObject({ mode: 'incremental', state: 'applied' })
    const changes = [...(last?.entities ?? []), ...(last?.associations ?? [])].map((part) => part.changes)
    expect(changes.every(({ inserted, updated, deleted }) => inserted + updated + deleted === 0)).toBe(true)
  }

  async #sync({ source, edits, mode, force, faults }: Extract<Step, { kind: 'sync' }>): Promise<void> {
    const complete = mode === 'complete'
    await this.#edit(source, edits, complete && this.#known.externalWrites[source].length > 0)
    const before = await this.#before(source)
    const drift = complete ? this.#expectedDrift(source) : undefined
    const outcome = await this.#attempt(faults, (project, signal) =>
      project.sync(source, { mode, force, signal }),
    )
    await this.#observe(source, before.waiting)
    this.#whole.delete(source)
    if ('code' in outcome) return this.#expectRefusal(outcome.code, { mode, faults, before })
    const report = outcome.result
    // It is about what the source says now, not about something older.
    expect(this.#filesOf.get(report.delivery ?? '')).toBe(this.#files[source])
    expect(report.state === 'applied' || (this.#thresholds && !force && report.state === 'held')).toBe(true)
    // Of what stays stored because it cannot be read, an agent may not know whose chain was broken.
    const unsure = before.chain !== 'whole' && keepsUnread(this.#known.stored, source, this.#files[source])
    if (report.state === 'applied' && !unsure) this.#whole.add(source)
    if (mode !== undefined) expect(report.mode).toBe(mode)
    if (before.chain === 'whole' && !complete) expect(report.mode).toBe('incremental')
    if (before.chain === 'broken') expect(report.mode).toBe('complete')
    if (drift !== undefined && before.chain === 'whole') expect(driftOf(report, source)).toEqual(drift)
  }

  /** As a person at the command line: one stage after the other, and perhaps not all of them. */
  async #stages({ source, edits, mode, upTo, faults }: Extract<Step, { kind: 'stages' }>): Promise<void> {
    await this.#edit(source, edits, mode === 'complete' && this.#known.externalWrites[source].length > 0)
    const before = await this.#before(source)
    const stages = stageNames.slice(0, stageNames.indexOf(upTo) + 1)
    const codes: string[] = []
    for (const stage of stages) {
      const outcome = await this.#attempt(faults, async (project, signal) => {
        if (stage === 'export') await project.stages.export(source, { mode, signal })
        if (stage === 'prepare') await project.stages.prepare(source, { mode, signal })
        if (stage === 'deliver') await project.stages.deliver(source, { signal })
        if (stage === 'synchronize') await project.synchronize(source, { signal })
      })
      // The next stage overwrites what this one noted.
      await this.#takeNote(source)
      if ('code' in outcome) codes.push(outcome.code)
    }
    await this.#observe(source, before.waiting)
    this.#whole.delete(source)
    const allowed = [...brokenChain, held, 'SLUICE-DELIVER-04', ...codesOf(faults)]
    expect(allowed).toEqual(expect.arrayContaining(codes))
  }

  async #decide(source: SourceName, approve: boolean): Promise<void> {
    const run = this.#held.get(source)
    if (run === undefined) return
    const outcome = await this.#attempt(undefined, async (project) =>
      approve
        ? (await project.approve(run, { by: 'test' })).report
        : await project.reject(run, { by: 'test' }),
    )
    await this.#observe(source, undefined)
    this.#whole.delete(source)
    if ('code' in outcome) throw new Error(`Run ${run} could not be decided: ${outcome.code}`)
    expect(approve ? ['applied', 'held'] : ['rejected']).toContain(outcome.result.state)
  }

  async #outsideFault(step: OutsideFault): Promise<void> {
    const harness = this.#harness
    switch (step.kind) {
      case 'external write':
        return this.#writeExternally(step.write)
      case 'tamper':
        if (!(await harness.tamper(step.source, step.where, step.mapping))) return
        if (step.where === 'reference')
          this.#tampering.note(await harness.reference(step.source), step.mapping)
        this.#whole.delete(step.source)
        return
      case 'forget':
        await harness.forget(step.source, step.what)
        this.#whole.delete(step.source)
        this.#forgotten ||= step.what === 'outbox'
        return
      case 'back up':
        await harness.backUp()
        this.#backup = this.#known
        this.#tampering.backUp()
        return
      case 'restore':
        await harness.restore()
        this.#known = this.#backup
        this.#whole.clear()
        this.#forgotten = true
        return
      case 'restore state':
        await harness.restoreState(step.source)
        this.#tampering.restore(await harness.reference(step.source))
        this.#whole.delete(step.source)
        return
      case 'expire':
        await harness.expire()
        return
      case 'restart':
        await harness.stop()
        return harness.start()
    }
  }

  async #writeExternally(write: ExternalWrite): Promise<void> {
    await this.#harness.rows(write.sql)
    const { externalWrites } = this.#known
    this.#known = {
      ...this.#known,
      externalWrites: { hr: [...externalWrites.hr, write], it: [...externalWrites.it, write] },
    }
  }

  /** `mend`: what an external write did to a row comes right only when the source can be read there. */
  async #edit(source: SourceName, edits: readonly Edit[], mend: boolean) {
    let files = this.#files[source]
    for (const edit of edits) files = edited(files, edit)
    if (mend) files = mended(files)
    this.#files[source] = files
    await this.#harness.write(source, files)
  }

  /** How things stand for a source, as its own records say. */
  async #before(source: SourceName): Promise<Before> {
    const harness = this.#harness
    // What was announced by an agent that forgot it would be waited for.
    if (this.#forgotten) await harness.expire()
    this.#forgotten = false
    const note = await harness.note(source)
    const before = (await harness.notesBefore(source)).filter(({ stage }) => stage === 'prepared')
    const [first] = note?.stage === 'prepared' ? [...before, note] : before
    const waiting = first === undefined ? undefined : this.#filesOf.get(first.at)
    const reference = await harness.reference(source)
    const unsure = first !== undefined || note?.stage === 'announced' || (await harness.isMoving(source))
    const same = reference !== undefined && reference === (await harness.applied(source))
    const tampered = reference !== undefined && this.#tampering.has(reference)
    const heldRun = this.#held.get(source)
    if (this.#whole.has(source)) expect([unsure, same, heldRun]).toEqual([false, true, undefined])
    let chain: Before['chain'] = same && !tampered ? 'whole' : 'broken'
    if (unsure || heldRun !== undefined) chain = 'unsure'
    return { waiting, chain }
  }

  async #attempt<T>(
    faults: RequestFaults | undefined,
    work: (project: Project, signal: AbortSignal) => Promise<T>,
  ): Promise<Outcome<T>> {
    const stopped = new AbortController()
    const hung = AbortSignal.timeout(20_000)
    const faultOf = faultsOf(
      faults,
      () => void this.#harness.stop(),
      () => stopped.abort(),
    )
    return await this.#harness.withFaults(faultOf, async () => {
      try {
        return { result: await work(this.#harness.project, AbortSignal.any([stopped.signal, hung])) }
      } catch (error) {
        if (hung.aborted) throw new Error('It hangs.', { cause: error })
        if (error instanceof SluiceError) return { code: error.code }
        if (stopped.signal.aborted && error instanceof Error && error.name === 'AbortError')
          return { code: 'aborted' }
        throw error
      }
    })
  }

  #expectRefusal(
    code: string,
    { mode, faults, before }: { mode: string | undefined; faults: RequestFaults | undefined; before: Before },
  ): void {
    const allowed = [
      ...codesOf(faults),
      ...(mode === 'incremental' && before.chain !== 'whole' ? brokenChain : []),
      // An incremental that waited may be held when it is delivered at last.
      ...(mode !== 'complete' && this.#thresholds ? [held] : []),
    ]
    expect(allowed).toContain(code)
  }

  /** Remembers what the delivery in the outbox says. */
  async #takeNote(source: SourceName): Promise<void> {
    const last = await this.#harness.note(source)
    // What others were put behind was noted when it was prepared; only its id may be another by now.
    for (const note of [
      ...(await this.#harness.notesBefore(source)),
      ...(last === undefined ? [] : [last]),
    ]) {
      if (note.stage === 'announced') continue
      const files = this.#filesOf.get(note.at) ?? this.#files[source]
      this.#filesOf.set(note.at, files)
      this.#filesOf.set(note.id, files)
    }
  }

  /** Brings the model up to what the server has done meanwhile. */
  async #observe(source: SourceName, waiting: Files | undefined): Promise<void> {
    await this.#harness.settle()
    await this.#takeNote(source)
    const runs = await this.#harness.runs()
    for (const one of runs) {
      if (this.#known.runs.get(one.run) === one.state) continue
      expect(['applied', 'held', 'rejected', 'cancelled', 'failed', 'interrupted']).toContain(one.state)
      if (one.state !== 'applied') continue
      // Another id may have come to stand for what waited.
      const files = this.#filesOf.get(one.delivery) ?? waiting
      if (files === undefined) throw new Error(`Nobody knows what delivery ${one.delivery} asserts.`)
      this.#apply(one.source, files, one.mode)
    }
    this.#known = { ...this.#known, runs: new Map(runs.map(({ run, state }) => [run, state])) }
    const applied = runs.filter(({ state }) => state === 'applied').map(({ delivery }) => delivery)
    expect(new Set(applied).size).toBe(applied.length)
    const failed = await this.#harness.rows<{ code: string }>(
      `select report -> 'error' ->> 'code' as code from sluice_run where state = 'failed'`,
    )
    expect(refusals).toEqual(expect.arrayContaining(failed.map(({ code }) => code)))
  }

  #apply(source: SourceName, files: Files, mode: string): void {
    const { stored, externalWrites, last } = this.#known
    const readable = JSON.stringify(mended(files)) === JSON.stringify(files)
    // An incremental may have put right what an external write had done to a row that it brings.
    const before = last[source] ?? {}
    const blurred = (write: ExternalWrite) =>
      write.type && isChanged(write.type, write.key, before, files) ? { ...write, does: undefined } : write
    const left = mode === 'complete' && readable ? [] : externalWrites[source].map(blurred)
    this.#known = {
      ...this.#known,
      stored: takenUp(stored, source, files),
      externalWrites: { ...externalWrites, [source]: left },
      last: { ...last, [source]: files },
    }
  }

  #expectedDrift(source: SourceName): ChangeCounts | undefined {
    const { externalWrites, last, stored } = this.#known
    const before = last[source]
    const after = this.#files[source]
    return before && expectedDrift(source, externalWrites[source], { before, after, stored })
  }

  async #compare(): Promise<void> {
    const runs = await this.#harness.runs()
    this.#held = new Map(runs.filter(({ state }) => state === 'held').map(({ source, run }) => [source, run]))
    const { externalWrites, stored } = this.#known
    const lines = await storedLines(this.#harness)
    const expected = linesOf(stored)
    const outdated = sourceNames.filter((source) => externalWrites[source].length > 0)
    if (outdated.length === 0) {
      expect(lines).toEqual(expected)
      // The changes of a held run are kept in tables until it is decided.
      const kept = this.#held.size > 0 ? /^work tables left behind/ : /^$/
      const found = await contradictions(this.#harness)
      expect(found.filter((one) => !kept.test(one))).toEqual([])
      return
    }
    // A source whose complete came after the external write holds its own values again, if not yet its links to others.
    for (const source of sourceNames) {
      if (outdated.includes(source)) continue
      expect(ownValues(lines, source)).toEqual(ownValues(expected, source))
    }
  }
}

function ownValues(lines: readonly string[], source: SourceName): readonly string[] {
  return lines
    .filter((line) => line.startsWith(`${source}/`) && !line.includes(' waits '))
    .map((line) => line.replaceAll(/ \| (?:manager|unit|lead) [^|]*[^| ]/g, ''))
}
