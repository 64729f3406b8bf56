/** What a bench says: one JSON object a line, and how that becomes a table for people. */

/**
 * @typedef {object} BenchResult
 * @property {string} name
 * @property {number} value
 * @property {string} unit
 * @property {number} [ratio] value over that of what it is measured against, in the same run
 * @property {string} [against] what that is
 */

/**
 * A line of a bench's output as a result, or undefined if it is something else (progress, a warning).
 *
 * @param {string} line
 * @returns {BenchResult | undefined}
 */
export function parseResult(line) {
  if (!line.startsWith('{')) return undefined
  try {
    const { name, value, unit, ratio, against } = JSON.parse(line)
    if (typeof name !== 'string' || typeof value !== 'number' || typeof unit !== 'string') return undefined
    const compared = typeof ratio === 'number' && typeof against === 'string'
    return compared ? { name, value, unit, ratio, against } : { name, value, unit }
  } catch {
    return undefined
  }
}

/**
 * Aligned columns: name, value and unit, ratio.
 *
 * @param {readonly BenchResult[]} results
 * @returns {string[]} lines
 */
export function table(results) {
  const rows = results.map(({ name, value, unit, ratio, against }) => ({
    name,
    value: readable(value),
    unit,
    ratio: ratio === undefined ? '' : `${ratio.toFixed(2)} × ${against}`,
  }))
  const width = (/** @type {'name' | 'value' | 'unit'} */ column) => Math.max(0, ...rows.map(row => row[column].length))
  const [name, value, unit] = [width('name'), width('value'), width('unit')]
  return rows.map(row =>
    `  ${row.name.padEnd(name)}  ${row.value.padStart(value)} ${row.unit.padEnd(unit)}  ${row.ratio}`.trimEnd(),
  )
}

/** @param {number} value three digits that matter, thousands set apart */
function readable(value) {
  return value.toLocaleString('en-US', value >= 1000 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 3 })
}
