import { storableText } from '@sluice/model'
import { expect, test } from 'vitest'
import { evaluateApart } from './evaluate-apart.ts'
import type { TriedData } from './try-evaluation.ts'

const module = (...body: readonly string[]) => `tpl 1.15 module M;
syncmapping Hosts 1.0
  "A host."
  overview tags T; end overview;
  mapping on Host as host
    computer -> Computer;
  end mapping;
  body
    ${body.join('\n    ')}
    computer := sync.Computer(key := host.key, Name := host.name);
  end body;
end syncmapping;
`

const dataOf = (text: string): TriedData => ({
  graph: { modules: [{ file: 'm.tpl', text }], dataModel: 6, options: {}, key: 'SyncKey' },
  model: {
    entityTypes: new Map([
      [
        'Computer',
        {
          name: 'Computer',
          abstract: false,
          properties: ['SyncKey', 'Name'].map((name) => ({ name, type: 'string', required: false })),
        },
      ],
    ]),
    associations: new Map(),
  },
  subgraph: {
    subgraphs: {
      nodes: '[[1,"h1","Host",false,{"key":"H1","name":"al\\u0000pha"}]]',
      edges: '[]',
      roots: [1],
    },
    ways: [],
  },
  stored: [
    {
      mapping: 'Computer',
      key: 'Computer/H1',
      fields: { SyncKey: 'Computer/H1', Name: storableText('al\u0000pha') },
    },
  ],
  associations: new Set(),
  now: 0,
})

/** Longer than anybody waits: each loop inside of the one before. */
const endless = [
  'list := text.split("a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a", " ");',
  ...['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `for ${name} in list do`),
  'last := a;',
  ...Array.from({ length: 6 }, () => 'end for;'),
]

test('what does not come to an end is stopped, and the next one is evaluated', async () => {
  expect(await evaluateApart(dataOf(module(...endless)), 3000)).toEqual({
    state: 'failed',
    problem: 'TOO_LONG',
    message: 'Its evaluation had not come to an end after 3 seconds.',
    file: null,
    line: null,
    column: null,
  })
  expect(await evaluateApart(dataOf(module()), 60_000)).toMatchObject({ state: 'given' })
})

test('what fills all memory is ended alone, and the next one is evaluated', async () => {
  const filling = [
    'list := [ "a", "b" ];',
    `for a in text.split("${'a '.repeat(40)}", " ") do`,
    'list := list + list;',
    'end for;',
  ]
  expect(await evaluateApart(dataOf(module(...filling)), 60_000)).toMatchObject({
    state: 'failed',
    problem: 'TOO_LARGE',
    message: 'Its evaluation took more than 256 MB of memory.',
  })
  expect(await evaluateApart(dataOf(module()), 60_000)).toMatchObject({ state: 'given' })
})

test('many at once are evaluated by turns', async () => {
  const tried = await Promise.all(Array.from({ length: 6 }, () => evaluateApart(dataOf(module()), 60_000)))
  expect(tried.map(({ state }) => state)).toEqual(Array.from({ length: 6 }, () => 'given'))
})

test('who has waited too long takes no turn from those behind', async () => {
  const [first, second, late, behind] = [
    evaluateApart(dataOf(module(...endless)), 3000),
    evaluateApart(dataOf(module(...endless)), 3000),
    evaluateApart(dataOf(module()), 500),
    evaluateApart(dataOf(module()), 60_000),
  ]
  expect(await late).toMatchObject({ state: 'failed', problem: 'TOO_LONG' })
  expect(await behind).toMatchObject({ state: 'given' })
  expect([await first, await second]).toMatchObject([{ problem: 'TOO_LONG' }, { problem: 'TOO_LONG' }])
})

test('a value is compared as it would be stored: without what no database takes', async () => {
  const tried = await evaluateApart(dataOf(module()), 60_000)
  expect(tried).toMatchObject({ state: 'given', items: [{ change: 'unchanged' }] })
})
