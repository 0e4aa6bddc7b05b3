/**
 * Ends connections on which nothing happens, or next to nothing: a request that stops coming or comes a byte at a time, an answer that nobody
 * reads.
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
/** Bytes of a body, or of an answer, that have to pass in a second on the average of `idle`. */
const slowest = 1024

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
  endSlowOnes(app, idle, answers)
}

/** The request is here, its answer is not finished, and the client has read all there is of it. */
function worksFor(answer: ServerResponse | undefined, socket: Socket): boolean {
  return answer?.req.complete === true && !answer.writableFinished && socket.writableLength === 0
}

interface Progress {
  readonly since: number
  readonly bytes: number
}

function endSlowOnes(app: FastifyInstance, idle: number, answers: WeakMap<Socket, ServerResponse>): void {
  const progress = new Map<Socket, Progress | undefined>()
  // Of TLS, it is the connection inside that requests come on.
  for (const event of ['connection', 'secureConnection'])
    app.server.on(event, (socket: Socket) => {
      progress.set(socket, undefined)
      socket.once('close', () => progress.delete(socket))
    })
  const least = (slowest * idle) / 1000
  const timer = setInterval(() => {
    const now = performance.now()
    for (const [socket, before] of progress) {
      const waits = waitsForClient(answers.get(socket), socket)
      // What is handed to the system counts, and not what waits here for a client that reads nothing.
      const bytes = socket.bytesRead + socket.bytesWritten - socket.writableLength
      if (!waits) progress.set(socket, undefined)
      else if (before === undefined) progress.set(socket, { since: now, bytes })
      else if (now - before.since < idle) continue
      else if (bytes - before.bytes < least) socket.destroy()
      else progress.set(socket, { since: now, bytes })
    }
  }, idle / 4)
  timer.unref()
  app.addHook('onClose', async () => clearInterval(timer))
}

/** All that has come of a body is taken, or some of an answer is not: it is the client's turn. */
function waitsForClient(answer: ServerResponse | undefined, socket: Socket): boolean {
  if (socket.writableLength > 0) return true
  return answer !== undefined && !answer.req.complete && answer.req.readableLength === 0
}
