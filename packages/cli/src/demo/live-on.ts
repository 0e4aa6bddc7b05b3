/**
 * What makes the demo live while it is served: about every minute something happens in one of its systems, and an agent delivers it as agents
 * do. It ends with the server, and becomes slow after an hour, so that a demo that was forgotten costs nothing.
 *
 * @module
 */
import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { type Environment, openProject, openTokenStore, type Repository } from '@sluice/project'
import { demoData } from './demo-data.ts'
import { type DemoRandom, demoRandom } from './demo-random.ts'
import { agentFile } from './demo-source.ts'
import { happenings } from './happenings.ts'

export interface LivingDemo {
  readonly folder: string
  readonly repository: Repository
  /** Address of the server, through which everything comes. */
  readonly server: string
  readonly environment: Environment
  /** Nobody waits for what fails. */
  onError(error: unknown): void
  readonly signal: AbortSignal
}

const sources = happenings.map(({ source }) => source)
/** Milliseconds: until the first, between two while it is lively, and how often it is looked whether it is time. */
const first = 15_000
const pace = 60_000
const look = 2000
/** So many come at that pace, and later ones ten times as slowly. */
const lively = 60

/** Until it is aborted; throws nothing. */
export async function liveOn(demo: LivingDemo): Promise<void> {
  const tokens = openTokenStore(demo.repository.database)
  const name = `demo-agent-${randomBytes(4).toString('hex')}`
  try {
    const { secret } = await tokens.create({ name, role: 'agent', sources }, 'sluice server --demo', sources)
    await happenOn(demo, secret)
  } catch (error) {
    if (!demo.signal.aborted) demo.onError(error)
  } finally {
    await tokens.revoke(name).catch(demo.onError)
  }
}

async function happenOn(demo: LivingDemo, token: string): Promise<void> {
  const random = demoRandom(20_264)
  let next = Date.now() + first
  for (let happened = 0; !demo.signal.aborted; await wait(look, undefined, { signal: demo.signal })) {
    if (Date.now() < next) continue
    await tryTo(demo, () => happen(demo, token, random))
    happened += 1
    next = Date.now() + pace * (happened < lively ? 1 : 10) * (0.7 + random.below(60) / 100)
  }
}

async function tryTo({ signal, onError }: LivingDemo, work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!signal.aborted) onError(error)
  }
}

/**
 * Nothing of a source of which somebody has to decide first: a later delivery would take the place of what he looks at. Others deliver what they
 * have delivered before as long as anything is held: what he looks at stays as it is.
 */
async function happen(demo: LivingDemo, token: string, random: DemoRandom): Promise<void> {
  const { source, file, next } = random.of(happenings)
  const states = (await demo.repository.sourceStates()).sources
  const state = states.get(source)
  if (state === undefined || state.heldRun !== null || state.suspension !== null) return
  if ([...states.values()].some(({ heldRun }) => heldRun !== null)) return await deliver(demo, token, source)
  const path = join(demo.folder, source, file)
  const refused = state.lastRun?.state === 'rejected'
  const text = (refused ? wholeAgain(source, file) : undefined) ?? (await readFile(path, 'utf8'))
  const { delivered, afterwards } = next(text, random)
  await writeFile(path, delivered)
  try {
    await deliver(demo, token, source)
  } finally {
    await writeFile(path, afterwards)
  }
}

/** Whoever refused what a system said has it corrected there. */
function wholeAgain(source: string, file: string): string | undefined {
  return source === 'hr' ? demoData().days.at(-2)?.get(file) : undefined
}

async function deliver({ folder, server, environment, signal }: LivingDemo, token: string, source: string) {
  await using project = await openProject(join(folder, agentFile), { environment, server, token })
  await project.sync(source, { signal })
}
