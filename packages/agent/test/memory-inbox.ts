/**
 * An inbox that knows deliveries by their state and keeps nothing else, for tests of the agent alone.
 *
 * @module
 */
import type { DeliveryState, DeliveryStatus, Inbox, SourceChain } from '@sluice/protocol'

export class MemoryInbox implements Inbox {
  readonly states = new Map<string, DeliveryState>()
  /** Names of the files of each delivery, in the order in which they came. */
  readonly files = new Map<string, string[]>()
  /** The next seal reaches the inbox, its answer does not reach the agent. */
  loseNextAnswer = false

  async chain(): Promise<SourceChain> {
    const last = [...this.states].filter(([, state]) => state === 'ready').at(-1)?.[0] ?? null
    return {
      appliedDelivery: last,
      lastDelivery: last,
      heldRun: null,
      asideDelivery: null,
      holdsResources: last !== null,
    }
  }

  async announce({ id }: { readonly id: string }): Promise<DeliveryStatus> {
    if (!this.states.has(id)) this.states.set(id, 'announced')
    return this.#status(id)
  }

  async upload(id: string, { name }: { readonly name: string }): Promise<void> {
    this.files.set(id, [...(this.files.get(id) ?? []), name])
  }

  async seal(id: string): Promise<DeliveryStatus> {
    if (this.states.get(id) === 'announced') this.states.set(id, 'ready')
    if (this.loseNextAnswer) {
      this.loseNextAnswer = false
      throw new Error('The connection was lost.')
    }
    return this.#status(id)
  }

  async giveUp(id: string, state: 'cancelled' | 'refused'): Promise<DeliveryStatus> {
    this.states.set(id, state)
    return this.#status(id)
  }

  async status(id: string): Promise<DeliveryStatus | undefined> {
    return this.states.has(id) ? this.#status(id) : undefined
  }

  async exportFailed(): Promise<void> {}

  #status(id: string): DeliveryStatus {
    return {
      id,
      source: 'hr',
      mode: 'complete',
      state: this.states.get(id) ?? 'announced',
      reason: null,
      run: null,
    }
  }
}
