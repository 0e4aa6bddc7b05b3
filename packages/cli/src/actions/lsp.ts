/**
 * `sluice lsp`: the language server for an editor, which starts it and speaks with it over its streams.
 *
 * @module
 */
import { Readable, Writable } from 'node:stream'
import { LanguageServer } from '@sluice/syncmapping'
import {
  createConnection,
  createProtocolConnection,
  ErrorCodes,
  FileChangeType,
  type InitializeParams,
  type InitializeResult,
  ResponseError,
  TextDocumentSyncKind,
  type WatchDog,
} from 'vscode-languageserver'
import { StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver/node'
import type { Context } from '../context.ts'
import { type ExitStatus, exitStatus } from '../exit-status.ts'
import { moduleAddress, modulesBelow, moduleText } from './lsp-modules.ts'
import { Publisher } from './lsp-publisher.ts'
import { type RuleFlags, readRules } from './mapping-files.ts'

/** Ends when the editor says so, or goes away. */
export async function lsp(context: Context, flags: RuleFlags): Promise<ExitStatus> {
  const rules = await readRules(context, flags)
  const server = new LanguageServer(rules.classes, rules)
  const input = Readable.from(context.input ?? [])
  return await new Promise((resolve) => {
    const watchDog: WatchDog = {
      shutdownReceived: false,
      initialize: () => undefined,
      exit: (code) => resolve(code === 0 ? exitStatus.done : exitStatus.failed),
    }
    input.on('close', () => watchDog.exit(watchDog.shutdownReceived ? 0 : 1))
    context.signal.addEventListener('abort', () => resolve(exitStatus.interrupted))
    const reader = new StreamMessageReader(input)
    const writer = new StreamMessageWriter(outputOf(context))
    const connection = createConnection(
      (logger) => createProtocolConnection(reader, writer, logger),
      watchDog,
    )
    const publisher = new Publisher(server, (message) => void connection.sendDiagnostics(message))
    keepUp(connection, server, publisher)
    answer(connection, server)
    connection.listen()
  })
}

type Connection = ReturnType<typeof createConnection>

function outputOf({ out }: Context): Writable {
  return new Writable({
    write: (chunk: Buffer, _encoding, done) =>
      void out.write(chunk.toString('utf8')).then(() => done(), done),
  })
}

/** What is in the folder, and what is changed there or in the editor. */
function keepUp(connection: Connection, server: LanguageServer, publisher: Publisher): void {
  connection.onInitialize(async (params) => {
    for (const file of await modulesBelow(foldersOf(params))) server.store(file.uri, file.text)
    return abilities
  })
  connection.onInitialized(() => publisher.publishSoon())
  connection.onDidOpenTextDocument(({ textDocument: { uri, text } }) => {
    server.write(moduleAddress(uri), text)
    publisher.publishSoon()
  })
  connection.onDidChangeTextDocument(({ textDocument: { uri }, contentChanges }) => {
    const text = contentChanges.at(-1)?.text
    if (text !== undefined) server.write(moduleAddress(uri), text)
    publisher.publishSoon()
  })
  connection.onDidCloseTextDocument(({ textDocument: { uri } }) => {
    server.write(moduleAddress(uri), undefined)
    publisher.publishSoon()
  })
  connection.onDidChangeWatchedFiles(async ({ changes }) => {
    for (const { uri, type } of changes) {
      if (!uri.endsWith('.tpl')) continue
      server.store(moduleAddress(uri), type === FileChangeType.Deleted ? undefined : await moduleText(uri))
    }
    publisher.publishSoon()
  })
}

function foldersOf({ workspaceFolders, rootUri }: InitializeParams): readonly string[] {
  if (workspaceFolders) return workspaceFolders.map(({ uri }) => uri)
  return rootUri === null ? [] : [rootUri]
}

const abilities: InitializeResult = {
  serverInfo: { name: 'sluice' },
  capabilities: {
    textDocumentSync: TextDocumentSyncKind.Full,
    completionProvider: { triggerCharacters: ['.', '%', '>', ':'] },
    hoverProvider: true,
    definitionProvider: true,
    referencesProvider: true,
    renameProvider: { prepareProvider: true },
    documentSymbolProvider: true,
    documentFormattingProvider: true,
  },
}

function answer(connection: Connection, server: LanguageServer): void {
  connection.onCompletion(({ textDocument: { uri }, position }) => [
    ...server.complete(moduleAddress(uri), position),
  ])
  connection.onHover(({ textDocument: { uri }, position }) => server.hover(moduleAddress(uri), position))
  connection.onDefinition(({ textDocument: { uri }, position }) =>
    server.definition(moduleAddress(uri), position),
  )
  connection.onReferences(({ textDocument: { uri }, position }) => [
    ...server.references(moduleAddress(uri), position),
  ])
  connection.onPrepareRename(({ textDocument: { uri }, position }) =>
    server.renamed(moduleAddress(uri), position),
  )
  connection.onRenameRequest(({ textDocument: { uri }, position, newName }) => {
    const answered = server.rename(moduleAddress(uri), position, newName)
    if (answered.type === 'renamed') return { changes: { ...answered.changes } }
    return new ResponseError(ErrorCodes.InvalidRequest, answered.reason)
  })
  connection.onDocumentFormatting(({ textDocument: { uri } }) => [...server.format(moduleAddress(uri))])
  connection.onDocumentSymbol(({ textDocument: { uri } }) => [...server.symbols(moduleAddress(uri))])
}
