/**
 * Everything that the library exports, with its documentation as it stands in the sources: docs/api.md.
 *
 * @module
 */
import { fileURLToPath } from 'node:url'
import {
  type ClassDeclaration,
  type FunctionDeclaration,
  isClassDeclaration,
  isConstructorDeclaration,
  isFunctionDeclaration,
  isMethodDeclaration,
  isVariableDeclaration,
  type Node,
} from 'typescript/unstable/ast'
import { API, type Project, type Symbol as TypeScriptSymbol } from 'typescript/unstable/sync'

interface Exported {
  readonly name: string
  readonly kind: Kind
  /** Markdown, from its docstring. */
  readonly about: string
  /** As TypeScript. */
  readonly code: string
}

type Kind = 'functions' | 'classes' | 'types'

const headings: Readonly<Record<Kind, string>> = {
  functions: 'Functions and values',
  classes: 'Classes',
  types: 'Types',
}

/** The page, made anew. */
export function apiPage(): string {
  const all = exported()
  const chapters = (['functions', 'classes', 'types'] as const).flatMap((kind) => [
    `## ${headings[kind]}`,
    ...all.filter((one) => one.kind === kind).map(section),
  ])
  return `${[introduction, ...chapters].join('\n\n')}\n`
}

const introduction = `# API

<!-- Made of the sources: npx vitest run tools/api-page.test.ts --update -->

Everything that \`import … from 'sluice'\` brings. [The library](library.md) leads through it; [errors](errors.md) say what to do about each.`

function section({ name, about, code }: Exported): string {
  return [`### ${name}`, ...(about === '' ? [] : [about]), `\`\`\`ts\n${code}\n\`\`\``].join('\n\n')
}

function exported(): readonly Exported[] {
  const root = fileURLToPath(new URL('..', import.meta.url))
  const api = new API({ cwd: root })
  try {
    const [project] = api.updateSnapshot({ openProjects: [`${root}tsconfig.json`] }).getProjects()
    const index = project?.program.getSourceFile(`${root}packages/project/src/index.ts`)
    const module = index === undefined ? undefined : project?.checker.getSymbolAtLocation(index)
    if (project === undefined || module === undefined) throw new Error('The library cannot be read.')
    const symbols = project.checker.getExportsOfModule(module)
    return symbols.map((symbol) => describe(project, symbol)).sort((a, b) => (a.name < b.name ? -1 : 1))
  } finally {
    api.close()
  }
}

function describe(project: Project, symbol: TypeScriptSymbol): Exported {
  const { checker } = project
  const target = checker.getAliasedSymbol(symbol)
  const nodes = target.declarations.flatMap((handle) => handle.resolve(project) ?? [])
  const examples = checker
    .getJsDocTagsOfSymbol(target)
    .flatMap(({ name, text }) => (name === 'example' && text !== undefined ? [text.trim()] : []))
  const comment = checker.getDocumentationCommentOfSymbol(target)
  return {
    name: symbol.name,
    kind: kindOf(nodes),
    about: [escaped(comment.trim()), ...examples].filter((part) => part !== '').join('\n\n'),
    code: codeOf(nodes),
  }
}

function kindOf(nodes: readonly Node[]): Kind {
  if (nodes.some((node) => isFunctionDeclaration(node) || isVariableDeclaration(node))) return 'functions'
  return nodes.some(isClassDeclaration) ? 'classes' : 'types'
}

/** What a caller has to know: no bodies, and of overloads not the one that does the work. */
function codeOf(nodes: readonly Node[]): string {
  const functions = nodes.filter(isFunctionDeclaration)
  const overloads = functions.filter(({ body }) => body === undefined)
  if (functions.length > 0) return (overloads.length > 0 ? overloads : functions).map(signatureOf).join('\n')
  return nodes
    .map((node) => {
      if (isClassDeclaration(node)) return classOf(node)
      return isVariableDeclaration(node) ? `const ${node.name.getText()}` : exportedText(node.getText())
    })
    .join('\n')
}

function signatureOf(node: FunctionDeclaration): string {
  const text = node.getText()
  const end = node.body === undefined ? text.length : node.body.getStart() - node.getStart()
  return exportedText(text.slice(0, end))
}

/** What can be read of an instance. */
function classOf(node: ClassDeclaration): string {
  const text = node.getText()
  const head = text.slice(0, text.indexOf('{')).trim()
  const members = node.members.flatMap((member) => {
    const written = member.getText()
    if (isConstructorDeclaration(member) || /^(?:private |#|static #|override #)/.test(written)) return []
    if (!isMethodDeclaration(member)) return [`  ${written}`]
    const { body } = member
    return [
      `  ${body === undefined ? written : written.slice(0, body.getStart() - member.getStart()).trim()}`,
    ]
  })
  return exportedText([`${head} {`, ...members, '}'].join('\n'))
}

/** That it is exported goes without saying here. */
function exportedText(text: string): string {
  return text
    .replace(/^export (?:declare )?/, '')
    .replace(/^async /, '')
    .trim()
}

/** Markdown takes what looks like a tag for one; code stays as it is. */
function escaped(text: string): string {
  return text
    .split(/(```[\s\S]*?```|`[^`]*`)/)
    .map((part, index) => (index % 2 === 1 ? part : part.replaceAll('<', '&lt;').replaceAll('{{', '{ {')))
    .join('')
}
