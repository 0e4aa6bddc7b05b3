/**
 * Ends connections on which nothing happens: a request that stops coming, an answer that nobody reads.
 *
 * A caller that waits for work to be done here (sealing a large file, approving a run) is not idle, so
 * the time-out of the socket alone would be wrong.
 *
 * @module
 */
import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'

/** How long the rest of a body that was refused is still taken, so that the client gets to read why. */
const lingering = 5000

export function limitTimes(app: FastifyInstance, idle: number): void {
  const answers = new WeakMap<Socket, ServerResponse>()
  app.addHook('onRequest', async (request, reply) => {
    answers.set(request.raw.socket, reply.raw)
  })
  app.addHook('onResponse', async ({ raw }) => {
    if (raw.complete) return
    const { socket } = raw
    const timer = setTimeout(() => {
      if (!raw.complete) socket.destroy()
    }, lingering)
    raw.once('close', () => clearTimeout(timer))
    timer.unref()
  })
  app.server.setTimeout(idle, (socket) => {
    if (worksFor(answers.get(socket), socket)) socket.setTimeout(idle)
    else socket.destroy()
  })
}

/** The request is here, its answer is not finished, and the client has read all there is of it. */
function worksFor(answer: ServerResponse | undefined, socket: Socket): boolean {
  return answer?.req.complete === true && !answer.writableFinished && socket.writableLength === 0
}
