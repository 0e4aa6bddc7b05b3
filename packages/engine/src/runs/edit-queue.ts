/**
 * Plain edits wait here while others are applied, and then go together: the more there are, the less each costs.
 *
 * One that comes alone is executed at once. Where several came, those who were answered are likely to ask again, and the next are given a
 * moment to come: else they would go in two halves by turns, and each would wait for the other.
 *
 * @module
 */
import type { Edited } from './edited.ts'
import { culpritOf, type PlainRequest } from './execute-edits.ts'

/** So many have a document and a transaction of a size that takes no longer than people wait. */
const mostTogether = 64
/** Milliseconds for which the first of the next waits for the others at most; half of what the last took where that is less. */
const longestWait = 10

interface Waiting {
  readonly request: PlainRequest
  /** The resource it is about: two edits of one go one after the other. */
  readonly resource: string
  readonly alone: () => Promise<Edited>
  readonly resolve: (edited: Edited) => void
  readonly reject: (error: unknown) => void
}

/** All of them, or none: throws where one cannot be applied. */
type Execute = (requests: readonly PlainRequest[]) => Promise<readonly Edited[]>

export class EditQueue {
  readonly #execute: Execute
  #waiting: Waiting[] = []
  #atWork = false
  /** So many there were at once, when the last were answered. */
  #asMany = 1
  /** Called when one has come. */
  #onCome: () => void = () => undefined

  constructor(execute: Execute) {
    this.#execute = execute
  }

  /** `alone`: executes it by itself, as it is where it is refused or held. */
  add(request: PlainRequest, resource: string, alone: () => Promise<Edited>): Promise<Edited> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ request, resource, alone, resolve, reject })
      this.#onCome()
      if (!this.#atWork) void this.#work()
    })
  }

  async #work(): Promise<void> {
    this.#atWork = true
    while (this.#waiting.length > 0) {
      const chosen = this.#choose()
      const began = performance.now()
      await this.#executeTogether(chosen)
      const took = performance.now() - began
      // They hear of it at about the same time, and ask again at about the same time: nobody waits until the first has come.
      await this.#untilCome(1, Math.min(took * 2, longestWait * 4))
      if (this.#waiting.length > 0) await this.#untilCome(this.#asMany, Math.min(took / 2, longestWait))
    }
    this.#atWork = false
  }

  #choose(): readonly Waiting[] {
    this.#dropThoseWhoLeft()
    const resources = new Set<string>()
    const chosen = this.#waiting.filter(({ resource }) => {
      if (resources.size >= mostTogether || resources.has(resource)) return false
      resources.add(resource)
      return true
    })
    this.#waiting = this.#waiting.filter((one) => !chosen.includes(one))
    return chosen
  }

  /** Whoever is gone before anything has begun has asked for nothing. */
  #dropThoseWhoLeft(): void {
    for (const { request, reject } of this.#waiting)
      if (request.waiting?.aborted === true) reject(request.waiting.reason)
    this.#waiting = this.#waiting.filter(({ request }) => request.waiting?.aborted !== true)
  }

  /** Until as many wait, or the time is over. */
  async #untilCome(asMany: number, milliseconds: number): Promise<void> {
    if (this.#waiting.length >= asMany) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds)
      this.#onCome = () => {
        if (this.#waiting.length < asMany) return
        clearTimeout(timer)
        resolve()
      }
    })
    this.#onCome = () => undefined
  }

  /** Where one of them cannot be applied, it is executed by itself, and the others wait again. */
  async #executeTogether(chosen: readonly Waiting[]): Promise<void> {
    if (chosen.length === 0) return
    try {
      const requests = chosen.map(({ request }) => request)
      const done = await this.#execute(requests)
      // Before they are answered: whoever asks again at once is not another one.
      this.#asMany = Math.min(chosen.length + this.#waiting.length, mostTogether)
      for (const [index, edited] of done.entries()) chosen[index]?.resolve(edited)
    } catch (error) {
      const culprit = chosen[culpritOf(error) ?? Number.NaN]
      if (culprit === undefined) for (const one of chosen) one.reject(error)
      else {
        this.#waiting = [...chosen.filter((one) => one !== culprit), ...this.#waiting]
        await executeAlone(culprit)
      }
    }
  }
}

async function executeAlone({ alone, resolve, reject }: Waiting): Promise<void> {
  await alone().then(resolve, reject)
}
