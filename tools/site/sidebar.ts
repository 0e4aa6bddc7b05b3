/**
 * The pages of the documentation, by what somebody wants of them.
 *
 * @module
 */

/** A title, and names of pages in `docs/` in the order of reading. */
export interface Chapter {
  readonly title: string
  readonly pages: readonly string[]
}

/** Every page stands in exactly one of them; the decisions, and the front page itself, are beside these. */
export const chapters: readonly Chapter[] = [
  { title: 'Tutorials', pages: ['first-hour', 'shaping', 'federation', 'discovery', 'infrastructure'] },
  {
    title: 'How to',
    pages: [
      'console',
      'looking',
      'held-runs',
      'thresholds',
      'plan-and-apply',
      'undo',
      'incremental',
      'connectors',
      'connectors-active-directory',
      'connectors-ldap',
      'connectors-sql',
      'connectors-files',
      'connectors-singer',
      'connectors-services',
      'connectors-scim',
      'connectors-rest',
      'export-programs',
      'dropped-files',
      'similar-sources',
      'display-names',
      'stored-sources',
      'open-tables',
      'editing',
      'orders',
      'graph-sources',
      'graphs',
      'jobs',
      'agents-and-servers',
      'people',
      'notifications',
      'retention',
      'monitoring',
      'backup-and-restore',
      'containers',
      'systemd',
      'secrets',
      'security',
      'moving-in',
      'upgrading',
    ],
  },
  { title: 'Concepts', pages: ['terms', 'architecture', 'run-lifecycle', 'performance'] },
  { title: 'Reference', pages: ['command-line', 'configuration', 'language', 'errors'] },
  { title: 'Library', pages: ['library', 'api'] },
  {
    title: 'Progress',
    pages: [
      'federation-progress',
      'syncmapping-progress',
      'first-hour-progress',
      'production-progress',
      'connectors-progress',
      'console-progress',
    ],
  },
]

/** The first heading of a page. */
export function titleOf(page: string): string {
  const title = /^# (.+)$/m.exec(page)?.[1]
  if (title === undefined) throw new Error(`A page begins with "${page.slice(0, 40)}" and has no title.`)
  return title
}

/** The anchor of a heading as GitHub makes it: the same links lead there from a clone and on the site. */
export function anchorOf(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{M}\p{N}\p{Pc} -]/gu, '')
    .replaceAll(' ', '-')
}
