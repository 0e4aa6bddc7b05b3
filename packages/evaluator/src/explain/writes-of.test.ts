import { compile, evaluateRoot, GraphNode, MemoryGraph, type Write } from '@sluice/syncmapping'
import { expect, test } from 'vitest'
import { attributeWrites, itemWrite, linkWrite } from './writes-of.ts'

const module = `tpl 1.15 module M;
syncmapping First 1.0
  "One."
  overview tags T; end overview;
  mapping on Host as host
    a -> A;
    b -> A;
  end mapping;
  body
    a := sync.A(key := host.key, Name := "first");
    b := sync.A(key := "other");
    sync.rel.Dependency(Source := a, Destination := b, Impacted := b);
  end body;
end syncmapping;
syncmapping Second 1.0
  "Another."
  overview tags T; end overview;
  mapping from First.host as host
  end mapping;
  body
    First.a.Name := "second";
    First.b.Name := none;
  end body;
end syncmapping;
`

function writesOf(): readonly Write[] {
  const { program, diagnostics } = compile([{ file: 'm.tpl', text: module }])
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  const writes: Write[] = []
  const result = evaluateRoot(program, new GraphNode('h', 'Host', new Map([['key', 'K']])), {
    graph: new MemoryGraph([]),
    dataset: { has: () => true },
    classes: { classes: new Map(), relationships: undefined, isOpen: true },
    dataModel: 5,
    onWrite: (write) => void writes.push(write),
  })
  expect(result.type).toBe('specified')
  return writes
}

const at = (line: number, column: number) => ({ file: 'm.tpl', line, column })

test('what is written last counts, and what it overwrites is named with its mapping and value', () => {
  expect(attributeWrites(writesOf(), 'A/K', 'Name')).toEqual({
    by: { mapping: 'Second', ...at(21, 13) },
    overwritten: [{ mapping: 'First', ...at(10, 34), value: 'first' }],
  })
})

test('what has never been written is of nobody, and what takes a value away has overwritten none', () => {
  expect(attributeWrites(writesOf(), 'A/K', 'Domain')).toEqual({ by: null, overwritten: [] })
  expect(attributeWrites(writesOf(), 'A/other', 'Name')).toMatchObject({ overwritten: [] })
})

test('an item is of the statement that specified it', () => {
  expect(itemWrite(writesOf(), 'A/other')).toEqual({ mapping: 'First', ...at(11, 10) })
  expect(itemWrite(writesOf(), 'A/nobody')).toBeNull()
})

test('a relationship that carries the impact of another is of the statement that relates the two', () => {
  const dependency = { mapping: 'First', ...at(12, 5) }
  const ends = { from: 'A/K', to: 'A/other' }
  expect(linkWrite(writesOf(), 'Dependency', ends)).toEqual(dependency)
  expect(linkWrite(writesOf(), 'BMC_Impact', ends)).toEqual(dependency)
  expect(linkWrite(writesOf(), 'BMC_Impact', { from: 'A/K', to: 'A/nobody' })).toBeNull()
})
