/**
 * What a tap wants to be told next time, with the versions of its streams.
 *
 * @module
 */
import { z } from 'zod'
import type { ExportContext } from '../contract/export-context.ts'
import type { TapMessage } from './messages.ts'

const stateSchema = z.strictObject({
  version: z.literal(1),
  /** Which streams, read how: for others the state means something else. */
  search: z.string(),
  /** As JSON. */
  state: z.string(),
  /** By stream, of those that have one. */
  versions: z.record(z.string(), z.string()),
})

export type TapState = z.infer<typeof stateSchema>

const cookie = 'tap.state'

/** `undefined`: everything is read. */
export async function readState(context: ExportContext, search: string): Promise<TapState | undefined> {
  if (context.mode !== 'incremental') return undefined
  const text = await context.readCookie(cookie)
  const parsed = text === undefined ? undefined : stateSchema.safeParse(JSON.parse(text))
  return parsed?.data?.search === search ? parsed.data : undefined
}

export async function writeState(context: ExportContext, state: Omit<TapState, 'version'>): Promise<void> {
  await context.writeCookie(cookie, JSON.stringify({ version: 1, ...state } satisfies TapState))
}

/** What a tap says of its state while it reads. */
export class ReadState {
  /** As JSON; what counts is the last. */
  last: string | undefined
  readonly #versions = new Map<string, string>()

  constructor(before: TapState | undefined) {
    this.last = before?.state
    for (const [stream, version] of Object.entries(before?.versions ?? {}))
      this.#versions.set(stream, version)
  }

  take(message: TapMessage): void {
    if (message.type === 'STATE') this.last = message.state
    else if (message.type === 'ACTIVATE_VERSION') this.#versions.set(message.stream, message.version)
  }

  get versions(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.#versions)
  }
}
