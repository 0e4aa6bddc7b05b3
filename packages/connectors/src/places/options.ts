/**
 * What has to be known to reach files.
 *
 * @module
 */
import { pathSchema, secretSchema, textSchema } from '@sluice/model'
import { z } from 'zod'

const fingerprint = z
  .string()
  .regex(/^SHA256:[A-Za-z0-9+/]{43}=?$/, 'must be a fingerprint such as ssh-keygen -l shows: SHA256:…')

const httpOptions = z
  .strictObject({
    token: secretSchema.optional().describe('Who reads: a token (Bearer), in place of user and password.'),
    certificateAuthority: pathSchema
      .optional()
      .describe('A PEM file of the authority that vouches for the server, in place of the public ones.'),
  })
  .describe('Of https:// and http://.')
  .meta({ id: 'FilesHttp', title: 'HTTP' })

const sftpOptions = z
  .strictObject({
    hostKey: z
      .union([fingerprint, z.array(fingerprint).min(1)], { error: 'must be a fingerprint such as SHA256:…' })
      .optional()
      .describe('Fingerprint of the key of the server, or several: any other server is refused.'),
    knownHosts: pathSchema
      .optional()
      .describe('A file of keys of servers as ssh has it, ~/.ssh/known_hosts, in place of hostKey.'),
    key: pathSchema.optional().describe('A file with the private key of the user, in place of a password.'),
    passphrase: secretSchema.optional().describe('What the private key is encrypted with.'),
  })
  .describe('Of sftp://.')
  .meta({ id: 'FilesSftp', title: 'SFTP' })

const s3Options = z
  .strictObject({
    endpoint: z
      .string()
      .regex(/^https?:\/\/[^/?#\s]+\/?$/, 'must be an address such as https://s3.example.org')
      .optional()
      .describe('Where the service is, where it is not that of Amazon. Buckets are then a part of the path.'),
    region: textSchema.optional().meta({ default: 'us-east-1' }).describe('Region of the bucket.'),
    sessionToken: secretSchema.optional().describe('Of a temporary access key.'),
  })
  .describe('Of s3://.')
  .meta({ id: 'FilesS3', title: 'S3' })

export const placeOptions = {
  from: z
    .string()
    .regex(
      /^(https?:\/\/\S+|sftp:\/\/[^/\s]+(\/.*)?|s3:\/\/[^/\s]+(\/.*)?|(?![a-z][a-z0-9+.-]*:\/\/).+)$/is,
      'must be a folder, or an address such as https://host/folder/, sftp://user@host/folder or s3://bucket/folder',
    )
    .refine((from) => !/^\w+:\/\/[^/@]*:[^/@]*@/.test(from), 'must hold no password: write it below password')
    .describe(
      'Where the files are: a folder, https://host/folder/, sftp://user@host/folder (~ is the home of the user: /~/folder) or s3://bucket/folder.',
    ),
  user: textSchema
    .optional()
    .describe('Who reads: a user of the web server or of SFTP, or the access key of S3.'),
  password: secretSchema.optional().describe('The password of the user, or the secret key of S3.'),
  http: httpOptions.optional(),
  sftp: sftpOptions.optional(),
  s3: s3Options.optional(),
}

const placeSchema = z.strictObject(placeOptions)
export type PlaceOptions = z.output<typeof placeSchema>
