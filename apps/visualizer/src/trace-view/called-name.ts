/**
 * What people call their nodes, beside the S-numbers that leaders give: whatever the owner of a tab types in. Others see it, so it
 * is made harmless where it is typed and again where it arrives: one line, few letters, nothing that turns the text around it.
 */

/** In letters as people count them, roughly: code points with what stands above and under them. */
export const MAX_NAME_LETTERS = 24
/** Before anything is done with it. */
const MAX_RAW = 400
/** Accents on one letter: more are there to run over the lines around. */
const MAX_MARKS = 2

/** `undefined` for a name of nothing. */
export function cleanName(raw: string): string | undefined {
  const line = raw
    .slice(0, MAX_RAW)
    .toWellFormed()
    .normalize('NFC')
    // Controls, what is not seen, what changes the direction of writing, and what is no character.
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(new RegExp(`(\\p{M}{${MAX_MARKS}})\\p{M}+`, 'gu'), '$1')
    .replace(/\p{Zs}+/gu, ' ')
    .trim()
  const letters = line.match(/\P{M}\p{M}*/gu) ?? []
  const short = letters.slice(0, MAX_NAME_LETTERS).join('').trim()
  return short === '' ? undefined : short
}

/** In a sentence or a drawing: kept apart from the text around it, whichever way that runs. */
export const isolated = (name: string): string => `\u2068${name}\u2069`

/** As many letters of it as a narrow place has room for. */
export function shortened(name: string, letters: number): string {
  const all = name.match(/\P{M}\p{M}*/gu) ?? []
  return all.length <= letters
    ? name
    : `${all
        .slice(0, letters - 1)
        .join('')
        .trimEnd()}…`
}
