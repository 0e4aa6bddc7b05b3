/**
 * Microsoft Graph as far as it is public, for tests: tokens of the authority, delta queries with their links, pages of them, groups with
 * members that came and went, and a delta that is forgotten.
 *
 * @module
 */
import { z } from 'zod'
import { type Answered, type Asked, HttpSystem } from './http-system.ts'

export const graphSecret = 'correct horse battery'

interface Change {
  readonly kind: 'users' | 'groups'
  readonly id: string
  /** Of a group: who came, or went. */
  readonly members?: readonly { readonly id: string; readonly gone?: boolean }[]
  readonly deleted?: boolean
}

const pageSize = 20

/** What a token holds: from which change on, up to which, and how many records were sent. */
const stateSchema = z.object({
  from: z.int().optional(),
  to: z.int().optional(),
  sent: z.int().optional(),
  select: z.string().optional(),
})

export class GraphSystem implements AsyncDisposable {
  readonly #log: Change[] = []
  readonly #names = new Map<string, string>()
  #system: HttpSystem | undefined
  #forgottenBefore = 0

  static async open(users: number): Promise<GraphSystem> {
    const graph = new GraphSystem()
    for (let user = 0; user < users; user++) graph.put('users', `u${user}`, `Person ${user}`)
    graph.#system = await HttpSystem.open((asked) => graph.#answer(asked))
    return graph
  }

  get system(): HttpSystem {
    if (this.#system === undefined) throw new Error('It is not open.')
    return this.#system
  }

  put(kind: Change['kind'], id: string, name: string): void {
    this.#names.set(id, name)
    this.#log.push({ kind, id })
  }

  delete(kind: Change['kind'], id: string): void {
    this.#names.delete(id)
    this.#log.push({ kind, id, deleted: true })
  }

  join(id: string, ...members: readonly string[]): void {
    this.#log.push({ kind: 'groups', id, members: members.map((member) => ({ id: member })) })
  }

  leave(id: string, member: string): void {
    this.#log.push({ kind: 'groups', id, members: [{ id: member, gone: true }] })
  }

  /** Links that were given so far lead nowhere any more. */
  forget(): void {
    this.#forgottenBefore = this.#log.length
  }

  #answer(asked: Asked): Answered {
    const { method, path, body, headers, query } = asked
    if (method === 'POST' && path === '/example/oauth2/v2.0/token') {
      const { client_secret: secret } = Object.fromEntries(new URLSearchParams(body))
      if (secret !== graphSecret)
        return {
          status: 401,
          body: { error: 'invalid_client', error_description: 'AADSTS7000215: Invalid client secret.' },
        }
      return { body: { access_token: 'graph-token', expires_in: 3599 } }
    }
    if (headers.authorization !== 'Bearer graph-token')
      return {
        status: 401,
        body: { error: { code: 'InvalidAuthenticationToken', message: 'Lifetime validation failed.' } },
      }
    if (path === '/v1.0/users/delta') return this.#delta(asked, 'users')
    if (path === '/v1.0/groups/delta') return this.#delta(asked, 'groups')
    return { status: 404, body: { error: { message: `Resource not found for ${path}?${String(query)}` } } }
  }

  #delta({ origin, path, query }: Asked, kind: Change['kind']): Answered {
    const token = query.get('$skiptoken') ?? query.get('$deltatoken')
    const {
      from = 0,
      to = this.#log.length,
      sent = 0,
      select = query.get('$select') ?? '',
    } = stateSchema.parse(JSON.parse(token ?? '{}'))
    if (token !== null && query.has('$deltatoken') && from < this.#forgottenBefore)
      return { status: 410, body: { error: { code: 'resyncRequired', message: 'Resync required.' } } }
    const records = this.#records(kind, this.#log.slice(from, to), from === 0)
    const value = records.slice(sent, sent + pageSize).map((record) => selected(record, select))
    const link = (name: string, state: z.infer<typeof stateSchema>) =>
      `${origin}${path}?${name}=${encodeURIComponent(JSON.stringify(state))}`
    const last = sent + pageSize >= records.length
    const next = last
      ? { '@odata.deltaLink': link('$deltatoken', { from: to, select }) }
      : { '@odata.nextLink': link('$skiptoken', { from, to, sent: sent + pageSize, select }) }
    return { body: { value, ...next } }
  }

  #records(kind: Change['kind'], log: readonly Change[], first: boolean): readonly Record<string, unknown>[] {
    const records = new Map<string, Record<string, unknown>>()
    for (const { id, members = [], deleted = false } of log.filter((change) => change.kind === kind)) {
      const before = records.get(id)?.['members@delta']
      const came = members.map((member) => ({
        '@odata.type': '#microsoft.graph.user',
        id: member.id,
        ...(member.gone === true ? { '@removed': { reason: 'deleted' } } : {}),
      }))
      const all = [
        ...(Array.isArray(before)
          ? before.filter((one) => !members.some((member) => member.id === one.id))
          : []),
        ...came,
      ]
      records.delete(id)
      records.set(
        id,
        deleted
          ? { id, '@removed': { reason: 'deleted' } }
          : { id, displayName: this.#names.get(id), ...(all.length === 0 ? {} : { 'members@delta': all }) },
      )
    }
    const found = [...records.values()]
    // What is not there any more is not named at first.
    return first ? found.filter((record) => !('@removed' in record)).map(withoutGone) : found
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#system?.[Symbol.asyncDispose]()
  }
}

function withoutGone(record: Record<string, unknown>): Record<string, unknown> {
  const members = record['members@delta']
  return Array.isArray(members)
    ? { ...record, 'members@delta': members.filter((one) => !('@removed' in one)) }
    : record
}

/** Relationships come along when they are selected; id and @removed always. */
function selected(record: Record<string, unknown>, select: string): Record<string, unknown> {
  const names = new Set(select.split(','))
  return Object.fromEntries(
    Object.entries(record).filter(
      ([name]) => name === 'id' || name.startsWith('@') || names.has(name.replace('@delta', '')),
    ),
  )
}
