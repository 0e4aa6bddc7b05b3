/**
 * A password or the like, as people write it: where it is to be found, and not what it is.
 *
 * @module
 */
import { z } from 'zod'
import { pathSchema, textSchema } from './common-schema.ts'

/**
 * A reference to a secret; it is looked up by the process that needs it, at the time it does. A text is `${NAME}`, or has such parts.
 */
export const secretSchema = z
  .union(
    [
      z.string().min(1, 'must not be empty'),
      z.strictObject({
        environment: z
          .string()
          .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be a name of letters, digits and underscores')
          .describe('A variable of the process that connects.'),
      }),
      z.strictObject({
        file: pathSchema.describe('A file that holds nothing else, relative to the file this stands in.'),
      }),
      z.strictObject({
        command: z
          .array(textSchema, { error: 'must be a list of a program and its arguments' })
          .min(1, 'must name a program')
          .describe('A program that prints it, with its arguments; no shell stands in between.'),
      }),
    ],
    {
      error:
        // biome-ignore lint/suspicious/noTemplateCurlyInString: this is what people write
        'must be ${NAME}, or one of {environment: NAME}, {file: path} and {command: [program, argument]}',
    },
  )
  .meta({ secret: true })

export type SecretReference = z.infer<typeof secretSchema>
