/**
 * Writes what is generated from schemas: the JSON Schema of the configuration, for editors, with the reference part of
 * docs/configuration.md; and that of the document that webhooks are sent.
 *
 *     node tools/generate-schema.ts
 *
 * @module
 */
import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { configurationJsonSchema, notificationJsonSchema } from '@sluice/model'
import { configurationReference } from './configuration-reference.ts'

const schemaFile = new URL('../packages/model/sluice.schema.json', import.meta.url)
const notificationFile = new URL('../packages/model/notification.schema.json', import.meta.url)
const pageFile = new URL('../docs/configuration.md', import.meta.url)
/** Above it a person writes, below it this tool does. */
const border = '<!-- From here on written by tools/generate-schema.ts -->'

/** The generated files, by URL, as they should be. */
export async function generateSchemaFiles(): Promise<ReadonlyMap<URL, string>> {
  const schema = configurationJsonSchema()
  const page = await readFile(pageFile, 'utf8')
  const [written] = page.split(border)
  return new Map([
    [schemaFile, `${JSON.stringify(schema, undefined, 2)}\n`],
    [notificationFile, `${JSON.stringify(notificationJsonSchema(), undefined, 2)}\n`],
    [pageFile, `${written}${border}\n\n## Reference\n\n${configurationReference(schema)}\n`],
  ])
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [file, text] of await generateSchemaFiles()) await writeFile(file, text)
}
