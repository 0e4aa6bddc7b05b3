/**
 * Tells an editor what is wrong with modules, once nobody has typed for a moment.
 *
 * @module
 */
import type { LanguageServer } from '@sluice/syncmapping'
import type { PublishDiagnosticsParams } from 'vscode-languageserver'

const pauseInMilliseconds = 100

export class Publisher {
  readonly #server: LanguageServer
  readonly #send: (message: PublishDiagnosticsParams) => void
  /** By address: what was published last, as JSON. */
  readonly #published = new Map<string, string>()
  #timer: NodeJS.Timeout | undefined

  constructor(server: LanguageServer, send: (message: PublishDiagnosticsParams) => void) {
    this.#server = server
    this.#send = send
  }

  publishSoon(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#publish(), pauseInMilliseconds)
  }

  /** What has changed since; a module that is gone has no diagnostics. */
  #publish(): void {
    const found = this.#server.diagnostics()
    for (const uri of new Set([...this.#published.keys(), ...found.keys()])) {
      const diagnostics = [...(found.get(uri) ?? [])]
      const published = JSON.stringify(diagnostics)
      if ((this.#published.get(uri) ?? '[]') === published) continue
      this.#published.set(uri, published)
      this.#send({ uri, diagnostics })
    }
  }
}
