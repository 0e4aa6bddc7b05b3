/**
 * What has to be known to read Microsoft Entra ID.
 *
 * @module
 */
import { z } from 'zod'
import { graphShape } from '../rest/microsoft-graph.ts'

export const entraOptions = z.strictObject(graphShape).describe('Users and groups of Microsoft Entra ID.')
