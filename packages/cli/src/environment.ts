/**
 * The environment of the process, in the one place where the command line reads it.
 *
 * @module
 */
import process from 'node:process'

// biome-ignore lint/style/noProcessEnv: everybody else is handed it
export const environment: Readonly<Record<string, string | undefined>> = process.env
