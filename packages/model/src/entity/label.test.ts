import { expect, test } from 'vitest'
import { labeller, withoutLabels } from './label.ts'

const number = { name: 'number', labels: { en: 'Number', de: 'Personalnummer', 'pt-BR': 'Número' } }

test.each([
  ['de', 'Personalnummer'],
  ['de-AT', 'Personalnummer'],
  ['pt-br', 'Número'],
  ['pt', 'Number'],
  ['fr', 'Number'],
  [undefined, 'Number'],
])('who wants %s reads %s', (wanted, label) => {
  expect(labeller({}, wanted).of(number)).toBe(label)
})

test('what has no label in a language is called in that of the project, else by its name', () => {
  expect(labeller({ language: 'de-CH' }, 'fr').of(number)).toBe('Personalnummer')
  expect(labeller({ language: 'it' }, 'fr').of(number)).toBe('number')
  expect(labeller({}, 'de').of({ name: 'salary' })).toBe('salary')
  expect(withoutLabels.of(number)).toBe('number')
})
