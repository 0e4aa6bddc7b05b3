/**
 * A system that answers with JSON and has people, in several pages.
 *
 * @module
 */
import type { Answered, Asked, HttpSystem } from './http-system.ts'

export const people = Array.from({ length: 25 }, (_, index) => ({ id: `u${index}`, name: `Person ${index}` }))
export const size = 10
export const quick = { attempts: 5, pause: '0.001s' }

export const all = { 'people.csv': ['id', 'name'] }
export const rows = [['id', 'name'], ...people.map(({ id, name }) => [id, name])]

/** Of a system whose one table is people. */
export function optionsOf({ address }: HttpSystem, table: object = {}, others: object = {}): object {
  return {
    address,
    limits: quick,
    tables: { people: { path: '/people', records: 'data', ...table } },
    ...others,
  }
}

export const from = (start: number) => people.slice(start, start + size)
export const numberOf = ({ query }: Asked, name: string) => Number(query.get(name) ?? 0)

export const numberedPages = {
  by: 'page',
  parameter: 'page',
  size: { parameter: 'per_page', value: size },
}

export function answerByPage(asked: Asked): Answered {
  return { body: { data: from((numberOf(asked, 'page') - 1) * numberOf(asked, 'per_page')) } }
}
