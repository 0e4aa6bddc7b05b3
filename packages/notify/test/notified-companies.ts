/**
 * A configuration of which several receivers hear, for tests on the real database.
 *
 * @module
 */

export interface Wanted {
  /** Address of the webhook `ops`. */
  readonly url?: string
  /** More keys of `notifications`. */
  readonly settings?: string
  /** More keys of the source `hr`. */
  readonly hr?: string
}

/** `ops` hears of everything, `boss` of held runs of `hr`, `nobody` of nothing but what is late in `sites`. */
export function notified({ url = 'http://127.0.0.1:1/', settings = '', hr = '' }: Wanted = {}): string {
  return `
server: { publicUrl: https://sluice.example.org/ }
notifications:
  ${settings}
  receivers:
    ops: { webhook: { url: "${url}" } }
    boss:
      email: { host: 127.0.0.1, port: 1, tls: none, from: sluice@example.org, to: boss@example.org }
      events: [held]
      sources: [hr]
    nobody: { webhook: { url: "http://127.0.0.1:1/" }, events: [late], sources: [sites] }
entityTypes:
  Person: { display: name, properties: { number: { type: string, required: true }, name: string, grade: integer } }
  Unit: { display: name, properties: { code: { type: string, required: true }, name: string } }
sources:
  hr:
    folder: .
    owner: the HR team
    thresholds: { deleted: { count: 1 } }
    ${hr}
    entities:
      Person: { file: people.csv, key: number, properties: { number: n, name: name, grade: grade } }
  sites:
    folder: .
    thresholds: off
    entities:
      Unit: { file: units.csv, key: code, properties: { code: c, name: name } }
`
}
