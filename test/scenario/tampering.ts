import type { MappingName } from './sources.ts'

/** Which files of which references were tampered with, by the delivery they stand for. Twice, and one is as it was. */
export class Tampering {
  #now: ReadonlyMap<string, ReadonlySet<MappingName>> = new Map()
  #backup = this.#now

  has(delivery: string): boolean {
    return (this.#now.get(delivery)?.size ?? 0) > 0
  }

  note(delivery: string | undefined, mapping: MappingName): void {
    if (delivery === undefined) return
    const before = this.#now.get(delivery) ?? new Set()
    const others = [...before].filter((one) => one !== mapping)
    const after = before.has(mapping) ? others : [...others, mapping]
    this.#now = new Map([...this.#now, [delivery, new Set(after)]])
  }

  /** All files are put aside as they are. */
  backUp(): void {
    this.#backup = this.#now
  }

  /** The files of one are again as they were when they were put aside. */
  restore(delivery: string | undefined): void {
    if (delivery === undefined) return
    this.#now = new Map([...this.#now, [delivery, this.#backup.get(delivery) ?? new Set()]])
  }
}
