/**
 * A domain with people and groups, and what exports of it write: for tests of the connector `active-directory`.
 *
 * @module
 */
import { activeDirectory } from '../src/active-directory/connector.ts'
import { type Recorded, type RecordOptions, record, surroundings } from './recorded-export.ts'
import { administrator, domain, reader, Samba } from './samba.ts'

export const people = `OU=People,${domain}`
export const groups = `OU=Groups,${domain}`

export const entryColumns = ['objectGUID', 'dn', 'parentdn', 'sAMAccountName', 'mail', 'manager.objectGUID']
export const linkColumns = ['objectGUID', 'member.objectGUID']
/** By file. */
export const wanted = { 'entries.csv': entryColumns, 'sales.csv': entryColumns, 'members.csv': linkColumns }

type Options = Readonly<Record<string, unknown>>

export const add = {
  user: (name: string, more = '', at = people) =>
    `dn: CN=${name},${at}\nchangetype: add\nobjectClass: user\nsAMAccountName: ${name.replaceAll(' ', '')}${more}`,
  group: (name: string, members: readonly string[] = []) =>
    `dn: CN=${name},${groups}\nchangetype: add\nobjectClass: group\nsAMAccountName: ${name}${members.map((dn) => `\nmember: ${dn}`).join('')}`,
  unit: (name: string) => `dn: OU=${name},${people}\nchangetype: add\nobjectClass: organizationalUnit`,
}

export const remove = (dn: string) => `dn: ${dn}\nchangetype: delete`
export const replace = (dn: string, attribute: string, value: string) =>
  `dn: ${dn}\nchangetype: modify\nreplace: ${attribute}\n${attribute}: ${value}`
export const rename = (dn: string, to: string, below?: string) =>
  `dn: ${dn}\nchangetype: modrdn\nnewrdn: ${to}\ndeleteoldrdn: 1${below === undefined ? '' : `\nnewsuperior: ${below}`}`
export const member = (group: string, kind: 'add' | 'delete', dn: string) =>
  `dn: CN=${group},${groups}\nchangetype: modify\n${kind}: member\nmember: ${dn}`

export class DirectoryScenario implements AsyncDisposable {
  readonly samba: Samba

  private constructor(samba: Samba) {
    this.samba = samba
  }

  static async open(): Promise<DirectoryScenario> {
    return new DirectoryScenario(await Samba.open())
  }

  options(more: Options = {}): Options {
    return {
      url: this.samba.url,
      certificateAuthority: this.samba.authority,
      user: administrator.user,
      password: { environment: 'AD_PASSWORD' },
      changes: 'dirsync',
      tables: {
        entries: { base: [people, groups] },
        sales: { base: people, filter: '(&(objectClass=user)(department=sales))' },
        members: { base: groups, filter: '(objectClass=group)', links: 'member' },
      },
      ...more,
    }
  }

  async export(
    more: Options = {},
    {
      columns = wanted,
      ...asked
    }: RecordOptions & { readonly columns?: Readonly<Record<string, readonly string[]>> } = {},
  ): Promise<Recorded> {
    return record(activeDirectory, this.options(more), columns, { ...asked, secrets })
  }

  check(more: Options = {}) {
    return activeDirectory.with(this.options(more)).check(surroundings({ secrets }))
  }

  discover() {
    return activeDirectory.with(this.options({ tables: {} })).discover(surroundings({ secrets }))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.samba[Symbol.asyncDispose]()
  }
}

const secrets = { AD_PASSWORD: administrator.password, READER_PASSWORD: reader.password, WRONG: 'wrong' }

type Row = readonly (string | undefined)[]

/** What a repository would hold: rows by their whole key, as exports wrote them one after the other. */
export class Held {
  readonly #tables = new Map<string, Map<string, Row>>()

  apply({ tables }: Pick<Recorded, 'tables'>): void {
    for (const [file, [header = [], ...rows]] of Object.entries(tables)) {
      if (header[0] === 'command') for (const [command, ...cells] of rows) this.#apply(file, command, cells)
      else {
        this.#tables.set(file, new Map())
        for (const cells of rows) this.#apply(file, 'merge', cells)
      }
    }
  }

  #apply(file: string, command: string | undefined, cells: Row): void {
    const key = file === 'members.csv' ? cells.join(' ') : (cells[0] ?? '')
    if (command === 'delete') this.#tables.get(file)?.delete(key)
    else this.#tables.get(file)?.set(key, cells)
  }

  /** Rows in order. Links of what is gone go with it, and what refers to it refers to nothing. */
  rows(file: string): readonly Row[] {
    const there = new Set(this.#tables.get('entries.csv')?.keys())
    const rows = [...(this.#tables.get(file)?.values() ?? [])]
    const left =
      file === 'members.csv'
        ? rows.filter((row) => row.every((id) => there.has(id ?? '')))
        : rows.map((row) => row.with(-1, there.has(row.at(-1) ?? '') ? row.at(-1) : undefined))
    return left.sort((a, b) => a.join(' ').localeCompare(b.join(' ')))
  }
}
