/**
 * Starts `sluice lsp` for the folder that the editor shows, and lets it answer.
 *
 * @module
 */
import { type ExtensionContext, workspace } from 'vscode'
import { LanguageClient } from 'vscode-languageclient/node'

let client: LanguageClient | undefined

export async function activate(context: ExtensionContext): Promise<void> {
  const settings = workspace.getConfiguration('sluice')
  const classModel = settings.get('classModel', '')
  const cwd = workspace.workspaceFolders?.[0]?.uri.fsPath
  const watcher = workspace.createFileSystemWatcher('**/*.tpl')
  context.subscriptions.push(watcher)
  client = new LanguageClient(
    'sluice',
    'Sluice',
    {
      command: settings.get('command', 'sluice'),
      args: ['lsp', ...(classModel === '' ? [] : ['--cdm', classModel])],
      options: cwd === undefined ? {} : { cwd },
    },
    { documentSelector: [{ language: 'tpl' }], synchronize: { fileEvents: watcher } },
  )
  await client.start()
}

export async function deactivate(): Promise<void> {
  await client?.stop()
}
