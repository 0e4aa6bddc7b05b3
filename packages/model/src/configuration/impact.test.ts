import { describe, expect, test } from 'vitest'
import { impactRuleOf } from '../entity/impact.ts'
import { parseConfiguration } from './parse-configuration.ts'

const parsed = (association: string, name = 'RunsOn') =>
  parseConfiguration([
    {
      path: 'sluice.yaml',
      text: `entityTypes: {Server: {properties: {host: string}}}
associations:
  ${name}: {from: Server, to: Server, ${association}}
`,
    },
  ])
const ruleOf = (association: string, name = 'RunsOn') => {
  const found = parsed(association, name).configuration?.model.associations.get(name)
  return found === undefined ? undefined : impactRuleOf(found)
}
const problemsOf = (association: string) =>
  parsed(association)
    .findings.filter(({ line = 0 }) => line > 1)
    .map(({ line, column, message, remedy }) => [`${line}:${column}`, message, remedy].join(' '))

describe('who is impacted along links', () => {
  test('is nobody where nothing says so', () => {
    expect(ruleOf('properties: {ImpactWeight: integer}')).toBeUndefined()
  })

  test('is declared by a direction, and whole unless a weight is', () => {
    const none = { has: undefined, direction: undefined, weight: undefined }
    expect(ruleOf('impact: to-from')).toEqual({ ...none, declared: { direction: 'to-from', weight: 100 } })
    expect(ruleOf('impact: {direction: from-to, weight: 60}')).toEqual({
      ...none,
      declared: { direction: 'from-to', weight: 60 },
    })
  })

  test('can have its weight from a property of each link', () => {
    expect(ruleOf('impact: {direction: from-to, weight: share}, properties: {share: decimal}')).toMatchObject(
      {
        weight: 'share',
        declared: { direction: 'from-to', weight: 100 },
      },
    )
  })

  test('is on each link what a syncmapping writes there', () => {
    expect(ruleOf('properties: {HasImpact: string, ImpactDirection: string, ImpactWeight: integer}')).toEqual(
      {
        has: 'HasImpact',
        direction: 'ImpactDirection',
        weight: 'ImpactWeight',
        declared: undefined,
      },
    )
  })

  test('goes from the source to the destination of a link that is nothing but an impact', () => {
    expect(ruleOf('cardinality: many-to-many', 'BMC_Impact')).toMatchObject({
      declared: { direction: 'from-to', weight: 100 },
    })
  })

  test('is refused with its place where it cannot be read', () => {
    expect(problemsOf('impact: both')).toEqual(['3:46 "impact" cannot be "both". Known: from-to, to-from.'])
    expect(problemsOf('impact: {direction: from-to, weight: 120}')).toEqual([
      expect.stringContaining('a percentage, from 0 to 100'),
    ])
    expect(problemsOf('impact: {direction: from-to, weight: shar}, properties: {share: integer}')).toEqual([
      '3:75 "RunsOn" has no property "shar" that says the weight. Did you mean "share"?',
    ])
    expect(problemsOf('impact: {direction: from-to, weight: share}, properties: {share: string}')).toEqual([
      expect.stringContaining('"share" is string, and a weight is a number.'),
    ])
  })
})
