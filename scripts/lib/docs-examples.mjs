/** The examples in a Markdown file, as sources that a compiler takes. */

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
    /^#+ (.+)$|^\*\*`([\w.]+)`\*\*|^```(tsx?)\n([\s\S]*?)^```$/gm,
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
