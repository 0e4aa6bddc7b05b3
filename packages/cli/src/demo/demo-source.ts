/**
 * The discovery of the demo: a source that is kept in the repository with its syncmappings, where the console changes them. The agent that
 * delivers it has it in a file of its own, as agents have.
 *
 * @module
 */
import { type StoredDefinition, withModules } from '@sluice/model'
import { demoConfiguration } from './demo-configuration.ts'
import type { Files } from './demo-data.ts'

const name = 'discovery'

function definition(folder: string, mappings: Files): StoredDefinition {
  const text = `sources:
  ${name}:
    description: What runs in the data centres, and on what
${folder}    precedence: 30
    graph:
      modules: []
      files: [nodes.jsonl, relationships.jsonl]
      key: discoveryKey
    entities:
      Server: {reconciliation: {rules: [[name]]}}
`
  const modules = [...mappings].map(([file, module]) => ({ file, text: module }))
  return withModules({ name, text }, modules)
}

/** `mappings`: texts of modules by the names of their files. */
export function storedDiscovery(mappings: Files): string {
  return definition('', mappings).text
}

export const agentFile = 'agent.yaml'

/** What the agent works by. `repository`: as YAML. */
export function agentFiles(repository: string, mappings: Files): Files {
  const own = 'agent-discovery.yaml'
  const comment =
    '# The agent delivers by this. What is made of it says the definition in the repository: change that in the console.\n'
  return new Map([
    [agentFile, `${demoConfiguration(repository)}\ninclude: [${own}]\n`],
    [own, comment + definition('    folder: discovery\n', mappings).text],
  ])
}
