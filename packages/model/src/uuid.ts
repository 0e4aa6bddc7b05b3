/**
 * Ids that somebody else has made up.
 *
 * @module
 */
import { z } from 'zod'

/** In small letters, as PostgreSQL and folders have it, whatever came: what are the same id are the same text from here on. */
export const uuidSchema = z.uuid().toLowerCase()
