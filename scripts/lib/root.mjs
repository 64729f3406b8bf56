/** Where the repository is, so that every script works from any current directory. */
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

/** @param {...string} parts a path inside the repository */
export const inRoot = (...parts) => join(root, ...parts)
