/**
 * What `sluice help` tells about beside commands.
 *
 * @module
 */
import { readFile } from 'node:fs/promises'

/** By name, as it is typed; each is a text in `help/`. */
export const topics = {
  held: 'a run is held: what to look at, how to decide',
  thresholds: 'when a run is held, and how to set the limits',
  modes: 'complete, incremental, initial: what is compared with what',
  where: 'conditions: --where, and how resources are named',
  exit: 'exit statuses, and what is printed where',
  environment: 'variables that Sluice reads',
  project: 'where sluice.yaml is looked for, and what stands beside it',
  repository: 'where the data is: a folder or PostgreSQL; backup and restore',
} as const

export type Topic = keyof typeof topics

export function isTopic(name: string): name is Topic {
  return Object.hasOwn(topics, name)
}

/** The text of a topic, in Markdown. */
export async function readTopic(topic: Topic): Promise<string> {
  return await readFile(new URL(`./help/${topic}.md`, import.meta.url), 'utf8')
}
