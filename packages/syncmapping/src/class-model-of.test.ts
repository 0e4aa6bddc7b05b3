/**
 * The entity model of a project as the class model of its syncmappings: what may be said, and what comes of the rest.
 */
import type { Association, EntityModel, EntityType, Property } from '@sluice/model'
import { describe, expect, test } from 'vitest'
import { diagnosticsOf, errorsOf, evaluateHost, moduleText } from '../test/module-text.ts'
import { attributesOf, isOrExtends } from './class-model.ts'
import { classModelOf } from './class-model-of.ts'

const scalar = (name: string): Property => ({ name, type: 'string', description: undefined, required: false })

const entityType = (name: string, part: Partial<EntityType> = {}): [string, EntityType] => [
  name,
  { name, abstract: false, properties: [scalar('Name')], ...part },
]

const association = (name: string, from: string, to: string): [string, Association] => [
  name,
  {
    name,
    from,
    to,
    cardinality: 'many-to-many',
    properties: ['Name', 'HasImpact', 'ImpactDirection'].map((one) => ({
      name: one,
      type: 'string',
      description: undefined,
      required: false,
    })),
  },
]

const model: EntityModel = {
  entityTypes: new Map([
    entityType('Element', { abstract: true }),
    entityType('Computer', {
      extends: 'Element',
      properties: [
        scalar('Name'),
        scalar('Model'),
        { name: 'photo', type: 'file', description: undefined, required: false },
        { name: 'site', type: 'reference', to: 'Element', description: undefined, required: false },
      ],
    }),
    entityType('Software', { extends: 'Element' }),
  ]),
  associations: new Map([association('Runs', 'Computer', 'Software')]),
}
const classes = classModelOf(model)

describe('a class model that is made of an entity model', () => {
  test('has inheritance, and of attributes those that one text can say', () => {
    expect(isOrExtends(classes, 'Computer', 'Element')).toBe(true)
    expect([...(attributesOf(classes, 'Computer') ?? [])]).toEqual(['Name', 'Model'])
    expect(classes.relationships?.get('Runs')?.ends).toEqual({ source: 'Computer', destination: 'Software' })
  })

  const block = 'mapping on Host as host e -> Element; c -> Computer; s -> Software; end mapping;'
  const computer = 'c := sync.Computer(key := "1"); s := sync.Software(key := "2");'
  test.each([
    ['c := sync.Computer(key := "1", Nmae := "x");', 'ATTRIBUTE_UNKNOWN Nmae'],
    ['c := sync.Computer(key := "1", photo := "x");', 'ATTRIBUTE_UNKNOWN photo'],
    ['e := sync.Element(key := "1");', 'CLASS_ABSTRACT Element'],
    [`${computer} sync.rel.Run(Source := c, Destination := s);`, 'CLASS_UNKNOWN Run'],
    [`${computer} sync.rel.Runs(Source := c, Destination := s, Wieght := 1);`, 'ATTRIBUTE_UNKNOWN Wieght'],
    [`${computer} sync.rel.Runs(Source := s, Destination := c);`, 'END_MISMATCH s'],
    [`${computer} x := c; sync.rel.Runs(Source := c, Destination := x);`, 'END_MISMATCH x'],
  ])('%s: is reported', (body, found) => {
    expect(diagnosticsOf(moduleText({ mapping: block, body }), classes)).toContain(found)
  })

  test('lets through an end that may be of the right class', () => {
    const body =
      'e := sync.Computer(key := "1"); s := sync.Software(key := "2"); sync.rel.Runs(Source := e, Destination := s);'
    expect(errorsOf(moduleText({ mapping: block, body }), classes)).toEqual([])
  })
})

describe('a root', () => {
  const block = 'mapping on Host as host e -> Element; c -> Computer; s -> Software; end mapping;'
  const evaluated = (body: string, dataModel = 6) =>
    evaluateHost(moduleText({ mapping: block, body }), { classes, dataModel }).written

  test('fails where an end turns out to be of another class', () => {
    const body =
      'e := sync.Software(key := "1"); s := sync.Software(key := "2"); sync.rel.Runs(Source := e, Destination := s);'
    expect(evaluated(body)).toMatchObject({ error: { code: 'END_MISMATCH' } })
  })

  test('has relationships without the attributes that their class lacks', () => {
    const body =
      'c := sync.Computer(key := "1"); s := sync.Software(key := "2"); sync.rel.Runs(Source := c, Destination := s, Name := "RUNS", Impacted := s, ImpactWeight := 5);'
    expect(evaluated(body)).toMatchObject({
      rels: [{ attrs: { Name: 'RUNS', HasImpact: 'Yes', ImpactDirection: 'Source-Destination' } }],
    })
    expect(evaluated(body)).not.toMatchObject({ rels: [{ attrs: { ImpactWeight: 5 } }] })
  })

  test('fails in a data model whose relationships of impact the model lacks', () => {
    const body =
      'c := sync.Computer(key := "1"); s := sync.Software(key := "2"); sync.rel.Runs(Source := c, Destination := s, Impacted := s);'
    expect(evaluated(body, 3)).toMatchObject({ error: { code: 'UNKNOWN_CLASS' } })
    expect(evaluated(body, 4)).toMatchObject({ rels: [{ class: 'Runs' }] })
  })
})
