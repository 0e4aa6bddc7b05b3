/**
 * A SCIM server of npm (SCIMMY) with users and groups in memory, for tests.
 *
 * @module
 */
import { createServer, type Server } from 'node:http'
import express from 'express'
import scimmy from 'scimmy'
import ScimRouters from 'scimmy-routers'

export const scimToken = 'correct-horse-battery'

interface Stored {
  id: string
  meta: { created: string; lastModified: string }
}
export interface StoredUser extends Stored {
  userName: string
  displayName: string
  active: boolean
  emails: { value: string; type: string }[]
  department?: string
}
export interface StoredGroup extends Stored {
  displayName: string
  members: { value: string }[]
}

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'

/** There is one in a process: SCIMMY declares its resources once. */
const users = new Map<string, StoredUser>()
const groups = new Map<string, StoredGroup>()

let declared = false
function declare(): void {
  if (declared) return
  declared = true
  scimmy.Resources.declare(scimmy.Resources.User.extend(scimmy.Schemas.EnterpriseUser)).egress((resource) => {
    const all = [...users.values()].map(({ department, ...user }) => ({
      ...user,
      ...(department === undefined ? {} : { [enterprise]: { department } }),
    }))
    return resource.filter?.match(all) ?? all
  })
  scimmy.Resources.declare(scimmy.Resources.Group).egress((resource) => {
    const all = [...groups.values()]
    return resource.filter?.match(all) ?? all
  })
}

export class ScimSystem implements AsyncDisposable {
  readonly users = users
  readonly groups = groups
  readonly #server: Server

  private constructor(server: Server) {
    this.#server = server
  }

  static async open(): Promise<ScimSystem> {
    declare()
    users.clear()
    groups.clear()
    const app = express()
    const handler = (request: { header(name: string): string | undefined }) => {
      if (request.header('authorization') === `Bearer ${scimToken}`) return 'sluice'
      throw new Error('Authorization is missing or wrong')
    }
    // The routers write numbers into the query; Express 5 reads it anew each time, unless it is a value.
    app.use((request, _, next) => {
      Object.defineProperty(request, 'query', { value: { ...request.query } })
      next()
    })
    app.use('/scim', new ScimRouters({ type: 'bearer', docUri: 'https://example.org', handler }))
    const server = createServer(app)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return new ScimSystem(server)
  }

  get port(): number {
    const address = this.#server.address()
    return typeof address === 'object' && address !== null ? address.port : 0
  }

  /** `minute`: of the hour in which it was changed last. */
  put(id: string, minute: number, more: Partial<StoredUser> = {}): void {
    const time = new Date(Date.UTC(2026, 10, 30, 8, minute)).toISOString()
    const emails = [
      { value: `${id}@home.example`, type: 'home' },
      { value: `${id}@work.example`, type: 'work' },
    ]
    const meta = { created: time, lastModified: time }
    users.set(id, { id, userName: id, displayName: `Person ${id}`, active: true, emails, meta, ...more })
  }

  gather(id: string, members: readonly string[]): void {
    const time = new Date(Date.UTC(2026, 10, 30, 8)).toISOString()
    const meta = { created: time, lastModified: time }
    groups.set(id, { id, displayName: `Group ${id}`, members: members.map((value) => ({ value })), meta })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}
