/**
 * Requests made of the table of routes that a server has, so that a new route is attacked without anybody thinking of it.
 *
 * @module
 */
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { ServerHarness } from '../server-harness.ts'

export interface TabledRoute {
  readonly method: string
  /** As the framework knows it, with parameters as `:name`. */
  readonly url: string
}

const routesLine = z.object({ msg: z.literal('routes'), routes: z.array(z.string()) })

/** The routes of a server that has been started, as its log names them. */
export function routesOf({ logged }: Pick<ServerHarness, 'logged'>): readonly TabledRoute[] {
  for (const line of logged) {
    const { data } = routesLine.safeParse(JSON.parse(line))
    if (data === undefined) continue
    return data.routes.map((one) => {
      const [method = '', url = ''] = one.split(' ')
      return { method, url }
    })
  }
  throw new Error('The log names no routes.')
}

export const methods = ['GET', 'HEAD', 'PUT', 'POST', 'PATCH', 'DELETE'] as const

/** What stands for nothing that is there, in the form that it has. */
const harmless: Readonly<Record<string, string>> = {
  run: '999999',
  notification: randomUUID(),
  file: 'Person.sorted.csv',
  agent: randomUUID(),
  delivery: randomUUID(),
  plan: randomUUID(),
  start: randomUUID(),
  execution: randomUUID(),
  source: 'hr',
  type: 'Person',
  entityType: 'Person',
}

/** As an address has it; half a character goes as the bytes that somebody would send. */
export function escaped(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9_.~-]/gu, (character) =>
    character.isWellFormed() ? encodeURIComponent(character) : '%ED%A0%80',
  )
}

/** The address with its parameters put in: what `valueIn` says, or something that is not there. */
export function addressOf(
  url: string,
  valueIn: (name: string) => string | undefined = () => undefined,
): string {
  return url
    .replaceAll(/:(\w+)/g, (_, name: string) => escaped(valueIn(name) ?? harmless[name] ?? 'nobody'))
    .replaceAll('*', 'nothing')
}

/** Says whether the route is what answers at an address. */
export function isAt({ url }: TabledRoute, address: string): boolean {
  const parts = url.split('/')
  const asked = address.split('/')
  const wild = parts.at(-1) === '*'
  if (wild ? asked.length < parts.length : asked.length !== parts.length) return false
  return parts.every((part, index) => part === '*' || part.startsWith(':') || part === asked[index])
}

export function parametersIn(url: string): readonly string[] {
  return [...url.matchAll(/:(\w+)/g)].map(([, name = '']) => name)
}

/** A body that is one, where the method has any; what it should hold is not in it. */
export function emptyBody(method: string): RequestInit {
  if (method === 'GET' || method === 'HEAD' || method === 'DELETE') return {}
  return { body: '{}', headers: { 'content-type': 'application/json' } }
}
