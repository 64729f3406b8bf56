/** The examples in a Markdown file, as sources that a compiler takes and a program can run. */
import { readFileSync } from 'node:fs'
import { inRoot } from './root.mjs'

/**
 * @typedef {object} Example
 * @property {string} heading the last one before it
 * @property {'ts' | 'tsx'} language
 * @property {string} code
 * @property {string | undefined} file what it is called, where the line before says so: **`program.ts`**
 */

/**
 * @param {string} markdown
 * @returns {Example[]}
 */
export function examplesIn(markdown) {
  /** @type {Example[]} */
  const found = []
  let heading = ''
  let file
  for (const [whole, title, named, language, code] of markdown.matchAll(
    /^#+ (.+)$|\*\*`([\w.]+)`\*\*|^```(tsx?)\n([\s\S]*?)^```$/gm,
  )) {
    if (title !== undefined) heading = title
    else if (named !== undefined) file = named
    else if ((language === 'ts' || language === 'tsx') && code !== undefined) {
      found.push({ heading, language, code, file })
      file = undefined
    } else throw new Error(`unreachable: ${whole}`)
  }
  return found
}

/** Of docs/guide.md: each is a whole file of the one app that it builds, which `heading` tells from those of the same name. */
export function guide() {
  return examplesIn(readFileSync(inRoot('docs', 'guide.md'), 'utf8'))
}

/**
 * Of a package's README. It begins with a whole program, mostly in one file, whose first example this then is.
 *
 * @param {string} name without `@flotilla/`
 * @returns {[Example, ...Example[]]}
 */
export function readme(name) {
  const [first, ...rest] = examplesIn(readFileSync(inRoot('packages', name, 'README.md'), 'utf8'))
  if (first === undefined) throw new Error(`the README of ${name} has no example`)
  return [first, ...rest]
}
