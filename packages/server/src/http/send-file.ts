/**
 * Answers with a file that somebody stored. It may be anything, and call itself anything: it is saved, and never shown as a page of this server.
 *
 * @module
 */
import type { FastifyReply } from 'fastify'

interface SentFile {
  readonly name: string | null
  readonly mediaType: string | null
  readonly content: Uint8Array
}

/** `image/png`, without parameters. */
const mediaTypeForm = /^[\w.+-]{1,100}\/[\w.+-]{1,100}$/

export function sendFile({ name, mediaType, content }: SentFile, reply: FastifyReply): FastifyReply {
  const type = mediaType !== null && mediaTypeForm.test(mediaType) ? mediaType : 'application/octet-stream'
  return reply
    .header('content-disposition', dispositionOf(name ?? ''))
    .header('x-content-type-options', 'nosniff')
    .type(type)
    .send(Buffer.from(content))
}

/** RFC 6266: a name that every client understands, and the real one beside it. Of a path the last part. */
function dispositionOf(name: string): string {
  const last = name.toWellFormed().split(/[/\\]/).at(-1) ?? ''
  if (last === '') return 'attachment'
  const plain = last.replaceAll(/[^\w.+ -]/g, '_')
  const exact = encodeURIComponent(last).replaceAll(
    /['()*]/g,
    (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `attachment; filename="${plain}"; filename*=UTF-8''${exact}`
}
