/**
 * What has to be known to read SharePoint.
 *
 * @module
 */
import { z } from 'zod'
import { graphShape } from '../rest/microsoft-graph.ts'

export const sharepointOptions = z.strictObject(graphShape).describe('Sites and lists of SharePoint Online.')
