/**
 * An element that is being read, as a value: a text, or a map of its attributes and of what stands in it.
 *
 * @module
 */
import { textOfElement } from './record.ts'

export class OpenElement {
  readonly name: string
  readonly #parts = new Map<string, unknown>()
  #text = ''
  #elements = 0

  constructor(name: string, attributes: Readonly<Record<string, unknown>>) {
    this.name = name
    for (const [attribute, value] of Object.entries(attributes))
      if (!/^xmlns(:|$)/.test(attribute))
        this.#parts.set(`@${attribute.slice(attribute.indexOf(':') + 1)}`, value)
  }

  add(text: string): void {
    this.#text += text
  }

  /** Several of a name become a list. */
  put(name: string, value: unknown): void {
    this.#elements++
    const before = this.#parts.get(name)
    if (before === undefined) this.#parts.set(name, value)
    else if (Array.isArray(before)) before.push(value)
    else this.#parts.set(name, [before, value])
  }

  get value(): unknown {
    // Line breaks between elements are how the document looks.
    const text = this.#elements > 0 && this.#text.trim() === '' ? undefined : this.#text
    if (this.#parts.size === 0) return text ?? ''
    if (text !== undefined) this.#parts.set(textOfElement, text)
    return Object.fromEntries(this.#parts)
  }
}
