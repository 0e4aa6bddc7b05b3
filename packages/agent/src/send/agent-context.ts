/**
 * What every step of an agent needs: its configuration, and the inbox it delivers to.
 *
 * @module
 */
import type { OnProgramLine } from '@sluice/connectors'
import type { Configuration, DeliveryMode, Mode, OnProgress } from '@sluice/model'
import type { Inbox, Manifest } from '@sluice/protocol'

export interface AgentContext {
  readonly configuration: Pick<Configuration, 'model' | 'prepare' | 'workFolder'>
  /** In this process, or a server's: the steps are the same. */
  readonly inbox: Inbox
  /** The same inbox, retried for a short while only: for questions that have another answer when it is away. */
  readonly briefInbox?: Inbox | undefined
}

export interface SendOptions {
  /** Instead of the mode the source is configured with. */
  readonly mode?: Mode | undefined
  /** Take the files of this folder; no export program is run. */
  readonly folder?: string | undefined
  /** Takes the files of the last export; no export program is run. */
  readonly exportedBefore?: boolean | undefined
  /** Has the last word on what is going to be delivered, before it is; where it throws, nothing is. */
  readonly amend?: ((manifest: Manifest, of: Pick<Decision, 'mode' | 'base'>) => Manifest) | undefined
  readonly onProgress?: OnProgress | undefined
  /** Called with each line that an export program writes. */
  readonly onProgramLine?: OnProgramLine | undefined
  readonly signal?: AbortSignal | undefined
}

/** How a source is delivered this time. */
export interface Decision {
  readonly mode: DeliveryMode
  /** Of an incremental: the delivery that the agent's reference stands for. */
  readonly base?: string | undefined
  /** An incremental that turns out to be impossible may become a complete. */
  readonly auto: boolean
  /** Why it is not the mode that the source asks for. */
  readonly notes: readonly string[]
  /** Of a complete in place of an incremental that was possible before: why it is not any more. */
  readonly fallback?: string | undefined
}
