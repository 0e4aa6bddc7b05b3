/**
 * Labels in the language of whoever asks.
 */
import { expect, test } from 'vitest'
import type { DatabaseKind } from '../../../../test/databases.ts'
import { ask, createServerHarness } from '../../test/server-harness.ts'

const text = `
repository: ./repository
language: en
entityTypes:
  Person:
    label: { en: Employee, de: Mitarbeiter }
    display: name
    properties: { number: string, name: { type: string, label: { fr: Nom, de: Name } } }
sources:
  hr:
    label: { de: Personal, fr: Personnel }
    folder: .
    entities:
      Person: { file: people.csv, key: number, properties: { number: number, name: name } }
`

test.each(['pglite', 'postgres-18'] as const satisfies DatabaseKind[])(
  'a server on %s gives labels in the best language that is accepted, or all of them to whoever accepts any',
  async (kind) => {
    await using harness = await createServerHarness(kind, undefined, text)
    const server = await harness.serve()
    const labelsFor = async (accepted: string, query = '') => {
      const token = harness.secrets.viewer
      const init = { token, headers: { 'accept-language': accepted } }
      const { body, headers, status } = await ask(server, `/api/v1/model${query}`, init)
      expect(status).toBe(200)
      expect(headers.get('vary')).toMatch(/accept-language/i)
      const { entityTypes, sources } = body as {
        readonly entityTypes: readonly [
          { readonly labels?: unknown; readonly properties: readonly unknown[] },
        ]
        readonly sources: readonly [{ readonly labels?: unknown }]
      }
      const [, name] = entityTypes[0].properties
      return [entityTypes[0].labels, (name as { readonly labels?: unknown }).labels, sources[0].labels]
    }
    const all = [
      { en: 'Employee', de: 'Mitarbeiter' },
      { fr: 'Nom', de: 'Name' },
      { de: 'Personal', fr: 'Personnel' },
    ]
    expect(await labelsFor('*')).toEqual(all)
    expect(await labelsFor('de-AT,en;q=0.5')).toEqual([
      { de: 'Mitarbeiter' },
      { de: 'Name' },
      { de: 'Personal' },
    ])
    // The order is that of the qualities, and what is not accepted at all does not count.
    expect(await labelsFor('de;q=0, en;q=0.2, fr-CA;q=0.7')).toEqual([
      { en: 'Employee' },
      { fr: 'Nom' },
      { fr: 'Personnel' },
    ])
    expect(await labelsFor('it')).toEqual([{ en: 'Employee' }, undefined, undefined])
    expect(await labelsFor('fr', '?language=de')).toEqual([
      { de: 'Mitarbeiter' },
      { de: 'Name' },
      { de: 'Personal' },
    ])
    const status = await ask(server, '/api/v1/status', {
      token: harness.secrets.viewer,
      headers: { 'accept-language': 'fr' },
    })
    expect(status.headers.get('vary')).toMatch(/accept-language/i)
    expect(status.body).toMatchObject({
      language: 'en',
      sources: [{ name: 'hr', labels: { fr: 'Personnel' } }],
    })
  },
)
