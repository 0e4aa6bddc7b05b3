/**
 * What a server answers and works with at the moment: it changes when the configuration is read again, as a whole.
 *
 * @module
 */
import type { ServerContext } from '../server-context.ts'
import { type Handlers, handlersOf } from './handlers.ts'

export class Live {
  #context: ServerContext
  #handlers: Handlers

  constructor(context: ServerContext) {
    this.#context = context
    this.#handlers = handlersOf(context)
  }

  get context(): ServerContext {
    return this.#context
  }

  get handlers(): Handlers {
    return this.#handlers
  }

  /** From the next request and the next run on. */
  become(context: ServerContext): void {
    this.#context = context
    this.#handlers = handlersOf(context)
  }
}
