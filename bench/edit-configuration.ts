/**
 * The project of the edits: a type that one source fills, with properties that nobody locks, and links of it.
 *
 * @module
 */
import { join } from 'node:path'
import { type Configuration, parseConfiguration } from '@sluice/model'

const yaml = (url: string) => `
repository: ${url}
server: { limits: { requestsPerMinute: 10000000 } }
entityTypes:
  Person:
    display: name
    properties:
      number: { type: string, required: true }
      name: string
      mail: string
      grade: integer
      born: date
      active: boolean
      remark: text
      salary: decimal
      manager: { type: reference, to: Person }
      phone: string
      room: string
      note: string
associations:
  Friend: { from: Person, to: Person }
sources:
  hr:
    folder: .
    entities:
      Person:
        file: p.csv
        key: number
        properties:
          number: number
          name: name
          mail: mail
          grade: grade
          born: born
          active: active
          remark: remark
          salary: salary
          manager: { column: manager, by: number }
    associations:
      Friend: { file: f.csv, from: { column: a, by: number }, to: { column: b, by: number } }
`

export function editConfiguration({
  folder,
  url,
}: {
  readonly folder: string
  readonly url: string
}): Configuration {
  const { configuration, findings } = parseConfiguration([{ path: 'sluice.yaml', text: yaml(url) }], {
    resolvePath: (_file, relative) => join(folder, relative),
  })
  if (!configuration) throw new Error(findings.map(({ message }) => message).join('\n'))
  return configuration
}
