/**
 * The sources of a project, to be looked at and to be changed: on the repository itself, or through a server.
 *
 * @module
 */
import type { Environment, RunBy } from '@sluice/model'
import { type Client, routes } from '@sluice/protocol'
import { type OnStatement, openRepository } from '@sluice/repository'
import { inlineModules } from '../folder/inline-modules.ts'
import { type ProjectPlace, readProject } from '../folder/load-configuration.ts'
import { LocalSources } from '../sources/local-sources.ts'
import type { Sources } from '../sources/sources.ts'
import { linkOf } from './link-of.ts'

export interface OpenSourcesOptions {
  readonly environment: Environment
  /** Address of a server to ask, in place of `agent.server`. */
  readonly server?: string | undefined
  readonly token?: string | undefined
  /** Where `server` is given, a folder without a project will do. */
  readonly orEmpty?: boolean | undefined
  /** Who changes something; through a server it is the token. */
  readonly by?: RunBy | undefined
  /** Called with every statement that the repository's database executes here. */
  readonly onStatement?: OnStatement | undefined
}

/**
 * Opens the sources of the project in a folder. The tables are left as they are until something is changed.
 *
 * @example
 * ```ts
 * import process from 'node:process'
 * import { openSources } from 'sluice'
 *
 * await using sources = await openSources('.', { environment: process.env })
 * for (const { name, definedIn, resources } of await sources.list()) console.log(name, definedIn, resources)
 * ```
 */
export async function openSources(
  of: ProjectPlace,
  options: OpenSourcesOptions,
): Promise<Sources & AsyncDisposable> {
  const { environment, server, by = { kind: 'program', name: 'sluice' }, onStatement } = options
  const orEmpty = options.orEmpty === true && server !== undefined
  const read = () => readProject(of, { environment, orEmpty })
  const place = await (await read()).require({ stored: 'unknown' })
  const link = await linkOf(place, options)
  if (link !== undefined) return withFiles(throughServer(link.client), () => link[Symbol.asyncDispose]())
  const repository = await openRepository(place.repository, { onStatement })
  return withFiles(new LocalSources({ repository, read, by }), () => repository[Symbol.asyncDispose]())
}

/** Files of modules lie here, and not where a definition is stored. */
function withFiles(sources: Sources, close: () => PromiseLike<void>): Sources & AsyncDisposable {
  const apply = sources.apply.bind(sources)
  return Object.assign(sources, {
    apply: async (...[file, options]: Parameters<Sources['apply']>) =>
      await apply(await inlineModules(file, options?.folder), options),
    [Symbol.asyncDispose]: close,
  })
}

function throughServer(client: Client): Sources {
  const of = (source: string) => ({ params: { source } })
  return {
    list: async () => (await client.call(routes.definitions, { params: {} })).sources,
    describe: (source) => client.call(routes.definition, of(source)),
    connector: async (source) => (await client.call(routes.connector, of(source))).connector,
    history: async (source) => (await client.call(routes.definitionHistory, of(source))).changes,
    holdings: (source) => client.call(routes.holdings, of(source)),
    apply: ({ path: file, text }, { dryRun, allowLoss } = {}) =>
      client.call(routes.applyDefinitions, { params: {}, body: { file, text, dryRun, allowLoss } }),
    writeModules: (source, { modules, version }, { dryRun, allowLoss } = {}) =>
      client.call(routes.writeModules, {
        ...of(source),
        body: { modules: [...modules], version, dryRun, allowLoss },
      }),
    remove: async (source, { resources, force } = {}) => {
      const body = { resources, force }
      const { report } = await client.call(routes.deleteSource, { ...of(source), body })
      return { report }
    },
    planRemoval: async (source, { resources }) => {
      const body = { resources, dryRun: true }
      const { report, changes, rejected } = await client.call(routes.deleteSource, { ...of(source), body })
      if (report === null) throw new Error('A server planned a run and reported nothing of it.')
      return { report, changes, rejected }
    },
    suspend: async (source, { reason, until } = {}) =>
      await client.call(routes.suspendSource, { ...of(source), body: { reason, until } }),
    resume: async (source) => (await client.call(routes.resumeSource, { ...of(source), body: {} })).resumed,
    rename: async (source, to) => {
      await client.call(routes.renameSource, { ...of(source), body: { to } })
    },
  }
}
