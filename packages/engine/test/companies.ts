/**
 * The configurations that tests of the engine share.
 *
 * @module
 */

/** One source: people with managers and units, memberships with a date, a desk for one person at a time. */
export const company = `
entityTypes:
  Party:
    abstract: true
    display: name
    properties: { name: string }
  Person:
    extends: Party
    properties:
      number: { type: string, required: true }
      grade: integer
      manager: { type: reference, to: Person }
      unit: { type: reference, to: Unit }
      sponsor: { type: reference, to: Party }
  Unit:
    extends: Party
    properties:
      code: string
      head: { type: reference, to: Person }
associations:
  Membership: { from: Person, to: Unit, properties: { since: date } }
  Seat: { from: Person, to: Unit, cardinality: many-to-one }
sources:
  hr:
    folder: .
    thresholds: off
    entities:
      Person:
        file: people.csv
        key: number
        properties: { number: n, name: name, grade: grade, manager: { column: m, by: number }, unit: { column: u, by: code }, sponsor: { column: s, by: name } }
      Unit:
        file: units.csv
        key: code
        properties: { code: c, name: name, head: { column: h, by: number } }
    associations:
      Membership:
        file: members.csv
        from: { column: p, by: number }
        to: { column: u, by: code }
        properties: { since: { column: since, format: dd/MM/yyyy } }
      Seat: { file: seats.csv, from: { column: p, by: number }, to: { column: u, by: code } }
`

/** Two sources: `hr` brings people, `sites` brings units; `hr` says who belongs where. */
export const twoSources = `
entityTypes:
  Person:
    display: name
    properties: { number: string, name: string, unit: { type: reference, to: Unit } }
  Unit:
    display: name
    properties: { code: string, name: string, head: { type: reference, to: Person } }
associations:
  Membership: { from: Person, to: Unit, properties: { since: date, share: decimal, main: boolean } }
sources:
  hr:
    folder: .
    thresholds: off
    entities:
      Person: { file: p.csv, key: number, properties: { number: n, name: name, unit: { column: u, by: code } } }
    associations:
      Membership:
        file: m.csv
        from: { column: p, by: number }
        to: { column: u, by: code }
        properties:
          since: { column: since, format: dd/MM/yyyy }
          share: { column: share, decimalSeparator: "," }
          main: { column: main, words: { true: [ja], false: [nein] } }
  sites:
    folder: .
    thresholds: off
    entities:
      Unit: { file: u.csv, key: code, properties: { code: c, name: name, head: { column: h, by: number } } }
`

/** Two sources that bring people, under numbers of their own. */
export const twoFeeds = `
entityTypes:
  Person:
    display: name
    properties: { number: string, name: string, manager: { type: reference, to: Person } }
sources:
  north:
    folder: .
    thresholds: off
    entities:
      Person: &person { file: p.csv, key: number, properties: { number: n, name: name, manager: { column: m, by: number } } }
  south:
    folder: .
    thresholds: off
    entities:
      Person: *person
`

/** People only, held as soon as a run would insert, update or delete more than it may. */
export function guarded(thresholds: string): string {
  return `
entityTypes:
  Person:
    display: name
    properties: { number: string, name: string, manager: { type: reference, to: Person } }
sources:
  hr:
    folder: .
    entities:
      Person:
        file: p.csv
        key: number
        properties: { number: n, name: name, manager: { column: m, by: number } }
        thresholds: ${thresholds}
`
}
