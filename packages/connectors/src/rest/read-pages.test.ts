/**
 * Pages of systems that refuse and break off as real ones do.
 */
import { describe, expect, test } from 'vitest'
import { type Answered, type Asked, HttpSystem } from '../../test/http-system.ts'
import { record } from '../../test/recorded-export.ts'
import {
  all,
  answerByPage,
  from,
  numberedPages,
  numberOf,
  optionsOf,
  people,
  quick,
  rows,
  size,
} from '../../test/rest-people.ts'
import { rest } from './connector.ts'

/** By the words of `pages`: how the system sends them, and what has to be said of it. */
const systems: Readonly<
  Record<
    string,
    { readonly pages: object; readonly answer: (asked: Asked) => Answered; readonly table?: object }
  >
> = {
  'numbered pages': { pages: numberedPages, answer: answerByPage },
  'an offset, with a limit of its own': {
    pages: { by: 'offset', parameter: 'offset', size: { parameter: 'limit', value: 1000 } },
    answer: (asked) => ({ body: { data: from(numberOf(asked, 'offset')) } }),
  },
  'an offset in the body of a POST': {
    pages: { by: 'offset', parameter: 'offset', in: 'body', total: 'total' },
    table: { method: 'POST', body: { filter: 'active' } },
    answer: ({ method, body }) => {
      const { offset, filter } = JSON.parse(body)
      if (method !== 'POST' || filter !== 'active') return { status: 400 }
      return { body: { total: people.length, data: from(offset) } }
    },
  },
  'a cursor': {
    pages: { by: 'cursor', parameter: 'after', next: 'meta.next' },
    answer: (asked) => {
      const start = numberOf(asked, 'after')
      return {
        body: { data: from(start), meta: { next: start + size < people.length ? start + size : null } },
      }
    },
  },
  'links in the body': {
    pages: { by: 'link', next: '@odata.nextLink' },
    answer: (asked) => {
      const start = numberOf(asked, 'skip')
      const next = start + size < people.length ? { '@odata.nextLink': `/people?skip=${start + size}` } : {}
      return { body: { data: from(start), ...next } }
    },
  },
  'links in the header': {
    pages: { by: 'link-header', totalHeader: 'X-Total-Count' },
    answer: (asked) => {
      const start = numberOf(asked, 'skip')
      const links = [`<${asked.origin}/people?skip=0>; rel="first"`]
      if (start + size < people.length)
        links.push(`<${asked.origin}/people?skip=${start + size}&x=1,2>; rel="next"`)
      return { body: { data: from(start) }, headers: { link: links.join(', '), 'x-total-count': '25' } }
    },
  },
}

describe.each(Object.entries(systems))('%s', (_, { pages, answer, table = {} }) => {
  test('are read to the last one', async () => {
    await using system = await HttpSystem.open(answer)
    const { tables } = await record(rest, optionsOf(system, { pages, ...table }), all)
    expect(tables['people.csv']).toEqual(rows)
  })

  test('are read to the last one, though the system is busy, breaks down and breaks off', async () => {
    await using system = await HttpSystem.open(answer)
    system.next.push(
      { status: 429, headers: { 'retry-after': '0' } },
      undefined,
      { status: 500 },
      { status: 503, headers: { 'retry-after': new Date().toUTCString() } },
      { body: { data: from(0) }, cut: true },
    )
    const { tables } = await record(rest, optionsOf(system, { pages, ...table }), all)
    expect(tables['people.csv']).toEqual(rows)
  })
})

const pages = numberedPages
const answer = answerByPage

describe('what is not all there is', () => {
  test.each([
    [
      'fewer records than the system says there are',
      { by: 'cursor', parameter: 'after', next: 'next', total: 'total' },
      () => ({ body: { data: from(0), total: 25 } }),
      'says that people has 25 records, and gave only 10',
    ],
    [
      'the same page again and again',
      pages,
      () => ({ body: { data: from(0) } }),
      'sends the same page again',
    ],
    [
      'a cursor that leads back',
      { by: 'cursor', parameter: 'after', next: 'next' },
      ({ query }: Asked) => ({
        body: {
          data: from(Number(query.get('after') ?? 0)),
          next: query.has('after') && query.get('after') !== '10' ? '10' : query.has('after') ? '20' : '10',
        },
      }),
      'leads back to a page that was read before',
    ],
    [
      'an answer without the list',
      undefined,
      () => ({ body: { error: 'none' } }),
      'has no list of records at "data"',
    ],
    [
      'a page for people',
      undefined,
      () => ({ body: '<html>Log in</html>', headers: { 'content-type': 'text/html' } }),
      'is no JSON (text/html)',
    ],
    [
      'a link to another system',
      { by: 'link', next: 'next' },
      () => ({ body: { data: from(0), next: 'https://elsewhere.example/people' } }),
      'a link to another system, elsewhere.example',
    ],
    [
      'a redirect to another system',
      undefined,
      () => ({ status: 302, headers: { location: 'https://elsewhere.example/' } }),
      'a link to another system, elsewhere.example',
    ],
    [
      'redirects without end',
      undefined,
      () => ({ status: 302, headers: { location: '/people' } }),
      'leads on and on',
    ],
  ])('is an error: %s', async (_, paging, answers: (asked: Asked) => Answered, message) => {
    await using system = await HttpSystem.open(answers)
    await expect(
      record(rest, optionsOf(system, { pages: paging }, { limits: { attempts: 1 } }), all),
    ).rejects.toThrow(message)
  })

  test('is an error: an answer that is too long to lie in memory', async () => {
    await using system = await HttpSystem.open(() => ({ body: { data: 'x'.repeat(1_100_000) } }))
    const options = optionsOf(system, {}, { limits: { answerMegabytes: 1 } })
    await expect(record(rest, options, all)).rejects.toThrow('more than 1 megabytes')
  })

  test('fails after as many attempts as were allowed, on page 2 as on the first', async () => {
    await using system = await HttpSystem.open((asked) =>
      asked.query.get('page') === '2' ? { status: 500, body: { message: 'Out of order' } } : answer(asked),
    )
    const failing = record(rest, optionsOf(system, { pages }, { limits: { ...quick, attempts: 3 } }), all)
    await expect(failing).rejects.toMatchObject({
      passing: true,
      message: `127.0.0.1:${system.port}/people answers with 500: Out of order.`,
    })
    expect(system.asked.map(({ query }) => query.get('page'))).toEqual(['1', '2', '2', '2'])
  })
})

describe('a system that is asked too often', () => {
  test('is left alone as long as it asks to, by all requests', async () => {
    await using system = await HttpSystem.open(answer)
    system.next.push({ status: 429, headers: { 'retry-after': '1' } })
    const begun = performance.now()
    await record(rest, optionsOf(system, { pages }), all)
    expect(performance.now() - begun).toBeGreaterThanOrEqual(1000)
  })

  test('is asked no faster than it allows', async () => {
    await using system = await HttpSystem.open(answer)
    const begun = performance.now()
    await record(rest, optionsOf(system, { pages }, { limits: { requestsPerSecond: 20 } }), all)
    expect(performance.now() - begun).toBeGreaterThanOrEqual(50 * (system.asked.length - 1) - 1)
  })
})
