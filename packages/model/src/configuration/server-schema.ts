/**
 * How a server listens and how agents reach one, as people write it.
 *
 * @module
 */
import { z } from 'zod'
import { durationSchema, pathSchema, sizeSchema, textSchema } from './common-schema.ts'
import { signInSchema } from './sign-in-schema.ts'

const limitsSchema = z
  .strictObject({
    deliverySize: sizeSchema
      .optional()
      .meta({ default: '20GB' })
      .describe('All files of one delivery together, uncompressed.'),
    requestsPerMinute: z
      .int()
      .min(1)
      .optional()
      .meta({ default: 1200 })
      .describe(
        'Requests of one token, or from one address without one; more are answered with 429 and may be repeated later.',
      ),
    idle: durationSchema
      .optional()
      .meta({ default: '60s' })
      .describe(
        'A connection that sends nothing for so long, or less than 1 KB a second on the average, is closed; and one that reads its answer as slowly.',
      ),
    connections: z
      .int()
      .min(1)
      .optional()
      .meta({ default: 500 })
      .describe(
        'Connections in all. Where there are more, the oldest on which nobody has shown a token is closed.',
      ),
    connectionsPerAddress: z
      .int()
      .min(1)
      .optional()
      .meta({ default: 100 })
      .describe('The same from one address, unless it is a proxy of `behindProxy`.'),
    unsealedDeliveries: z
      .int()
      .min(1)
      .optional()
      .meta({ default: 100 })
      .describe(
        'Deliveries of one token that are announced and whose files have not all arrived; more are told to wait.',
      ),
    inboxSize: sizeSchema
      .optional()
      .meta({ default: '100GB' })
      .describe(
        'Files of one token that are announced or wait in the inbox, uncompressed; more are told to wait.',
      ),
  })
  .describe('What a server lets in.')
  .meta({ id: 'ServerLimits', title: 'Limits of the server' })

const tlsSchema = z
  .strictObject({
    certificate: pathSchema
      .optional()
      .describe('A PEM file with the certificate, and those between it and the authority.'),
    key: pathSchema.optional().describe('A PEM file with the private key.'),
  })
  .describe('The certificate with which the server itself speaks HTTPS.')
  .meta({ id: 'Tls', title: 'TLS' })

const proxySchema = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], {
  error: 'must be an address such as 10.0.0.5, or a network such as 10.0.0.0/24',
})

export const serverSchema = z
  .strictObject({
    listen: textSchema
      .optional()
      .meta({ default: '127.0.0.1:8620' })
      .describe('Address and port, such as 0.0.0.0:8620 or [::]:8620; a port alone is on this machine only.'),
    tls: tlsSchema.optional(),
    behindProxy: z
      .union([z.boolean(), z.array(proxySchema).min(1, 'must name an address')], {
        error: 'must be true, false or a list of addresses',
      })
      .optional()
      .meta({ default: false })
      .describe(
        "Takes the caller's address and protocol from the headers that a proxy in front of it sets. Addresses or networks: only where the proxy has one of these; `true`: whoever connects is the proxy, and nobody else may reach the server.",
      ),
    publicUrl: pathSchema
      .optional()
      .describe(
        'Address by which people reach the server, such as https://sluice.example.org; links in notifications begin with it.',
      ),
    inbox: pathSchema
      .optional()
      .describe(
        'Where deliveries wait, relative to this file; one folder for all servers of a repository. In the work folder when not given.',
      ),
    deliveryExpiry: durationSchema
      .optional()
      .meta({ default: '1h' })
      .describe('An announced delivery whose agent sends nothing for this long is cancelled.'),
    runsAtOnce: z
      .int()
      .min(1)
      .optional()
      .meta({ default: 2 })
      .describe(
        'How many runs this server works on at once. One of them is in the database, since runs of a repository go one after another; the others wait for it.',
      ),
    parallelWorkers: z
      .int()
      .min(0)
      .optional()
      .meta({ default: 1 })
      .describe(
        "How many processes of PostgreSQL may help a run with one statement, beside the run's own. PostgreSQL may allow fewer (`max_parallel_workers_per_gather`). 0: a run takes one core of the database's host at most, and who looks has the others.",
      ),
    stopTimeout: durationSchema
      .optional()
      .meta({ default: '15s' })
      .describe('How long the server waits for runs in progress when it is asked to stop.'),
    limits: limitsSchema.optional(),
    signIn: signInSchema.optional(),
  })
  .describe('How `sluice server` listens.')
  .meta({ id: 'Server', title: 'Server' })

const compressions = ['auto', 'none', 'gzip', 'brotli', 'zstd'] as const

export const agentSchema = z
  .strictObject({
    server: pathSchema
      .optional()
      .describe(
        'Address of the server, such as https://sluice.example.org:8620. When not given, the repository is opened in the same process.',
      ),
    token: textSchema
      .optional()
      // biome-ignore lint/suspicious/noTemplateCurlyInString: this is what people write
      .describe('What the server knows this agent by; best taken from the environment: `${SLUICE_TOKEN}`.'),
    tokenFile: pathSchema.optional().describe('A file that holds the token, relative to this file.'),
    certificateAuthority: pathSchema
      .optional()
      .describe('A PEM file, for a server whose certificate no public authority has signed.'),
    compression: z
      .enum(compressions)
      .optional()
      .meta({ default: 'auto' })
      .describe(
        'How uploads are compressed; `auto` is none to this machine itself, else the best both sides know.',
      ),
    retryFor: durationSchema
      .optional()
      .meta({ default: '1m' })
      .describe('How long a delivery is tried again and again before it is left for later.'),
    remoteChecks: z
      .boolean()
      .optional()
      .meta({ default: true })
      .describe(
        'Whether `sluice agent` checks connections of its sources when somebody asks for that at the server. It connects as the definitions here say, and never elsewhere.',
      ),
    remotePreviews: z
      .boolean()
      .optional()
      .meta({ default: false })
      .describe(
        'Whether `sluice agent` shows the first rows of its files, at most 20 at a time, when somebody asks for that at the server. Rows leave this machine that nobody has approved: those that the mappings here read for operators, and whatever the files hold for administrators, who may propose a mapping. Secrets and files are never shown.',
      ),
  })
  .describe('How this project reaches a server.')
  .meta({ id: 'Agent', title: 'Agent' })

export type ServerInput = z.infer<typeof serverSchema>
export type AgentInput = z.infer<typeof agentSchema>
