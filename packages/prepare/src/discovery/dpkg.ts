/**
 * The packages of a Debian system, as its file `/var/lib/dpkg/status` lists them.
 *
 * @module
 */
import { Belongings } from './belongings.ts'
import { attributeName, type Found } from './found.ts'

type Stanza = ReadonlyMap<string, string>

const kept = [
  'Version',
  'Architecture',
  'Section',
  'Priority',
  'Source',
  'Maintainer',
  'Homepage',
  'Essential',
]

/** @param host Whose packages they are: the name of the file. */
export function dpkgItems(stanzas: readonly Stanza[], host: string): readonly Found[] {
  const computer = new Belongings(host, { name: host })
  const installed = stanzas.filter((stanza) => stanza.get('Status')?.endsWith(' installed'))
  const ids = new Map<string, string>()
  const provided = new Map<string, string>()
  const added = installed.map((stanza) => {
    const name = stanza.get('Package') ?? ''
    const isOneOfMany = stanza.get('Multi-Arch') === 'same'
    const id = computer.add('Package', isOneOfMany ? `${name}:${stanza.get('Architecture') ?? ''}` : name, {
      name,
      ...Object.fromEntries(kept.map((field) => [attributeName(field), stanza.get(field)])),
      installed_size: Number(stanza.get('Installed-Size') ?? 0),
      summary: stanza.get('Description')?.split('\n')[0],
    })
    if (!ids.has(name)) ids.set(name, id)
    for (const [one] of namesIn(stanza.get('Provides')))
      if (one !== undefined && !provided.has(one)) provided.set(one, id)
    return { id, stanza }
  })
  for (const { id, stanza } of added) {
    const wanted = [...namesIn(stanza.get('Pre-Depends')), ...namesIn(stanza.get('Depends'))]
    const found = wanted.flatMap((names) => {
      const name = names.find((one) => ids.has(one)) ?? names.find((one) => provided.has(one)) ?? ''
      return ids.get(name) ?? provided.get(name) ?? []
    })
    for (const to of new Set(found))
      if (to !== id)
        computer.relate({ from: id, fromRole: 'Dependent', kind: 'Dependency', toRole: 'DependedOn', to })
  }
  return computer.all
}

/** `libc6 (>= 2.34), awk | mawk:any` as [[libc6], [awk, mawk]]. */
function namesIn(text = ''): readonly (readonly string[])[] {
  return text
    .split(',')
    .map((alternatives) => alternatives.split('|').flatMap((one) => /^\s*([^\s(:[]+)/.exec(one)?.[1] ?? []))
}

/** Collects stanzas line by line. A line that begins with a blank goes on with the field before. */
export class Stanzas {
  readonly all: Stanza[] = []
  #open = new Map<string, string>()
  #field = ''

  /** Returns why a line is none. */
  add(line: string): string | undefined {
    if (line.trim() === '') {
      this.finish()
      return undefined
    }
    if (/^[ \t]/.test(line)) {
      if (this.#field === '') return 'it goes on with a field, and there is none before it'
      this.#open.set(this.#field, `${this.#open.get(this.#field) ?? ''}\n${line.trim()}`)
      return undefined
    }
    const [, field, value = ''] = /^([A-Za-z][A-Za-z0-9-]*):\s*(.*)$/.exec(line) ?? []
    if (field === undefined) return 'it is no field such as "Package: openssl"'
    this.#field = field
    this.#open.set(field, value)
    return undefined
  }

  finish(): void {
    if (this.#open.size > 0) this.all.push(this.#open)
    this.#open = new Map()
    this.#field = ''
  }
}
