/**
 * What the application answers, as the framework has it: gathered while routes are added, whoever adds them.
 *
 * @module
 */
import type { FastifyInstance } from 'fastify'

export interface RouteTable {
  /** `GET /api/v1/runs/:run`, one each, in the order in which they were added. */
  readonly all: readonly string[]
  /** The methods that a path is asked with; none where there is no such address. */
  methodsOf(path: string): readonly string[]
}

/** To be called before the first route is added. */
export function routeTableOf(app: FastifyInstance): RouteTable {
  const all: string[] = []
  const addresses = new Map<string, { readonly pattern: RegExp; readonly methods: Set<string> }>()
  app.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) {
      all.push(`${one} ${url}`)
      const address = addresses.get(url) ?? { pattern: patternOf(url), methods: new Set() }
      address.methods.add(one)
      addresses.set(url, address)
    }
  })
  return {
    all,
    methodsOf(path) {
      const fitting = [...addresses.values()].filter(({ pattern }) => pattern.test(path))
      return [...new Set(fitting.flatMap(({ methods }) => [...methods]))].sort()
    },
  }
}

/** Parameters stand for all but a slash, `*` for whatever follows. */
function patternOf(url: string): RegExp {
  const parts = url.split(/(:\w+|\*)/).map((part) => {
    if (part.startsWith(':')) return '[^/]+'
    return part === '*' ? '.*' : part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&')
  })
  return new RegExp(`^${parts.join('')}$`)
}
