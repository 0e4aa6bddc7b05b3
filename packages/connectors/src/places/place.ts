/**
 * Where files lie: a folder, a web server, an SFTP server, a bucket.
 *
 * @module
 */

export interface PlacedFile {
  /** From the place on, with forward slashes. */
  readonly name: string
  /** Another one when what it holds is another; `undefined` where the place does not tell. */
  readonly version: string | undefined
  readonly size: number | undefined
  /** Milliseconds since 1970. */
  readonly modified: number | undefined
}

export interface Place extends AsyncDisposable {
  /** As messages name it. */
  readonly name: string
  /** What is known of it: in the order in which it is shown. */
  readonly facts: Readonly<Record<string, string>>
  /** Files of a folder, from the place on; `undefined` where the place cannot list. */
  list(folder: string): Promise<readonly PlacedFile[] | undefined>
  /** One file; `undefined` where there is none. */
  find(name: string): Promise<PlacedFile | undefined>
  /** Of a file on this machine: its path. */
  pathOf(name: string): string | undefined
  /** Its bytes. What was changed meanwhile is thrown as a failure that may pass. */
  read(file: PlacedFile): AsyncIterable<Uint8Array>
}
