/**
 * How this project reaches a server, if it does.
 *
 * @module
 */
import { millisecondsOf } from './common-schema.ts'
import type { AgentSettings } from './configuration.ts'
import { type Environment, fillIn, hasVariables } from './fill-in.ts'
import { findingCodes } from './finding.ts'
import type { Findings } from './findings.ts'
import { isLoopback } from './loopback.ts'
import type { ResolvePath } from './resolve-source.ts'
import type { AgentInput } from './server-schema.ts'
import type { YamlFile } from './yaml-file.ts'

interface Context {
  readonly file: YamlFile
  readonly environment: Environment
  readonly resolvePath: ResolvePath
  readonly findings: Findings
}

export function resolveAgent(context: Context, input: AgentInput = {}): AgentSettings {
  const absolute = (path: string | undefined) =>
    path === undefined ? undefined : context.resolvePath(context.file.path, path)
  const settings: AgentSettings = {
    server: resolveServerUrl(context, input),
    token: resolveToken(context, input),
    tokenFile: absolute(input.tokenFile),
    certificateAuthority: absolute(input.certificateAuthority),
    compression: input.compression ?? 'auto',
    retryFor: millisecondsOf(input.retryFor ?? '1m'),
    remoteChecks: input.remoteChecks ?? true,
    remotePreviews: input.remotePreviews ?? false,
  }
  checkTogether(context, input)
  return settings
}

function resolveServerUrl(context: Context, { server }: AgentInput): string | undefined {
  if (server === undefined) return undefined
  const { file, environment, findings } = context
  const place = () => file.placeOf(['agent', 'server'])
  const text = fillIn(server, { place, environment, findings })
  if (text === undefined) return undefined
  const problem = problemOfUrl(text)
  if (problem !== undefined) {
    findings.add(findingCodes.wrongValue, place(), problem, {
      remedy: 'Write for example https://sluice.example.org:8620.',
    })
    return undefined
  }
  const url = new URL(text)
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    const message = `The agent's token and data are sent to ${url.host} without encryption.`
    findings.add(findingCodes.exposed, place(), message, {
      severity: 'warning',
      remedy: 'Use HTTPS, at the server or at a proxy in front of it, and write https://.',
    })
  }
  return url.href.replace(/\/$/, '')
}

function problemOfUrl(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol))
    return 'The server of the agent is not an HTTP URL.'
  if (url.username !== '' || url.password !== '') {
    return 'The URL of the server holds a user or a password; the server takes a token.'
  }
  if (url.search !== '' || url.hash !== '') return 'The URL of the server goes on after its path.'
  return undefined
}

function resolveToken(context: Context, { token }: AgentInput): string | undefined {
  if (token === undefined) return undefined
  const { file, environment, findings } = context
  const path = ['agent', 'token']
  const place = () => file.placeOf(path)
  const text = file.textAt(path) ?? String(token)
  if (!hasVariables(text)) {
    findings.add(findingCodes.exposed, place(), 'The token stands in the file as plain text.', {
      severity: 'warning',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: this is what people write
      remedy: 'Take it from the environment, with token: ${SLUICE_TOKEN}, or from a tokenFile.',
    })
  }
  const filled = fillIn(text, { place, environment, findings })
  if (filled === undefined || /^[\x21-\x7e]+$/.test(filled)) return filled
  findings.add(findingCodes.wrongValue, place(), 'The token is empty, or holds blanks or line breaks.', {
    remedy: 'Give it as `sluice token` has shown it.',
  })
  return undefined
}

function checkTogether({ file, findings }: Context, { server, token, tokenFile }: AgentInput): void {
  if (token !== undefined && tokenFile !== undefined) {
    const place = file.placeOf(['agent', 'tokenFile'], 'key')
    findings.add(findingCodes.wrongValue, place, 'The agent has both a token and a file with a token.', {
      remedy: 'Keep one of the two.',
    })
  }
  if (server !== undefined && token === undefined && tokenFile === undefined) {
    const message = 'The agent has no token, and a server refuses requests without one.'
    findings.add(findingCodes.exposed, file.placeOf(['agent'], 'key'), message, {
      severity: 'warning',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: this is what people write
      remedy: 'Make one on the server with `sluice token`, and write token: ${SLUICE_TOKEN}.',
    })
  }
}
