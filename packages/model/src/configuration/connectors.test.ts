// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is what people write
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { Connectors } from './connectors.ts'
import { formatFinding } from './finding.ts'
import { parseConfiguration } from './parse-configuration.ts'
import { secretSchema } from './secret-schema.ts'

const schema = z.strictObject({
  url: z.string().regex(/^made:/, 'must be an address such as made://host'),
  password: secretSchema.optional(),
  pages: z.int().min(1).optional(),
})

const connectors: Connectors = {
  find: (_, name) =>
    name === 'made'
      ? { schema, tables: () => [{ file: 'people.csv' }] }
      : { problem: `There is no connector "${name}".`, remedy: 'Did you mean "made"?' },
}

/** A project with one source, whose export is this. */
const textWith = (exporting: string, file = 'people.csv') => `
entityTypes:
  Person: {properties: {id: text}}
sources:
  hr:
    export: ${exporting}
    entities:
      Person: {file: ${file}, key: id, properties: {id: id}}
`

function parse(exporting: string, file?: string) {
  const environment = { MADE_HOST: 'hr.example', MADE_PASSWORD: 'correct horse' }
  const resolvePath = (_: string, relative: string) => `/project/${relative}`
  const text = textWith(exporting, file)
  const parsed = parseConfiguration([{ path: 'sluice.yaml', text }], { environment, connectors, resolvePath })
  return { ...parsed, findings: parsed.findings.map(formatFinding) }
}

describe('a connector', () => {
  test('has its options with variables put in, and no secret among them', () => {
    const { configuration, findings } = parse(
      '{connector: made, url: "made://${MADE_HOST}", password: "${MADE_PASSWORD}", timeout: 5m}',
    )
    expect(findings).toEqual([])
    const source = configuration?.sources.get('hr')
    expect(source?.export).toEqual({
      connector: 'made',
      options: { url: 'made://hr.example', password: '${MADE_PASSWORD}' },
      secrets: [['password']],
      unset: [],
      workingFolder: '/project/.',
      timeout: 300_000,
      retries: 3,
    })
    expect(source?.folder).toMatch(/export\/hr$/)
    expect(source?.entities[0]?.format).toMatchObject({ separator: ',', quotedLineBreaks: 'trust' })
    expect(JSON.stringify([...(configuration?.definitions.values() ?? [])])).not.toContain('correct horse')
  })

  test.each([
    ['{connector: maid, url: "made:"}', '6:25: error: There is no connector "maid". Did you mean "made"?'],
    ['{connector: made}', '6:5: error: "url" is missing in "export".'],
    [
      '{connector: made, url: "made:", pagse: 3}',
      '6:45: error: There is no key "pagse" in "export". Did you mean "pages"?',
    ],
    [
      '{connector: made, url: http, pages: 0}',
      '6:36: error: "url" must be an address such as made://host, not "http".',
    ],
    [
      '{connector: made, url: "made:", password: {enviroment: X}}',
      '6:55: error: "password" must be ${NAME}, or one of {environment: NAME}, {file: path} and {command: [program, argument]}.',
    ],
    ['{connector: 5}', '6:25: error: "connector" must be the name of a connector, such as ldap, not "5".'],
    ['{conector: made}', '6:5: error: "connector" is missing in "export".'],
    [
      'made',
      '6:13: error: "export" must be a map such as {command: [./export.sh]} or {connector: ldap, url: "ldap://…"}, not "made".',
    ],
  ])('with a mistake in its options is refused at its place: %s', (exporting, finding) => {
    expect(parse(exporting).findings).toContain(`sluice.yaml:${finding}`)
  })

  test('writes the files that are mapped, or the mapping is refused', () => {
    const { findings } = parse('{connector: made, url: "made:"}', 'peple.csv')
    expect(findings).toEqual([
      'sluice.yaml:8:22: error: The connector of the source writes no file "peple.csv". Did you mean "people.csv"?',
    ])
  })

  test('with a secret as plain text is warned of, and shows none', () => {
    const { configuration, findings } = parse('{connector: made, url: "made:", password: correct horse}')
    expect(findings).toEqual([
      'sluice.yaml:6:55: warning: "password" stands in the file as plain text. Take it from elsewhere: password: ${NAME}, {environment: NAME}, {file: path} or {command: [program]}.',
    ])
    expect(configuration?.definitions.get('hr')?.effective['export']).toEqual({
      connector: 'made',
      url: 'made:',
      password: '***',
    })
  })

  test('with a variable that is not set can be read, but not used', () => {
    const { configuration, findings } = parse(
      '{connector: made, url: "${NO_HOST}", password: {environment: NO_PASSWORD}}',
    )
    expect(findings).toEqual([
      'sluice.yaml:6:36: warning: The environment variable "NO_HOST" is not set. Set it on the machine where the export runs.',
      'sluice.yaml:6:60: warning: The environment variable "NO_PASSWORD" is not set. Set it on the machine where the export runs.',
    ])
    expect(configuration?.sources.get('hr')?.export).toMatchObject({ unset: ['NO_HOST'] })
  })
})
