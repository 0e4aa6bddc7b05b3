import { parseModel } from '@sluice/model'
import { expect, test } from 'vitest'
import { typescriptOfModel } from './typescript-of-model.ts'

function typesOf(text: string): string {
  const { model, findings } = parseModel([{ path: 'sluice.yaml', text }])
  if (model === undefined) throw new Error(JSON.stringify(findings))
  return typescriptOfModel(model)
}

test('every type, property and association is written with what is known of it', () => {
  const text = `
entityTypes:
  person:
    description: Whoever works here.
    properties:
      number: {type: integer, required: true, description: Given once.}
      salary: decimal
      born: date
      seen: datetime
      active: boolean
      state: {type: enum, values: ["it's", 'a "b"', 'c\\d']}
      photo: file
      password: secret
      manager: {type: reference, to: person}
  Contractor:
    extends: person
    properties: {number: integer, firm: {type: string, description: "Ends a comment: */"}}
associations:
  Person: {from: person, to: person, properties: {since: date}}
`
  expect(typesOf(text)).toMatchInlineSnapshot(`
    "// Made by \`sluice types\` of the model. What is changed here is gone when it is made again.

    import type { StoredFile } from 'sluice'

    /** Whoever works here. */
    export interface Person {
      /**
       * Given once.
       *
       * A text where a number of JavaScript cannot hold it.
       */
      number: number | string | null
      /** The exact digits. */
      salary: string | null
      /** Such as \`2026-01-31\`. */
      born: string | null
      /** An instant, such as \`2026-01-31T09:30:00Z\`. */
      seen: string | null
      active: boolean | null
      state: 'it\\'s' | 'a "b"' | 'c\\\\d' | null
      photo: StoredFile | null
      /** What the person is displayed by; its id is among the references. */
      manager: string | null
    }

    export interface Contractor extends Person {
      /** A text where a number of JavaScript cannot hold it. */
      number: number | string | null
      /** Ends a comment: *\\/ */
      firm: string | null
    }

    /** What is known of each link from person to person. */
    export interface PersonType {
      /** Such as \`2026-01-31\`. */
      since: string | null
    }

    /** For the library: \`openProject<Model>()\`. */
    export interface Model {
      entityTypes: {
        person: { values: Person; references: 'manager' }
        Contractor: { values: Contractor; references: 'manager' }
      }
      associations: {
        Person: { properties: PersonType }
      }
    }
    "
  `)
  expect(typesOf(text)).toBe(typesOf(text))
})
