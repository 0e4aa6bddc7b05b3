/*
 * As much of two packages as the extension uses, so that it is compiled and checked here without them: `vscode` exists
 * only inside of the editor, and the client is installed when the extension is packed.
 */
declare module 'vscode' {
  export interface ExtensionContext {
    readonly subscriptions: { dispose(): unknown }[]
  }
  interface WorkspaceConfiguration {
    get<T>(section: string, defaultValue: T): T
  }
  interface FileSystemWatcher {
    dispose(): unknown
  }
  export const workspace: {
    readonly workspaceFolders: readonly { readonly uri: { readonly fsPath: string } }[] | undefined
    getConfiguration(section: string): WorkspaceConfiguration
    createFileSystemWatcher(pattern: string): FileSystemWatcher
  }
}

declare module 'vscode-languageclient/node' {
  interface ServerOptions {
    readonly command: string
    readonly args: readonly string[]
    readonly options: { readonly cwd?: string }
  }
  interface ClientOptions {
    readonly documentSelector: readonly { readonly language: string }[]
    readonly synchronize: { readonly fileEvents: unknown }
  }
  export class LanguageClient {
    constructor(id: string, name: string, server: ServerOptions, client: ClientOptions)
    start(): Promise<void>
    stop(): Promise<void>
  }
}
