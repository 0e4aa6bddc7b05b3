/**
 * The page of all error codes, `docs/errors.md`, from the places where the codes are declared.
 *
 * A code is documented where it stands: in the docstring of its class, or in the comment above its
 * line in a table of codes. So the page cannot say anything else than the code does.
 *
 * @module
 */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const packages = fileURLToPath(new URL('../packages', import.meta.url))

/** A literal as it stands in the class; `varies` where the constructor decides. */
export type Declared = number | boolean | 'varies'

export interface DeclaredCode {
  readonly code: string
  /** Relative to packages/. */
  readonly file: string
  readonly blame: string | undefined
  /** HTTP status; `undefined` where no server answers with it. */
  readonly status: Declared | undefined
  /** `undefined` where no class declares the code: it belongs to a finding, or to what another server said. */
  readonly retry: Declared | undefined
  /** First sentence and more, as Markdown; `undefined` when there is no comment where it belongs. */
  readonly text: string | undefined
}

/** Every code that is declared anywhere, in the order of the codes. */
export function declaredCodes(): readonly DeclaredCode[] {
  return sources()
    .flatMap(({ file, text }) => [...classCodes(file, text), ...tableCodes(file, text)])
    .sort((a, b) => (a.code < b.code ? -1 : 1))
}

/** Every code that is written anywhere, also in messages and comments. */
export function mentionedCodes(): ReadonlySet<string> {
  return new Set(sources().flatMap(({ text }) => text.match(/SLUICE-[A-Z]+-\d\d/g) ?? []))
}

function sources(): readonly { readonly file: string; readonly text: string }[] {
  return globSync('*/src/**/*.ts', { cwd: packages })
    .filter((file) => !file.endsWith('.test.ts'))
    .sort()
    .map((file) => ({ file, text: readFileSync(join(packages, file), 'utf8') }))
}

/** `readonly code = 'SLUICE-…'` in a class, documented above the class. */
function classCodes(file: string, text: string): readonly DeclaredCode[] {
  return [...text.matchAll(/readonly code = '(SLUICE-[A-Z]+-\d\d)'/g)].map((match) => {
    const code = match[1] ?? ''
    const before = text.slice(0, match.index)
    const body = text.slice(match.index, text.indexOf('\n}\n', match.index))
    const comment = commentAtEnd(before.slice(0, before.lastIndexOf('export class')))
    return {
      code,
      file,
      blame: /blame(?::[^=]*)? = '([a-z]+)'/.exec(body)?.[1],
      status: declaredIn(body, 'status'),
      retry: declaredIn(body, 'retry'),
      text:
        comment?.startsWith(`${code}: `) === true ? capitalized(comment.slice(code.length + 2)) : undefined,
    }
  })
}

function declaredIn(body: string, field: string): Declared | undefined {
  const found = new RegExp(`^  readonly ${field}(?:: .+| = (\\w+))$`, 'm').exec(body)
  if (found === null) return undefined
  const literal = found[1]
  if (literal === undefined) return 'varies'
  return literal === 'true' || literal === 'false' ? literal === 'true' : Number(literal)
}

/** `name: 'SLUICE-…',` in a table, documented on the line above. */
function tableCodes(file: string, text: string): readonly DeclaredCode[] {
  return [...text.matchAll(/^ +\w+: '(SLUICE-[A-Z]+-\d\d)',$/gm)].map((match) => ({
    code: match[1] ?? '',
    file,
    blame: undefined,
    status: undefined,
    retry: undefined,
    text: commentAtEnd(text.slice(0, match.index)),
  }))
}

function commentAtEnd(text: string): string | undefined {
  const comment = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*$/.exec(text)?.[1]
  return comment?.replace(/^[ \t]*\*[ \t]?/gm, '').trim()
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

const areas: Readonly<Record<string, string>> = {
  USAGE: 'The command line',
  INIT: 'New projects',
  CONFIGURATION: 'Configuration',
  SOURCE: 'Definitions of sources',
  PROJECT: 'Projects',
  EXPORT: 'Exporting',
  PREPARE: 'Preparing source files',
  DELIVER: 'Delivering',
  FILES: 'Files of the machine',
  JOB: 'Jobs and their agent',
  LOCK: 'One process at a time',
  REMOTE: 'Reaching a server',
  SERVER: 'The server',
  TOKEN: 'Tokens',
  RECEIVE: 'Receiving deliveries',
  RUN: 'Runs',
  REPOSITORY: 'The repository',
  NOTIFY: 'Notifications',
  PRUNE: 'Pruning',
}

const places: Readonly<Record<string, string>> = {
  configuration: 'the configuration',
  source: 'the managed system or its export',
  repository: 'the database or its disk',
  usage: 'the command or the request',
}

/** The whole page. */
export function errorsPage(): string {
  const codes = declaredCodes()
  const found = [...new Set(codes.map(areaOf))].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))
  const sections = found.map((area) =>
    [`## ${areas[area] ?? area}`, ...codes.filter((code) => areaOf(code) === area).map(section)].join('\n\n'),
  )
  return `${[introduction, ...sections].join('\n\n')}\n`
}

function areaOf({ code }: DeclaredCode): string {
  return code.split('-')[1] ?? ''
}

function rank(area: string): number {
  const place = Object.keys(areas).indexOf(area)
  return place === -1 ? Number.MAX_SAFE_INTEGER : place
}

function section({ code, blame, status, retry, text }: DeclaredCode): string {
  const place = places[blame ?? '']
  const facts = [
    place === undefined ? undefined : `Cause: ${place}.`,
    retryFacts.get(retry),
    statusFact(status),
  ].filter((fact) => fact !== undefined)
  return [`### ${code}`, text ?? '', ...(facts.length === 0 ? [] : [`*${facts.join(' ')}*`])].join('\n\n')
}

const retryFacts = new Map<Declared | undefined, string>([
  [true, 'Trying again may succeed.'],
  [false, 'Trying again does not help.'],
  ['varies', 'The message says whether trying again may succeed.'],
])

function statusFact(status: Declared | undefined): string | undefined {
  if (status === undefined) return undefined
  return status === 'varies' ? 'HTTP status: depends on the cause.' : `HTTP status ${status}.`
}

const introduction = `# Errors

Every error that Sluice reports on purpose has a code that never changes. The message says what happened,
the line that begins with \`→\` says what to do; with \`--json\` both come as
\`{"error": {"code", "message", "remedy", "place"}}\`.

Below each code stands where its cause is: in the configuration, in the managed system or its export, in the database or its
disk, or in the command or the request. *Trying again may succeed* where the cause can pass by itself: a lock, a full disk, a
server that is away; an agent then tries again by itself (in the error document of HTTP: \`retry\`). Where *trying again does
not help*, somebody has to correct or decide something first.

Rejected rows, held runs and counted conflicts are not errors: they are in the report of the run. An error without a
code is a defect of Sluice; it is shown as \`SLUICE-DEFECT\` with its stack;
please report it.

This page is made from the comments beside the codes: \`npx vitest run tools/errors.test.ts -u\` renews it.`
