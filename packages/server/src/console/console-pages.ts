/**
 * The console: one page at every address below `/console/`, and the files that it loads, with names that change with what is in them.
 *
 * @module
 */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fastifyStatic from '@fastify/static'
import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import { ConsoleNotBuiltError } from '../server-errors.ts'

/** In the package it stands as in the sources. */
const built = join(dirname(fileURLToPath(import.meta.url)), '../../../console/dist')

/** Only what this server sends; the components set styles by themselves, and graphs are laid out in a worker. */
const policy = [
  "default-src 'self'",
  "img-src 'self' data:",
  "style-src 'self' 'unsafe-inline'",
  "worker-src 'self' blob:",
  "object-src 'none'",
  "base-uri 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ')

interface ConsoleOptions {
  /** Whoever likes to loads the page; what it shows needs somebody who is signed in. */
  readonly gate: { anybody(request: FastifyRequest): Promise<void> }
}

export const consolePages: FastifyPluginAsync<ConsoleOptions> = async (app, { gate }) => {
  app.addHook('onRequest', (request) => gate.anybody(request))
  // Relative, so that it is right below whatever path a proxy has the server.
  app.get('/', (_request, reply) => reply.redirect('console/', 302))
  app.get('/console', (_request, reply) => reply.redirect('console/', 308))
  const index = join(built, 'index.html')
  if (!existsSync(index)) {
    app.get('/console/*', () => {
      throw new ConsoleNotBuiltError()
    })
    return
  }
  await app.register(fastifyStatic, {
    root: join(built, 'assets'),
    prefix: '/console/assets/',
    decorateReply: false,
    index: false,
    preCompressed: true,
    immutable: true,
    maxAge: '365d',
  })
  const icon = readFileSync(join(built, 'icon.svg'))
  app.get('/console/icon.svg', (_request, reply) => reply.type('image/svg+xml').send(icon))
  const page = readFileSync(index, 'utf8')
  app.get('/console/*', (request, reply) =>
    reply
      .header('content-security-policy', policy)
      .type('text/html; charset=utf-8')
      .send(page.replace('<base href="./"', `<base href="${baseOf(request.url)}"`)),
  )
}

/** Where the console is, as seen from an address in it: `../` for each step below. */
function baseOf(url: string): string {
  const [path = ''] = url.split('?')
  const steps = path.slice('/console/'.length).split('/').length - 1
  return steps === 0 ? './' : '../'.repeat(steps)
}
