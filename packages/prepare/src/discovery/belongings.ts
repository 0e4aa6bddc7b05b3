/**
 * A host and what is found on it: each thing is a node of its own, and the host has a relationship to it, such as
 * `Host:HostPackage:Package`.
 *
 * @module
 */
import type { Fields, Found, FoundRelationship } from './found.ts'

const hostKind = 'Host'

export class Belongings {
  readonly host: string
  readonly #found: Found[] = []
  readonly #ids = new Set<string>()

  /** @param attrs Of the host, whose key is its id. */
  constructor(host: string, attrs: Fields) {
    this.host = host
    this.#found.push({ id: host, kind: hostKind, attrs: { ...attrs, key: host } })
  }

  /**
   * @param name What tells it from others of its kind on the same host; of what is called the same, the second is `name#2`.
   * @returns Its id: `web1/Package/openssl`.
   */
  add(kind: string, name: string, attrs: Fields): string {
    const id = this.#free(`${this.host}/${kind}/${name}`)
    this.#found.push({ id, kind, attrs: { ...attrs, key: id } })
    this.relate({ from: this.host, fromRole: hostKind, kind: `${hostKind}${kind}`, toRole: kind, to: id })
    return id
  }

  relate(relationship: FoundRelationship): void {
    this.#found.push(relationship)
  }

  get all(): readonly Found[] {
    return this.#found
  }

  #free(id: string): string {
    let free = id
    for (let number = 2; this.#ids.has(free); number++) free = `${id}#${number}`
    this.#ids.add(free)
    return free
  }
}
