/**
 * The server that edits are sent to, in a process of its own, so that those who send them take nothing of its time. Tells its address, and when it is
 * asked, how long each answer has taken since it was asked before: from the head of the request to the last byte of the answer.
 *
 * @module
 */
import diagnostics from 'node:diagnostics_channel'
import { openSynchronizer } from '@sluice/inbox'
import { openRepository, openTokenStore } from '@sluice/repository'
import { startServer } from '@sluice/server'
import pino from 'pino'
import { z } from 'zod'
import { editConfiguration } from './edit-configuration.ts'

const place = z.object({ folder: z.string(), url: z.string() }).parse(JSON.parse(process.argv[2] ?? '{}'))
const configuration = editConfiguration(place)
const repository = await openRepository(configuration.repository)
const server = await startServer({
  configuration: { ...configuration, server: { ...configuration.server, port: 0 } },
  repository,
  synchronizer: openSynchronizer({ repository, configuration }),
  log: pino({ level: 'silent' }),
  version: 'bench',
})
const tokens = openTokenStore(repository.database)
const name = `bench ${process.pid}`
const { secret } = await tokens.create({ name, role: 'editor', sources: [] }, 'bench', [])

const eventSchema = z.object({ request: z.instanceof(Object) })
const begun = new WeakMap<object, number>()
let times: number[] = []
diagnostics.subscribe('http.server.request.start', (event) => {
  begun.set(eventSchema.parse(event).request, performance.now())
})
diagnostics.subscribe('http.server.response.finish', (event) => {
  const began = begun.get(eventSchema.parse(event).request)
  if (began !== undefined) times.push(performance.now() - began)
})

process.send?.({ url: server.url, token: secret })
process.on('message', () => {
  const { user, system } = process.cpuUsage()
  process.send?.({ times, cpu: (user + system) / 1000 })
  times = []
})
