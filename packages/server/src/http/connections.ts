/**
 * Connections to a server: how many there may be, in all and of one address, and which gives way.
 *
 * Whoever has no token can open as many as he likes. So where there are too many, the oldest on which nobody has brought a token is closed,
 * and the new one is let in: who has a token shows it with his first request, and from then on his connection stays. Only where all have
 * shown one is the new one refused.
 *
 * @module
 */
import type { Socket } from 'node:net'
import type { FastifyBaseLogger, FastifyInstance, FastifyRequest } from 'fastify'

export interface ConnectionLimits {
  /** In all. */
  readonly connections: number
  /** Of one address that is not a proxy's. */
  readonly connectionsPerAddress: number
}

interface Connection {
  readonly address: string
  readonly socket: Socket
  proven: boolean
}

export interface Connections {
  /** Somebody has brought a token on the connection of this request. */
  proven(request: Pick<FastifyRequest, 'raw'>): void
}

interface Watching extends ConnectionLimits {
  /** Connections of whom are other people's. */
  readonly isProxy: (address: string) => boolean
  readonly log: FastifyBaseLogger
  /** Called with each that is closed because there are too many. */
  readonly onClosed: () => void
}

/** Milliseconds between two lines of the log about it. */
const toldEvery = 10_000

export function limitConnections(app: FastifyInstance, limits: Watching): Connections {
  const open = new Map<string, Connection>()
  let toldAt = Number.NEGATIVE_INFINITY
  let closed = 0
  const close = ({ socket, address }: Connection) => {
    socket.destroy()
    limits.onClosed()
    closed += 1
    if (performance.now() - toldAt < toldEvery) return
    toldAt = performance.now()
    limits.log.warn(
      { address, closed, open: open.size },
      'too many connections; some without a token are closed',
    )
    closed = 0
  }
  app.server.on('connection', (socket: Socket) => {
    const key = keyOf(socket)
    const connection: Connection = { address: socket.remoteAddress ?? '', socket, proven: false }
    open.set(key, connection)
    socket.once('close', () => {
      if (open.get(key) === connection) open.delete(key)
    })
    const one = tooMany([...open.values()], connection, limits)
    if (one !== undefined) close(one)
  })
  return {
    proven({ raw: { socket } }) {
      const connection = open.get(keyOf(socket))
      if (connection !== undefined) connection.proven = true
    },
  }
}

/** The one that has to go, now that `latest` has come; they are in the order in which they came. */
export function tooMany<One extends Pick<Connection, 'address' | 'proven'>>(
  all: readonly One[],
  latest: One,
  { connections, connectionsPerAddress, isProxy }: ConnectionLimits & Pick<Watching, 'isProxy'>,
): One | undefined {
  const { address } = latest
  const same = isProxy(address) ? [] : all.filter((one) => one.address === address)
  if (same.length > connectionsPerAddress) return same.find(({ proven }) => !proven) ?? latest
  return all.length > connections ? (all.find(({ proven }) => !proven) ?? latest) : undefined
}

/** Of TLS, the connection and what speaks on it are two objects with the same ends. */
function keyOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`
}
