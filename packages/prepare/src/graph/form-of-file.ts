/**
 * How a file of nodes and relationships is written, as its name says.
 *
 * @module
 */
import type { GraphForm } from '@sluice/model'

const forms: Readonly<Record<string, GraphForm>> = {
  jsonl: 'jsonLines',
  ndjson: 'jsonLines',
  json: 'json',
  graphml: 'graphml',
  xml: 'graphml',
}

/** `undefined`: the name does not tell. A compressed file is named for what is in it. */
export function formOfFile(name: string): GraphForm | undefined {
  const extension = /\.([a-z]+)(?:\.(?:gz|zst))?$/i.exec(name)?.[1]
  return extension === undefined ? undefined : forms[extension.toLowerCase()]
}
