/**
 * The extension is built and activated in place of the editor, and what it starts is asked over the protocol.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  createProtocolConnection,
  type ProtocolConnection,
  type PublishDiagnosticsParams,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node'
import { z } from 'zod'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const extension = join(root, 'editors', 'vscode')
const folder = mkdtempSync(join(tmpdir(), 'sluice-editor-'))
const modules = join(folder, 'modules')

const base = `tpl 1.15 module E.Base;
syncmapping Base 1.0
    """Hosts."""
    overview
        tags CMDB;
    end overview;
    mapping on Host as host
        cs -> BMC_ComputerSystem;
    end mapping;
    body
        cs := sync.BMC_ComputerSystem(key := host.key, Name := text.lower(host.name));
    end body;
end syncmapping;
`
const other = `tpl 1.15 module E.Other;
from E.Base import Base 1.0;
syncmapping Other 1.0
    """More."""
    overview
        tags CMDB;
    end overview;
    mapping from Base.host as machine
    end mapping;
    body
        Base.cs.Model := machine.model;
    end body;
end syncmapping;
`
const [baseUri = '', otherUri = ''] = ['base.tpl', 'other.tpl'].map(
  (name) => pathToFileURL(join(modules, name)).href,
)

interface Started {
  readonly command: string
  readonly args: readonly string[]
  readonly options: { readonly cwd?: string }
}
const started = z.object({ started: z.custom<Started>() })

/** What the editor gives an extension, as far as this one asks for it. */
const editor = {
  'vscode/index.js': `export const workspace = {
    workspaceFolders: [{ uri: { fsPath: ${JSON.stringify(modules)} } }],
    getConfiguration: () => ({ get: (name, otherwise) => name === 'command' ? ${JSON.stringify(join(root, 'packages/cli/bin/sluice.js'))} : otherwise }),
    createFileSystemWatcher: (pattern) => ({ pattern, dispose() {} }),
  }`,
  'vscode-languageclient/node.js': `export class LanguageClient {
    constructor(id, name, server, client) { Object.assign(this, { server, client }) }
    async start() { globalThis.sluiceEditor = { started: this.server } }
    async stop() {}
  }`,
}

let child: ChildProcess
let connection: ProtocolConnection
let start: Started
let published: PublishDiagnosticsParams[] = []

async function activated(): Promise<Started> {
  const out = join(folder, 'out')
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  execFileSync(process.execPath, [tsc, '-p', extension, '--outDir', out], { stdio: 'inherit' })
  writeFileSync(join(folder, 'package.json'), '{"type": "module"}')
  for (const [file, text] of Object.entries(editor)) {
    const path = join(folder, 'node_modules', file)
    mkdirSync(join(path, '..'), { recursive: true })
    writeFileSync(path, text)
    writeFileSync(
      join(path, '..', 'package.json'),
      '{"type": "module", "exports": {".": "./index.js", "./node": "./node.js"}}',
    )
  }
  const script = `import { activate } from './out/extension.js'
    const context = { subscriptions: [] }
    await activate(context)
    console.log(JSON.stringify({ ...globalThis.sluiceEditor, subscriptions: context.subscriptions }))`
  const text = execFileSync(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: folder,
    encoding: 'utf8',
  })
  return started.parse(JSON.parse(text)).started
}

beforeAll(async () => {
  start = await activated()
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

beforeEach(async () => {
  mkdirSync(modules)
  writeFileSync(join(modules, 'base.tpl'), base)
  writeFileSync(join(modules, 'other.tpl'), other)
  published = []
  const { command, args, options } = start
  child = spawn(process.execPath, [command, ...args], { ...options, stdio: ['pipe', 'pipe', 'inherit'] })
  if (child.stdout === null || child.stdin === null) throw new TypeError('the server has no streams')
  connection = createProtocolConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  )
  connection.onNotification('textDocument/publishDiagnostics', (message: PublishDiagnosticsParams) => {
    published.push(message)
  })
  connection.listen()
  const workspaceFolders = [{ uri: pathToFileURL(modules).href, name: 'modules' }]
  await connection.sendRequest('initialize', {
    processId: process.pid,
    rootUri: null,
    capabilities: {},
    workspaceFolders,
  })
  await connection.sendNotification('initialized', {})
})

afterEach(() => {
  connection.dispose()
  child.kill()
  rmSync(modules, { recursive: true })
})

/** The place after `before` in a module. */
function place(uri: string, before: string) {
  const text = uri === baseUri ? base : other
  const lines = text.slice(0, text.indexOf(before) + before.length).split('\n')
  return { textDocument: { uri }, position: { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 } }
}

/** What is said of a module after the next change. */
async function diagnosticsAfter(uri: string, change: () => Promise<void>): Promise<readonly unknown[]> {
  const before = published.length
  await change()
  return await expect
    .poll(() => published.slice(before).findLast((one) => one.uri === uri)?.diagnostics, { timeout: 20_000 })
    .toBeDefined()
    .then(() => published.findLast((one) => one.uri === uri)?.diagnostics ?? [])
}

function open(uri: string, text: string): Promise<void> {
  return connection.sendNotification('textDocument/didOpen', {
    textDocument: { uri, languageId: 'tpl', version: 1, text },
  })
}

function changed(uri: string, version: number, text: string): Promise<void> {
  return connection.sendNotification('textDocument/didChange', {
    textDocument: { uri, version },
    contentChanges: [{ text }],
  })
}

test('mistakes are told while a module is written, in the others too', async () => {
  const broken = base.replace('as host', 'as hst')
  const found = await diagnosticsAfter(otherUri, () => open(baseUri, broken))
  expect(found).toMatchObject([
    { code: 'SOURCE_UNKNOWN', severity: 1, range: { start: { line: 7, character: 22 } } },
  ])
  expect(await diagnosticsAfter(otherUri, () => changed(baseUri, 2, base))).toEqual([])
})

test('what can be written is completed', async () => {
  const text = base.replace('cs := sync', 'x := host.\n        cs := sync')
  await open(baseUri, text)
  const { position } = place(baseUri, 'body\n')
  const at = { line: position.line, character: '        x := host.'.length }
  const found = await connection.sendRequest('textDocument/completion', {
    textDocument: { uri: baseUri },
    position: at,
  })
  expect(found).toMatchObject([{ label: 'key' }, { label: 'model' }, { label: 'name' }])
})

test('a function is described, a target found, an outline given', async () => {
  expect(await connection.sendRequest('textDocument/hover', place(baseUri, 'text.lo'))).toMatchObject({
    contents: { value: expect.stringContaining('text.lower(text) → text') },
  })
  expect(await connection.sendRequest('textDocument/definition', place(otherUri, 'Base.c'))).toMatchObject({
    uri: baseUri,
    range: { start: { line: 7, character: 8 }, end: { line: 7, character: 10 } },
  })
  expect(
    await connection.sendRequest('textDocument/documentSymbol', { textDocument: { uri: otherUri } }),
  ).toMatchObject([{ name: 'Other', detail: 'from Base.host', children: [{ name: 'machine' }] }])
})

test('a target is renamed in both modules, and a function is not', async () => {
  const renamed = await connection.sendRequest('textDocument/rename', {
    ...place(baseUri, 'cs'),
    newName: 'computer',
  })
  const counts = Object.entries(
    z.object({ changes: z.record(z.string(), z.array(z.unknown())) }).parse(renamed).changes,
  )
  expect(counts.map(([uri, edits]) => [uri, edits.length])).toEqual([
    [baseUri, 2],
    [otherUri, 1],
  ])
  const refused = connection.sendRequest('textDocument/rename', {
    ...place(baseUri, 'text.lo'),
    newName: 'x',
  })
  await expect(refused).rejects.toThrow('text.lower is declared in no module')
})

test('a file that is deleted elsewhere is missed', async () => {
  rmSync(join(modules, 'other.tpl'))
  const event = { changes: [{ uri: otherUri, type: 3 }] }
  await connection.sendNotification('workspace/didChangeWatchedFiles', event)
  expect(
    await connection.sendRequest('textDocument/documentSymbol', { textDocument: { uri: otherUri } }),
  ).toEqual([])
})

test('it ends when it is told to', async () => {
  const ended = once(child, 'exit')
  await connection.sendRequest('shutdown')
  await connection.sendNotification('exit')
  expect(await ended).toEqual([0, null])
})

test('the colours know every keyword of the grammar, and their patterns can be read', () => {
  const text = readFileSync(join(extension, 'syntaxes', 'tpl.tmLanguage.json'), 'utf8')
  const patterns = [...text.matchAll(/"(?:match|begin|end)": ("(?:[^"\\]|\\.)*")/g)].map(
    ([, pattern = '""']) => z.string().parse(JSON.parse(pattern)),
  )
  for (const pattern of patterns) expect(() => new RegExp(pattern)).not.toThrow()
  const [grammar = ''] = globSync('packages/syncmapping/src/grammar/tpl.langium', { cwd: root })
  const keywords = readFileSync(join(root, grammar), 'utf8').matchAll(/'([a-z]+)'/g)
  const words = patterns
    .filter((pattern) => pattern.startsWith('\\b(?:'))
    .map((pattern) => new RegExp(`^${pattern}$`))
  const missing = [...keywords].flatMap(([, word = '']) =>
    words.some((one) => one.test(word)) ? [] : [word],
  )
  expect(missing).toEqual([])
})
