import { expect, test } from 'vitest'
import { narrowLabels } from './narrow-labels.ts'
import { emptyModel, type StoredModel } from './stored-model.ts'

const labels = { en: 'Number', de: 'Nummer', 'pt-BR': 'Número' }

const model: StoredModel = {
  ...emptyModel,
  entityTypes: new Map([
    [
      'Person',
      {
        name: 'Person',
        labels: { fr: 'Personne' },
        abstract: false,
        properties: [
          { name: 'number', type: 'integer', required: true, labels },
          {
            name: 'state',
            type: 'enum',
            required: false,
            values: ['active', 'left'],
            valueLabels: { active: labels, left: { fr: 'Parti' } },
          },
        ],
      },
    ],
  ]),
  associations: new Map([
    [
      'Membership',
      {
        name: 'Membership',
        from: 'Person',
        to: 'Person',
        cardinality: 'many-to-many',
        fromLabels: labels,
        toLabels: { fr: 'Groupes' },
        properties: [],
      },
    ],
  ]),
}

test('a model keeps of its labels those of whoever looks, each under its language', () => {
  const { entityTypes, associations } = narrowLabels(model, ['de-AT', 'pt-BR'])
  const [number, state] = entityTypes.get('Person')?.properties ?? []
  expect(number?.labels).toEqual({ de: 'Nummer' })
  expect(state).toMatchObject({ valueLabels: { active: { de: 'Nummer' } } })
  expect(associations.get('Membership')).toMatchObject({ fromLabels: { de: 'Nummer' } })
})

test('what has none in the languages that are wanted has that of the project, or none', () => {
  const { entityTypes } = narrowLabels(model, ['it', 'pt-br'])
  expect(entityTypes.get('Person')?.properties[0]?.labels).toEqual({ 'pt-BR': 'Número' })
  expect(entityTypes.get('Person')?.labels).toBeUndefined()
  const french = narrowLabels({ ...model, language: 'fr' }, 'it').entityTypes.get('Person')
  expect(french?.labels).toEqual({ fr: 'Personne' })
  expect(french?.properties[1]).toMatchObject({ valueLabels: { left: { fr: 'Parti' } } })
})
