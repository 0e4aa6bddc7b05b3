/**
 * A configuration from a few lines of YAML, for tests.
 *
 * @module
 */
import { type Configuration, parseConfiguration } from '@sluice/model'

/** `yaml` without `repository`. */
export function configurationOf(yaml: string): Configuration {
  const { configuration, findings } = parseConfiguration([
    { path: 'sluice.yaml', text: `repository: ./repository\n${yaml}` },
  ])
  if (!configuration) throw new Error(findings.map(({ message }) => message).join('\n'))
  return configuration
}
