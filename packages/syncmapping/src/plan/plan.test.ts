/**
 * What a program can make, and how far it looks into the source graph, told from its modules alone.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { moduleText } from '../../test/module-text.ts'
import { caseDocument, classModelDocument, type GraphDocument } from '../case/documents.ts'
import { loadClassModel } from '../case/load-class-model.ts'
import { runCase } from '../case/run-case.ts'
import { compile } from '../compile.ts'
import type { Spec } from '../tree/tree.ts'
import { outcomeOf } from './outcome.ts'
import { type ReachStep, reachOf } from './reach.ts'

function programOf(...texts: readonly string[]) {
  return compile(texts.map((text, index) => ({ file: `${index}`, text }))).program
}

function outcome(text: string, dataModel = 6) {
  const { classes, relationships } = outcomeOf(programOf(text), dataModel)
  return {
    classes: Object.fromEntries([...classes].map(([name, { attributes }]) => [name, [...attributes]])),
    shared: [...classes].filter(([, { isShared }]) => isShared).map(([name]) => name),
    relationships: Object.fromEntries(
      [...relationships].map(([name, attributes]) => [name, [...attributes]]),
    ),
  }
}

const two = `cs := sync.BMC_ComputerSystem(key := host.key, Name := host.name);
  for each si do
    ss := sync.shared.BMC_SoftwareServer(key := si.key);
    ss.Version := si.version;
    ss["Model"] := "x";
    other := cs or ss;
    other.ShortDescription := "either";
    sync.rel.BMC_Dependency(Source := cs, Destination := ss, Name := "D", Impacted := cs, ImpactWeight := 50);
  end for;`

test('a program makes the classes that it specifies, with every attribute that it sets on them', () => {
  expect(outcome(moduleText({ body: two }))).toEqual({
    classes: {
      BMC_ComputerSystem: ['Name', 'ShortDescription'],
      BMC_SoftwareServer: ['Version', 'Model', 'ShortDescription'],
    },
    shared: ['BMC_SoftwareServer'],
    relationships: { BMC_Dependency: ['Name', 'HasImpact', 'ImpactDirection', 'ImpactWeight'] },
  })
})

test('what a data model leaves out is not made, and impact is as the data model has it', () => {
  const body = `${two} datamodel 6 do cs.Domain := "d"; end datamodel;`
  expect(outcome(moduleText({ body }), 5)).toMatchObject({
    classes: { BMC_ComputerSystem: ['Name', 'ShortDescription'] },
    relationships: { BMC_Dependency: ['Name'], BMC_Impact: ['Name', 'ImpactWeight'] },
  })
  expect(outcome(moduleText({ overview: 'tags CMDB; datamodel 4;', body }), 6).classes).toEqual({})
})

test('references to CIs of others make nothing', () => {
  const body = 'cs := sync.external.BMC_ComputerSystem(key := host.key);'
  expect(outcome(moduleText({ body })).classes).toEqual({})
})

function written(steps: readonly ReachStep[]): readonly unknown[] {
  return steps.map(({ spec: { role, relationship, otherRole, kind }, further }) => [
    [role, relationship, otherRole, kind].map((one) => one ?? '').join(':'),
    ...written(further),
  ])
}

test('a program reaches what its traversals, extensions, key expressions and functions lead to', () => {
  const base = moduleText({
    module: 'A',
    body: 'if size(host.#Host:Located:Place:Place) > 0 then stop; end if;',
  })
  const extension = moduleText({
    module: 'B',
    name: 'N',
    before: 'from A import M 1.0;',
    mapping: 'mapping from M.si as s traverse ::Detail:Detail as d end traverse; end mapping;',
    body: `h := related.detailContainer(s);
      places := h.#:Located::Place;
      for p in places do log.debug(p.#Place:In:Town:Town.name); end for;`,
  })
  const reach = reachOf(programOf(base, extension), 6)
  expect([...reach.keys()]).toEqual(['Host'])
  expect(written(reach.get('Host') ?? [])).toEqual([
    [
      'Host:HostedSoftware:RunningSoftware:SoftwareInstance',
      ['::Detail:Detail'],
      ['::ElementWithDetail:', [':Located::Place', ['Place:In:Town:Town']]],
    ],
    ['Host:Located:Place:Place'],
  ])
})

const folder = 'test/cases/syncmapping'
const read = (name: string): unknown => JSON.parse(readFileSync(`${folder}/${name}`, 'utf8'))
const classes = loadClassModel(classModelDocument.parse(read('default-class-model.json')))
const cases = readdirSync(folder)
  .filter((name) => /\d\.json$/.test(name))
  .flatMap((name) => {
    const one = caseDocument.parse(read(name))
    return 'text' in one ? [] : [[name, one] as const]
  })

/** The part of a graph that the steps reach from a root. */
function reachedFrom(root: string, graph: GraphDocument, steps: readonly ReachStep[]): GraphDocument {
  const kinds = new Map(graph.nodes.map(({ id, kind }) => [id, kind]))
  const nodes = new Set([root])
  const rels = new Set<GraphDocument['rels'][number]>()
  const fits = (wanted: string | undefined, found: string | undefined) =>
    wanted === undefined || wanted === found
  const follow = (id: string, { spec, further }: ReachStep): void => {
    for (const rel of graph.rels) {
      for (const to of otherEnds(id, rel, spec)) {
        if (!fits(spec.relationship, rel.kind) || !fits(spec.kind, kinds.get(to))) continue
        nodes.add(to)
        rels.add(rel)
        for (const step of further) follow(to, step)
      }
    }
  }
  const otherEnds = (id: string, rel: GraphDocument['rels'][number], { role, otherRole }: Spec) => [
    ...(rel.from === id && fits(role, rel.fromRole) && fits(otherRole, rel.toRole) ? [rel.to] : []),
    ...(rel.to === id && fits(role, rel.toRole) && fits(otherRole, rel.fromRole) ? [rel.from] : []),
  ]
  for (const step of steps) follow(root, step)
  return {
    nodes: graph.nodes.filter(({ id }) => nodes.has(id)),
    rels: graph.rels.filter((rel) => rels.has(rel)),
  }
}

test.each(cases)('%s comes to the same with nothing of its graph but what is reached', (_name, one) => {
  const { modules, graph, root, dm } = one
  const kind = graph.nodes.find(({ id }) => id === root)?.kind ?? ''
  const program = programOf(...modules.filter((text) => typeof text === 'string'))
  const reached = reachedFrom(root, graph, reachOf(program, dm).get(kind) ?? [])
  expect(runCase({ ...one, graph: reached }, classes)).toEqual({ missing: [], surplus: [] })
})
