/**
 * The notifications of a repository: in this process, or through a server.
 *
 * @module
 */
import type { Configuration, Environment, NotificationRecord, Tested } from '@sluice/model'
import {
  type JobChange,
  type LatenessChange,
  type NotificationsQuery,
  type OverdueChange,
  openNotifications,
  type Sent,
} from '@sluice/notify'
import { type Client, routes } from '@sluice/protocol'
import { type OnStatement, openRepository, type Repository, readDefinitions } from '@sluice/repository'
import { type ProjectPlace, type ProjectText, readProject } from '../folder/load-configuration.ts'
import { linkOf } from './link-of.ts'
import { ServerChecksError } from './project-errors.ts'

export interface ProjectNotifications extends AsyncDisposable {
  /** Newest first; 50 when no limit is given. */
  list(query?: NotificationsQuery): Promise<readonly NotificationRecord[]>
  /** Sends a test to a receiver at once. */
  test(receiver: string): Promise<Tested>
  /** Tries one again that waits or was given up: here at once, through a server as soon as it looks. */
  retry(id: string): Promise<NotificationRecord>
  /** Tries all of them again; how many there are. */
  retryAll(): Promise<number>
  /** Finds sources that are late and jobs that were cut off, and sends what is due. Through a server it throws `ServerChecksError`. */
  check(): Promise<CheckedNotifications>
}

export interface CheckedNotifications {
  readonly changes: readonly (LatenessChange | OverdueChange | JobChange)[]
  /** What was tried to be sent. */
  readonly sent: readonly Sent[]
}

export interface OpenNotificationsOptions {
  readonly environment: Environment
  /** Address of a server to ask, in place of `agent.server`. */
  readonly server?: string | undefined
  readonly token?: string | undefined
  /** Where `server` is given, a folder without a project will do. */
  readonly orEmpty?: boolean | undefined
  /** Called with every statement that the repository's database executes here. */
  readonly onStatement?: OnStatement | undefined
}

/** Opens the receivers of a project's notifications and what they were sent, here or through the server that is named. */
export async function openProjectNotifications(
  of: ProjectPlace,
  options: OpenNotificationsOptions,
): Promise<ProjectNotifications> {
  const { environment, server } = options
  const orEmpty = options.orEmpty === true && server !== undefined
  const project = await readProject(of, { environment, orEmpty })
  const place = await project.require({ stored: 'unknown' })
  const link = await linkOf(place, options)
  if (link !== undefined) {
    return { ...throughServer(link.client), [Symbol.asyncDispose]: () => link[Symbol.asyncDispose]() }
  }
  const repository = await openRepository(place.repository, { onStatement: options.onStatement })
  const configuration = await configurationOf(repository, project).catch(async (error: unknown) => {
    await repository[Symbol.asyncDispose]()
    throw error
  })
  const here = openNotifications(repository.database, configuration)
  return {
    list: (query) => here.list(query),
    test: (receiver) => here.test(receiver),
    retry: async (id) => {
      const record = await here.retry(id)
      await here.sendDue()
      return (await here.find(id)) ?? record
    },
    retryAll: async () => {
      const count = await here.retryAll()
      await here.sendDue()
      return count
    },
    check: async () => {
      const late = await here.checkLateness()
      const { changes: cutOff } = await here.checkJobs()
      const sent: Sent[] = []
      await here.sendDue({ onSent: (one) => void sent.push(one) })
      return { changes: [...late, ...cutOff], sent }
    },
    [Symbol.asyncDispose]: () => repository[Symbol.asyncDispose](),
  }
}

async function configurationOf({ database }: Repository, project: ProjectText): Promise<Configuration> {
  const { definitions } = await database.session(readDefinitions)
  return await project.require({ stored: definitions })
}

function throughServer(client: Client): Omit<ProjectNotifications, keyof AsyncDisposable> {
  return {
    list: async (query) => (await client.call(routes.notifications, { params: {}, query })).notifications,
    test: (receiver) => client.call(routes.testReceiver, { params: { receiver } }),
    retry: (notification) => client.call(routes.retryNotification, { params: { notification } }),
    retryAll: async () => (await client.call(routes.retryNotifications, { params: {} })).count,
    check: () => Promise.reject(new ServerChecksError(client.server)),
  }
}
